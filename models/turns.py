"""Turns of phrase beside a mark: what opens a line, what a verb of trust governs, what takes figures up."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from . import cues

if TYPE_CHECKING:
    from .outline import Outline


def line_opens(outline: Outline, low: int, high: int) -> int:
    """Where a line begins after its bullet and the day or hour before a name: *– 5 octobre, Kiev : 12 morts*."""
    units, words = outline.units, outline.words
    first = low + (words[low] in cues.LINE_OPENING)
    if first < high - 1 and units[first].text == "<DATE>" and words[first + 1] in cues.TIME_CLOSING:
        return first + 2
    return first


def chains_on(outline: Outline, i: int, high: int) -> bool:
    """Whether another figure *pour* another actor follows: *75 pour Londres, cent deux pour Buenos Aires*."""
    units, words = outline.units, outline.words
    figure = next((j for j in range(i + 1, min(high, i + 5)) if units[j].is_figure), high)
    return any(words[j] == "pour" for j in range(figure + 1, min(high, figure + 4)))


def trusts(outline: Outline, k: int, low: int) -> bool:
    """*Si l’on s’en tient à X*, *à en juger par X*, *à se fier à X*."""
    before = outline.words[max(low, k - 5):k]
    return "si" in before or before[-2:] in cues.TRUSTING and outline.words[k].endswith(("er", "ir", "re"))


def trusted(outline: Outline, k: int, high: int) -> int:
    """Where the source begins after a verb of trust and its preposition, past *d’*."""
    words, j = outline.words, k + 1
    while j < high and words[j] in ("à", "aux", "au", "par", "d’", "après", "sur"):
        j += 1
    return j


def comes_from(outline: Outline, k: int, high: int) -> bool:
    """*Le chiffre est de X*, *ce compte vient de X* right after `k`."""
    words = outline.words
    return any(words[j] in cues.COMES_FROM and words[j - 1] in cues.TOTALS and words[j + 1] in cues.OF
               for j in range(k + 2, min(high - 1, k + 6)))


def voiced(outline: Outline, k: int, high: int) -> bool:
    """Whether a verb of voice tells what follows: *ironise que*, *ricanent sur X : 12*."""
    after = outline.words[k + 1:min(high, k + 6)]
    if after[:1] == [] or after[0] not in cues.THROUGH:
        return after[:1] != [] and after[0] in cues.VOICED_TO
    colon = after.index(":") if ":" in after else 0
    return colon > 0 and "," not in after[:colon] and not any(
        unit.is_figure for unit in outline.units[k + 1:k + 1 + colon])


def again(words: list[str]) -> bool:
    """*La même source*, *le même communiqué*."""
    return any(first in ("même", "meme") and second in cues.AGAIN for first, second in pairwise(words))


def abbreviates(outline: Outline, short: int, full: int) -> bool:
    """Whether a name in brackets is that of the span before them."""
    label = outline.units[full].text
    return label == outline.units[short].text or label in cues.NAMED and outline.mention(short).isupper()
