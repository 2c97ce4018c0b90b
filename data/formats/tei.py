"""TEI P5: names, dates, numbers and measures marked inside a text. Read only.

https://tei-c.org/release/doc/tei-p5-doc/en/html/ND.html (chapter 13) and CO.html#CONA (3.6). The text
is the content of `<text>` with the markup removed, read as TEI 1.3.1.1.6 and 3.11.3 say: indentation
and line ends of the file are one space, blocks (`p`, `head`, `l` …) one line each, `<lb break="no"/>`
is nothing. Of `choice` and `app` one reading is taken (corrected, regularised, expanded, `lem`);
`note`, `del` and everything outside `<text>` (`teiHeader`, `standOff` …) is left out and counted.

The label is the element's name, its attributes are kept (`ref`, `when`, `type` …). Parts of a name
(`surname` in `persName`) are not spans, alone they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..document import Document, Span
from ..errors import BilanError
from ..report import Report
from .names import listed
from .tree import children, local, parse_xml, unique
from .tree import head as head_of

SUFFIXES = (".xml", ".tei")
NAMES = {"persName", "placeName", "orgName", "geogName", "eventName", "objectName", "name", "rs",
         "date", "time", "num", "measure", "measureGrp"}
PARTS = {"forename", "surname", "roleName", "addName", "nameLink", "genName",
         "country", "region", "district", "settlement", "bloc", "geogFeat"}
WHOLES = {"persName", "placeName", "orgName", "geogName", "name"}  # what has such parts
BLOCKS = {"text", "front", "body", "back", "group", "div", "div1", "div2", "div3", "div4", "p", "ab", "head",
          "lg", "l", "sp", "speaker", "stage", "list", "item", "label", "table", "row", "cell", "opener",
          "closer", "salute", "signed", "dateline", "byline", "postscript", "trailer", "argument", "epigraph",
          "address", "addrLine", "titlePage", "docTitle", "titlePart", "docImprint", "figure", "fw", "quote"}
BREAKS = {"lb", "pb", "cb", "gb", "milestone"}
LEFT_OUT = {"note", "del", "figDesc", "teiHeader"}
NO_TEXT = {"choice", "app", "subst"}  # white space between their children is layout
READINGS = {"choice": ("corr", "reg", "expan"), "app": ("lem", "rdg")}  # the first of these that is there
SPACE = re.compile(r"([ \t\r\n]+)")  # the white space of XML: a no-break space is a character


def sniff(path: Path, head: bytes) -> bool:
    """Whether the root element is TEI's."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith(b"<") and bool(re.search(rb"<(\w+:)?(TEI(\.2)?|teiCorpus)[\s>]", head))


def read(path: Path, *, report: Report) -> Iterator[Document]:
    """The documents of a file (several in a `teiCorpus`), or of all TEI files of a folder."""
    seen: set[str] = set()
    for file in listed(path, SUFFIXES):
        if path.is_dir() and not sniff(file, head_of(file)):
            report.note("skipped: not TEI", where=file)
            continue
        root, _ = parse_xml(file, report=report)
        texts = [element for element in root.iter() if local(element.tag) in {"TEI", "TEI.2"}]
        if not texts:
            raise BilanError(f"root element <{local(root.tag)}>, <TEI> or <teiCorpus> expected", where=file)
        for rank, element in enumerate(texts, 1):
            name = file.stem if len(texts) == 1 else f"{file.stem}-{rank}"
            yield unique(_document(element, name, file, report), file, seen, report)


def _document(element: Any, name: str, file: Path, report: Report) -> Document:
    holder = next(children(element, "text"), None)
    if holder is None:
        raise BilanError("TEI without <text>", where=file, mend="nothing but <text> holds what is read")
    for part in element:
        if local(part.tag) != "text" and local(part.tag) not in {"TEI", "TEI.2"}:
            _left_out(part, file, report)
    writer = _Writer()
    for event, node, value in _events(holder, file, report):
        if event == "text":
            writer.add(value)
        elif local(node.tag) in BREAKS:
            writer.separate("" if node.get("break") == "no" else " ")
        else:
            if local(node.tag) in BLOCKS:
                writer.separate("\n")
            _mark(event, node, writer, file, report)
    name = _attributes(element).get("id", name)
    return Document(name, writer.text, tuple(writer.spans), _meta(element), str(file))


