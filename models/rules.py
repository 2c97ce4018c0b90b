"""Who states each figure by the sentences of the guide: what the marks of a text hold, one paragraph after another.

A figure is held by the mark before it or the one after it in its sentence, by the speaker of its quotation, by a
sentence before with a tie, or by the line that opens its list. `links` learns how far to trust each.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from . import cues, headings, hedges, nouns
from .antecedents import DOCUMENTS, Memory, remember, resolved
from .mark import BOTH, Mark
from .marks import marks
from .quotations import quotations, speaker
from .reach import FAR, cites, holds_back, joined, own, parted, quoting, walls

if TYPE_CHECKING:
    from .outline import Outline


class Held(NamedTuple):
    """What the guide gives a figure: the actor or None, the sentence of the guide, and the word of the mark.

    `left` and `right` are the sources of the marks on either side in its sentence; `parts` tells them apart.
    """

    source: int | None = None
    rule: str = "none"
    word: str = ""
    left: int | None = None
    right: int | None = None
    parts: str = ""


class Run:
    """What goes on from sentence to sentence: a source, a list with the source of the line that opens it."""

    def __init__(self) -> None:
        self.paragraph = -1
        self.source: int | None = None  # that a tie continues
        self.opener: int | None = None  # of the list
        self.listed = ""  # its kind: "item" or "lines"
        self.line: int | None = None  # the last source of the line before
        self.headed = False  # whether that line ended in a colon
        self.announced = False  # whether that line tells that figures follow (*publie son bilan.*)
        self.name: int | None = None  # the actor whose name alone is the line before
        self.follows = False  # whether that line ends in *ce qui suit*, *le texte suivant*
        self.sides = False  # whether a heading told that sides speak (*Ce que chaque camp déclare*)
        self.titled = False  # whether it is a heading that names a source (*État-major – Communiqué*)
        self.letterhead = True  # whether no verb stands before: the head of a communiqué
        self.figures: list[int] = []  # of the sentence before


class Spoken(NamedTuple):
    """The long quotations of a document and the marks of their speakers."""

    quotes: list[tuple[int, int]]
    speakers: list[Mark | None]

    def around(self, unit: int) -> tuple[int, Mark | None]:
        """Where the quotation that holds a unit begins, and its speaker; -1 and None outside of one."""
        at = bisect_left(self.quotes, (unit, unit)) - 1
        inside = at >= 0 and self.quotes[at][0] < unit < self.quotes[at][1]
        return (self.quotes[at][0], self.speakers[at]) if inside else (-1, None)


def held(outline: Outline) -> dict[int, Held]:
    """What the guide gives each figure of a document."""
    memory, run, result = Memory(), Run(), {}
    sentences = _bounds(outline)
    of_sentence: list[list[Mark]] = []
    for low, high in sentences:
        of_sentence.append([])
        for mark in marks(outline, low, high):
            memory.before = resolved(outline, mark, low, memory)
            of_sentence[-1].append(memory.before)
        remember(outline, low, high, of_sentence[-1], memory)
    known = [mark for found in of_sentence for mark in found]
    quotes = quotations(outline)
    spoken = Spoken(quotes, [speaker(outline, quote, known) for quote in quotes])
    for (low, high), found in zip(sentences, of_sentence, strict=True):
        _sentence(outline, (low, high), found, run, spoken, result)
    return result


def _bounds(outline: Outline) -> list[tuple[int, int]]:
    """First unit of each sentence and of the next."""
    starts: list[int] = []
    last: int | None = None  # a span of blanks before the first sentence has the number −1
    for i, unit in enumerate(outline.units):
        if unit.sentence != last:
            starts.append(i)
            last = unit.sentence
    return list(pairwise([*starts, len(outline.units)]))


def _sentence(outline: Outline, bounds: tuple[int, int], found: list[Mark], run: Run, spoken: Spoken,
              result: dict[int, Held]) -> None:
    """Give each figure of a sentence what holds it, and tell the run what goes on after it."""
    low, high = bounds
    gap = outline.units[low].paragraph - run.paragraph if low else 1
    if gap:
        _new_line(outline, low, gap, run)
    if found and found[0].source is not None and _takes_up(outline, found[0], low, high):
        result |= {figure: Held(found[0].source, "back", found[0].word) for figure in run.figures
                   if result[figure].source is None}
    run.figures = outline.figures[bisect_left(outline.figures, low):bisect_left(outline.figures, high)]
    tie = hedges.tie(outline, low, high) if run.figures or run.source is not None else ""
    carried = _carried(run, tie)
    colon = next((i for i in range(low, high) if outline.words[i] == ":"), high) if run.figures else high
    for figure in run.figures:
        where = "first" if figure - low <= 3 else "colon" if colon < figure else "amid"
        result[figure] = (_spoken(outline, figure, found, spoken)
                          or _marked(outline, figure, found, sides=run.sides or run.announced)
                          or (carried if run.listed else carried._replace(parts=carried.parts + where)))
    _goes_on(outline, bounds, found, run, tie)


def _goes_on(outline: Outline, bounds: tuple[int, int], found: list[Mark], run: Run, tie: str) -> None:
    """What a sentence leaves to those after it."""
    low, high = bounds
    words = outline.words[low:high]
    run.letterhead = run.letterhead and hedges.tie(outline, low, high) == "verbless" and all(
        mark.source is None or mark.word in DOCUMENTS for mark in found)
    if found:
        run.source = found[-1].source
    elif not tie:
        run.source = None
    named = next((mark.source for mark in found[::-1] if mark.source is not None), None)
    run.titled, run.paragraph = False, outline.units[high - 1].paragraph
    run.announced = run.announced and bool(found) and found[0].kind == "C" or (
        not run.figures and not headings.ANNOUNCING.isdisjoint(words))
    if named is not None or not run.listed and run.line is None:
        run.line = named if named is not None else headings.heading(outline, low, high, run.name)
        run.titled = run.line is not None and not run.figures and (
            named is None or words[0] in ("source", "sources")
            or found[-1].kind == "S" and hedges.tie(outline, low, high) == "verbless")
    run.follows = run.line is not None and not headings.FOLLOWING.isdisjoint(words[-3:])
    run.name = headings.alone(outline, low, high)
    if not run.figures and run.name is None:
        run.sides = named is None and headings.of_sides(words)


def _takes_up(outline: Outline, mark: Mark, low: int, high: int) -> bool:
    """Whether a sentence takes up the figure before it: *C’est le chiffre que donne X*, *Ce bilan vient de X*."""
    words = outline.words
    if words[low] in cues.TAKES_UP:
        near = words[low:min(high, low + 12)]
        return mark.kind in BOTH or not cues.TALLIES.isdisjoint(near) or any(
            pair in cues.WHAT for pair in pairwise(near))
    if low + 2 >= high or words[low] not in cues.TAKING or words[low + 1] not in cues.TOTALS:
        return False
    after = words[low + 2:min(high, low + 6)]
    one = words[low] in cues.ONE
    return not one and not cues.COMES_FROM.isdisjoint(after[:3]) or not (one and "," in after) and any(
        word == "par" and before.endswith(cues.PARTICIPLES) for before, word in pairwise(after))


def _carried(run: Run, tie: str) -> Held:
    """What a figure without a mark has from the list or the sentence before."""
    heading = "heading" * run.headed
    if run.listed and not (run.source is not None and tie == "hearsay"):
        return Held(run.opener, "list" if run.opener is not None else "none list", parts=run.listed + tie)
    if run.source is not None and tie:
        return Held(run.source, f"tie {tie}", parts=heading)
    return Held(None, "none run" if run.source is not None else f"none {tie}", parts=heading)


def _new_line(outline: Outline, low: int, gap: int, run: Run) -> None:
    """A line begins: a list goes on or opens, or the run ends."""
    units = outline.units
    colon = low > 0 and outline.words[low - 1] == ":"
    if gap > 1 and run.letterhead and not colon:
        run.titled, run.announced, run.line, run.name = False, False, None, None
    item = headings.is_item(outline, low, colon)
    body = run.name is not None and (
        run.sides or units[run.name].text == "<ORG>" or headings.is_proper(outline, run.name))
    if item:
        if not run.listed:
            opens = colon or run.announced or run.titled or run.line is None and body
            run.opener, run.listed = (run.name if body and run.line is None else run.line) if opens else None, "item"
    elif (colon or run.titled) and gap == 1 or run.follows:
        run.opener, run.listed = run.line, "lines"
    elif body and run.line is None and gap == 1:
        run.opener, run.listed = run.name, "lines"
    elif run.listed != "lines" or gap > 1:
        run.listed = ""
    run.headed, run.announced = colon, False
    run.source = run.line if colon and not run.listed else None
    run.line, run.paragraph = None, units[low].paragraph


def _spoken(outline: Outline, figure: int, found: list[Mark], spoken: Spoken) -> Held | None:
    """The speaker of the quotation around a figure, unless he cites another source."""
    start, mark = spoken.around(figure)
    if mark is None:
        return None
    at = bisect_left(found, figure, key=_place)
    own = found[at - 1] if at and found[at - 1].at > start and found[at - 1].kind in "SA" else None
    if own is not None and own.source is not None and own.head not in cues.WEAK and own.source != mark.source:
        return Held(own.source, "quote other", own.word) if own.kind == "S" and own.at < figure else None
    if own is not None and own.source is None and own.head and own.at < figure and (
            own.head not in nouns.PRONOUNS and own.head not in cues.STRONG):
        return Held(None, "quote none", own.word, parts="other")
    if own is not None and own.head in nouns.STANDS_FOR and own.source == mark.source and own.at < figure:
        return Held(None, "quote none", own.word, parts="other")  # who speaks does not call himself *le directeur*
    passive = own is not None and own.word.startswith(cues.DONE)
    if own is not None and own.head == "on" and not passive and (
            not cues.TOLD.isdisjoint(outline.words[max(0, own.at - 4):own.at])) and not any(
            word == "," and after in cues.WEAK for word, after in pairwise(outline.words[own.at:figure])):
        return Held(None, "quote none", own.word, parts="on")
    return Held(mark.source, "quote" if mark.source is not None else "quote none", mark.word, parts=mark.kind)


def _marked(outline: Outline, figure: int, found: list[Mark], *, sides: bool) -> Held | None:
    """The mark that holds a figure in its sentence: the one before it or the one after it that reaches back."""
    after = at = bisect_left(found, figure, key=_place)
    left = found[at - 1] if at and figure - found[at - 1].at <= FAR else None
    if left is not None and not (
            sides and left.kind == "C") and own(outline, left, _first(outline, left, figure)):
        at, left = at - 1, found[at - 2] if at > 1 else None
    if left is not None and at > 1 and left.head == "on" and left.source is None and found[at - 2].kind == "V":
        at, left = at - 1, found[at - 2]  # *dit-il, on a relevé 12 corps*: the speaker's own count
    if left is not None and at > 1 and (joined(outline, found[at - 2], left) or quoting(found[at - 2], left)):
        at, left = at - 1, found[at - 2]
    while after < len(found) - 1 and found[after].source is None and found[after].kind in "Aa" and (
            found[after].at - figure <= FAR):
        after += 1  # nobody's mark ends no other that reaches back
    while after < len(found) - 1 and found[after].kind == "N" and not holds_back(outline, figure, found[after]):
        after += 1
    after += after < len(found) - 1 and cites(outline, found[after], found[after + 1])
    right = found[after] if after < len(found) and holds_back(outline, figure, found[after]) else None
    if left is None and right is None:
        return None
    if left is not None and (left.kind in "aCDT" or left.head == "on" and left.word.startswith(cues.THERE_ARE)):
        # these give way to any other
        outer = found[at - 2] if at > 1 and found[at - 2].kind == "S" and figure - found[at - 2].at <= FAR else None
        if left.kind == "a" and left.source is not None:
            outer = None
        left = outer if right is not None or outer is not None else left
    sources = left.source if left else None, right.source if right else None
    chosen, rule = _nearer(outline, figure, left, right)
    if chosen is right and _of_itself(outline, chosen, figure):
        return Held(None, "none relative", chosen.word, *sources, rule)
    if chosen is left and (apart := parted(outline, chosen, figure)):
        return Held(None, f"none {apart}", chosen.word, *sources, rule)
    return Held(chosen.source, rule if chosen.source is not None else f"none {rule}", chosen.word, *sources,
                chosen.head[:9])


def _of_itself(outline: Outline, mark: Mark, figure: int) -> bool:
    """Whether a figure stands in a relative clause about the source of a mark after it (*X, qui a 250, dit-elle*)."""
    words, source = outline.words, mark.source if mark.source is not None else figure
    inside = source < figure and words[source + 1:source + 3] in ([",", "qui"], [",", "dont"]) and (
        "," not in words[source + 3:figure] and outline.units[source].sentence == outline.units[figure].sentence)
    return inside and "," in words[figure:mark.at]


def _nearer(outline: Outline, figure: int, left: Mark | None, right: Mark | None) -> tuple[Mark, str]:
    """Of the marks on both sides the one that less parts from the figure, and its name."""
    if left is not None and right is not None and left.kind == right.kind == "B":
        return right, "RB" + ("=" if left.source == right.source else "2")
    vague = left is None or left.source is None and (
        left.head in ("", "?", "on") or left.head in cues.RECORDING
        or left.head in ("j’", "je") and outline.units[left.at].quoted)
    if right is not None and (left is None or vague or walls(outline, figure, right.at - 1)
                              < walls(outline, left.at, figure)):
        chosen, side = right, "R"
    else:
        assert left is not None
        chosen, side = left, "L"
    other = "-" if left is None or right is None else "=" if left.source == right.source else "2"
    return chosen, f"{side}{chosen.kind}{other}"


def _first(outline: Outline, mark: Mark, figure: int) -> int:
    """The first figure after a mark: where it is what the source has, the others that follow are no claim either."""
    at = bisect_left(outline.figures, mark.at)
    return min(outline.figures[at], figure) if mark.kind == "a" else figure


def _place(mark: Mark) -> int:
    return mark.at
