"""The lines of a brat standoff file, as https://brat.nlplab.org/standoff.html describes them.

T lines bind a label to the text; the others state facts about T lines, by their ids. Names with spaces
(`T12 test label 0 378 386`) are not foreseen there but occur.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from ..errors import BilanError
from ..report import Report

Line = tuple[str, str]  # where it stands (file:line) and what it says
ID = r"[TERAMN]\d\S*"
PAIR = re.compile(r"\s*(\d{1,15})\s+(\d{1,15})\s*")
BOUND = re.compile(r"(T\S*)[ \t]+(?=\S)")
LINES = {
    "A": re.compile(rf"[AM]\S*\t(?P<name>\S(?:.*?\S)?)\s+(?P<owner>{ID})(?:[ \t](?P<value>.*))?"),
    "R": re.compile(r"R\S*\t(?P<name>\S(?:.*?\S)?)\s+[^\s:]+:(?P<owner>\S+)\s+[^\s:]+:(?P<value>\S+)\s*"),
    "*": re.compile(r"\*\t(?P<name>\S+)\s+(?P<value>\S+)(?P<owners>(?:\s+\S+)+)\s*"),
    "E": re.compile(r"E\S*\t(?P<value>[^\s:]+):(?P<owner>\S+)(?P<roles>(?:\s+[^\s:]+:\S+)*)\s*"),
    "#": re.compile(r"#\S*\t(?P<name>\S+)\s+(?P<owner>\S+)(?:\t(?P<value>.*))?"),
    "N": re.compile(r"N\S*\t(?P<name>\S+)\s+(?P<owner>\S+)\s+(?P<value>[^\t]+)(?:\t(?P<shown>.*))?"),
}
KINDS = {**{letter: letter for letter in LINES}, "M": "A"}
NOTE = "AnnotatorNotes"


class Fact(NamedTuple):
    """One attribute of a span as a line states it; `points` when the value is another line's id."""

    owner: str
    name: str
    value: str
    points: bool = False


@dataclass
class Bound:
    """One text-bound annotation: where it stands in the file, its parts, the mention displayed."""

    where: str
    label: str
    parts: list[tuple[int, int]]
    mention: str
    attributes: dict[str, str] = field(default_factory=dict)


def bounds_of(lines: Iterable[Line], report: Report) -> dict[str, Bound]:
    """Id → text-bound annotation; a second one with the same id is kept under another key."""
    found: dict[str, Bound] = {}
    for where, line in lines:
        if line[0] != "T":
            continue
        match = BOUND.match(line)
        given = split_bound(line[match.end():]) if match else None
        if not match or not given:
            raise BilanError(f"not a text-bound annotation: {line[:80]!r}", where=where,
                             mend="`T1<tab>LABEL START END<tab>MENTION` is expected")
        label, parts, mention = given
        key = match[1]
        if key in found:
            report.note("mended: id given twice, attributes go to the first", where=where, example=key)
            key = f"{key} at {where}"
        found[key] = Bound(where, label, parts, mention)
    return found


def split_bound(rest: str) -> tuple[str, list[tuple[int, int]], str] | None:
    """Label, parts and mention of `LABEL START END;START END<tab>MENTION`; None where it is not that.

    Read from its end, in linear time: a label may hold spaces, numbers and semicolons. Of the three columns that some
    tools make of label and offsets, each is tried.
    """
    columns = rest.split("\t")
    for count in range(1, min(3, len(columns)) + 1):
        pieces, parts, last = " ".join(columns[:count]).split(";"), [], ""
        while len(pieces) > 1 and (pair := PAIR.fullmatch(pieces[-1])):
            parts.append((int(pair[1]), int(pair[2])))
            last = pieces.pop()
        words = ";".join(pieces).rsplit(None, 2)
        if len(words) < 3 and parts:  # the label ends in a semicolon
            words = ";".join([*pieces, last]).rsplit(None, 2)
            parts.pop()
        if len(words) == 3 and (pair := PAIR.fullmatch(" ".join(words[1:]))):
            return words[0], [(int(pair[1]), int(pair[2])), *reversed(parts)], "\t".join(columns[count:])
    return None


def facts_of(line: str, where: str, report: Report) -> list[Fact]:
    """What a line other than T states, in terms of ids; BilanError when it is malformed."""
    kind = KINDS.get(line[0], "")
    match = LINES[kind].fullmatch(line) if kind else None
    if match:
        return STATED[kind](match)
    if line[0] == "#":
        report.note("skipped: comment", where=where, example=line[:60])
    elif kind:
        raise BilanError(f"malformed line: {line[:80]!r}", where=where,
                         mend="see https://brat.nlplab.org/standoff.html; the file may be cut short")
    else:
        report.lose("dropped: line of unknown kind", where=where, example=line[:60])
    return []


def _event(match: re.Match[str]) -> list[Fact]:
    roles = [Fact(match["owner"], role, value, points=True)
             for role, value in re.findall(r"([^\s:]+):(\S+)", match["roles"])]
    return [Fact(match["owner"], "event", match["value"]), *roles]


STATED = {
    "A": lambda match: [Fact(match["owner"], match["name"], match["value"] or "true")],
    "R": lambda match: [Fact(match["owner"], match["name"], match["value"], points=True)],
    "*": lambda match: [Fact(owner, match["name"], match["value"], points=True)
                        for owner in match["owners"].split()],
    "E": _event,
    "#": lambda match: [Fact(match["owner"], "note" if match["name"] == NOTE else match["name"],
                             match["value"] or "true")],
    "N": lambda match: [Fact(match["owner"], match["name"],
                             " ".join(filter(None, match.group("value", "shown"))))],
}
