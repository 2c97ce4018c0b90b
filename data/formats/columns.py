"""Files of one token a line in columns: their lines as sentences of cells with the comments before them.

Columns are parted by tabs when most lines have one, else by spaces (no-break spaces are characters of
a token). A blank line ends a sentence. `#` begins a comment unless the line has the columns of a token.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from ..errors import BilanError
from ..files import read_lines
from ..report import Report
from . import schemes
from .tokens import Offsets, from_tokens

COMMENT = re.compile(r"#+\s*(?P<key>[\w:.\-\[\]]+(?: id)?)\s*=\s?(?P<value>.*)|"
                     r"#+\s*(?P<mark>newdoc|newpar)\b.*|"
                     r"#(?P<begin>begin|end) document(?: (?P<name>.*))?")
DOCSTART = re.compile(r"-DOCSTART-(?P<name>.*)")
TOKEN_NAMES = ("form", "token", "word", "words", "tokens")
CONLL_U: list[str] = ["ID", "FORM", "LEMMA", "UPOS", "XPOS", "FEATS", "HEAD", "DEPREL", "DEPS", "MISC"]
NO_SPACE = {"NoSpaceAfter", "SpaceAfter=No"}
NUMBER = re.compile(r"(?P<first>\d{1,9})(?:-(?P<last>\d{1,9})|\.(?P<empty>\d{1,9}))?")
CONLL_2012 = (3, 10)  # the columns of the word and of the named entity


# French treebanks cut these in two words, some without the row of the whole that CoNLL-U asks for.
CONTRACTED = {"à le": "au", "à les": "aux", "de le": "du", "de les": "des", "à lequel": "auquel",
              "à lesquels": "auxquels", "à lesquelles": "auxquelles", "de lequel": "duquel",
              "de lesquels": "desquels", "de lesquelles": "desquelles"}


class Row(NamedTuple):
    """One word: the number of its line, its cells, how the text shows it, whether a space follows.

    `form` is None when the word shares the form of the row before (`du` is one form, `de` `le` two
    words: the multiword tokens of CoNLL-U).
    """

    line: int
    cells: list[str]
    form: str | None = None
    space: bool = True


@dataclass
class Sentence:
    """The comments before a sentence, as key and value, and its tokens (there may be none)."""

    comments: list[tuple[str, str]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


@dataclass
class Table:
    """The sentences of a file and the names of its columns; no names when the file gives none."""

    names: list[str]
    sentences: list[Sentence]

    def column(self, index: int) -> list[list[str]]:
        """The values of a column, by sentence."""
        return [[row.cells[index] for row in sentence.rows] for sentence in self.sentences]


def table(path: Path, *, report: Report | None = None) -> Table:
    """The content of a file; BilanError for an empty file and for rows of unequal length."""
    lines = list(read_lines(path, report=report))
    if not any(line.strip() for _, line in lines):
        raise BilanError("empty file", where=path)
    return parse(lines, where=path)


def parse(lines: Iterable[tuple[int, str]], *, where: object) -> Table:
    """The table that numbered lines make."""
    lines = list(lines)
    lines = _one_token_a_line(lines) or lines
    tabs = _tabs(lines)
    width = _width(lines, tabs)
    result = Table([], [Sentence()])
    for number, line in lines:
        if not line.strip(" \t"):
            result.sentences.append(Sentence())
        elif (comment := _comment(line, tabs, width)) is not None:
            _add_comment(result, comment)
        else:
            result.sentences[-1].rows.append(Row(number, _cells(line, tabs)))
    _name(result, width)
    result.sentences = [sentence for sentence in result.sentences if sentence.rows or sentence.comments]
    _check(result, width, where)
    token, number = _token_column(result)
    misc = result.names.index("MISC") if "MISC" in result.names else -1
    for sentence in result.sentences:
        sentence.rows = list(_words(sentence.rows, token, number, misc))
    return result


def _one_token_a_line(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Lines of one sentence each (`Kiev|NNP|B-LOC tombe|V|O`) as lines of one token, else nothing."""
    written = [(number, line.split(" ")) for number, line in lines if line.strip()]
    words = [word for _, sentence in written for word in sentence if word]
    if not words or "\t" in "".join(line for _, line in lines) or not all("|" in word for word in words):
        return []
    bars = Counter(word.count("|") for word in words).most_common(1)[0][0]
    return [(number, line) for number, sentence in written
            for line in (*("\t".join(word.rsplit("|", bars)) for word in sentence if word), "")]


