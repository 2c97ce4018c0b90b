"""What the sources say of the same thing, side by side: claims grouped, intervals, contradictions.

Claims are of the same thing when label, whom they count, place and period are the same. Whom is the mention,
folded (case, accents, plural); the period is the month of `Claim.date`. A claim without place or period
joins the group that has one where there is only one such group: with several, a choice could make a false
contradiction. A place stands for itself: « Kiev » and « Volodymyr Zelensky » are two sources.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rich.table import Table

from ..data.console import safe
from .claims import Claim

AUTHOR = "(author)"
PAIRS = 10_000  # contradictions that are named of one subject: all of thousands of claims would fill the memory
Voice = tuple[str, str]  # folded name, document of an author


class Subject(NamedTuple):
    """What is counted: label, folded mention (or ""), folded place (or ""), month as 2024-12 (or "")."""

    label: str
    who: str
    place: str
    period: str


@dataclass(frozen=True)
class Row:
    """One subject with the claims on it, in reading order; `disjoint` are pairs that exclude each other.

    Of very many such pairs the first PAIRS are named, and `more` says that there are others.
    """

    subject: Subject
    claims: tuple[Claim, ...]
    disjoint: tuple[tuple[int, int], ...]
    more: bool = False

    @property
    def contradicted(self) -> bool:
        """Whether two sources give intervals that share no value."""
        return bool(self.disjoint)

    @property
    def sides(self) -> tuple[str, ...]:
        """`source : figure` of each claim, as « Kiev : 3 000 »."""
        return tuple(f"{source(claim)} : {claim.text}" for claim in self.claims)


def confrontation(claims: Iterable[Claim]) -> list[Row]:
    """The claims of one document or many, grouped by what they count, in order of first mention."""
    groups: dict[Subject, list[Claim]] = defaultdict(list)
    for claim in claims:
        groups[subject(claim)].append(claim)
    return [_row(key, group) for key, group in _merged(groups).items()]


def _row(key: Subject, group: Sequence[Claim]) -> Row:
    pairs = _disjoint(group)
    return Row(key, tuple(group), pairs[:PAIRS], len(pairs) > PAIRS)


def subject(claim: Claim) -> Subject:
    """What a claim counts, folded."""
    period = ""
    if claim.date is not None and (claim.date.end - claim.date.start).days < 32:
        period = f"{claim.date.start:%Y-%m}"
    return Subject(claim.label, fold(claim.mention("who")), fold(claim.mention("where")), period)


def source(claim: Claim) -> str:
    """Who states a claim, as written; the author's own is `(author)`."""
    return claim.mention("by") or AUTHOR


