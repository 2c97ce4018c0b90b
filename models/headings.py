"""Lines that open what stands under them: headings, names alone, announcements; and the items of lists."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from . import cues, sayings

if TYPE_CHECKING:
    from .outline import Outline

ISSUED = cues.RECORDS | frozenset("point situation compte-rendu infolettre récapitulatif".split())  # in a heading
ANNOUNCING = cues.RECORDING | frozenset("résultat résultats voici suivant suivante suivants suivantes "
                                        "ci-dessous ci-après détail inventaires "
                                        "points communique communiquent".split())  # in a line before a list
SIDES = frozenset("camp camps bilans comptes partie parties belligérants versions".split())  # in a heading
FOLLOWING = frozenset("suit suivant suivante ceci".split())  # at the end of a line that opens a text
COMMON = re.compile(r"(?!forces|services|brigades)[a-zà-ÿ-]+s\b")  # *les sergents recruteurs* issue nothing
SPOKEN_ENDS = frozenset('! ? … » ” "'.split())  # a dash after one of these opens an answer


def is_item(outline: Outline, low: int, colon: bool) -> bool:
    """Whether an item of a list begins here: no answer after a dash, no word in italics."""
    units, words = outline.units, outline.words
    if not outline.items[units[low].sentence] or low + 2 >= len(units) or low and words[low - 1] == "?":
        return False
    spaced = units[low].end < units[low + 1].start
    if words[low].isdigit():
        return units[low + 1].end < units[low + 2].start
    return spaced and (words[low] not in ("—", "–") or colon or words[low - 1] not in SPOKEN_ENDS)


def is_proper(outline: Outline, i: int) -> bool:
    """Whether a force has a name of its own (*Brigades Al-Qassam*, no *Hommes*)."""
    first, _, rest = outline.mention(i).partition(" ")
    return outline.units[i].text == "<FORCE>" and not first.isupper() and rest != rest.lower()


def heading(outline: Outline, low: int, high: int, name: int | None) -> int | None:
    """The actor of a short line that names a communiqué or the like, else the one whose name is the line before."""
    if high - low > 14 or ISSUED.isdisjoint(outline.words[low:high]):
        return None
    first, last = bisect_left(outline.actors, low), bisect_left(outline.actors, high)
    named = [i for i in outline.actors[first:last] if not COMMON.match(outline.mention(i))]
    if named:  # a body rather than its place
        return min(named, key=lambda i: outline.units[i].text == "<LOC>")
    return name if name is not None and outline.units[name].text in ("<ORG>", "<FORCE>") else None


def of_sides(words: list[str]) -> bool:
    """Whether a heading tells that sides speak: *Ce que chaque camp déclare*, *Les bilans*."""
    return len(words) < 12 and (any(map(sayings.attributes, words)) or not SIDES.isdisjoint(words))


def alone(outline: Outline, low: int, high: int) -> int | None:
    """The actor whose name is all that a line holds."""
    first = low + (outline.words[low] in cues.ARTICLES)
    return first if first + 1 == high and outline.units[first].is_actor else None
