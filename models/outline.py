"""A document as a row of units: its words, its marks and its spans, each span being one unit.

What the linker looks at: in which sentence, paragraph and quotation a unit stands, and which part an
actor plays in attributing (`Role`): after *selon* (`S`), subject of a verb of attribution that
follows (`A`) or precedes it (`V`), or none (`m`); a prime tells that other actors stand between.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from ..data.document import Document, Span, flatten
from ..data.labels import FIGURE, group_of
from ..data.sentences import sentences
from . import cues

COUNTED, ACTORS = ("FORCE", "CIVIL"), ("PER", "ORG", "LOC", "FORCE", "CIVIL")
WORD = re.compile(r"[^\W\d_]+['’]|[\w-]*\w|[^\w\s]")
ITEM = frozenset("-–—•*·")


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


class Role(NamedTuple):
    """How an actor takes part in attribution; `cue` is the unit that says so, or None."""

    kind: str = "m"
    cue: int | None = None
    word: str = ""
    distance: int = 0
    traits: tuple[str, ...] = ()


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
        self.roles = {i: _role(self, i) for i in self.actors}

    def mention(self, i: int) -> str:
        """The characters of a unit."""
        return self.document.text[self.units[i].start:self.units[i].end]

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
        return {sentence: self.units[i].text in ITEM or self.units[i].text.isdigit()
                and i + 1 < len(self.units) and self.units[i + 1].text in ".)" for sentence, i in firsts.items()}

    @cached_property
    def origins(self) -> dict[int, str]:
        """How an actor may be the source of the whole document: its signature, heading, lead …"""
        return {i: _origin(self, i) for i in self.actors}

    @cached_property
    def twins(self) -> dict[int, list[int]]:
        """The other actors whose mention reads the same."""
        keys = {i: re.sub(r"\W+", " ", self.mention(i).lower()).strip() for i in self.actors}
        return {i: [j for j in self.actors if j != i and keys[j] == keys[i]] for i in self.actors}


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


def _role(outline: Outline, i: int) -> Role:
    traits: list[str] = []
    found = _before(outline, i, traits) or _after(outline, i, traits) or Role()
    return found._replace(traits=tuple(traits + _traits(outline, i, found)))


def _before(outline: Outline, i: int, traits: list[str]) -> Role | None:
    """The role by a preposition (`selon`) or an inverted verb (`, a indiqué`) to the left."""
    units, commas, between = outline.units, 0, 0
    reach = 1 if units[i].text == "<PER>" else 0  # « le maire de la ville, Abel Kossi »
    for k in range(i - 1, max(-1, i - 13), -1):
        unit = units[k]
        commas += unit.text == ","
        between += unit.is_actor
        if unit.sentence != units[i].sentence or unit.text in ";:" or between > 1:
            return None
        if unit.span or commas > reach:
            continue
        if _is_source(outline, k):
            return Role("S" if not between else "S'", k, unit.text, i - k)
        name = cues.verb(unit.text)
        if name and units[k - 1].text not in cues.DETERMINERS:
            if _inverted(outline, k):
                return Role("V" if not between else "V'", k, name, i - k)
            traits.append("verb left")
            return None
    return None


def _is_source(outline: Outline, k: int) -> bool:
    word, sentence = outline.units[k].text, outline.units[k].sentence
    before = outline.word(k - 1, sentence)
    if word == "après":
        return before == "d’"
    if word == "pour":
        return before in "^,;:(—–»"
    return word in cues.SOURCES and (word != "foi" or before == "la")


def _inverted(outline: Outline, k: int) -> bool:
    """Whether the verb at `k` has no subject before it: after a comma, a quotation, « comme »."""
    units, sentence = outline.units, outline.units[k].sentence
    i = k - 2 if outline.word(k - 1, sentence) in cues.AUXILIARIES else k - 1
    if i >= 0 and units[i].text in cues.OBJECTS:
        i -= 1
    if i >= 0 and units[i].sentence != sentence:
        return True
    return bool(cues.CLITIC.search(units[k].text)) or outline.word(i, sentence) in cues.INVERTERS


def _after(outline: Outline, i: int, traits: list[str]) -> Role | None:
    """The role by a verb of attribution to the right; brackets are skipped."""
    units, commas, between, depth = outline.units, 0, 0, 0
    found = None
    for k in range(i + 1, min(len(units), i + 22)):
        unit = units[k]
        if unit.sentence != units[i].sentence or unit.text == ";":
            break
        depth = max(0, depth + (unit.text == "(") - (unit.text == ")"))
        if depth:
            continue
        if unit.text == ":":
            traits += [] if cues.verb(units[k - 1].text) else ["colon"]
            break
        commas += unit.text == ","
        between += unit.is_actor
        name = "" if unit.span or units[k - 1].text in cues.NOUN_BEFORE else cues.verb(unit.text)
        if name:
            found = Role("A" if not between else "A'" if between < 3 else "A''", k, name, k - i)
            break
    traits.append(f"commas {min(commas, 3)}")
    return found


def _traits(outline: Outline, i: int, role: Role) -> list[str]:
    """What else marks an actor as source: its neighbours, its verb, its place, its head word."""
    units, sentence = outline.units, outline.units[i].sentence
    left = [outline.word(k, sentence) for k in range(i - 1, max(-1, i - 5), -1)]
    left = left[:left.index("^")] if "^" in left else left
    near = next((word for word in left if word not in cues.DETERMINERS), "^")
    after = outline.word(i + 1, sentence)
    traits = [f"left {near}", f"right {after}", f"right {after}|{role.kind}", f"role {role.kind}",
              f"role {role.kind}|{role.word}", f"role {role.kind}|{step(role.distance, (1, 2, 3, 4, 6, 9))}",
              f"role {role.kind}|{units[i].text}"]
    if role.cue is not None:
        traits.append(f"cue {units[role.cue].text[:6]}|{role.kind}")
    else:
        traits += [f"then {unit.text[:7]}" for unit in units[i + 1:i + 6] if unit.span is None
                   and unit.sentence == sentence and unit.text.isalpha() and len(unit.text) > 3]
    flags = {"record": bool(cues.RECORDS & set(left)), "first": not left or left[0] in ITEM | {"«"}
             or len(left) == 1 and left[0] in cues.DETERMINERS,
             "agent": "par" in left[:1] or len(left) > 1 and left[1] == "par" and left[0] in cues.DETERMINERS,
             "short": outline.lengths[sentence] <= 6, "heading": after == ":", "counted": follows_figure(outline, i)}
    head = re.search(r"[^\W\d_]+", outline.mention(i).lower())
    return traits + [name for name, holds in flags.items() if holds] + ([f"head {head[0][:8]}"] if head else [])


def follows_figure(outline: Outline, i: int) -> bool:
    """Whether a figure counts this unit: `12 soldats`, `une dizaine de soldats`."""
    units = outline.units
    return i > 0 and (units[i - 1].is_figure or i > 1 and units[i - 1].text in ("de", "d’") and units[i - 2].is_figure)


def _origin(outline: Outline, i: int) -> str:
    units, sentence, last = outline.units, outline.units[i].sentence, outline.units[-1].sentence
    before = {unit.text for unit in units[max(0, i - 9):i] if unit.sentence == sentence}
    listed = any(units[k].text == ":" and units[k].sentence == sentence != units[k + 1].sentence
                 for k in range(i + 1, min(len(units) - 1, i + 25)))
    tests = {"signature": outline.lengths[sentence] <= 7 and sentence >= last - 1 and sentence > 2,
             "title": outline.lengths[sentence] <= 9 and sentence <= 1,
             "study": sentence <= 3 and bool(before & cues.STUDIES), "list": listed,
             "lead": sentence <= 2 and outline.roles[i].kind in ("S", "V", "A")}
    return next((name for name, holds in tests.items() if holds), "")


def step(number: int, edges: tuple[int, ...] = (0, 1, 2, 3, 5, 8, 13, 21, 40)) -> str:
    """The first edge that a number does not pass, or `>`."""
    return next((str(edge) for edge in edges if number <= edge), ">")
