"""A document as a row of units: its words, its marks and its spans, each span being one unit.

What the linker looks at: in which sentence, paragraph and quotation a unit stands, and which part
(`roles`) an actor plays in attributing. What it asks again and again (how many actors lie between two
units, which is the nearest twin) is counted once, so that a figure costs the same in a long document.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from operator import attrgetter
from typing import NamedTuple

from ..data.document import Document, Span, flatten
from ..data.labels import FIGURE, GROUP
from ..data.sentences import sentences
from . import cues, sayings
from .roles import ITEM, Role, origin_of, role_of
from .rules import Held, held

COUNTED, ACTORS = ("FORCE", "CIVIL"), ("PER", "ORG", "LOC", "FORCE", "CIVIL")
LINKABLE = {label for label, group in GROUP.items() if group == FIGURE} - {"MEASURE"}
SPEAKING = ("S", "V", "A")
SPEAKERS = (*SPEAKING, "S'", "V'")
QUOTES = frozenset('«“»”"')
SENTENCE = attrgetter("sentence")
REACH, HELD = 500, (128, 32)  # units between a figure and whom it is linked to; candidates before and after it
REMEMBERED = 4096  # lists of features
# Dashes before no word are marks, found at once: asking at each of them would cost the square of a long rule.
WORD = re.compile(r"[^\W\d_]+['’]|-++(?!\w)|[\w-]*\w|[^\w\s]")


class Unit(NamedTuple):
    """One word, mark or span (`text` is then `<LABEL>`); `sentence` and `paragraph` count from 0.

    `is_actor` says that a figure can be attributed to it, `is_figure` that it is one that can have links.
    """

    text: str
    start: int
    end: int
    span: Span | None
    sentence: int
    paragraph: int
    quoted: int = 0
    is_actor: bool = False
    is_figure: bool = False


@dataclass(slots=True)
class Facts:
    """What a sentence holds: its speaking actors, a speaking pronoun, a verb, « la même source »."""

    speakers: list[int] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)  # of their roles
    pronoun: bool = False
    verb: bool = False
    again: bool = False

    @property
    def tag(self) -> str:
        """The three flags as one word."""
        return "P" * self.pronoun + "V" * self.verb + "=" * self.again


class Tally:
    """The units, by position, of which something holds: how many there are between two others."""

    def __init__(self, holds: Iterable[bool]) -> None:
        self.before = array("I", accumulate(holds, initial=0))

    def between(self, first: int, second: int) -> int:
        """How many lie between two units, which come in either order and are not counted."""
        low, high = (first, second) if first < second else (second, first)
        return self.before[high] - self.before[low + 1] if high > low else 0


class Twins(NamedTuple):
    """The actors whose mention reads the same, in order, and how many of them attribute."""

    units: list[int]
    speaking: int


def linkable(span: Span) -> bool:
    """Whether a span is a figure with links: any figure but a MEASURE."""
    return span.label in LINKABLE


class Outline:
    """A document read once; units are named by their position in `units`."""

    def __init__(self, document: Document) -> None:
        self.document = flatten(document)[0]
        self.sentences = sentences(self.document.text)
        self.units = list(_units(self.document, [start for start, _ in self.sentences]))
        self.words = ["" if unit.span else unit.text for unit in self.units]
        self.figures = [i for i, unit in enumerate(self.units) if unit.is_figure]
        self.counted = [i for i, unit in enumerate(self.units) if unit.span and unit.span.label in COUNTED]
        self.actors = [i for i, unit in enumerate(self.units) if unit.is_actor]
        self.memory: dict[tuple[int | str, ...], list[str]] = {}
        self.lengths = Counter([unit.sentence for unit in self.units])

    @cached_property
    def roles(self) -> dict[int, Role]:
        """The part of each actor in its sentence."""
        return {i: role_of(self, i) for i in self.actors}

    @cached_property
    def holders(self) -> dict[int, Held]:
        """What the sentences of the guide give each figure."""
        return held(self)

    def mention(self, i: int) -> str:
        """The characters of a unit."""
        return self.document.text[self.units[i].start:self.units[i].end]

    def key(self, i: int) -> tuple[int, int, str]:
        """Start, end and label of a unit that is a span."""
        unit = self.units[i]
        return unit.start, unit.end, unit.span.label if unit.span else ""

    def word(self, i: int, sentence: int) -> str:
        """The text of a unit of that sentence, `^` before it and `$` after it."""
        if i < 0:
            return "^"
        if i >= len(self.units):
            return "$"
        unit = self.units[i]
        return unit.text if unit.sentence == sentence else "^" if unit.sentence < sentence else "$"

    def around(self, i: int, among: list[int], *, before: int, after: int) -> list[int]:
        """Those of some units (positions, rising) from so many sentences before unit `i` to so many after.

        None lies more than REACH units away, and there are no more than HELD of them, the nearest.
        """
        sentence = self.units[i].sentence
        low = bisect_left(self.units, sentence - before, max(0, i - REACH), i, key=SENTENCE)
        high = bisect_right(self.units, sentence + after, i, min(len(self.units), i + REACH), key=SENTENCE)
        here = bisect_left(among, i)
        return among[max(bisect_left(among, low, 0, here), here - HELD[0]):
                     min(bisect_left(among, high, here), here + HELD[1])]

    def near(self, i: int, reach: int) -> list[Unit]:
        """The units of the same sentence, `reach` before and one less after at most."""
        sentence = self.units[i].sentence
        return [unit for unit in self.units[max(0, i - reach):i + reach] if unit.sentence == sentence]

    @cached_property
    def facts(self) -> dict[int, Facts]:
        """What each sentence holds."""
        facts = {sentence: Facts() for sentence in self.lengths}
        for i in self.actors:
            if self.roles[i].kind in SPEAKERS:
                facts[self.units[i].sentence].speakers.append(i)
                facts[self.units[i].sentence].kinds.add(self.roles[i].kind)
        words = self.words
        for i, word in enumerate(words):
            if word:
                here = facts[self.units[i].sentence]
                if not here.verb and sayings.verb(word):
                    here.verb = self.units[i - 1].text not in cues.DETERMINERS if i else True
                if not here.pronoun:
                    here.pronoun = "-" in word and bool(sayings.CLITIC.search(word)) or (
                        word in cues.SPEAKERS and any(sayings.verb(near) for near in words[i + 1:i + 4]))
                if word == "même" and i + 1 < len(words) and words[i + 1] in cues.AGAIN:
                    here.again = True
        return facts

    @cached_property
    def items(self) -> dict[int, bool]:
        """Whether each sentence is an item of a list (begins with a dash, a bullet or `1.`)."""
        firsts: dict[int, int] = {}
        for i, unit in enumerate(self.units):
            firsts.setdefault(unit.sentence, i)
        return {sentence: self.units[i].text in ITEM
                or self.units[i].text.isdigit() and self.word(i + 1, sentence) in (".", ")")
                for sentence, i in firsts.items()}

    @cached_property
    def origins(self) -> dict[int, str]:
        """How an actor may be the source of the whole document: its signature, heading, lead …"""
        return {i: origin_of(self, i) for i in self.actors}

    @cached_property
    def far(self) -> tuple[list[int], list[int], list[int]]:
        """The actors that may be sources from afar: of title, lead and study; of lists; of the signature."""
        kinds = ("title", "lead", "study"), ("list",), ("signature",)
        heads, lists, signatures = ([i for i, origin in self.origins.items() if origin in kind] for kind in kinds)
        return heads, lists, signatures

    @cached_property
    def origin_names(self) -> list[str]:
        """The origins that actors have, sorted."""
        return sorted(set(self.origins.values()) - {""})

    @cached_property
    def twins(self) -> dict[int, Twins]:
        """The actors whose mention reads the same, the actor itself among them."""
        same: dict[str, list[int]] = {}
        for i in self.actors:
            same.setdefault(re.sub(r"\W+", " ", self.mention(i).lower()).strip(), []).append(i)
        groups = [Twins(units, sum(self.roles[i].kind != "m" for i in units)) for units in same.values()]
        return {i: group for group in groups for i in group.units}

    @cached_property
    def held(self) -> tuple[Counter[int], Counter[int]]:
        """How many FORCE and CIVIL, and how many figures, each sentence holds."""
        groups, figures = (Counter(self.units[i].sentence for i in some) for some in (self.counted, self.figures))
        return groups, figures

    @cached_property
    def heads(self) -> dict[int, str]:
        """The first word of each FORCE and CIVIL, in lower case; `_` where it has none."""
        found = {i: re.search(r"[^\W\d_]+", self.mention(i).lower()) for i in self.counted}
        return {i: word[0] if word else "_" for i, word in found.items()}

    def once(self, what: tuple[int | str, ...], make: Callable[[], list[str]]) -> list[str]:
        """Features that figures near by ask for again; what is kept stays small in a long document."""
        known = self.memory.get(what)
        if known is None:
            if len(self.memory) >= REMEMBERED:
                self.memory.clear()
            known = self.memory[what] = make()
        return known

    @cached_property
    def speakers(self) -> int:
        """How many actors attribute, in all sentences."""
        return sum(len(facts.speakers) for facts in self.facts.values())

    @cached_property
    def tallies(self) -> dict[str, Tally]:
        """What is counted between two units: `actors`, `figures`, `groups`, `speaking`, `verbs`, `commas`."""
        units, roles = self.units, self.roles
        return {"actors": Tally(unit.is_actor for unit in units), "figures": Tally(unit.is_figure for unit in units),
                "groups": Tally(unit.span is not None and unit.span.label in COUNTED for unit in units),
                "speaking": Tally(i in roles and roles[i].kind in SPEAKING for i in range(len(units))),
                "verbs": Tally(bool(word) and bool(sayings.verb(word)) for word in self.words),
                "commas": Tally(word == "," for word in self.words)}


def _units(document: Document, starts: Sequence[int]) -> Iterator[Unit]:
    text, position, inside = document.text, 0, 0
    breaks = [found.start() for found in re.finditer(r"\n", text)]
    for span in [*document.spans, None]:
        for word, start, end in _words(text, position, span.start if span else len(text)):
            flag, inside = _quoted(word, inside) if word in QUOTES else (inside, inside)
            yield Unit(word, start, end, None, bisect_right(starts, start) - 1, bisect_right(breaks, start), flag)
        if span:
            yield Unit(f"<{span.label}>", span.start, span.end, span, bisect_right(starts, span.start) - 1,
                       bisect_right(breaks, span.start), inside, span.label in ACTORS, span.label in LINKABLE)
            position = span.end


def _words(text: str, position: int, end: int) -> Iterator[tuple[str, int, int]]:
    """The words and marks of a stretch of text, in lower case."""
    for found in WORD.finditer(text, position, end):
        word, start, stop = found[0], found.start(), found.end()
        if word[0] == "-" and stop - start > 1 and word[-1] == "-":
            yield from (("-", place, place + 1) for place in range(start, stop))
        else:
            yield word.lower().replace("'", "’"), start, stop


def _quoted(word: str, inside: int) -> tuple[int, int]:
    """Whether a word stands between quotation marks, which belong to what they hold, and whether the next does."""
    if word in ("«", "“") or word == '"' and not inside:
        return 1, 1
    return inside, 0 if word in ("»", "”", '"') else inside