def _tabs(lines: Iterable[tuple[int, str]]) -> bool:
    rows = ["\t" in line for _, line in lines if line.strip() and not line.startswith(("#", "-DOCSTART-"))]
    rows = rows or ["\t" in line for _, line in lines]
    return 2 * sum(rows) > len(rows)


def _cells(line: str, tabs: bool) -> list[str]:
    return line.rstrip("\t ").split("\t") if tabs else re.split("[ \t]+", line.strip(" \t"))


def _width(lines: Iterable[tuple[int, str]], tabs: bool) -> int:
    """The number of columns that most tokens have."""
    widths = Counter(len(_cells(line, tabs)) for _, line in lines
                     if line.strip(" \t") and not line.startswith(("#", "-DOCSTART-")))
    return widths.most_common(1)[0][0] if widths else 2


def _comment(line: str, tabs: bool, width: int) -> tuple[str, str] | None:
    """Key and value of a comment or document mark, or None for a token."""
    docstart = DOCSTART.match(line)
    if docstart:
        return "docstart", _without_marks(docstart["name"]).strip(" \t()")
    if not line.startswith("#"):
        return None
    found = COMMENT.fullmatch(line)
    cells = _cells(line, tabs)
    if not found and len(cells) == width and (tabs or schemes.is_tag(cells[-1])):
        return None
    if not found or found["begin"] == "end":
        return "", line.lstrip("# ")
    if found["begin"]:
        return "begin document", found["name"] or ""
    return (found["key"], found["value"]) if found["key"] else (found["mark"], "")


def _add_comment(result: Table, comment: tuple[str, str]) -> None:
    if result.sentences[-1].rows:
        result.sentences.append(Sentence())
    result.sentences[-1].comments.append(comment)


def _name(result: Table, width: int) -> None:
    """Find the names of the columns, in a comment or in the first line."""
    comments = [comment for sentence in result.sentences for comment in sentence.comments]
    first = next((sentence for sentence in result.sentences if sentence.rows), None)
    for key, value in comments:
        if key == "global.columns" or key.endswith("applicable_columns"):
            result.names = value.split()
    if first and first.rows[0].cells[0].lower() in (*TOKEN_NAMES, "id") and not any(
            map(schemes.is_tag, first.rows[0].cells)):
        result.names = first.rows.pop(0).cells
    if any(key == "begin document" for key, _ in comments):
        result.names = ["FORM", "NER"]
        for sentence in result.sentences:
            sentence.rows = [row._replace(cells=[row.cells[i] for i in CONLL_2012 if i < len(row.cells)])
                             for row in sentence.rows]
    elif not result.names and width == len(CONLL_U) and _numbered(result):
        result.names = CONLL_U


def _numbered(result: Table) -> bool:
    """Whether the first column numbers the tokens of every sentence, from 0 or 1 (`3-4` and `8.1` aside)."""
    firsts = [[row.cells[0] for row in sentence.rows if not re.search(r"\d[-.]\d", row.cells[0])]
              for sentence in result.sentences if sentence.rows]
    return bool(firsts) and all(column == [str(i + start) for i in range(len(column))]
                                for column in firsts for start in (0 if column[:1] == ["0"] else 1,))


def _token_column(result: Table) -> tuple[int, int | None]:
    """The columns of the token and of its number, None when tokens are not numbered."""
    lower = [name.lower() for name in result.names]
    number = lower.index("id") if "id" in lower else None
    for name in TOKEN_NAMES:
        if name in lower:
            return lower.index(name), number
    width = next((len(row.cells) for row in _rows(result)), 0)
    return (1, 0) if width > 2 and _numbered(result) else (0, None)


