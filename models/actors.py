"""The actors of a sentence: what governs them, who of them is a subject, for whom a person speaks."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from . import cues, nouns
from .roles import follows_figure

if TYPE_CHECKING:
    from .outline import Outline

WIDE = 16  # units that a source may stand from its mark


def governed(outline: Outline, i: int, low: int) -> str:
    """The preposition before a unit and its determiner, or ""."""
    words, j = outline.words, i - 1
    if outline.units[i].text == "<PER>" and j > low and words[j] in nouns.RANKS:
        j -= 1
    while j > max(low, i - 6) and words[j] in cues.ARTICLES:
        j -= 1
    if j < low or words[j] not in cues.PREPOSITIONS or j > low and words[j - 1] == "quant":
        return ""
    if words[j] == "des" and (j == low or words[j - 1] in cues.CLAUSE_OPENING):  # an article there
        return ""
    return words[j]


def person_or_body(outline: Outline, person: int, low: int) -> int:
    """A person, or the body for which a spokesman speaks (*porte-parole de …*, *au nom de …*)."""
    units, words, first = outline.units, outline.words, max(low, person - WIDE)
    last, places = min(len(units), person + 9), list[int]()
    if not cues.SPOKEN_FOR.isdisjoint(words[first:person]):
        said = max(j for j in range(first, person) if words[j] in cues.SPOKEN_FOR)
        near = [*range(said, person), *range(said, first - 1, -1)]
        if words[said] in ("bouche", "voix"):  # *Kiev, par la bouche de X*
            places = [i for i in range(said, first - 1, -1) if units[i].text == "<LOC>"]
    elif not cues.SPOKEN_FOR.isdisjoint(words[person + 1:person + (7 if "un" in words[person + 2:person + 4] else 5)]):
        near = range(person + 1, last)
    else:
        return person
    bodies = [i for i in near if units[i].text in ("<ORG>", "<FORCE>")]
    return next((i for i in [*bodies, *places] if units[i].sentence == units[person].sentence), person)


def named_after(outline: Outline, i: int, last: int) -> bool:
    """Whether the name of a person follows an actor: *le fusilier marin Bohdan Y.*, *une veuve nuer, Nyakim*."""
    units, words, j = outline.units, outline.words, i + 1
    if units[i].text == "<CIVIL>":
        j += j + 1 < last and words[j].isalpha()
        j += j + 1 < last and words[j] == ","
    return j < last and units[j].text == "<PER>"


def first_named(outline: Outline, i: int, low: int) -> int:
    """The first of two subjects: *X comme Y avancent*, *ni X ni Y ne reconnaissent*, *X ainsi que Y*."""
    words, j = outline.words, i - 1
    while j > low and words[j] in cues.ARTICLES:
        j -= 1
    j -= words[j - 1:j + 1] in (["ainsi", "que"], ["tout", "comme"], ["ou", "bien"])
    joined = j > low and outline.units[j - 1].is_actor and (
        words[j] in cues.JOINING or words[j] == "et" and opens(words, j - 1, low))
    return j - 1 if joined and not governed(outline, j - 1, low) else i


def opens(words: list[str], i: int, low: int) -> bool:
    """Whether the phrase of a unit opens a clause."""
    while i > low and words[i - 1] in cues.ARTICLES:
        i -= 1
    return i == low or words[i - 1] in cues.CLAUSE_OPENING


def stranger(outline: Outline, noun: int) -> bool:
    """Whether a noun for a person has a complement, so that it names another than those named before."""
    units, words = outline.units, outline.words
    if nouns.STANDS_FOR.get(words[noun], ("",))[0] != "<PER>" or words[noun + 1:noun + 2] == []:
        return False
    return words[noun + 1] in cues.OF and noun + 2 < len(units) and not any(
        unit.is_actor for unit in units[noun + 2:noun + 4])


def subjects(outline: Outline, low: int, high: int) -> list[int]:
    """The actors between two units that no preposition governs and no figure counts."""
    at = bisect_left(outline.actors, low)
    return [i for i in outline.actors[at:at + 6] if i < high
            and not follows_figure(outline, i) and not governed(outline, i, low)
            and not (i > low and outline.words[i - 1] == "(")]
