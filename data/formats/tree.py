"""What the readers of XML share: parsing through defusedxml, line numbers, ids.

Entity declarations (billion laughs, external files) are refused, not expanded; a document type
without them is let through unread, as TEI files often name one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, count
from pathlib import Path
from typing import Any

from ..document import Document
from ..errors import BilanError
from ..files import os_error, read_bytes
from ..report import Report

HEAD = 65_536  # bytes that show what a file is
DECLARATION = re.compile(rb"""^(?:\xef\xbb\xbf)?<\?xml\s+version\s*=\s*["']([\d.]+)["']"""
                         rb"""(?:\s+encoding\s*=\s*["']([\w.:-]+)["'])?""")
ONE_BYTE = re.compile(rb"(?i)(iso-?8859|latin|windows-?125|cp125|us-ascii|ascii|macroman)")


def parse_xml(path: Path, *, report: Report) -> tuple[Any, bytes]:
    """The root element of a file and its bytes (for `line_numbers`).

    XML 1.1 is read as 1.0, which differs in control characters only (expat knows no other).
    Raises BilanError for what is not well-formed, declares entities or is in another encoding than
    it declares.
    """
    from defusedxml import DefusedXmlException, ElementTree

    raw = read_bytes(path)
    _check_encoding(raw, path)
    declared = DECLARATION.match(raw)
    if declared and declared[1] == b"1.1":
        raw = raw[:declared.start(1)] + b"1.0" + raw[declared.end(1):]
        report.note("mended: XML 1.1 read as 1.0", where=path)
    try:
        return ElementTree.fromstring(raw), raw
    except DefusedXmlException as error:
        raise BilanError(f"declares entities or external files, refused ({type(error).__name__})",
                         where=path, mend="if you trust it: xmllint --noent --dropdtd") from error
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        line = getattr(error, "position", (1, 0))[0]
        raise BilanError(f"not well-formed XML ({error})", where=f"{path}:{line}",
                         mend="the file may be cut short or in another encoding than it declares") from error


def _check_encoding(raw: bytes, path: Path) -> None:
    """Refuse UTF-8 text that declares a one-byte encoding: expat would read « Ã© » without a word."""
    declared = DECLARATION.match(raw)
    encoding = declared[2] if declared and declared[2] else b"utf-8"
    if not ONE_BYTE.match(encoding) or raw.isascii():
        return
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return
    raise BilanError(f"declares encoding {encoding.decode()} but is UTF-8", where=f"{path}:1",
                     mend='write encoding="UTF-8" in its first line')


def line_numbers(raw: bytes, pattern: bytes) -> dict[str, int]:
    r"""What the first group of a pattern captured → line where it first stands, in one pass.

    >>> line_numbers(b'<a id="7"/>\n<a id="8"/>', rb'id="(\d+)"')
    {'7': 1, '8': 2}
    """
    lines: dict[str, int] = {}
    line, position = 1, 0
    for match in re.finditer(pattern, raw):
        line += raw.count(b"\n", position, match.start())
        position = match.start()
        lines.setdefault(match[1].decode("utf-8", "replace"), line)
    return lines


def local(name: str) -> str:
    """A tag or attribute name without its namespace.

    >>> local("{http://www.tei-c.org/ns/1.0}persName")
    'persName'
    """
    return name.rpartition("}")[2]


def children(element: Any, name: str) -> Iterator[Any]:
    """The child elements with a local name, whatever their namespace."""
    return (child for child in element if local(child.tag) == name)


def head(path: Path) -> bytes:
    """The first bytes of a file, which show what it is; BilanError where the system refuses."""
    try:
        with open(path, "rb") as stream:
            return stream.read(HEAD)
    except OSError as error:
        raise os_error(error, path) from error


def unique(document: Document, file: Path, seen: set[str], report: Report) -> Document:
    """The document under a name not yet in `seen`: its id, else with the folder's name, else a number.

    INCEpTION exports one file an annotator, in a folder a document; others repeat `text.xml`.
    """
    longer = f"{file.parent.name}.{document.id}"
    names = chain((document.id, longer), (f"{longer}.{number}" for number in count(2)))
    name = next(name for name in names if name not in seen)
    if name != document.id:
        report.note("mended: repeated document id", where=file, example=f"{document.id} → {name}")
    seen.add(name)
    return document.replace(id=name)
