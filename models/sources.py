"""The texts that the command line reads: files, folders, patterns and standard input, as Documents without spans.

Text is UTF-8 unless it says otherwise itself: a byte-order mark, the charset of an HTML page. Nothing is
guessed, and what is not plain UTF-8 is told in the report. HTML and PDF need the extras `html` and `pdf`.
"""

from __future__ import annotations

import codecs
import glob
import gzip
import io
import logging
import os
import re
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ..data.document import Document
from ..data.errors import BilanError
from ..data.extras import absent
from ..data.files import os_error, read_bytes, text_of
from ..data.formats.names import leads_out
from ..data.half import is_half
from ..data.report import Report

SUFFIXES = (".txt", ".text", ".html", ".htm", ".xhtml", ".pdf")  # what is taken from a folder, .gz or not
LARGEST = 2**28  # bytes that one compressed file may unfold to
PIECE = 2**20  # bytes that are unfolded at once
LATIN = {"iso8859-1": "cp1252"}  # what browsers take it for: pages that declare it hold ’ and œ of Windows
GZIP = b"\x1f\x8b"
MARKED = {codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",  # before UTF-16, whose mark begins theirs
          codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# Possessive and atomic: a file of nothing but comments would otherwise be tried in every way of dividing it.
PAGE = re.compile(rb"(?i)(?:\xef\xbb\xbf)?(?>\s+|<\?xml[^>]*>|<!--.*?-->)*+<(?:!doctype\s+html|html)\b", re.S)
CHARSET = re.compile(rb"(?i)<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]+encoding\s*=\s*[\"']([\w.:-]+)")


def texts(found: Iterable[str | BilanError], *, report: Report | None = None) -> Iterator[Document | BilanError]:
    """A Document for each path (`-` is standard input), or the error that it gave instead.

    Missing, binary, empty and otherwise encoded files give an error, and the next file is read. A file
    named twice is read once. The id of a document is its path as given.
    """
    told = report if report is not None else Report()
    seen: set[str] = set()
    for path in found:
        if isinstance(path, BilanError):
            yield path
        elif path in seen:
            told.note("skipped: file named twice", where=path)
        else:
            seen.add(path)
            try:
                yield text(path, report=told)
            except BilanError as error:
                yield error


def paths(arguments: Iterable[str], *, report: Report) -> Iterator[str | BilanError]:
    """The files that the arguments name: themselves, those of folders (sorted), those that a pattern fits."""
    for argument in arguments:
        if os.path.isdir(argument):  # os.path, as Path raises where a folder may not be looked into
            yield from _inside(Path(argument), report)
        elif argument == "-" or os.path.exists(argument) or not glob.has_magic(argument):
            yield argument
        elif found := [name for name in sorted(glob.glob(argument, recursive=True)) if not os.path.isdir(name)]:
            yield from found
        else:
            yield BilanError("no file fits this pattern", where=argument)


def _inside(folder: Path, report: Report) -> Iterator[str | BilanError]:
    closed: list[OSError] = []
    walked: list[Path] = []
    for place, folders, names in os.walk(folder, onerror=closed.append):
        walked += (Path(place) / name for name in names)
        for name in filter(lambda name: os.path.islink(os.path.join(place, name)), folders):
            report.note("skipped: link to a folder", where=os.path.join(place, name))
    taken: list[str | BilanError] = [os_error(error, error.filename) for error in closed]
    for file in sorted(file for file in walked if not is_half(file.relative_to(folder))):
        if not os.path.isfile(file):
            report.note("skipped: a device, a pipe or a link to nothing", where=file)
        elif not file.name.lower().removesuffix(".gz").endswith(SUFFIXES):
            report.note(f"skipped: file that ends in none of {' '.join(SUFFIXES)}", where=file)
        elif leads_out(file, folder):  # who reads a folder of others does not mean to read their own files with it
            taken.append(BilanError("this link leads out of the folder", where=file,
                                    mend="name the file itself, or put a copy in the place of the link"))
        else:
            taken.append(str(file))
    yield from taken or [BilanError(f"no file ending in {', '.join(SUFFIXES)}", where=folder)]


def text(path: str, *, report: Report) -> Document:
    """The text of one file (`-` is standard input), whatever of our kinds it is."""
    name = "stdin" if path == "-" else path
    if any("\ud800" <= letter <= "\udfff" for letter in name):  # how Python holds bytes that are no UTF-8
        raise BilanError("the name of this file is not UTF-8", where=name, mend="rename it")
    raw = sys.stdin.buffer.read() if path == "-" else read_bytes(Path(path))
    if raw.startswith(GZIP):
        raw = unpacked(raw, where=name)
    content, meta = _content(raw, name, report)
    if not content.strip():
        raise BilanError("nothing to read: the text is empty", where=name)
    return Document(name, content, meta=meta, source=name)


def unpacked(raw: bytes, *, where: str, largest: int = LARGEST) -> bytes:
    """The content of gzip members, refused with BilanError where it is damaged or larger than `largest` bytes."""
    content = bytearray()
    try:
        with gzip.open(io.BytesIO(raw)) as stream:
            while part := stream.read(PIECE):
                content += part
                if len(content) > largest:
                    raise BilanError(f"the compressed file unfolds to more than {largest:,} bytes", where=where,
                                     mend="unpack it and cut it in parts, if it is what it should be")
    except EOFError as error:
        raise BilanError("the gzip file is cut short", where=where, mend="fetch it again") from error
    except (OSError, zlib.error) as error:
        raise BilanError(f"damaged gzip file ({error})", where=where, mend="fetch it again") from error
    return bytes(content)


def _content(raw: bytes, name: str, report: Report) -> tuple[str, dict[str, Any]]:
    """The text with what its header says (title, date)."""
    if raw.startswith(b"%PDF"):
        return _pdf(raw, name), {}
    if PAGE.match(raw[:4096]) or name.lower().removesuffix(".gz").endswith((".html", ".htm", ".xhtml")):
        return _page(_decoded(raw, name, report, charset=_charset(raw)), name, report)
    return _decoded(raw, name, report), {}


def _charset(raw: bytes) -> str:
    """The charset that a page declares, "" where none; a declaration that is read byte by byte is no UTF-16."""
    found = CHARSET.search(raw[:4096])
    said = next((group for group in found.groups() if group), b"").decode() if found else ""
    return "" if said.lower().startswith(("utf-16", "utf-32")) else said


def _decoded(raw: bytes, name: str, report: Report, *, charset: str = "") -> str:
    """The text by its byte-order mark, else by the charset that it declares, else as UTF-8."""
    encoding = next((encoding for mark, encoding in MARKED.items() if raw.startswith(mark)), charset)
    try:
        told = codecs.lookup(encoding or "utf-8").name
        told = LATIN.get(told, told)
        if told in ("utf-8", "ascii") or raw.startswith(codecs.BOM_UTF8):
            return text_of(raw, name, report=report)
        content = raw.decode(told)
    except (LookupError, UnicodeError) as error:
        raise BilanError(f"not in the encoding that it declares, {encoding!r} ({error})", where=name,
                         mend="convert it to UTF-8: iconv -f ENCODING -t UTF-8") from error
    report.note(f"mended: read as {told}, as the file declares", where=name)
    return content.removeprefix("\ufeff")


def _page(page: str, name: str, report: Report) -> tuple[str, dict[str, Any]]:
    """The main text of an HTML page, by trafilatura, with its title and the date that its markup gives."""
    try:
        import trafilatura
    except ImportError as error:
        raise absent(error, "HTML", where=name) from error
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it cannot read is our error below
    options = {"include_comments": False, "include_tables": True, "date_extraction_params": {
        "extensive_search": False, "original_date": True}}  # the date of the markup, none guessed from the text
    try:
        found: Any = trafilatura.bare_extraction(page, with_metadata=True, **options)
    except Exception as error:  # lxml and its helpers raise many kinds on damaged pages
        raise BilanError(f"unreadable HTML ({error})", where=name) from error
    if found is None or not (found.text or "").strip():
        raise BilanError("no main text found in this page", where=name, mend="save the article as text")
    report.note("mended: main text of an HTML page extracted", where=name)
    return found.text, {key: value for key in ("title", "date") if (value := getattr(found, key, None))}


def _pdf(raw: bytes, name: str) -> str:
    """The text layer of a PDF, page after page."""
    try:
        from pypdf import PdfReader
    except ImportError as error:
        raise absent(error, "PDF", where=name) from error
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        content = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(raw)).pages)
    except Exception as error:  # pypdf lets many kinds through on damaged files
        raise BilanError(f"unreadable PDF ({str(error) or type(error).__name__})", where=name,
                         mend="if it is locked, save it without a password") from error
    if not content.strip():
        raise BilanError("this PDF has no text layer", where=name, mend="it is a scan: run OCR on it first")
    return content.encode("utf-8", "replace").decode("utf-8")  # lone surrogates from broken font tables
