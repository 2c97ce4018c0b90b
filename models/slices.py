"""Where the input of a cluster is cut: each slice of it is the documents of one partition.

A slice is some text files, or some rows in a row of one JSONL or Parquet file. How the input is cut depends on
nothing but its files and the number of rows, so that a command started again cuts it as before.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from ..data.errors import BilanError
from ..data.files import os_error, refuse_binary
from ..data.report import Report
from .sources import SUFFIXES
from .stores import opened, system, told

KINDS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}  # files of many documents, by their ending
ENDINGS = (*SUFFIXES, *KINDS)  # what is taken from a folder, .gz or not
STAMPS = ("size", "mtime", "ETag", "md5Hash", "last_modified")  # what file systems tell of a file's content


class File(NamedTuple):
    """One file of the input: its name as given, what it holds, and what changes when it does."""

    name: str
    kind: str
    stamp: str


@dataclass(frozen=True, slots=True)
class Slice:
    """The documents of one partition: `count` text files, or rows from line or row `first` (from 1) on.

    `offset` is the byte where the first line begins, in the unpacked file. A file that could not be cut is a
    slice of one document, which is its `error`.
    """

    kind: str
    names: tuple[str, ...]
    count: int
    first: int = 1
    offset: int = 0
    stamp: str = ""
    error: str = ""

    def to_json(self) -> str:
        """The slice as one line of JSON."""
        return orjson.dumps(asdict(self)).decode()


def from_json(line: str | bytes) -> Slice:
    """The slice of a line that `to_json` gave."""
    values = orjson.loads(line)
    return Slice(**values | {"names": tuple(values["names"])})


def files(arguments: Iterable[str], *, output: str, report: Report) -> Iterator[File | BilanError]:
    """The files that the arguments name: themselves, those of folders, those that a pattern fits, in order.

    A file named twice is taken once; what lies in `output` is not taken.
    """
    seen: set[str] = set()
    for argument in arguments:
        for name in _names(argument, report):
            if isinstance(name, BilanError):
                yield name
            elif name in seen:
                report.note("skipped: file named twice", where=name)
            elif f"{_absolute(name)}/".startswith(f"{_absolute(output)}/"):
                report.note("skipped: what this command writes", where=name)
            else:
                seen.add(name)
                yield _file(name)


def _absolute(name: str) -> str:
    return name.rstrip("/") if "://" in name else os.path.abspath(name)


def _names(argument: str, report: Report) -> Iterator[str | BilanError]:
    if argument == "-":
        raise BilanError("a cluster cannot read standard input", mend="name a file or folder")
    found, folder = _remote(argument) if "://" in argument else _local(argument)
    taken = 0
    for name in sorted(found, key=lambda name: name.split("/")):  # as paths sort: a/b before a.txt
        if folder and not name.lower().removesuffix(".gz").endswith(ENDINGS):
            report.note(f"skipped: file that ends in none of {' '.join(ENDINGS)}", where=name)
        else:
            taken += 1
            yield name
    if not taken:
        yield BilanError("no file to read", where=argument, mend=f"files that end in {', '.join(ENDINGS)} are expected")


def _local(argument: str) -> tuple[list[str], bool]:
    """The names, and whether they are those of a folder."""
    if os.path.isdir(argument):
        closed: list[OSError] = []
        found = [str(Path(place) / name) for place, _, names in os.walk(argument, onerror=closed.append)
                 for name in names]
        if closed:
            raise os_error(closed[0], closed[0].filename)
        return [name for name in found if os.path.isfile(name)], True
    if os.path.exists(argument) or not glob.has_magic(argument):
        return [argument], False
    return [name for name in glob.glob(argument, recursive=True) if not os.path.isdir(name)], False


def _remote(argument: str) -> tuple[list[str], bool]:
    where, path = system(argument)
    try:
        folder = where.isdir(path)
        pattern = not folder and glob.has_magic(path) and not where.exists(path)
        found = where.find(path) if folder else where.glob(path) if pattern else [path]
    except Exception as error:  # each file system raises classes of its own
        raise BilanError(f"cannot be listed ({type(error).__name__}: {str(error)[:200]})", where=argument,
                         mend="check the address and your access") from error
    return [where.unstrip_protocol(each) for each in found], folder


def _file(name: str) -> File | BilanError:
    if any("\ud800" <= letter <= "\udfff" for letter in name):  # how Python holds bytes that are no UTF-8
        return BilanError("the name of this file is not UTF-8", where=ascii(name), mend="rename it")
    where, path = system(name)
    try:
        with told(name):
            info = where.info(path)
    except BilanError as error:
        return error
    ending = os.path.splitext(name.lower().removesuffix(".gz"))[1]
    stamp = " ".join(str(info[key]) for key in STAMPS if key in info)
    return File(name, KINDS.get(ending, "text"), stamp)


def plan(found: Iterable[File | BilanError], *, rows: int,
         cuts: Callable[[list[File]], list[list[Slice]]]) -> list[Slice]:
    """All slices in the order of the input; `cuts` gives those of each file of many documents (`cut`).

    Text files that follow one another share a slice.
    """
    listed = list(found)
    many = [each for each in listed if isinstance(each, File) and each.kind != "text"]
    of_file = dict(zip([file.name for file in many], cuts(many), strict=True))
    made: list[Slice] = []
    texts: list[File] = []
    for each in listed:
        if isinstance(each, File) and each.kind == "text":
            texts.append(each)
            continue
        made += _of_texts(texts, rows)
        texts = []
        made += of_file[each.name] if isinstance(each, File) else [_of_error(each, each.where or "input")]
    return made + _of_texts(texts, rows)


def _of_texts(texts: Sequence[File], rows: int) -> list[Slice]:
    parts = [texts[start:start + rows] for start in range(0, len(texts), rows)]
    return [Slice("text", tuple(file.name for file in part), len(part), stamp=", ".join(file.stamp for file in part))
            for part in parts]


def _of_error(error: BilanError, name: str, stamp: str = "") -> Slice:
    return Slice("error", (name,), 1, stamp=stamp, error=str(error))


def cut(file: File, *, rows: int, root: str = "") -> list[Slice]:
    """The slices of one JSONL or Parquet file, at most `rows` documents each."""
    made = _of_lines if file.kind == "jsonl" else _of_groups
    try:
        with opened(file.name, root=root, compression="infer" if file.kind == "jsonl" else None) as stream:
            return [replace(each, stamp=file.stamp) for each in made(stream, file.name, rows)]
    except BilanError as error:
        return [_of_error(error, file.name, file.stamp)]


def _of_lines(stream: Any, name: str, rows: int) -> Iterator[Slice]:
    """Slices of a JSONL file; blank lines are no documents."""
    refuse_binary(stream.read(4096), name)
    stream.seek(0)
    first = offset = position = count = 0
    for number, raw in enumerate(stream, 1):
        if not raw.isspace():
            if not count:
                first, offset = number, position
            count += 1
            if count == rows:
                yield Slice("jsonl", (name,), count, first, offset)
                count = 0
        position += len(raw)
    if count:
        yield Slice("jsonl", (name,), count, first, offset)


def _of_groups(stream: Any, name: str, rows: int) -> Iterator[Slice]:
    """Slices of a Parquet file, by the number of rows that its footer gives."""
    from pyarrow.parquet import ParquetFile

    source = ParquetFile(stream)
    columns, total = source.schema_arrow.names, source.metadata.num_rows
    if "text" not in columns:
        raise BilanError(f"no column text among {', '.join(columns)[:80]}", where=name,
                         mend="rename the column that holds the texts")
    for start in range(0, total, rows):
        yield Slice("parquet", (name,), min(rows, total - start), start + 1)
