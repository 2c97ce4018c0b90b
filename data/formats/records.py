"""JSON files of records, read one record at a time, with the place of each: shared by the JSON formats."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import BilanError
from ..files import parse_json, read_bytes, read_lines, read_text, refuse_binary
from ..report import Report
from .names import listed


def _integer(digits: str) -> int | float:
    """A JSON integer; as a float where 64 bits do not hold it, as in the other JSON parser of ours (orjson)."""
    value = int(digits)
    if -(2**63) <= value < 2**64:
        return value
    if not math.isfinite(rounded := float(digits)):
        raise ValueError("a number is too large")
    return rounded


def _real(digits: str) -> float:
    """A JSON number that is no integer; refused where a double does not hold it, as by orjson."""
    if not math.isfinite(value := float(digits)):
        raise ValueError(f"the number {digits[:20]} is too large")
    return value


def _refused(constant: str) -> float:
    raise ValueError(f"{constant} is no JSON")


DECODER = json.JSONDecoder(parse_float=_real, parse_int=_integer, parse_constant=_refused)
BLANK = re.compile(r"[ \t\r\n]*")
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*("|\Z)|[\[\]{},]', re.S)
CLOSER = {"[": "]", "{": "}"}
DEEPEST = 50  # levels of nesting that a sniffer follows
FULL, LONGEST = 65_536, 2**23  # bytes that a sniffer is given, and may read for one long record
LARGEST = 2**53  # a larger JSON number is no longer exact in most tools
SHAPES = (KeyError, TypeError, AttributeError, ValueError, IndexError)


class Record(NamedTuple):
    """One record of a file: the id it gets when it names none, its place, its JSON value."""

    name: str
    where: str
    value: Any

    @property
    def id(self) -> str:
        """The `id` that an object gives, as text, else the name."""
        given = self.value.get("id")
        return self.name if given in (None, "") else str(given)


def records(path: Path, *, suffixes: Sequence[str], report: Report) -> Iterator[Record]:
    """The records of a file, or of the files of a folder: a JSON array, or one record a line (JSONL).

    Lines are read in constant memory; an array is held as text and decoded record by record.
    """
    for file in listed(path, suffixes):
        entries = array(file, report=report) if _is_array(file) else _lines(file, report)
        for number, (line, value) in enumerate(entries, 1):
            yield Record(f"{file.stem}-{number}", f"{file}:{line}", value)


def _is_array(file: Path) -> bool:
    return read_head(file).decode("utf-8-sig", "ignore").lstrip()[:1] == "["


def read_head(file: Path, size: int = 4096) -> bytes:
    """The first bytes of a text file; BilanError where it is no text."""
    try:
        with open(file, "rb") as stream:
            head = stream.read(size)
    except OSError:
        head = read_bytes(file)  # raises the refusal as a BilanError
    refuse_binary(head, file)
    return head


def _lines(file: Path, report: Report) -> Iterator[tuple[int, Any]]:
    for number, line in read_lines(file, report=report):
        if line and not line.isspace():
            yield number, parse_json(line, where=f"{file}:{number}")


def array(file: Path, *, report: Report) -> Iterator[tuple[int, Any]]:
    """Line number and value of each element of a file that is a JSON array."""
    text = read_text(file, report=report)
    position = _after_blank(text, text.index("[") + 1)
    line, counted = 1, 0
    more = text[position:position + 1] != "]"
    while more:
        line, counted = line + text.count("\n", counted, position), position
        value, position = _element(text, position, file)
        yield line, value
        position = _after_blank(text, position)
        more = text[position:position + 1] == ","
        position = _after_blank(text, position + 1) if more else position
    rest = text[position:].rstrip(" \t\r\n")  # of JSON's blanks; U+001C is none
    if rest[:1] != "]":
        raise _cut(file, text, position, "',' or ']' expected")
    if rest != "]":
        raise _cut(file, text, position, "text after the last ']'",
                   mend="one array a file, or one record a line (JSONL)")


def _element(text: str, position: int, file: Path) -> tuple[Any, int]:
    try:
        return DECODER.raw_decode(text, position)
    except json.JSONDecodeError as error:
        raise _cut(file, text, error.pos, error.msg) from error
    except (ValueError, RecursionError) as error:
        raise _cut(file, text, position, str(error), mend="mend that value") from error


def _cut(file: Path, text: str, position: int, what: str, *,
         mend: str = "the file may be cut short: export it again") -> BilanError:
    return BilanError(f"not JSON ({what})", where=f"{file}:{text.count(chr(10), 0, position) + 1}", mend=mend)


def _after_blank(text: str, position: int) -> int:
    found = BLANK.match(text, position)
    return found.end() if found else position


def first(head: bytes, path: Path | None = None) -> Any:
    """The first record of a file (the first element of an array), from its first bytes; else None.

    Where they cut it off, some megabytes of the file at `path` are tried; then what is cut off is
    left out, so that the keys before it can still be seen.

    >>> first(b'[{"text": "Kiev", "spans": [{"start": 0, "e')
    {'text': 'Kiev', 'spans': [{'start': 0}]}
    """
    whole = _whole(head)
    if whole is None and path is not None and len(head) >= FULL and path.is_file():
        with open(path, "rb") as stream:
            whole = _whole(stream.read(LONGEST))
    value = beginning(head) if whole is None else [whole]
    return (value[0] if value else None) if isinstance(value, list) else value


def _whole(head: bytes) -> Any:
    """The first record where the bytes hold it all."""
    text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "ignore").lstrip()
    text = text[1:].lstrip() if text[:1] == "[" else text
    try:
        return DECODER.raw_decode(text)[0] if text[:1] in {"[", "{"} else None
    except (ValueError, RecursionError):
        return None


def beginning(head: bytes) -> Any:
    """The first JSON value of some bytes, closed where they cut it off; None if they are not JSON."""
    text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "ignore").lstrip()
    if text[:1] not in {"[", "{"}:
        return None
    for candidate in (lambda: text, lambda: _closed(text)):
        try:
            return DECODER.raw_decode(candidate())[0]
        except (ValueError, RecursionError):
            continue
    return None


def _closed(text: str) -> str:
    """The text up to its last comma between complete values, with what is open closed."""
    stack: list[str] = []
    end, closers = 0, ""
    for token in TOKEN.finditer(text):
        if token[0] in CLOSER:
            stack.append(CLOSER[token[0]])
        elif token[0] in {"]", "}"} and stack:
            stack.pop()
        elif token[0] == "," and len(stack) < DEEPEST:
            end, closers = token.start(), "".join(reversed(stack))
        elif token[1] == "":
            break
    return text[:end] + closers


@contextmanager
def at(where: str, what: str) -> Iterator[None]:
    """Turn what goes wrong with one record into a BilanError that names its place.

    `what` says what the record should have been: `a doccano record: text and label …`.
    """
    try:
        yield
    except BilanError as error:
        if error.where:
            raise
        raise BilanError(error.what, where=where, mend=error.mend) from error
    except SHAPES as error:
        raise BilanError(f"not {what.partition(':')[0]} ({type(error).__name__}: {str(error)[:80]})",
                         where=where, mend=f"expected{what.partition(':')[2]}") from error


def member(record: Any, key: str, kind: type, default: Any = None) -> Any:
    """A field of a record; BilanError when it has another type, or is absent without a default."""
    if not isinstance(record, dict):
        raise BilanError(f"{short(record)} where an object was expected")
    value = record.get(key)
    if value is None and default is not None:
        return default
    if not isinstance(value, kind):
        raise BilanError(f"{key!r} is {short(value)}" if key in record else f"no {key!r}",
                         mend=f"{kind.__name__} expected")
    return value


def offset(value: Any) -> int:
    """A whole number, also one written as 3.0; BilanError for anything else."""
    if type(value) is int and -LARGEST < value < LARGEST:
        return value
    if isinstance(value, float) and value.is_integer() and -LARGEST < value < LARGEST:
        return int(value)
    raise BilanError(f"offset {short(value)} is not a whole number of reasonable size")


def number(value: Any) -> float | None:
    """A confidence from 0 to 1, or None; BilanError for anything else (NaN too)."""
    if value is None or (isinstance(value, int | float) and 0 <= value <= 1):
        return value if value is None else float(value)
    raise BilanError(f"score {short(value)} is not a number from 0 to 1")


def label(value: Any) -> str:
    """A label as text; numbers (label ids) too. BilanError for anything else."""
    if isinstance(value, str) and value and (value.isascii() or value.encode()):  # no lone surrogate
        return value
    if type(value) is int:
        return str(value)
    raise BilanError(f"label {short(value)} is not a text")


def short(value: Any) -> str:
    """A value as shown in a message, cut to 40 characters."""
    try:
        shown = json.dumps(value, ensure_ascii=False, default=str)
    except ValueError:
        shown = type(value).__name__
    return shown if len(shown) <= 40 else f"{shown[:40]}…"