def _without_marks(name: str) -> str:
    """What a document mark says, without the `-X- O _` that fill its columns."""
    words = name.split()
    marks = next((count for count, word in enumerate(reversed(words)) if word not in ("-X-", "O", "_")), len(words))
    return name.rsplit(None, marks)[0] if marks < len(words) else ""


def _words(rows: Iterable[Row], token: int, number: int | None, misc: int) -> Iterator[Row]:
    """The rows that are words, with their forms; ranges (`3-4`) give theirs to the first of their words."""
    whole: Row | None = None
    shared = 0
    for row in rows:
        mark = NUMBER.fullmatch(row.cells[number]) if number is not None else None
        if mark and mark["last"]:
            whole, shared = row, int(mark["last"]) - int(mark["first"]) + 1
        elif not (mark and mark["empty"]):
            shown = whole or row
            space = not NO_SPACE & set(shown.cells[misc].split("|"))
            yield row._replace(form=shown.cells[token] if whole or not shared else None, space=space)
            whole, shared = None, max(0, shared - 1)


def _check(result: Table, width: int, where: object) -> None:
    expected = len(result.names) or width
    for row in _rows(result):
        if len(row.cells) != expected:
            raise BilanError(f"{len(row.cells)} columns, {expected} expected: {' '.join(row.cells)[:60]!r}",
                             where=f"{where}:{row.line}", mend="the line may be cut short, or miss its tag")
        if not all(row.cells):
            raise BilanError(f"empty cell in column {row.cells.index('') + 1}", where=f"{where}:{row.line}",
                             mend="write _ for a value that is absent")


def _rows(result: Table) -> Iterator[Row]:
    return (row for sentence in result.sentences for row in sentence.rows)


def joined(group: Sequence[Sentence], *, where: str, report: Report) -> tuple[str, list[list[Offsets]]]:
    """The texts of the sentences, each on a line of its own, and the offsets of their words."""
    lines: list[str] = []
    offsets: list[list[Offsets]] = []
    start = 0
    for sentence in group:
        shown = next((value for key, value in sentence.comments if key == "text"), "")
        places = located(shown, sentence.rows)
        if places is None:
            if shown:
                report.note("told: `# text` does not fit the tokens, text rebuilt from them", where=where,
                            example=shown[:60])
            forms = [row for row in sentence.rows if row.form is not None]
            spaces = [row.space for row in forms[:-1]] + [False] * bool(forms)
            shown, bare = from_tokens([row.form or "" for row in forms], spaces)
            places = _shared(sentence.rows, bare)
        offsets.append([(start + a, start + b) for a, b in places])
        if sentence.rows:
            lines.append(shown)
            start += len(shown) + 1
    return "\n".join(lines), offsets


def located(text: str, rows: Sequence[Row]) -> list[Offsets] | None:
    """The offsets of the words in a text where white space alone parts them; None when they are not there."""
    forms = [row.form for row in rows if row.form is not None]
    places: list[Offsets] = []
    end = 0
    second = False  # whether the form is the second word of a contraction already found
    for form, following in zip_longest(forms, forms[1:], fillvalue=""):
        if not second:
            start = end
            while text[start:start + 1].isspace():
                start += 1
            whole = CONTRACTED.get(f"{form} {following}".lower(), "")
            second = bool(whole) and text[start:start + len(whole)].lower() == whole
            end = start + len(whole if second else form)
            if not second and not text.startswith(form, start):
                return None
            places.append((start, end))
        else:
            places.append(places[-1])
            second = False
    return _shared(rows, places)


def _shared(rows: Sequence[Row], places: Iterable[Offsets]) -> list[Offsets]:
    """The offsets of every word, from those of the forms."""
    rest = iter(places)
    found: list[Offsets] = []
    for row in rows:
        found.append(found[-1] if row.form is None else next(rest))
    return found
