"""Other days in the place of those of a document: all dates moved by one number of days, in the form they had.

« vendredi 7 février 2025 » becomes « lundi 12 mai 2025 »: weekday and day go together by the calendar. A date
without year takes that of the one before it, or of the article; a month alone moves as its middle does. What
names no day, month or year (« hier », « la veille », « 6 heures ») stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from ..data.document import Document, Span
from ..data.rewrite import Replacement
from .slots import vowel, wanted

WEEKDAYS: Sequence[str] = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
MONTHS: Sequence[str] = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
ANY_MONTH = rf"(?:{'|'.join(MONTHS)})\b"
DATE = re.compile(
    rf"(?:(?P<weekday>\b(?:{'|'.join(WEEKDAYS)})\b)[ \u00a0]?)?"
    rf"(?:(?P<day>\b(?:1er|[0-3]?\d)\b)(?=[ \u00a0]{ANY_MONTH})[ \u00a0])?"
    rf"(?:(?P<month>\b{ANY_MONTH})[ \u00a0]?)?(?:(?P<year>\b(?:1[6-9]|20)\d\d\b))?", re.IGNORECASE)
LONE = re.compile(r"(?:1er|[12]?\d|3[01])")
FIRST = re.compile(r"\b(?P<day>1er|[0-3]?\d)(?=(?: au | et | et le | ou | à |-)(?:1er|[0-3]?\d)[ \u00a0]"
                   rf"{ANY_MONTH})", re.IGNORECASE)
DECADE = re.compile(r"années|siècle|décennie|[-/]", re.IGNORECASE)
FAR = 900  # days that a document may move
TRIES = 8


@dataclass
class Calendar:
    """The move of a document, and the day that its last date named."""

    days: int
    last: date
    edits: list[Replacement] = field(default_factory=list)

    def moved(self, day: date) -> date:
        """The day after the move; the calendar's end stays its end."""
        return day + timedelta(self.days)


def moved(document: Document, rng: Random) -> list[Replacement]:
    """The replacements of the dates of a document; none where no move of eight fits the words before them."""
    for _ in range(TRIES):
        calendar = Calendar(rng.randint(-FAR, FAR), _written(document))
        for span in document.spans:
            if span.label == "DATE" and not DECADE.search(document.mention(span)):
                _move(document, span, calendar)
        if all(_fits(document, edit) for edit in calendar.edits):
            return calendar.edits
    return []


def _written(document: Document) -> date:
    """The day of the article, for dates that do not say their year; some day where it has none."""
    try:
        return date.fromisoformat(str(document.meta.get("date", ""))[:10])
    except ValueError:
        return date(2023, 6, 15)


def _fits(document: Document, edit: Replacement) -> bool:
    """Whether « d’ » or « de » before the place goes with what is put there: « mois d’août », « mois de mai »."""
    want = wanted(document.text, edit[0])
    return want is None or want == vowel(edit[2])


def _move(document: Document, span: Span, calendar: Calendar) -> None:
    """Add the replacements of one date to the calendar."""
    mention, text = document.mention(span), document.text
    if LONE.fullmatch(mention):  # « le 15 », after « le 12 février »
        calendar.edits += _day(calendar, calendar.last, span.start, span.end, mention)
        return
    for first in FIRST.finditer(text, span.start, span.end):
        following = DATE.search(text, first.end(), span.end)
        while following and not following["day"]:
            following = DATE.search(text, following.end() + 1, span.end)
        whole = _named(following, calendar) if following else None
        if whole:
            calendar.edits += _day(calendar, whole, first.start(), first.end(), first[0])
    for found in DATE.finditer(text, span.start, span.end):
        if found[0].strip():
            _replace(found, calendar)


def _day(calendar: Calendar, near: date, start: int, end: int, said: str) -> list[Replacement]:
    try:
        day = near.replace(day=1 if said == "1er" else int(said))
    except ValueError:
        return []
    number = calendar.moved(day).day
    return [(start, end, "1er" if number == 1 else str(number))]


def _named(found: re.Match[str], calendar: Calendar) -> date | None:
    """The day that a date names; the middle of a month, of a year."""
    year = int(found["year"]) if found["year"] else calendar.last.year
    month = MONTHS.index(found["month"].lower()) + 1 if found["month"] else 7
    day = found["day"] or "15"
    try:
        return date(year, month, 1 if day == "1er" else int(day))
    except ValueError:
        return None


def _replace(found: re.Match[str], calendar: Calendar) -> None:
    """Replace weekday, day, month and year of one date, each in its own place and case."""
    day = _named(found, calendar)
    if day is None:
        return
    new = calendar.moved(day)
    if found["month"]:
        calendar.last = day
    weekday = new.weekday()
    if found["weekday"]:  # alone, or with a day that another calendar gave: it moves by as many days
        weekday = (WEEKDAYS.index(found["weekday"].lower()) + calendar.days) % 7
        if found["day"] and found["month"] and found["year"]:
            weekday = new.weekday()
    said = {"weekday": WEEKDAYS[weekday], "day": "1er" if new.day == 1 else str(new.day),
            "month": MONTHS[new.month - 1], "year": str(new.year)}
    for name, value in said.items():
        if found[name]:
            calendar.edits.append((found.start(name), found.end(name), _cased(value, found[name])))


def _cased(new: str, old: str) -> str:
    return new.upper() if old.isupper() and len(old) > 1 else new[0].upper() + new[1:] if old[0].isupper() else new
