"""Claims of deaths as rows in the manner of ACLED and of UCDP GED: aids to a coder, not coded events.

A row is one subject of `confront` (whom, place, month) with the KILLED claims on it. The rules:

- ACLED, FAQ "How does ACLED code fatalities?" (knowledge base of acleddata.com, 27 February 2023, updated
  7 May 2024): where reports differ or are vague, the most conservative estimate; "tens" is 10, "dozens"
  12, "hundreds" 100, "and so on"; injuries are not collected. Precision of place: 1 a town, 2 a part of a
  region or near a town, 3 a larger region, as the R package mapme.biodiversity cites the codebook.
  Precision of time: 1 the day, 2 the week or a like period, 3 the month (the column list of the
  R package acledR words 2 and 3 as week or weekend).
- UCDP GED (Sundberg & Melander 2013, Journal of Peace Research 50(4), 523-532; Högbladh, UCDP GED
  Codebook): lowest, best and highest number of deaths; `date_prec` 1 the day, 2 two to six days, 3 the
  week, 4 the month, 5 the year; `where_prec` 1 exact, 2 near, 3 second-order division, 4 first-order
  division, 5 other part of a country, 6 country, 7 sea or air, as mapme.biodiversity cites the codebook.

The codebooks themselves were not at hand, only these citations. Not covered: event types, actors and their
codes, sides A and B, ids, the threshold of 25 deaths, splitting a toll over days and places, ACLED's way
with an unstated number, where_prec 5, source scale, and LOSSES (killed or wounded together hold no count of
dead). « dont quatre enfants » is a row of its own: rows must not be summed. The day is that of the nearest
date in the text, which may be the day of the statement. Every row needs the eye of a coder.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from ..data.dates import Date
from .claims import Claim
from .confront import AUTHOR, confrontation, fold, source
from .exports import Columns, Value
from .places import Found, Place, find

ACLED: Columns = {"document": str, "event_date": str, "year": int, "time_precision": int, "country": str,
                  "location": str, "latitude": float, "longitude": float, "geo_precision": int,
                  "geonames_id": int, "candidates": str, "fatalities": int, "victims": str, "source": str,
                  "disputed": bool, "notes": str}
UCDP: Columns = {"document": str, "date_start": str, "date_end": str, "date_prec": int, "country": str,
                 "where_coordinates": str, "latitude": float, "longitude": float, "where_prec": int,
                 "geonames_id": int, "candidates": str, "best": int, "low": int, "high": int,
                 "victims": str, "source_original": str,
                 "source_article": str}
ORDERS = {"dizaine": 10, "douzaine": 12, "vingtaine": 20, "centaine": 100, "millier": 1000,
          "million": 10 ** 6}
NEAR = re.compile(r"\b(?:près de|autour de|aux (?:abords|environs|alentours) de|périphérie de|banlieue de)\s+"
                  r"(?:la |le |l['’])?$", re.IGNORECASE)
DIVISION = re.compile(r"\b(région|province|oblast|gouvernorat|état|wilaya|district|territoire|département|"
                      r"cercle|raïon)s?(?:\s+\w+){0,2}?\s+(?:de la |de l['’]|de |du |d['’])$", re.IGNORECASE)
SECOND_ORDER = frozenset("district territoire département cercle raïon".split())
WATER = re.compile(r"(?i)\b(?:mer|océan|détroit|golfe)\b")


def acled(claims: Iterable[Claim], *, places: Callable[[str], Found] = find) -> list[dict[str, Value]]:
    """One row a subject with one conservative number of deaths: the lowest that a source states.

    « moins de 12 » states no lowest number and gives none. `event_date` is the middle of the period, and
    empty where that is longer than a month. `places` finds a place by its name.
    """
    return [_acled(group, places) for group in _deaths(claims)]


def _acled(group: Sequence[Claim], places: Callable[[str], Found]) -> dict[str, Value]:
    first = group[0]
    date = _period(first)
    code = time_precision(date)
    day = _middle(date) if date is not None and code is not None else None
    stated = [number for claim in group if (number := conservative(claim)) is not None]
    name, found, where = _where(group, places)
    geo = {1: 1, 2: 2, 3: 2, 4: 3, 6: 3}.get(where or 0)
    return {"document": first.document.id, "event_date": day.isoformat() if day else None,
            "year": day.year if day else None, "time_precision": code, "location": name, "geo_precision": geo,
            **_coordinates(found), "fatalities": min(stated, default=None),
            "victims": first.mention("who") or None, "source": _sources(group),
            "disputed": len(set(stated)) > 1,
            "notes": " / ".join(dict.fromkeys(map(_sentence, group)))}


def ucdp(claims: Iterable[Claim], *, places: Callable[[str], Found] = find) -> list[dict[str, Value]]:
    """One row a subject with lowest, best and highest number of deaths.

    UCDP coders weigh the sources; this takes as best the number that most claims give, the lowest of
    equals, and as high the highest number stated (« au moins 12 » states no higher one than 12).
    """
    return [_ucdp(group, places) for group in _deaths(claims)]


def _ucdp(group: Sequence[Claim], places: Callable[[str], Found]) -> dict[str, Value]:
    first, date = group[0], _period(group[0])
    name, found, where = _where(group, places)
    if where in (3, 4):  # the coordinates would be the centroid of the division, not those of the town
        found = Found(None, found.candidates)
    lows = [number for claim in group if (number := conservative(claim)) is not None]
    best = Counter(_best(claim) for claim in group if _best(claim) is not None)
    highs = [int(value) for claim in group for value in (claim.high, claim.best, claim.low)
             if value is not None]
    return {"document": first.document.id, "date_start": date.start.isoformat() if date else None,
            "date_end": date.end.isoformat() if date else None, "date_prec": date_precision(date),
            "where_coordinates": name, "where_prec": where, **_coordinates(found),
            "best": min(best, key=lambda number: (-best[number], number), default=None),
            "low": min(lows, default=None), "high": max(highs, default=None),
            "victims": first.mention("who") or None, "source_original": _sources(group),
            "source_article": str(first.document.meta.get("title") or first.document.id)}


def _deaths(claims: Iterable[Claim]) -> list[tuple[Claim, ...]]:
    return [row.claims for row in confrontation(claim for claim in claims if claim.label == "KILLED")
            if any(claim.qualifier != "unread" for claim in row.claims)]


def _period(claim: Claim) -> Date | None:
    """The period of a claim; none where the date is only a beginning (« depuis 2016 »)."""
    if claim.when is None:
        return None
    before = claim.document.text[max(0, claim.when.start - 20):claim.when.start]
    return None if re.search(r"(?i)\bdepuis\b[^.;,]*$", before) else claim.date


def conservative(claim: Claim) -> int | None:
    """The lowest number that a claim states; for an order of magnitude that of ACLED (« dizaines » 10)."""
    if claim.qualifier == "order":
        product = 1
        for word in re.findall("|".join(ORDERS), fold(claim.text)):
            product *= ORDERS[word]
        return product
    if claim.qualifier == "at_most":
        return None
    return next((int(value) for value in (claim.low, claim.best) if value is not None), None)


def _best(claim: Claim) -> int | None:
    """The number that a claim gives as its own; a bound from above (« moins de 12 ») gives none."""
    return int(claim.best) if claim.best is not None and claim.qualifier != "at_most" else conservative(claim)


def time_precision(date: Date | None) -> int | None:
    """ACLED: 1 for a day, 2 up to a week, 3 up to a month, None for longer and unknown."""
    days = (date.end - date.start).days + 1 if date else 0
    return None if not 1 <= days <= 31 else 1 if days == 1 or date and date.daylike else 2 if days <= 7 else 3


def date_precision(date: Date | None) -> int | None:
    """UCDP: 1 a day, 2 up to six days, 3 a week, 4 up to a month, 5 up to a year, None beyond."""
    if date is None:
        return None
    days = (date.end - date.start).days + 1
    if date.daylike:
        return 1
    return next((code for code, most in ((1, 1), (2, 6), (3, 7), (4, 31), (5, 366)) if days <= most), None)


def _middle(date: Date) -> datetime.date:
    return date.start + (date.end - date.start) // 2


def _where(group: Sequence[Claim], places: Callable[[str], Found]) -> tuple[str | None, Found, int | None]:
    """The place of the claims as written, what it may be, and its UCDP precision where known."""
    claim = next((claim for claim in group if claim.where is not None), None)
    if claim is None or claim.where is None:
        return None, Found(None, ()), None
    name = claim.mention("where")
    found = places(name) if claim.where.label == "LOC" else Found(None, ())
    return name, found, where_precision(claim, found.place)


def where_precision(claim: Claim, place: Place | None) -> int | None:
    """UCDP 1–4, 6 and 7, by what place it is and what the text says before it; None where not known."""
    if claim.where is None:
        return None
    before = claim.document.text[max(0, claim.where.start - 60):claim.where.start]
    division = DIVISION.search(before)
    if WATER.search(claim.mention("where")):
        return 7
    if division:
        return 3 if division[1].lower() in SECOND_ORDER else 4
    if place is None:
        return None
    return 6 if place.kind == "country" else 2 if NEAR.search(before) else 1


def _coordinates(found: Found) -> dict[str, Value]:
    """The one place, or the candidates as `id name country`, never one of several."""
    place = found.place
    return {"country": place.country if place else None, "latitude": place.latitude if place else None,
            "longitude": place.longitude if place else None, "geonames_id": place.id if place else None,
            "candidates": "; ".join(f"{each.id} {each.name} {each.country}" for each in found.candidates)
            if found.candidates and place is None else None}


def _sources(group: Sequence[Claim]) -> str:
    """Who states the numbers; where the author does, the article."""
    names = (source(claim) if source(claim) != AUTHOR else claim.document.id for claim in group)
    return "; ".join(dict.fromkeys(names))


def _sentence(claim: Claim) -> str:
    return " ".join(claim.document.text[slice(*claim.sentence)].split())


PROFILES = {"acled": (acled, ACLED), "ucdp": (ucdp, UCDP)}
