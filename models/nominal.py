"""Marks without a verb: *bilan de X*, the name before a colon or after it, the name in brackets."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from . import cues, nouns, turns
from .actors import WIDE, governed, person_or_body, subjects
from .mark import Mark

if TYPE_CHECKING:
    from .outline import Outline


def of_record(outline: Outline, k: int, high: int) -> Mark | None:
    """*Bilan de X*, *chiffres de l'X*: only where the complement is an actor."""
    words, j, before = outline.words, k + 1, outline.words[k - 1] if k else ""
    if words[k] == "compte" and words[k + 1:k + 2] == ["des"]:  # *le compte des soldats tombés*
        return None
    if words[k] in ("compte", "comptes") and before == "le" and k > 1 and words[k - 2] == "pour":
        return None
    first = next((i for i in range(k - 1, max(0, k - 4), -1) if words[i] not in cues.ARTICLES), k)
    if words[first - 1:first + 1] in (["partir", "de"], ["partir", "des"], ["base", "de"], ["base", "des"]):
        return None  # *un décompte de X à partir de données de Y*
    if before == "(" and j < high and outline.units[j].is_actor:
        return Mark(k, "B", words[k], j)
    while j < high and j < k + 4 and words[j] and words[j] not in cues.OF:
        j += 1
    if j >= high or words[j] not in cues.OF:
        return None
    j += 1
    if j + 1 < high and outline.units[j].text == "<DATE>" and words[j + 1] in cues.OF:  # *le bilan de lundi de X*
        j += 2
    while j < min(high, k + 7) and (words[j] in cues.DETERMINERS or words[j] in nouns.STANDS_FOR):
        j += 1
    aside = before == "," and k > 1 and not any(unit.is_figure for unit in outline.units[j:min(high, j + 9)])
    kind = "B" if before in cues.ASIDE and (aside or words[j + 1:j + 2] in ([")"], ["."], [])) else "N"
    if words[k - 1] in cues.ONE and words[k - 2] in cues.BE:  # *les 12 morts sont un chiffre de X*
        kind = "B"
    if {"reprendre", "citer"} & set(words[max(0, k - 3):k]):
        kind = "B"
    if "sur" in words[max(0, k - 2):k] and not any(unit.is_figure for unit in outline.units[j:high]):
        kind = "B"
    if not {"c’", "ce"}.isdisjoint(words[max(0, k - 4):k]) and not cues.BE.isdisjoint(words[max(0, k - 3):k]):
        kind = "T"
    return Mark(k, kind, words[k], j) if j < high and outline.units[j].is_actor else None


def of_origin(outline: Outline, k: int, low: int, high: int) -> Mark | None:
    """*L’estimation la plus basse, 12 morts, vient de X*, *est celle de X*."""
    words, j = outline.words, k + 2
    if words[k + 1:k + 2] == [] or words[k + 1] not in cues.OF or cues.TOTALS.isdisjoint(words[low:k]) or (
            words[k] not in cues.COMES_FROM and words[k - 1] not in cues.BE):
        return None
    while j < high and words[j] in cues.DETERMINERS:
        j += 1
    return Mark(k, "B", words[k], j) if j < high and outline.units[j].is_actor else None


def of_colon(outline: Outline, k: int, low: int, high: int, found: list[Mark]) -> Mark | None:
    """The name before a colon, or the one after it that takes up the figures before, where no mark stands before."""
    if found or k + 1 >= len(outline.units):
        return None
    j = k - 1
    if j > low and outline.words[j] == ")":
        while j > max(low, k - WIDE) and outline.words[j] != "(":
            j -= 1
        inside = j + 1 + (outline.words[j + 1] in cues.ARTICLES)
        if inside == k - 2 and outline.units[inside].is_actor and outline.units[inside].text != "<LOC>" and (
                outline.words[j - 1]):
            return Mark(k, "C", ":", inside)  # *saisies (Garde nationale) : 12*
        j -= 1
    named = _before_colon(outline, j, k, low)
    return named if named is not None else _after_colon(outline, k, low, high) or _told_before(outline, k, low)


