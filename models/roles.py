"""Which part an actor plays in attributing figures: after *selon*, subject of a verb of attribution …

The parts: `S` after a preposition, `A` subject of a verb that follows, `V` of one that precedes it (`, a
indiqué Kiev`), `m` none; a prime tells that other actors stand between. An actor may also be the source of
the whole document: its origin.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from . import cues, sayings

if TYPE_CHECKING:
    from .outline import Outline

ITEM = frozenset("-–—•*·")


class Role(NamedTuple):
    """How an actor takes part in attribution; `cue` is the unit that says so, or None."""

    kind: str = "m"
    cue: int | None = None
    word: str = ""
    distance: int = 0
    traits: tuple[str, ...] = ()


def role_of(outline: Outline, i: int) -> Role:
    """The part of an actor in its sentence."""
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
        name = sayings.verb(unit.text)
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
    return bool(sayings.CLITIC.search(units[k].text)) or outline.word(i, sentence) in cues.INVERTERS


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
            traits += [] if sayings.verb(units[k - 1].text) else ["colon"]
            break
        commas += unit.text == ","
        between += unit.is_actor
        name = "" if unit.span or units[k - 1].text in cues.NOUN_BEFORE else sayings.verb(unit.text)
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
             "agent": "par" in left[:1] or "par" in left[1:2] and left[0] in cues.DETERMINERS,
             "short": outline.lengths[sentence] <= 6, "heading": after == ":",
             "counted": follows_figure(outline, i)}
    head = re.search(r"[^\W\d_]+", outline.mention(i).lower())
    traits += [name for name, holds in flags.items() if holds]
    return traits + ([f"head {head[0][:8]}"] if head else [])


def follows_figure(outline: Outline, i: int) -> bool:
    """Whether a figure counts this unit: `12 soldats`, `une dizaine de soldats`."""
    units = outline.units
    return i > 0 and (units[i - 1].is_figure
                      or i > 1 and units[i - 1].text in ("de", "d’") and units[i - 2].is_figure)


def origin_of(outline: Outline, i: int) -> str:
    """How an actor may be the source of the whole document: signature, title, study, list, lead or ""."""
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
    """The first edge, of rising ones, that a number does not pass, or `>`."""
    at = bisect_left(edges, number)
    return str(edges[at]) if at < len(edges) else ">"