def _meta(element: Any) -> dict[str, str]:
    """The first title of the header."""
    titles = (node for header in children(element, "teiHeader") for node in header.iter()
              if local(node.tag) == "title")
    words = next((" ".join("".join(title.itertext()).split()) for title in titles), "")
    return {"title": words} if words else {}


def _mark(event: str, node: Any, writer: _Writer, file: Path, report: Report) -> None:
    """Open or close a span where the element is a name that is not a part of another."""
    tag = local(node.tag)
    if event == "end":
        if writer.close(node) is False:
            report.lose("dropped: empty span", where=file, example=f"<{tag}>")
    elif tag in PARTS and any(local(other.tag) in PARTS | WHOLES for other, _ in writer.opened):
        report.note("skipped: part of a name", where=file, example=tag)
    elif tag in NAMES | PARTS:
        writer.opened.append((node, None))


class _Writer:
    """Text and spans as they come: white space waits for the next character, so no span has it at an edge."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.waiting = ""  # white space not yet written
        self.glued = True  # nothing stands before, or <lb break="no"/> does: white space is dropped
        self.opened: list[tuple[Any, int | None]] = []  # names not yet closed, and where they begin
        self.spans: list[Span] = []

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def add(self, text: str) -> None:
        """Characters of the file; runs with a line end or tab are indentation."""
        for rank, piece in enumerate(SPACE.split(text)):
            if rank % 2:
                self.separate(" " if self.waiting or re.search(r"[\t\r\n]", piece) else piece)
            elif piece:
                start = self.length + len(self.waiting)
                self.opened = [(node, start if at is None else at) for node, at in self.opened]
                self.pieces += [self.waiting, piece]
                self.length = start + len(piece)
                self.waiting, self.glued = "", False

    def separate(self, white: str) -> None:
        """White space, of which the strongest counts: a line, a space, nothing where a word is broken."""
        if white == "":
            self.waiting, self.glued = "", True
        elif not self.glued:
            self.waiting = "\n" if "\n" in self.waiting + white else white if not self.waiting else " "

    def close(self, node: Any) -> bool | None:
        """End the span of a node: False when it has no character, None when there is no span."""
        if not self.opened or self.opened[-1][0] is not node:
            return None
        _, start = self.opened.pop()
        if start is not None:
            self.spans.append(Span(start, self.length, local(node.tag), _attributes(node)))
        return start is not None


def _events(root: Any, file: Path, report: Report) -> Iterator[tuple[str, Any, str]]:
    """`start`, `text` and `end` in document order, without what is left out; depth is no matter."""
    stack: list[tuple[str, Any, str]] = [("start", root, "")]
    while stack:
        event, node, value = stack.pop()
        yield event, node, value
        if event == "start":
            stack.append(("end", node, ""))
            kept = _reading(node)
            layout = local(node.tag) in NO_TEXT
            for child in reversed(node):
                stack.append(("text", child, _characters(child.tail, layout)))
                if local(child.tag) in LEFT_OUT or (kept is not None and child is not kept):
                    _left_out(child, file, report)
                else:
                    stack.append(("start", child, ""))
            stack.append(("text", node, _characters(node.text, layout)))


def _characters(text: str | None, layout: bool) -> str:
    return text if text and not (layout and text.isspace()) else ""


def _reading(node: Any) -> Any | None:
    """The one child of a `choice` or `app` that is read, None for other elements."""
    preferred = READINGS.get(local(node.tag))
    if preferred is None or not len(node):
        return None
    return next((child for name in preferred for child in node if local(child.tag) == name), node[0])


def _left_out(element: Any, file: Path, report: Report) -> None:
    tag = local(element.tag)
    report.note(f"skipped: {tag}", where=file, example=" ".join("".join(element.itertext()).split())[:60])
    names = sum(local(node.tag) in NAMES for node in element.iter())
    if names:
        report.note(f"skipped: name in {tag}", count=names)


def _attributes(element: Any) -> dict[str, str]:
    return {local(name): value for name, value in element.attrib.items()}
