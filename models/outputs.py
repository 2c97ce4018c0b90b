"""What `bilan read` can write: one table of formats, from readings to a file, a folder or standard output."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from rich.console import Console

from ..data import formats
from ..data.console import json_text, safe
from ..data.errors import BilanError
from ..data.files import written
from ..data.formats.names import FORBIDDEN
from ..data.report import Report
from . import highlight
from .exports import CLAIM, export, record
from .profiles import PROFILES
from .reader import Reading
from .show import reading_record, show

Key = Callable[[Any], str]
# Formats of one file a document, named by its id, in a folder: what its files end in, last what no other has.
FOLDERS = {"brat": (".txt", ".ann"), "markup": (".md",), "webanno": (".tsv",)}
SUFFIXES = {".json": "json", ".jsonl": "jsonl", ".csv": "csv", ".parquet": "parquet", ".html": "html",
            ".htm": "html", ".conll": "conll", ".md": "markup", ".spacy": "spacy"}


class Output(NamedTuple):
    """One row of the table: what is written, whether standard output can take it, and the writer."""

    what: str
    streams: bool
    write: Callable[..., None]


def write_json(readings: Iterable[Reading], path: Path, *, report: Report, key: Key) -> None:
    """One JSON array of documents with their spans, claims and keys."""
    del report
    with written(path) as stream:
        separator = "["
        for reading in readings:
            stream.write(f"{separator}\n{line(reading, key)}")
            separator = ","
        stream.write(("[" if separator == "[" else "") + "\n]\n")


def write_jsonl(readings: Iterable[Reading], path: Path, *, report: Report, key: Key) -> None:
    """One document a line, as our `jsonl` format has it, with its claims and its key beside."""
    del report
    with written(path) as stream:
        for reading in readings:
            stream.write(line(reading, key) + "\n")


def line(reading: Reading, key: Key) -> str:
    """The JSON of a reading, on one line."""
    values = reading_record(reading) | {"key": key(reading.document)}
    return json_text(values, default=str)


def write_table(readings: Iterable[Reading], path: Path, *, report: Report, key: Key) -> None:
    """What the terminal shows, as plain text."""
    del report, key
    with written(path) as stream:
        console = Console(file=stream, width=120, highlight=False)
        for reading in readings:
            show(reading, console)


def write_claims(readings: Iterable[Reading], path: Path, *, report: Report, key: Key, format: str,
                 profile: str | None = None) -> None:
    """The claims of all readings, or the rows that a profile makes of them, as csv, parquet or jsonl."""
    del report, key
    claims = (claim for reading in readings for claim in reading.claims)
    if profile is None:
        export(map(record, claims), path, format=format, columns=CLAIM)
    else:
        rows, columns = PROFILES[profile]
        export(rows(claims), path, format=format, columns=columns)


def write_html(readings: Iterable[Reading], path: Path, *, report: Report, key: Key) -> None:
    """One self-contained page."""
    del key
    highlight.write(readings, path, report=report)


def write_annotations(readings: Iterable[Reading], path: Path, *, report: Report, key: Key, format: str) -> None:
    """The documents with predicted spans in an annotation format; ids that name files lose slashes and the like."""
    del key
    documents = (reading.document for reading in readings)
    if format in FOLDERS:
        documents = (document.replace(id=stem(document.id)) for document in documents)
    formats.write(documents, path, format=format, report=report)


def stem(id: str) -> str:
    """A document id, most often a path, as the name of a file.

    >>> stem("../presse/Koursk : 3 000 morts ?.txt")
    'presse__Koursk _ 3 000 morts _.txt'
    """
    return FORBIDDEN.sub("_", id.strip("./").replace("/", "__")) or "text"


OUTPUTS = {
    "table": Output("spans, text and claims for people", True, write_table),
    "json": Output("one array of documents with claims", True, write_json),
    "jsonl": Output("one document with claims a line", True, write_jsonl),
    "csv": Output("claims, or the rows of a profile", True, partial(write_claims, format="csv")),
    "parquet": Output("claims, or the rows of a profile", False, partial(write_claims, format="parquet")),
    "html": Output("one page to look at", True, write_html),
} | {row.name: Output(row.what, row.name in ("labelstudio", "prodigy", "doccano", "conll"),
                      partial(write_annotations, format=row.name))
     for row in formats.FORMATS if row.writes and row.name != "jsonl"}


def settle(format: str | None, output: str | None, profile: str | None) -> tuple[str, Output]:
    """The name and the writer of a format, by default that of the ending of `output`, else `table`.

    Raises BilanError, before anything is read, for what could not be written.
    """
    name = format or ("table" if output is None else SUFFIXES.get(Path(output).suffix.lower(), ""))
    if name not in OUTPUTS:
        what = f"unknown format {format!r}" if format else "no format ends like this"
        raise BilanError(what, where=output or "", mend=f"name one with --format: {', '.join(OUTPUTS)}")
    if output is not None:
        _refuse_folder(Path(output), name)
    if profile is not None:
        return name, _profiled(name, profile)
    if output is None and not OUTPUTS[name].streams:
        raise BilanError(f"{name} cannot go to standard output", mend="name a file or folder with --output")
    return name, OUTPUTS[name]


def _refuse_folder(path: Path, name: str) -> None:
    """Raise BilanError for a folder that could not be written, or whose files are not those of an earlier output."""
    if not path.is_dir():
        return
    if name not in FOLDERS:
        raise BilanError(f"this is a folder, and {name} is one file", where=path, mend="name a file with --output")
    files = [file for file in path.rglob("*") if not file.is_dir()]
    strange = next((file for file in files if file.suffix not in FOLDERS[name]), None)
    if strange or (files and not any(file.suffix == FOLDERS[name][-1] for file in files)):
        raise BilanError("this folder holds other files, which the output would replace", where=strange or path,
                         mend="name a new folder with --output")


def _profiled(name: str, profile: str) -> Output:
    if profile not in PROFILES:
        raise BilanError(f"unknown profile {profile!r}", mend=f"expected {' or '.join(PROFILES)}")
    if name not in ("csv", "jsonl", "parquet"):
        raise BilanError("a profile is written as rows", mend="--format csv, jsonl or parquet, or --output deaths.csv")
    return Output(f"rows for {profile}", name != "parquet", partial(write_claims, format=name, profile=profile))


def deliver(output: Output, readings: Iterable[Reading], path: str | None, *, report: Report, key: Key) -> None:
    """Write readings to `path`, whole or not at all, or to standard output."""
    if path is not None:
        output.write(readings, Path(path), report=report, key=key)
        return
    with TemporaryDirectory() as folder:
        file = Path(folder) / "out"
        output.write(readings, file, report=report, key=key)
        with open(file, encoding="utf-8", newline="") as stream:
            if sys.stdout.isatty():  # what a text may tell the terminal to do is shown
                sys.stdout.writelines(safe(line.replace("\r\n", "\n")) for line in stream)
            else:
                shutil.copyfileobj(stream, sys.stdout)
