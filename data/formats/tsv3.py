r"""The lines of WebAnno TSV 3: header, sentences, units (tokens and sub-tokens), cells, escapes.

Specification: INCEpTION user guide, appendix “WebAnno TSV 3.3 File format”, webannotsv.adoc of
https://github.com/inception-project/inception/tree/main/inception/inception-io-webanno-tsv. Offsets
count UTF-16 units. Stacked values are parted by `|`, those of one annotation share a number (`PER[1]`), `_`
is no annotation and `*` a feature without value. Up to version 3.1 the text has Java's escapes
(`\u00e9`), later those of control characters only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ..errors import BilanError
from ..offsets import UNITS, ruler
from ..report import Report

FORMAT = re.compile(r"#FORMAT=WebAnno TSV (\d{1,4})(?:\.(\d{1,4}))?\s*")
LAYER = re.compile(r"#(?P<kind>T_SP|T_CH|T_RL)=\s*(?P<type>[^|\s]*[^|\s.])(?P<features>(?:\|[^|]*)*)")
UNIT = re.compile(r"(?P<token>\d+-\d+)(?P<sub>\.\d+)?")
OFFSETS = re.compile(r"(\d{1,15})-(\d{1,15})")
BEFORE = "#bilan.before="  # the characters before the first sentence, where they are not all spaces
NUMBERED = re.compile(r"(?P<value>(?:\\.|[^\\])*?)\[(?P<number>\d+(?:_\d+)?)\]", re.S)
NONE, NULL = "_", "*"
CONVENTIONS = ("utf-16", "code-points", "utf-8")  # the first is the format's, the others occur
Places = dict[int, tuple[int, int]]  # line of a unit → its offsets in code points
TEXT_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "b": "\b", "\\": "\\"}
VALUE_ESCAPES = {"t": "\t", "n": "\n"}
RESERVED = re.compile(r"->|[\\\[\]|_;*\t\n]")


@dataclass
class Layer:
    """One layer of the header: span (T_SP), chain (T_CH) or relation (T_RL), and its columns."""

    kind: str
    type: str
    columns: list[str]
    first: int = 0

    @property
    def name(self) -> str:
        """The type without its package."""
        return self.type.rpartition(".")[2]


class Unit(NamedTuple):
    """One token or sub-token: its line and number, its offsets as written, its form, its cells."""

    line: int
    id: str
    begin: int
    end: int
    form: str
    cells: list[str]

    @property
    def whole(self) -> bool:
        """Whether it is a token, not a part of one."""
        return "." not in self.id


@dataclass
class Block:
    """A sentence: the lines of its text, its units, and what a header line says stands before."""

    text: list[str] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    before: str | None = None


def parse(lines: Iterable[tuple[int, str]], *, where: Path) -> tuple[list[Layer], list[Block]]:
    """The layers and sentences of a file; BilanError for lines that the format does not allow."""
    rest = iter(lines)
    number, line = next(rest, (1, ""))
    version = FORMAT.fullmatch(line)
    if not version or version[1] != "3":
        raise BilanError(f"not WebAnno TSV 3: {line[:60]!r}", where=f"{where}:{number}",
                         mend="export as WebAnno TSV v3.3")
    java = int(version[2] or 0) <= 1
    layers: list[Layer] = []
    blocks = [Block()]
    for number, line in rest:
        if line.startswith("#T_"):
            if any(block.units for block in blocks):
                raise BilanError(f"layer after the first token: {line[:60]!r}", where=f"{where}:{number}",
                                 mend="layers stand in the header: export the document again")
            layers.append(_layer(line, sum(len(layer.columns) for layer in layers), f"{where}:{number}"))
        elif line.startswith("#"):
            if blocks[-1].units:
                blocks.append(Block())
            _header(line, blocks[-1], java)
        elif not line.strip():
            blocks += [Block()] if blocks[-1].text else []
        else:
            blocks[-1].units.append(_unit(line, number, blocks[-1], layers, where))
    return layers, [block for block in blocks if block.text or block.units]


def _layer(line: str, first: int, where: str) -> Layer:
    match = LAYER.fullmatch(line)
    if not match:
        raise BilanError(f"malformed layer: {line[:60]!r}", where=where,
                         mend="`#T_SP=type|feature|…` is expected")
    columns = [name for name in match["features"].split("|") if name] or [""]
    return Layer(match["kind"], match["type"], columns, first)


def _header(line: str, block: Block, java: bool) -> None:
    if line.startswith("#Text="):
        block.text.append(unescape_text(line.removeprefix("#Text="), java=java))
    elif line.startswith(BEFORE):
        block.before = unescape_text(line.removeprefix(BEFORE), java=java)


def _unit(line: str, number: int, block: Block, layers: list[Layer], where: Path) -> Unit:
    cells = line.split("\t")
    place = OFFSETS.fullmatch(cells[1]) if len(cells) > 2 else None
    expected = sum(len(layer.columns) for layer in layers)
    if not UNIT.fullmatch(cells[0]) or not place:
        raise BilanError(f"neither a token nor a header: {line[:60]!r}", where=f"{where}:{number}",
                         mend="`1-1<tab>0-4<tab>word<tab>…` is expected")
    if len(cells) - 3 < expected:
        raise BilanError(f"{len(cells) - 3} annotation columns, {expected} expected",
                         where=f"{where}:{number}", mend="the line may be cut short: export it again")
    if not block.text:
        raise BilanError("token without the #Text of its sentence", where=f"{where}:{number}",
                         mend="the file may be cut: export the document again")
    if int(place[1]) > int(place[2]):
        raise BilanError(f"offsets {cells[1]} end before they begin", where=f"{where}:{number}",
                         mend="begin ≤ end is expected")
    return Unit(number, cells[0], int(place[1]), int(place[2]), cells[2], cells[3:3 + expected])


def text_of(blocks: Sequence[Block], *, where: Path, report: Report) -> tuple[str, Places]:
    """The text and the places of the units, by the offsets or, where these do not fit, by the forms.

    Raises BilanError when a token is not in its sentence either.
    """
    units = [unit for block in blocks for unit in block.units]
    for convention in CONVENTIONS:
        text = _assembled(blocks, UNITS[convention])
        places = _by_offsets(text, units, convention) if text is not None else {}
        if text is not None and all(u.line in places and text[slice(*places[u.line])] == u.form for u in units):
            if convention != CONVENTIONS[0] and not text.isascii():
                report.note(f"mended: offsets count {convention}", where=where)
            return text, places
    report.note("mended: offsets do not fit the text, tokens found by their forms", where=where)
    return _by_forms(blocks, where)


def _assembled(blocks: Sequence[Block], width: Callable[[str], int]) -> str | None:
    """The text that the sentences make, parted by what the offset of the next tells; None if they overlap."""
    text: list[str] = []
    length = 0
    for block in blocks:
        begin = block.units[0].begin if block.units else length
        if length == begin + 1 and text:
            text[-1] = text[-1].removesuffix("\n")
        elif length > begin:
            return None
        elif length < begin:
            before = block.before or ""
            text.append(before if width(before) == begin - length else " " * (begin - length))
        body = "\n".join([*block.text, ""])
        text.append(body)
        length = begin + width(body)
    return "".join(text).removesuffix("\n")


def _by_offsets(text: str, units: Iterable[Unit], convention: str) -> Places:
    places = ruler(text, convention)
    return {unit.line: (places[unit.begin], places[unit.end]) for unit in units
            if unit.begin in places and unit.end in places}


def _by_forms(blocks: Sequence[Block], file: Path) -> tuple[str, Places]:
    text: list[str] = []
    places: Places = {}
    start = 0
    for block in blocks:
        body = "\n".join(block.text)
        position = shift = 0
        for unit in block.units:
            at = body.find(unit.form, position) if unit.whole else unit.begin + shift
            if at < 0 or body[at:at + len(unit.form)] != unit.form:
                raise BilanError(f"token {unit.form!r} at {unit.begin}–{unit.end} is not in its sentence",
                                 where=f"{file}:{unit.line}", mend="export the document again")
            position, shift = (at + len(unit.form), at - unit.begin) if unit.whole else (position, shift)
            places[unit.line] = (start + at, start + at + len(unit.form))
        text.append(body)
        start += len(body) + 1
    return "\n".join(text), places


def stacked(cell: str) -> list[tuple[str, str]]:
    r"""The values of a cell, still escaped, each with its number (`""` without one).

    >>> stacked("PER[1]|a\\|b[2]|LOC"), stacked("_")
    ([('PER', '1'), ('a\\|b', '2'), ('LOC', '')], [])
    """
    values = [""]
    for piece in re.findall(r"(?s)\\.|.", cell):
        if piece == "|":
            values.append("")
        else:
            values[-1] += piece
    matches = [(value, NUMBERED.fullmatch(value)) for value in values if cell != NONE]
    return [(match["value"], match["number"]) if match else (value, "") for value, match in matches]


def unescape_text(text: str, *, java: bool = False) -> str:
    r"""The text of a `#Text` line; `java` for files up to version 3.1.

    >>> unescape_text(r"a\tb\\n"), unescape_text(r"\u00e9", java=True)
    ('a\tb\\n', 'é')
    """
    if java:
        text = re.sub(r"\\(\\|u+[0-9A-Fa-f]{4})", lambda match: match[0] if match[1] == "\\" else
                      chr(int(match[1].lstrip("u"), 16)), text)
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return re.sub(r"\\(.)", lambda match: TEXT_ESCAPES.get(match[1]) or
                  (match[1] if match[1] < " " or java else match[0]), text, flags=re.S)


def escape_text(text: str) -> str:
    r"""One line of text as it stands after `#Text=`.

    >>> escape_text("a\tb\\")
    'a\\tb\\\\'
    """
    named = {character: letter for letter, character in TEXT_ESCAPES.items()}
    return re.sub(r"[\x00-\x1f\\]", lambda match: "\\" + named.get(match[0], match[0]), text)


def unescape(value: str) -> str:
    r"""A feature value without its escapes.

    >>> unescape(r"a\_b\->c")
    'a_b->c'
    """
    return re.sub(r"\\(->|.)", lambda match: VALUE_ESCAPES.get(match[1], match[1]), value, flags=re.S)


def escape(value: str) -> str:
    r"""A feature value with the escapes of the format.

    >>> escape("a_b")
    'a\\_b'
    """
    named = {character: letter for letter, character in VALUE_ESCAPES.items()}
    return RESERVED.sub(lambda match: "\\" + named.get(match[0], match[0]), value)
