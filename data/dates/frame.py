"""Frame, what a date is read against, and the choice of the year that a text leaves out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from .periods import ONE_DAY, Date
from .words import MODIFIERS

REACH = 40  # years to either side in which an incomplete date is looked for
YEAR = 366 * ONE_DAY


@dataclass(frozen=True, slots=True)
class Frame:
    """The reference, the anchor and the preference of `dates.date`, and the reader of inner parts."""

    reader: Callable[[str, Frame], Date | None]
    reference: Date
    anchor: Date | None = None
    prefer: str = "past"
    depth: int = 0
    inner: bool = False  # inside an interval, which holds no other

    def read(self, text: str) -> Date | None:
        """The date of a part of the expression."""
        return self.reader(text, self)

    def base(self, name: str) -> Date | None:
        """The reference or the anchor by name; unnamed, the anchor when the nearest is preferred."""
        if name == "anchor":
            return self.anchor
        return self.anchor if not name and self.prefer == "nearest" and self.anchor else self.reference

    def today(self) -> Date:
        """The day that a clock time alone belongs to."""
        return self.anchor if self.anchor and self.anchor.daylike else self.reference

    def since(self, first: Date) -> Frame:
        """The frame in which the end of an interval is looked for."""
        return replace(self, reference=first, anchor=None, prefer="future")

    def until(self, last: Date) -> Frame:
        """The frame in which the beginning of an interval is looked for."""
        return replace(self, reference=last, anchor=None, prefer="past")


def choose(candidates: Iterable[Date], frame: Frame, modifier: str = "") -> Date | None:
    """The candidate that the modifier (dernier, suivant …) or else the preference points at."""
    name, offset = MODIFIERS[modifier]
    base = frame.base(name)
    found = sorted(candidates, key=lambda date: date.start)
    if not base or not found:
        return None
    if offset < 0:
        return next((date for date in reversed(found) if date.end < base.start), None)
    if offset > 0:
        return next((date for date in found if date.start > base.end), None)
    if name == "anchor" or frame.prefer == "nearest":
        return min(found, key=lambda date: abs(date.start - base.start))
    return _preferred(found, base, frame.prefer)


def _preferred(found: list[Date], base: Date, prefer: str) -> Date | None:
    """The latest begun by the base, unless it is far and one lies in the coming year; or the next."""
    past = [date for date in found if date.start <= base.start]
    coming = next((date for date in found if date.start >= base.start), None)
    if prefer == "future":
        return coming
    if coming and coming.start - base.start <= YEAR and not (past and base.start - past[-1].start <= YEAR):
        return coming
    return past[-1] if past else None


def yearly(make: Callable[[int], Date], found: re.Match[str], frame: Frame,
           fits: Callable[[Date], bool] = bool) -> Date | None:
    """The occurrence in the year that the match gives, else the one to choose; None if it does not fit."""
    if found["year"]:
        date = make(int(found["year"]))
        return date if fits(date) else None
    modifier = modifier_of(found)
    base = frame.base(MODIFIERS[modifier][0])
    return choose(around(make, base.start.year, REACH, base, fits), frame, modifier) if base else None


def around(make: Callable[[int], Date], middle: int, reach: int, base: Date,
           fits: Callable[[Date], bool] = bool) -> Iterator[Date]:
    """The dates of the numbers around one, if they fit: down to the first before the base, up to the first after it.

    What lies farther is never the one to choose, and most dates are near.
    """
    for date in filter(fits, valid(make, range(middle, middle - reach - 1, -1))):
        yield date
        if date.end < base.start:
            break
    for date in filter(fits, valid(make, range(middle + 1, middle + reach + 1))):
        yield date
        if date.start > base.end:
            break


def valid(make: Callable[[int], Date], arguments: Iterable[int]) -> Iterator[Date]:
    """The dates made of those arguments that the calendar holds."""
    for argument in arguments:
        try:
            yield make(argument)
        except (ValueError, OverflowError):  # 29 février, the ends of the calendar
            continue


def modifier_of(found: re.Match[str]) -> str:
    """The modifier in the group `mod`, as a key of MODIFIERS."""
    word = (found.groupdict().get("mod") or "").strip()
    return word if word in MODIFIERS else word.removesuffix("e")
