"""A document as a row of units: its words, its marks and its spans, each span being one unit.

What the linker looks at: in which sentence, paragraph and quotation a unit stands, and which part
(`roles`) an actor plays in attributing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from ..data.document import Document, Span, flatten
from ..data.labels import FIGURE, group_of
from ..data.sentences import sentences
from . import cues
from .roles import ITEM, Role, origin_of, role_of

COUNTED, ACTORS = ("FORCE", "CIVIL"), ("PER", "ORG", "LOC", "FORCE", "CIVIL")
WORD = re.compile(r"[^\W\d_]+['’]|[\w-]*\w|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Unit:
    """One word, mark or span (`text` is then `<LABEL>`); `sentence` and `paragraph` count from 0."""

    text: str
    start: int
    end: int
    span: Span | None
    sentence: int
    paragraph: int
    quoted: int = 0

    @property
    def is_actor(self) -> bool:
        """Whether a figure can be attributed to it."""
        return self.span is not None and self.span.label in ACTORS

    @property
    def is_figure(self) -> bool:
        """Whether it is a figure that can have links (MEASURE has none)."""
        return self.span is not None and linkable(self.span)


@dataclass
class Facts:
    """What a sentence holds: its speaking actors, a speaking pronoun, a verb, « la même source »."""

    speakers: list[int] = field(default_factory=list)
    pronoun: bool = False
    verb: bool = False
    again: bool = False

    @property
    def tag(self) -> str:
        """The three flags as one word."""
        return "P" * self.pronoun + "V" * self.verb + "=" * self.again


def linkable(span: Span) -> bool:
    """Whether a span is a figure with links: any figure but a MEASURE."""
    return group_of(span.label) == FIGURE and span.label != "MEASURE"


class Outline:
    """A document read once; units are named by their position in `units`."""

    def __init__(self, document: Document) -> None:
        self.document = flatten(document)[0]
        self.units = _quoted(list(_units(self.document)))
        self.figures = [i for i, unit in enumerate(self.units) if unit.is_figure]
        self.counted = [i for i, unit in enumerate(self.units) if unit.span and unit.span.label in COUNTED]
        self.actors = [i for i, unit in enumerate(self.units) if unit.is_actor]
        self.lengths = Counter(unit.sentence for unit in self.units)
        self.roles: dict[int, Role] = {i: role_of(self, i) for i in self.actors}

    def mention(self, i: int) -> str:
        """The characters of a unit."""
        return self.document.text[self.units[i].start:self.units[i].end]

    def key(self, i: int) -> tuple[int, int, str]:
        """Start, end and label of a unit that is a span."""
        unit = self.units[i]
        return unit.start, unit.end, unit.span.label if unit.span else ""

    def word(self, i: int, sentence: int) -> str:
        """The text of a unit of that sentence, `^` before it and `$` after it."""
        if i < 0 or i < len(self.units) and self.units[i].sentence < sentence:
            return "^"
        return "$" if i >= len(self.units) or self.units[i].sentence > sentence else self.units[i].text

    @cached_property
    def facts(self) -> dict[int, Facts]:
        """What each sentence holds."""
        facts = {sentence: Facts() for sentence in self.lengths}
        for i, unit in enumerate(self.units):
            here = facts[unit.sentence]
            if unit.is_actor and self.roles[i].kind in ("S", "V", "A", "S'", "V'"):
                here.speakers.append(i)
            if unit.span is None:
                following = self.units[i + 1:i + 4]
                before = self.units[i - 1].text if i else "^"
                here.verb |= bool(cues.verb(unit.text)) and before not in cues.DETERMINERS
                here.pronoun |= bool(cues.CLITIC.search(unit.text)) or unit.text in cues.SPEAKERS and any(
                    cues.verb(near.text) for near in following if near.span is None)
                here.again |= unit.text == "même" and bool(following) and following[0].text in cues.AGAIN
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
    def twins(self) -> dict[int, list[int]]:
        """The other actors whose mention reads the same."""
        same: dict[str, list[int]] = {}
        for i in self.actors:
            same.setdefault(re.sub(r"\W+", " ", self.mention(i).lower()).strip(), []).append(i)
        return {i: [j for j in twins if j != i] for twins in same.values() for i in twins}


def _units(document: Document) -> Iterator[Unit]:
    text = document.text
    starts = [start for start, _ in sentences(text)]
    breaks = [found.start() for found in re.finditer(r"\n", text)]

    def unit(words: str, start: int, end: int, span: Span | None) -> Unit:
        return Unit(words, start, end, span, bisect_right(starts, start) - 1, bisect_right(breaks, start))

    position = 0
    for span in [*document.spans, None]:
        end = span.start if span else len(text)
        for found in WORD.finditer(text, position, end):
            yield unit(found[0].lower().replace("'", "’"), found.start(), found.end(), None)
        if span:
            yield unit(f"<{span.label}>", span.start, span.end, span)
            position = span.end


def _quoted(units: list[Unit]) -> list[Unit]:
    """The units with the flag of those that stand between quotation marks."""
    result, inside = [], 0
    for unit in units:
        if unit.text in "«“" or unit.text == '"' and not inside:
            inside = 1
            flag = 1
        else:
            flag = inside
            inside = 0 if unit.text in '»”"' else inside
        result.append(Unit(unit.text, unit.start, unit.end, unit.span, unit.sentence, unit.paragraph, flag))
    return result
