"""French date expressions to days: `mi-janvier` in an article of 7 February 2025 is 11–20 January.

Own grammar: tables and rules that must match the whole expression, the calendar from Python. What
cannot be read is None, never a guess: years outside 1–9999, "av. J.-C.", feasts of the moon
("ramadan"), days counted from an event that the text does not name ("le troisième jour").
"""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from functools import lru_cache

from ..document import Document, Span
from ..errors import BilanError
from .days import DAY_RULES
from .frame import Frame
from .periods import PRECISIONS, Date, day
from .stretches import PERIOD_RULES
from .words import plain

__all__ = ["PRECISIONS", "PREFERENCES", "Date", "date", "dated"]

PREFERENCES = ("past", "future", "nearest")
RULES = (*DAY_RULES, *PERIOD_RULES)
LONGEST = 100  # characters: no date is longer, and the cap bounds the work
DEEPEST = 5
THIS = re.compile(r"\b(?:cet?|cette|ces)\s+$", re.IGNORECASE)
LIVE = re.compile(r"\d{1,2} ?(?:h|:)")


def date(text: str, *, reference: datetime.date, anchor: Date | datetime.date | None = None,
         prefer: str = "past") -> Date | None:
    """Read a French date expression, or None when it cannot be read.

    `reference` is the day of the article: "hier", "vendredi", "6 août", "en mars" are counted from
    it. An incomplete date is its latest occurrence begun by the reference (`prefer="past"`); with a
    weekday that fits no date of the past year, that of the coming year, then further back.
    `prefer="future"` takes the next occurrence, and "nearest" the nearest to the anchor, for
    stories told long after. `anchor` is the date mentioned before: "la veille", "ce jour-là", "le
    mois suivant" are None without it; a day number ("le 11") takes its month; a clock time or part
    of the day alone ("10 heures", "au matin") takes its day, else the reference's ("ce matin"
    always the reference's; "cette nuit" is the night before it, "la nuit" without anchor None).
    Months are cut in thirds (début 1–10, mi 11–20, fin 21–end), other periods as in
    `periods.third`; winter bears the year it begins in; "ces derniers jours" is the week up to the
    reference, approximate. "Vers" before the span is the caller's to pass.
    Raises BilanError on an unknown `prefer`.

    >>> date("mi-janvier", reference=datetime.date(2025, 2, 7)).edtf
    '2025-01-11~/2025-01-20~'
    """
    if prefer not in PREFERENCES:
        raise BilanError(f"unknown preference {prefer!r}", mend=f"expected {', '.join(PREFERENCES)}")
    if len(text) > 2 * LONGEST:
        return None
    before = day(anchor) if isinstance(anchor, datetime.date) else anchor
    return _read(plain(text), Frame(_read, day(reference), before, prefer))


@lru_cache(maxsize=4096)
def _read(text: str, frame: Frame) -> Date | None:
    """By the first rule that can build a date; rules read inner parts with the deeper frame."""
    if len(text) > LONGEST or frame.depth > DEEPEST:
        return None
    deeper = replace(frame, depth=frame.depth + 1)
    for pattern, rule in RULES:
        found = pattern.fullmatch(text)
        try:
            result = rule(found, deeper) if found else None
        except (ValueError, OverflowError):  # 31 février, year 0: not in the calendar
            result = None
        if result:
            return result
    return None


def dated(document: Document, *, prefer: str = "past") -> list[tuple[Span, Date | None]]:
    """The DATE spans of a document with what they say, each anchored on the one read before.

    What the one before cannot anchor ("la veille" after "en 2014") the last day can. A demonstrative
    before the span counts ("ce matin"), and a clock time in figures that opens a
    line, as in a live report, is the reference's. The reference is `meta["date"]`; BilanError when
    it is no ISO date.
    """
    try:
        reference = datetime.date.fromisoformat(str(document.meta.get("date")))
    except ValueError as error:
        raise BilanError(f"document {document.id!r} has date {document.meta.get('date')!r}",
                         where=document.source, mend="give its day in the header, as 2025-02-07") from error
    result: list[tuple[Span, Date | None]] = []
    anchor = last_day = None
    for span in (span for span in document.spans if span.label == "DATE"):
        before = document.text[max(0, span.start - 12):span.start]
        this = THIS.search(before)
        text = (this[0] if this else "") + document.mention(span)
        heading = LIVE.match(text) and not before.rpartition("\n")[2].strip(" *•-")
        anchors = (None,) if heading else (anchor,) if anchor == last_day else (anchor, last_day)
        read = (date(text, reference=reference, anchor=each, prefer=prefer) for each in anchors)
        found = next(filter(None, read), None)
        result.append((span, found))
        anchor = found or anchor
        last_day = found if found and found.daylike else last_day
    return result
