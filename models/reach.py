"""How far a mark reaches in its sentence: what it holds before it, and what keeps from it a figure after it."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from . import cues, sayings
from .mark import BOTH, Mark
from .verbs import finite

if TYPE_CHECKING:
    from .outline import Outline

ASIDE, DASHES = 16, frozenset("–—")  # units to the dash on either side of a mark
_AMOUNTS = cues.TOTALS | {"nombre"}  # *porte ce nombre à 12*
FAR = 250  # units that a mark may stand from a figure


def own(outline: Outline, mark: Mark, figure: int) -> bool:
    """Whether a mark that may count tells what its subject has (*la force compte 500 hommes*, *porte des armes*)."""
    label, words = outline.units[figure].text, outline.words
    if mark.kind == "C":
        mention = outline.mention(mark.source or 0)
        many = mention[:1].islower() and mention.split()[0].endswith("s")
        return many or mention.lower().startswith(cues.COUNTED) or (
            outline.units[mark.source or 0].text in cues.VAGUE_LABELS)
    if mark.kind != "a" or words[mark.at - 1] in ("leur", "lui"):  # *X leur compte 600 hommes*
        return False
    if mark.head in cues.RECORDING:
        return False
    if mark.head == "site" and mark.word.startswith("compt"):
        return True
    if mark.source is None and mark.word.startswith("compt") and not cues.HOLDERS.isdisjoint(
            words[max(0, mark.at - 4):mark.at]):
        return True
    if mark.word.startswith("port") and not {"à", "de", "bilan"} & set(words[mark.at + 1:figure]):
        return True
    if mark.word.startswith(cues.RAISING) and label == "<TROOPS>" and (_AMOUNTS.isdisjoint(
            words[mark.at + 1:figure + 4]) or not cues.POSSESSIVES.isdisjoint(words[figure + 1:figure + 6])):
        return True
    if words[mark.at - 2:mark.at] == ["n’", "en"] and mark.source is not None and (
            outline.units[mark.source].text == "<PER>"):
        return False  # *X n’en compte que 40*
    if words[mark.at + 1:mark.at + 2] == ["pour"] or words[mark.at - 2:mark.at] == ["s’", "en"]:
        return False  # *en tient pour 23 morts*
    who = outline.units[mark.source].text if mark.source is not None else "<FORCE>"
    if mark.word.startswith(("retien", "retena")) and label == "<DETAINED>":
        return True
    return mark.word.startswith(cues.HAVING) and who != "<ORG>" and (
        label == "<TROOPS>" or label == "<MATERIEL>" and who != "<LOC>" and not mark.word.endswith("é"))


def holds_back(outline: Outline, figure: int, mark: Mark) -> bool:
    """Whether a mark holds a figure before it: by its kind, or as it takes the figure up (*c’est le bilan que …*)."""
    if mark.at - figure > FAR or _new_item(outline, figure, mark.at):
        return False
    between = outline.words[figure + 1:mark.at]
    if mark.kind == "V" and not {"que", "qu’"}.isdisjoint(words_before := outline.words[mark.at - 2:mark.at]) and (
            "sur" in between and words_before):
        return False  # *12 morts, sur 21 que recensait X*
    if mark.kind == "P":
        return not {",", ";"} & set(between[:-1]) or between[-1] in cues.TOTALS
    if mark.kind in "Aa" and _relative(outline, figure, mark):
        return True
    if mark.kind in "Aa" and mark.source is not None and _apposed(outline, figure, mark):
        return True
    if mark.kind in "Aa" and mark.source is not None and _confirmed(outline, figure, mark):
        return True
    if mark.kind in BOTH or not cues.TAKES_UP.isdisjoint(between):
        return True
    if mark.kind in "Aa" and mark.source is not None and "ce" in between and not _counts_on(outline, mark):
        return outline.words[outline.words.index("ce", figure) + 1] in ("que", "qu’")
    return ":" in between and mark.kind in "AaN" and not _counts_on(outline, mark)


def _new_item(outline: Outline, first: int, last: int) -> bool:
    """Whether a new line of a list begins between two units: with a bullet, or after a semicolon."""
    units, words = outline.units, outline.words
    return units[first].paragraph != units[last].paragraph and any(
        units[j].paragraph != units[j - 1].paragraph and (words[j] in cues.LINE_OPENING or words[j - 1] == ";")
        for j in range(first + 1, last + 1))


def _relative(outline: Outline, figure: int, mark: Mark) -> bool:
    """Whether a figure is what a mark after it tells in its relative clause (*les 12 déplacés que l’ONU recensait*)."""
    words = outline.words
    at = next((j for j in range(figure + 1, min(mark.at, figure + 7)) if words[j] in ("que", "qu’")), None)
    return (at is not None and mark.source is not None and at < mark.source < at + 6
            and words[at - 1] not in cues.LINKED
            and {",", ";", ":"}.isdisjoint(words[figure:mark.at])
            and not any(outline.units[j].is_figure for j in range(figure + 1, mark.at)))


def _apposed(outline: Outline, figure: int, mark: Mark) -> bool:
    """Whether a noun in apposition takes a figure up before a mark (*12 morts, un chiffre que l’ONU confirme*)."""
    words, last = outline.words, min(mark.at, mark.source or 0)
    at = next((j for j in range(last - 1, max(figure, last - 4), -1) if words[j] in ("que", "qu’")), None)
    comma = next((j for j in range(at or 0, max(figure, (at or 0) - 5), -1) if words[j] == ","), None)
    if at is None or comma is None or any(unit.is_figure for unit in outline.units[figure + 1:at]):
        return False
    noun = words[comma + 1:at]
    return not cues.TALLIES.isdisjoint(noun) and cues.PREPOSITIONS.isdisjoint(noun)


def _confirmed(outline: Outline, figure: int, mark: Mark) -> bool:
    """Whether a verb takes a tally up by its pronoun (*Ce bilan, 12 morts, X l’a confirmé*)."""
    words, low = outline.words, figure
    while low and outline.units[low - 1].sentence == outline.units[figure].sentence:
        low -= 1
    return "l’" in words[mark.at - 2:mark.at] and not cues.TOTALS.isdisjoint(words[low:low + 3])


def _counts_on(outline: Outline, mark: Mark) -> bool:
    """Whether a mark has figures of its own after it in its sentence."""
    at, sentence = bisect_left(outline.figures, mark.at), outline.units[mark.at].sentence
    return at < len(outline.figures) and outline.units[outline.figures[at]].sentence == sentence


def cites(outline: Outline, mark: Mark, after: Mark) -> bool:
    """Whether the source of a mark tells what the next one says: *rapporte MSF d’après X*, *selon Tass, citant X*."""
    if mark.source is None or mark.kind not in "VS" or after.kind not in "SV" or after.source is None or (
            mark.at >= after.at or mark.source >= after.at):
        return False
    between = outline.words[mark.source + 1:after.at]
    if after.word == "citant":
        return between in ([], [","])
    return after.kind == "S" and (between == ["d’"] or after.word == "selon" and not between)


def joined(outline: Outline, first: Mark, mark: Mark) -> bool:
    """Whether two prepositions name two sources for one figure: *selon X et selon Y*, *d’après X comme d’après Y*."""
    if first.kind != "S" or mark.kind != "S" or first.source is None or not first.at < first.source < mark.at:
        return False
    between = outline.words[first.source + 1:mark.at]
    return len(between) < 4 and between[:1] != [] and between[0] in ("et", "comme", "ou", "ainsi", "mais")


def quoting(first: Mark, mark: Mark) -> bool:
    """Whether a source cites another before its verb (*Citant l’ONU, Tass écrit*)."""
    return first.word == "citant" and first.source is not None and mark.kind == "A" and mark.source is not None and (
        first.at < first.source < mark.source < mark.at)


def walls(outline: Outline, first: int, last: int) -> int:
    """What parts two units: commas once, semicolons twice."""
    return sum(2 if word == ";" else word in (",", "et", "mais") for word in outline.words[first + 1:last])


def aside(outline: Outline, at: int, figure: int) -> bool:
    """Whether a mark stands in an insertion between dashes that ends before a figure after it."""
    words, start = outline.words, max(0, at - ASIDE)
    return (any(word in DASHES for word in words[at + 1:min(figure, at + ASIDE)]) and any(
        words[j] in DASHES and outline.units[j].sentence == outline.units[at].sentence
        and outline.units[j - 1].sentence == outline.units[at].sentence for j in range(max(1, start), at)))


def goes_on_to_act(outline: Outline, at: int, figure: int) -> bool:
    """Whether what follows a verb that attributes turns to another act: *recense 12 morts et a logé 600 sinistrés*.

    Not in what it tells: after *que*, a colon or a quotation mark.
    """
    words = outline.words
    for j in range(at + 1, figure - 1):
        if words[j] in cues.TELLING and words[j - 1] not in cues.CONTRASTING:
            return False
        if words[j] in ("et", "puis") and _acts(outline, j + 1, figure):
            return cues.TELLING.isdisjoint(words[j:figure])
    return False


def _relative_ended(outline: Outline, at: int, figure: int) -> bool:
    """Whether a mark stands in a relative clause after which the main verb comes (*X, qui nie tout, emploie 12 …*)."""
    words = outline.words
    if "qui" not in words[max(0, at - 4):at]:
        return False
    comma = next((j for j in range(at + 1, figure) if words[j] == ","), figure)
    return comma + 1 < figure and words[comma + 1] != "" and not sayings.verb(words[comma + 1]) and (
        finite(words[comma + 1], ",", words[comma + 2]))


def _acts(outline: Outline, k: int, figure: int) -> bool:
    """Whether a clause with a finite verb of its own opens at `k`: *montre*, *l’armée a dépêché*."""
    words, units = outline.words, outline.units
    for j in range(k, min(figure, k + 8)):
        if units[j].is_figure or words[j] in cues.RELATIVE or words[j] in (",", ";", "que", "qu’"):
            return False
        if words[j] and finite(words[j], words[j - 1], words[j + 1]):
            return True
    return False


def parted(outline: Outline, mark: Mark, figure: int) -> str:
    """What keeps a figure from the mark before it: a clause of its own, or one that only tells of the source."""
    words = outline.words
    between = words[mark.at + 1:figure]
    for j, word in enumerate(between):
        that = j > 0 and between[j + 1:j + 2] in (["que"], ["qu’"])  # *soutenait alors que 12* is no clause
        if word in cues.CLAUSES and (that or word not in ("tandis", "alors")):
            return "clause"
    if aside(outline, mark.at, figure):
        return "aside"
    if mark.kind in "Aa" and goes_on_to_act(outline, mark.at, figure):
        return "act"
    if mark.kind in "Aa" and _relative_ended(outline, mark.at, figure):
        return "relative"
    source = mark.source
    if source is None or not mark.at < source < figure or ";" in words[source:figure]:
        return ""
    ended = any(words[j] == "," and words[j + 1] not in ("dont", "soit", "parmi") for j in range(source, figure))
    if ended and (mark.kind == "P" and mark.word.startswith("revendiqu")
                  or mark.kind == "A" and mark.word.startswith(cues.ACCUSING)):
        return "participle"
    if mark.kind == "V" and (words[source + 1] == "dont" or not cues.WITH.isdisjoint(words[source + 2:source + 3])):
        return "relative"
    if mark.kind == "V" and words[source + 1] == "," and words[source + 2].endswith(("é", "ée", "és", "ées")):
        return "relative"
    if mark.kind == "V" and (words[source + 1:source + 4] == [",", "l’", "un"] or words[source + 1].endswith(
            ("é", "ée", "és", "ées"))):
        return "relative"
    for j in range(source + 1, min(figure, source + 8)):
        if outline.units[j].is_figure:
            break
        if words[j] in cues.RELATIVE and "," in words[max(source, j - 2):j]:
            counts = words[j] == "dont" and any(unit.text in cues.NUMBERS for unit in outline.units[j + 1:j + 4])
            over = mark.kind in "Sp" and any(
                words[n] == "," and (outline.units[n + 1].is_figure or words[n + 1] in cues.NEW_CLAUSE)
                for n in range(j + 3, figure))
            return "" if counts or over or words[j - 1] in ("pour", "parmi") else "relative"
    return ""
