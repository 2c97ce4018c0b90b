"""Reading text that may be damaged, and writing files that are whole or absent."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import orjson

from .errors import BilanError
from .half import OLD, half
from .report import Report

MAGIC = {b"PK\x03\x04": "a zip archive", b"\x1f\x8b": "a gzip archive", b"%PDF": "a PDF",
         b"\x89PNG": "a PNG picture", b"PAR1": "a parquet file"}
BOMS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
MENDS = {
    errno.ENOSPC: "free some space, then start the same command again",
    errno.EDQUOT: "free some of your quota, then start the same command again",
    errno.EFBIG: "allow larger files (ulimit -f), or choose another disk",
    errno.EROFS: "choose a place that can be written",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.ELOOP: "a link stands where a file is expected: take it away",
}


def read_text(path: Path, *, report: Report | None = None) -> str:
    """The text of a UTF-8 file to the letter: line ends stay, a byte-order mark is taken off.

    Raises BilanError for a missing, unreadable, binary or otherwise encoded file.
    """
    return text_of(read_bytes(path), path, report=report)


def text_of(raw: bytes, path: str | Path, *, report: Report | None = None) -> str:
    """The text of the bytes read from `path`, as `read_text`."""
    refuse_binary(raw[:4096], path)
    if raw.startswith(b"\xef\xbb\xbf"):
        raw = raw[3:]
        if report is not None:
            report.note("mended: byte-order mark taken off", where=path)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BilanError(f"not UTF-8 (byte 0x{raw[error.start]:02x})", where=f"{path}:{line}",
                         mend=f"convert it: iconv -f WINDOWS-1252 -t UTF-8 {Path(path).name}") from error


def read_bytes(path: Path) -> bytes:
    """The bytes of a file; BilanError where the system refuses."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise os_error(error, path) from error


def refuse_binary(head: bytes, path: str | Path) -> None:
    """Raise BilanError when the first bytes of a file are not those of UTF-8 text."""
    for magic, kind in MAGIC.items():
        if head.startswith(magic):
            raise BilanError(f"this is {kind}, not text", where=path, mend="unpack or convert it first")
    for mark, encoding in BOMS.items():
        if head.startswith(mark):
            raise BilanError(f"encoded in {encoding}, not UTF-8", where=path,
                             mend=f"convert it: iconv -f {encoding} -t UTF-8 {Path(path).name}")
    if b"\0" in head:
        raise BilanError("binary file (NUL byte), text expected", where=path)


def os_error(error: OSError, path: str | Path) -> BilanError:
    """The system's refusal in one line that names the file."""
    what = os.strerror(error.errno) if error.errno else str(error)
    return BilanError(what.lower(), where=path, mend=MENDS.get(error.errno or 0, "check the path and its permissions"))


def read_lines(path: Path, *, report: Report | None = None) -> Iterator[tuple[int, str]]:
    """Line number (from 1) and line, without its end, of a UTF-8 file; constant memory.

    Lines end at LF or CRLF only: U+2028 and form feeds are characters of the text.
    """
    for number, raw in raw_lines(path, report=report):
        yield number, _decode(raw, path, number).removesuffix("\n").removesuffix("\r")


def raw_lines(path: Path, *, report: Report | None = None) -> Iterator[tuple[int, bytes]]:
    """Line number (from 1) and undecoded line, with its end, of what begins like a UTF-8 file."""
    try:
        with open(path, "rb") as stream:
            for number, raw in enumerate(stream, 1):
                if number == 1:
                    refuse_binary(raw[:4096], path)
                    if raw.startswith(b"\xef\xbb\xbf") and report is not None:
                        report.note("mended: byte-order mark taken off", where=path)
                    raw = raw.removeprefix(b"\xef\xbb\xbf")
                yield number, raw
    except OSError as error:
        raise os_error(error, path) from error


def _decode(raw: bytes, path: Path, number: int) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BilanError(f"not UTF-8 (byte 0x{raw[error.start]:02x})", where=f"{path}:{number}",
                         mend=f"convert it: iconv -f WINDOWS-1252 -t UTF-8 {Path(path).name}") from error


def parse_json(text: str | bytes, *, where: object) -> Any:
    """A JSON value; BilanError names the place where the text stops being JSON (or UTF-8)."""
    try:
        return orjson.loads(text)
    except ValueError as error:
        if str(error).startswith("Not enough memory"):  # of orjson, which has no MemoryError
            raise BilanError("out of memory", where=where, mend="split the file, or give the process more") from error
        raise BilanError(f"not JSON ({error})", where=where,
                         mend="the file may be cut short: export it again") from error


@contextmanager
def written(path: Path) -> Iterator[TextIO]:
    """A text file that appears under its name only when it is complete (LF is written as LF)."""
    path = Path(path)
    with replaced(path) as temporary, open(temporary, "w", encoding="utf-8", newline="") as stream:
        yield stream


def write_json(path: Path, content: Any) -> Path:
    """Write values as JSON, whole or not at all; the path."""
    with written(path) as stream:
        json.dump(content, stream, ensure_ascii=False, indent=1)
        stream.write("\n")
    return path


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`, renamed to it on success and removed on failure.

    The caller creates a file or a folder there. A folder replaces an older folder of that name, a file a link. Raises
    BilanError where the system refuses, and for a device or a pipe, which the file would take the place of.
    """
    path = Path(path)
    try:
        _refuse_special(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        with half(path) as holder:
            temporary = holder / path.name
            yield temporary
            if path.is_dir() and temporary.is_dir():
                path.rename(holder / f"{path.name}{OLD}")
            os.replace(temporary, path)
    except OSError as error:
        raise os_error(error, path) from error


def _refuse_special(path: Path) -> None:
    place = path.absolute().parts[1:3]
    if place[:1] == ("dev",) and place != ("dev", "shm") or path.exists() and not (path.is_file() or path.is_dir()):
        raise BilanError("this is a device or a pipe, not a file", where=path, mend="name a file that may be replaced")
