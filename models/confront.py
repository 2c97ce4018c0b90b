"""What the sources say of the same thing, side by side: claims grouped, intervals, contradictions.

Claims are of the same thing when label, whom they count, place and period are the same. Whom is the mention,
folded (case, accents, plural); the period is the month of `Claim.date`. A claim without place or period
joins the group that has one where there is only one such group: with several, a choice could make a false
contradiction. A place stands for itself: « Kiev » and « Volodymyr Zelensky » are two sources.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from rich.table import Table

from ..data.console import safe
from .claims import Claim

AUTHOR = "(author)"


class Subject(NamedTuple):
    """What is counted: label, folded mention (or ""), folded place (or ""), month as 2024-12 (or "")."""

    label: str
    who: str
    place: str
    period: str


@dataclass(frozen=True)
class Row:
    """One subject with the claims on it, in reading order; `disjoint` are pairs that exclude each other."""

    subject: Subject
    claims: tuple[Claim, ...]
    disjoint: tuple[tuple[int, int], ...]

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
    return [Row(key, tuple(group), _disjoint(group)) for key, group in _merged(groups).items()]


def subject(claim: Claim) -> Subject:
    """What a claim counts, folded."""
    period = ""
    if claim.date is not None and (claim.date.end - claim.date.start).days < 32:
        period = f"{claim.date.start:%Y-%m}"
    return Subject(claim.label, fold(claim.mention("who")), fold(claim.mention("where")), period)


def source(claim: Claim) -> str:
    """Who states a claim, as written; the author's own is `(author)`."""
    return claim.mention("by") or AUTHOR


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
    result = dict(groups)
    for key in list(result):
        wider = [other for other in result if other != key and _fills(other, key)]
        if len(wider) == 1:
            result[wider[0]] = sorted(result[wider[0]] + result.pop(key),
                                      key=lambda claim: (claim.document.id, claim.start))
    return result


def _fills(other: Subject, key: Subject) -> bool:
    """Whether `other` says all that `key` says, and more of place or period."""
    pairs = zip(key[2:], other[2:], strict=True)
    return other[:2] == key[:2] and all(mine in ("", theirs) for mine, theirs in pairs)


def _disjoint(group: Sequence[Claim]) -> tuple[tuple[int, int], ...]:
    """Pairs of claims of different sources whose intervals share no value."""
    found = []
    for (i, first), (j, second) in combinations(enumerate(group), 2):
        a, b = interval(first), interval(second)
        if a and b and not _same_source(first, second) and (a[1] < b[0] or b[1] < a[0]):
            found.append((i, j))
    return tuple(found)


def _same_source(first: Claim, second: Claim) -> bool:
    """Whether one speaks twice: the same name, or the last words of it (« Zelensky »), or one author."""
    one, other = (fold(claim.mention("by")) for claim in (first, second))
    if not one or not other:
        return one == other and first.document.id == second.document.id
    return f" {one}".endswith(f" {other}") or f" {other}".endswith(f" {one}")


def table(rows: Iterable[Row], *, title: str = "") -> Table:
    """The rows for the terminal: one line a claim, `≠` naming the sources that it excludes.

    A source followed by `?` reports in the conditional or with doubt.
    """
    out = Table("counted", "label", "where", "when", "source", "figure", "low", "high", "≠",
                box=None, header_style="bold", title=title or None, title_justify="left")
    for row in rows:
        for i, claim in enumerate(row.claims):
            against = [source(row.claims[b if a == i else a]) for a, b in row.disjoint if i in (a, b)]
            first = [claim.mention("who") or "?", row.subject.label] if i == 0 else ["", ""]
            cells = [*first, claim.mention("where"), claim.mention("when"),
                     source(claim) + (" ?" if claim.hedged else ""), " ".join(claim.text.split()),
                     *map(_bound, interval(claim) or ("", ""))]
            out.add_row(*map(safe, cells), safe(", ".join(dict.fromkeys(against))),
                        style="bold red" if against else None)
    return out


def _bound(value: float | str) -> str:
    return "" if value in ("", float("inf")) else f"{float(value):.1f}".removesuffix(".0")
