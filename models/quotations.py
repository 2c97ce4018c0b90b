"""The quotations of a text that are long enough to have a speaker, and the mark that names him."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from .mark import Mark

if TYPE_CHECKING:
    from .outline import Outline

LONG = 7  # units of a quotation beyond which its speaker states its figures
OPENING, CLOSING = frozenset("«“"), frozenset('»”"')
NEAR = 24  # units between a quotation and the person who speaks without a mark


def quotations(outline: Outline) -> list[tuple[int, int]]:
    """First and last unit of the long quotations, marks included; one that is never closed ends with its sentence."""
    found: list[tuple[int, int]] = []
    start, units = None, outline.units
    for i, unit in enumerate(units):
        again = start is not None and unit.text in OPENING and unit.quoted
        if start is not None and (again or not (unit.quoted and i + 1 < len(units))):
            closed = not again and units[i - 1].text in CLOSING or unit.text in CLOSING or (
                again and units[i - 1].paragraph != unit.paragraph)
            last = i if closed else _end(outline, start, i)
            if last - start > LONG or units[start].sentence != units[last].sentence:
                found.append((start, last))
            start = None
        if unit.quoted and start is None and (again or unit.text in OPENING or unit.text == '"'):
            start = i
    return found


def _end(outline: Outline, start: int, last: int) -> int:
    """The last unit of the sentence in which a quotation opens, no further than `last`."""
    units = outline.units
    return next((i - 1 for i in range(start + 1, last) if units[i].sentence != units[start].sentence), last)


def speaker(outline: Outline, quote: tuple[int, int], known: list[Mark]) -> Mark | None:
    """The mark that names the speaker of a quotation: after it, amid it, before it; else the person named before."""
    first, last = quote
    units = outline.units
    start, at = (bisect_left(known, place, key=lambda mark: mark.at) for place in quote)
    after, before = known[at] if at < len(known) else None, known[start - 1] if start else None
    follows = after is not None and units[after.at].sentence == units[last - 1].sentence
    if after is not None and follows and after.kind in "VB" and after.at - last <= 9:
        return after
    amid = next((mark for mark in known[start:at] if mark.kind == "V" and mark.source is not None), None)
    if amid is not None:
        return amid
    if before is not None and _introduces(outline, before, first):
        return before
    if after is not None and follows and after.kind == "A" and after.at - last <= 12:
        return after
    return _named(outline, first, last)


def _introduces(outline: Outline, mark: Mark, first: int) -> bool:
    """Whether a mark before a quotation names its speaker: in its sentence, at its colon, just before it."""
    units, there = outline.units, outline.units[mark.at]
    if there.sentence == units[first].sentence or units[first - 1].text == ":" and (
            there.sentence == units[first - 1].sentence):
        return True
    return (mark.kind == "V" and mark.source is not None and there.sentence == units[first].sentence - 1
            and there.paragraph == units[first].paragraph)


def _named(outline: Outline, first: int, last: int) -> Mark | None:
    """The last person of the paragraph before a quotation that no mark attributes, not far from it."""
    units, actors = outline.units, outline.actors
    around = actors[bisect_left(actors, first - NEAR):bisect_left(actors, first)]
    person = next((i for i in around[::-1] if units[i].text == "<PER>"
                   and units[i].paragraph == units[first].paragraph), None)
    if person is None and last + 3 < len(units) and units[last + 1].paragraph == units[first].paragraph:
        person = next((i for i in range(last + 1, last + 4) if units[i].text == "<PER>"), None)
    return Mark(first, "Q", "", person) if person is not None else None