@lru_cache(maxsize=4096)
def fold(mention: str) -> str:
    """Words of a mention without case, accents and plural.

    >>> fold("Soldats nord-coréens"), fold("soldat nord-coréen")
    ('soldat nord coreen', 'soldat nord coreen')
    """
    letters = unicodedata.normalize("NFKD", mention.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(_singular(word) for word in re.findall(r"\w+", plain))


def _singular(word: str) -> str:
    return re.sub("(?<=eu)x$|(?<=au)x$|(?<=[^s])s$", "", word) if len(word) > 3 else word


def interval(claim: Claim) -> tuple[float, float] | None:
    """The values that a claim allows, or None when its figure could not be read.

    « environ » and the like allow a tenth on both sides, a convention of ours; an open bound is infinite.
    """
    known = [value for value in (claim.low, claim.best, claim.high) if value is not None]
    if not known:
        return None
    if claim.qualifier == "about" and claim.low == claim.high:
        return min(known) * 0.9, max(known) * 1.1
    low = claim.low if claim.low is not None else 0 if claim.qualifier == "at_most" else min(known)
    high = claim.high if claim.high is not None else float("inf") if claim.low is not None else max(known)
    return low, high


def _merged(groups: dict[Subject, list[Claim]]) -> dict[Subject, list[Claim]]:
    """Groups without place or period join the only group that differs from them by having one."""
    result, wider = dict(groups), defaultdict[Subject, dict[Subject, None]](dict)
    for key in result:
        for bare in _bare(key):
            wider[bare][key] = None
    for key in list(result):
        if len(wider[key]) == 1:
            (other,) = wider[key]
            result[other] = sorted(result[other] + result.pop(key),
                                   key=lambda claim: (claim.document.id, claim.start))
            for bare in _bare(key):
                wider[bare].pop(key)
    return result


def _bare(key: Subject) -> set[Subject]:
    """The subjects that say less of place or period."""
    return {key._replace(place=place, period=period) for place in (key.place, "")
            for period in (key.period, "")} - {key}


def _disjoint(group: Sequence[Claim]) -> tuple[tuple[int, int], ...]:
    """Pairs of claims of different sources whose intervals share no value, PAIRS and one at most."""
    known = [(i, voice(claim), bounds) for i, claim in enumerate(group) if (bounds := interval(claim))]
    lows, highs = defaultdict[Voice, list[tuple[float, int]]](list), defaultdict[Voice, list[tuple[float, int]]](list)
    for i, who, (low, high) in known:
        lows[who].append((low, i))
        highs[who].append((high, i))
    for values in (*lows.values(), *highs.values()):
        values.sort()
    last, first = (edge(values[place][0] for values in table.values()) if known else 0
                   for edge, place, table in ((max, -1, lows), (min, 0, highs)))
    others: dict[Voice, list[Voice]] = {}
    found: list[tuple[int, int]] = []
    for i, who, (low, high) in known:
        if (high < last or first < low) and len(found) <= PAIRS:
            if who not in others:
                others[who] = [other for other in lows if not same_voice(who, other)]
            against = {j for other in others[who]
                       for _, j in (*lows[other][bisect_right(lows[other], (high, len(group))):],
                                    *highs[other][:bisect_left(highs[other], (low, -1))]) if j > i}
            found += [(i, j) for j in sorted(against)]
    return tuple(found[:PAIRS + 1])


def voice(claim: Claim) -> Voice:
    """Who speaks: the folded name, or of the author's own claims the document."""
    name = fold(claim.mention("by"))
    return name, "" if name else claim.document.id


def same_voice(first: Voice, second: Voice) -> bool:
    """Whether one speaks twice: the same name, or the last words of it (« Zelensky »), or one author."""
    one, other = first[0], second[0]
    if not one or not other:
        return first == second
    return f" {one}".endswith(f" {other}") or f" {other}".endswith(f" {one}")


def table(rows: Iterable[Row], *, title: str = "") -> Table:
    """The rows for the terminal: one line a claim, `≠` naming the sources that it excludes.

    A source followed by `?` reports in the conditional or with doubt.
    """
    out = Table("counted", "label", "where", "when", "source", "figure", "low", "high", "≠",
                box=None, header_style="bold", title=title or None, title_justify="left")
    for row in rows:
        named = defaultdict[int, list[str]](list)
        for a, b in row.disjoint:
            named[a].append(source(row.claims[b]))
            named[b].append(source(row.claims[a]))
        for i, claim in enumerate(row.claims):
            against = named[i]
            first = [claim.mention("who") or "?", row.subject.label] if i == 0 else ["", ""]
            cells = [*first, claim.mention("where"), claim.mention("when"),
                     source(claim) + (" ?" if claim.hedged else ""), " ".join(claim.text.split()),
                     *map(_bound, interval(claim) or ("", ""))]
            out.add_row(*map(safe, cells), safe(", ".join(dict.fromkeys(against))),
                        style="bold red" if against else None)
        if row.more:
            out.add_row(*[""] * 8, "…")
    return out


def _bound(value: float | str) -> str:
    return "" if value in ("", float("inf")) else f"{float(value):.1f}".removesuffix(".0")
