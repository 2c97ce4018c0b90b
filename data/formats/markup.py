r"""Annotations in the text, Markdown-link style: `[text](LABEL)` or `[text](LABEL key=value …)`.

The notation of `data/GUIDE.md`, compatible with the md preset of EDS-NLP's MarkupToDocConverter
(https://aphp.github.io/edsnlp/latest/data/converters/): links may nest, a key without a value means
`true`, a value with spaces stands in double quotes. One file a document, with an optional header
between `---` lines (`key: value`; `id` defaults to the file's name). A square bracket or a
backslash of the text is written `\\[`, `\\]`, `\\\\`; brackets that do not make a link need not be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..document import Document, Span
from ..errors import BilanError
from ..files import read_text, replaced
from ..report import Report
from .names import file_name, listed, without_nul

LABEL = r"[\w.:/+-]+"
NAME = r"[\w.:/-]+"
VALUE = r'"(?:[^"\\]|\\.)*"|[^\s()"=]+'
CLOSER = re.compile(rf"\]\(\s*({LABEL})((?:\s+{NAME}(?:=(?:{VALUE}))?)*)\s*\)")
ATTRIBUTE = re.compile(rf"({NAME})(?:=({VALUE}))?")
TOKEN = re.compile(rf"\\[\[\]\\]|\[|{CLOSER.pattern}|\]")
SUFFIXES = (".md", ".markup", ".txt")


def sniff(path: Path, head: bytes) -> bool:
    """Whether the file is text with a header that has an id, or with at least one link."""
    if path.suffix not in SUFFIXES or b"\0" in head:
        return False
    text = head.decode("utf-8", "ignore")
    return bool(re.match(r"---\r?\n(?:.*\n)*?id:", text)) or bool(CLOSER.search(text))


def read(path: Path, *, report: Report) -> Iterator[Document]:
    """One document a file; of a folder, every `.md` but README.md, in order of name."""
    for file in listed(path, SUFFIXES if path.is_file() else (".md",)):
        if path.is_dir() and file.stem.upper() == "README":
            report.note("skipped: README", where=file)
            continue
        meta, body, _ = header(read_text(file, report=report), where=file)
        text, spans = parse(body, where=file)
        yield Document((meta.pop("id", "") or file.stem), text, tuple(spans), meta, str(file))


def header(content: str, *, where: object) -> tuple[dict[str, str], str, int]:
    """The fields of the header, the body after it, and the number of lines the header takes."""
    lines = re.match(r"---\r?\n(.*?\r?\n)??---(?:\r?\n|\Z)", content, re.S)
    if not lines:
        return {}, content, 0
    meta: dict[str, str] = {}
    for number, line in enumerate((lines[1] or "").split("\n")[:-1], 2):
        key, colon, value = line.partition(":")
        if not colon:
            raise BilanError(f"header line without a colon: {line[:60]!r}", where=f"{where}:{number}",
                             mend="write `key: value`")
        meta[key.strip()] = value.strip()
    return meta, content[lines.end():], lines[0].count("\n")


def parse(body: str, *, where: object = "") -> tuple[str, list[Span]]:
    """The plain text and the spans of an annotated text.

    >>> parse("l’[armée russe](FORCE id=a)")[0]
    'l’armée russe'
    """
    openers = _pairs(body)
    closers = set(openers.values())
    text: list[str] = []
    starts: list[tuple[int, bool]] = []
    spans: list[Span] = []
    length = position = 0
    for token in TOKEN.finditer(body):
        text.append(body[position:token.start()])
        length += token.start() - position
        position = token.end()
        if token.start() in openers:
            starts.append((length, True))
        elif token[1] and token.start() in closers:
            start, _ = starts.pop()
            spans.append(_span(start, length, token, body, where))
        else:
            literal = token[0][1:] if token[0][0] == "\\" else token[0]
            text.append(literal)
            length += len(literal)
    text.append(body[position:])
    return "".join(text), spans


def _pairs(body: str) -> dict[int, int]:
    """Position of each opening bracket that a label closes → position of that closer."""
    stack: list[int] = []
    pairs: dict[int, int] = {}
    for token in TOKEN.finditer(body):
        if token[0] == "[":
            stack.append(token.start())
        elif token[0][0] == "]" and stack:
            opener = stack.pop()
            if token[1]:
                pairs[opener] = token.start()
    return pairs


def _span(start: int, end: int, token: re.Match[str], body: str, where: object) -> Span:
    if start == end:
        raise BilanError(f"empty mention []({token[1]})", where=_line(token, body, where),
                         mend="put the mention between the brackets")
    try:
        return Span(start, end, token[1], {key: _value(value) for key, value in ATTRIBUTE.findall(token[2])})
    except json.JSONDecodeError as error:
        raise BilanError(f"a value of {token[1]} is no JSON string ({error.msg})", where=_line(token, body, where),
                         mend="write \\\\ for a backslash, \\n for a line break") from error


def _line(token: re.Match[str], body: str, where: object) -> str:
    return f"{where}:{body.count(chr(10), 0, token.start()) + 1} of the text"


def _value(written: str) -> str:
    return json.loads(written) if written.startswith('"') else written or "true"


def write(documents: Iterable[Document], path: Path, *, report: Report) -> None:
    """One file a document in a folder, or a single document in a file whose name ends in .md.

    Spans that cross or are discontinuous cannot be written: they are counted in the report.
    """
    documents = without_nul(documents, "markup")
    if path.suffix == ".md":
        _write_one(list(documents), path, report)
        return
    with replaced(path) as folder:
        folder.mkdir()
        for document in documents:
            target = folder / file_name(document.id, ".md", folder)
            target.write_text(render(document, report=report), encoding="utf-8", newline="")


def _write_one(documents: list[Document], path: Path, report: Report) -> None:
    if len(documents) != 1:
        raise BilanError(f"{len(documents)} documents for one file", where=path,
                         mend="give a folder name, without .md")
    with replaced(path) as temporary:
        temporary.write_text(render(documents[0], report=report), encoding="utf-8", newline="")


def render(document: Document, *, report: Report | None = None) -> str:
    """The document in the notation, with its header; crossing spans are lost and reported."""
    report = report if report is not None else Report()
    meta = {key: value for key, value in document.meta.items() if _holds(key)}
    for key in document.meta.keys() - meta.keys():
        report.lose("dropped: field that a header cannot hold", where=document.source or document.id, example=repr(key))
    if document.id != (_one_line(document.id).strip() or document.id):
        report.note("mended: blanks at the edges of an id", where=document.source, example=repr(document.id))
    head = "".join(f"{key}: {_one_line(value)}\n" for key, value in {"id": document.id, **meta}.items())
    return f"---\n{head}---\n{annotated(document, report=report)}"


def _holds(key: object) -> bool:
    """Whether a field of the header has a name of its own, on one line, without a colon."""
    return str(key) != "id" and bool(re.fullmatch(r"[^\s:](?:[^\n\r:]*[^\s:])?", str(key)))


def annotated(document: Document, *, report: Report | None = None) -> str:
    """The text of a document with its links, without header."""
    report = report if report is not None else Report()
    spans = [_held(span, document, report) for span in _nested(document, report)]
    marks: list[tuple[int, int, int, str]] = []
    for rank, span in enumerate(spans):
        marks.append((span.start, 1, rank, "["))
        marks.append((span.end, 0, -rank, f"]({_label(span, document)}{_attributes(span)})"))
    pieces: list[str] = []
    position = 0
    for offset, _, _, mark in sorted(marks):
        pieces += [_escape(document.text[position:offset]), mark]
        position = offset
    return "".join([*pieces, _escape(document.text[position:])])


def _nested(document: Document, report: Report) -> list[Span]:
    kept: list[Span] = []
    around: list[Span] = []  # of the kept: those that reach beyond where we are, each within the one before
    for span in document.spans:
        cause = "dropped: discontinuous span" if span.fragments else ""
        while around and around[-1].end <= span.start:
            around.pop()
        if around and around[-1].end < span.end:
            cause = "dropped: crossing span"
        if cause:
            report.lose(cause, where=document.source or document.id, example=document.mention(span))
        else:
            kept.append(span)
            around.append(span)
    return kept


def _label(span: Span, document: Document) -> str:
    if not re.fullmatch(LABEL, span.label):
        raise BilanError(f"document {document.id!r}: label {span.label!r} cannot be written as markup",
                         mend="rename it with --labels map.toml")
    return span.label


def _held(span: Span, document: Document, report: Report) -> Span:
    """The span without the attributes whose names the notation cannot hold; they are counted as lost."""
    kept = {name: value for name, value in span.attributes.items() if re.fullmatch(NAME, name)}
    for name in span.attributes.keys() - kept.keys():
        report.lose("dropped: attribute that markup cannot hold", where=document.source or document.id,
                    example=f"{name}={span.attributes[name]}")
    return span.replace(attributes=kept) if len(kept) < len(span.attributes) else span


def _attributes(span: Span) -> str:
    return "".join(f" {key}={_quoted(value)}" for key, value in span.attributes.items())


def _quoted(value: str) -> str:
    plain = re.fullmatch(r'[^\s()"=\[\]\\]+', value)
    return value if plain else json.dumps(value, ensure_ascii=True).replace("[", "\\u005b").replace("]", "\\u005d")


def _one_line(value: object) -> str:
    return re.sub(r"[\r\n]+", " ", str(value))


def _escape(text: str) -> str:
    return re.sub(r"[\[\]\\]", r"\\\g<0>", text)


__all__ = ["annotated", "parse", "read", "render", "sniff", "write"]