def _before_colon(outline: Outline, j: int, k: int, low: int) -> Mark | None:
    """The name that ends at `j`, before the colon at `k`, or opens its line."""
    units, words, first = outline.units, outline.words, turns.line_opens(outline, low, k)
    near = j in (first, first + 1) and (j == first or words[first] in cues.DETERMINERS)
    if near and units[j].is_actor and units[j].text != "<CIVIL>":
        return Mark(k, "C", ":", j)
    body = units[first].text == "<ORG>" or units[first].text == "<FORCE>" and words[first + 2] in cues.FROM_WHERE
    if body and words[first + 1] == "," and k - first < 9 and not any(unit.is_figure for unit in units[first:k]):
        return Mark(k, "C", ":", first)  # *MSF, depuis Goma : 12 morts*
    if k - 3 > low and words[k - 2] in cues.GIVEN_TO and units[k - 3].text == "<PER>":
        return Mark(k, "D", ":", k - 3)  # *Le ministre X aux députés : 12 morts*
    if units[k - 1].is_actor and not {"celui", "celle", "ceux", "celles"}.isdisjoint(
            [*words[low:low + 5], *words[max(low, k - 5):k]]):
        return Mark(k, "D", ":", person_or_body(outline, k - 1, low))  # *Celui de l’ONU : 40 000 morts*
    return None


def _after_colon(outline: Outline, k: int, low: int, high: int) -> Mark | None:
    """The source after a colon that takes up the figures before it: *12 morts : c’est le bilan que donne X*."""
    last = min(high, k + 2 * WIDE)
    if cues.TOTALS.isdisjoint(outline.words[k + 1:last]) or not any(
            unit.is_figure for unit in outline.units[max(low, k - WIDE):k]):
        return None
    at = bisect_left(outline.actors, k)
    given = turns.comes_from(outline, k, last)
    given = given or at < len(outline.actors) and governed(outline, outline.actors[at], k) == "par"
    near = [i for i in outline.actors[at:at + 1] if given or outline.units[i].text != "<LOC>"]  # no place of the attack
    heard = near if given else [*subjects(outline, k, last), *near]
    return Mark(k, "T", ":", person_or_body(outline, heard[0], k)) if heard and heard[0] < high else None


def _told_before(outline: Outline, k: int, low: int) -> Mark | None:
    """The subject of what announces figures before a colon: *Kiev a son bilan : 12 morts*, *Kiev en a un : 12*."""
    words = outline.words
    first = next(iter(subjects(outline, low, min(k, low + 8)) or subjects(outline, max(low, k - WIDE), k)), None)
    if first is None or words[low] == "quant":
        return None
    tells = (not cues.TALLIES.isdisjoint(words[max(low, k - 4 * WIDE):k]) or words[k + 1] in cues.QUOTING
             or not cues.SURE.isdisjoint(words[k - 3:k])
             or words[k - 3:k - 1] == ["en", "a"] and words[k - 1] in cues.ONE)
    return Mark(k, "D", ":", first) if tells else None


def of_bracket(outline: Outline, k: int, low: int, high: int) -> Mark | None:
    """A name alone in brackets after a figure, which is no abbreviation of what stands before them."""
    units, words = outline.units, outline.words
    if k == low or not any(units[j].is_figure for j in range(max(low, k - WIDE), k)):
        return None
    j = k + 1
    while j < high and (words[j] in cues.DETERMINERS or words[j] in cues.SOURCES or words[j] in nouns.STANDS_FOR):
        j += 1
    if j + 1 >= high or not units[j].is_actor or turns.abbreviates(outline, j, k - 1):
        return None
    return Mark(k, "B", "(", j) if words[j + 1] in (")", ",", ";") and words[j - 1] not in cues.SOURCES else None
