"""Readers, entered by the public door: what comes out is checked, written, and read again.

Offsets lie in the text; as many spans and losses come out as the file has annotations; what differs after it has
been written in a format chosen by the input is told in the report, or is a finding.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from bilan.data import formats
from bilan.data.document import Document
from bilan.data.errors import BilanError
from bilan.data.report import Report

from tests.fuzz import seeds

SHM = Path("/dev/shm")
READERS = {  # target: format, name of the file, kind of mutation
    "prodigy": ("prodigy", "d.jsonl", "json"), "jsonl": ("jsonl", "d.jsonl", "json"),
    "labelstudio": ("labelstudio", "d.json", "json"), "gliner": ("gliner", "d.json", "json"),
    "popcorn": ("popcorn", "d.json", "json"), "spacy.json": ("spacy", "d.json", "json"),
    "spacy.docbin": ("spacy", "d.spacy", "docbin"), "huggingface": ("huggingface", "d.parquet", "parquet"),
    "doccano": ("doccano", "d.jsonl", "json"), "cas.xmi": ("cas", "d.xmi", "xml"), "cas.json": ("cas", "d.json", "json"),
    "gate.xml": ("gate", "d.xml", "xml"), "gate.bdocjs": ("gate", "d.bdocjs", "json"), "tei": ("tei", "d.xml", "xml"),
    "webanno": ("webanno", "d.tsv", "lines"), "brat": ("brat", "d.txt", "lines"), "conll": ("conll", "d.conll", "lines"),
    "markup": ("markup", "d.md", "lines")}
WRITTEN = tuple(row.name for row in formats.FORMATS if row.writes)
LIGHT = tuple(name for name in WRITTEN if name not in ("spacy", "huggingface"))  # what they import takes a minute


class Wrong(AssertionError):
    """A property that does not hold; the first words of the message tell findings apart."""


def check(holds: object, what: str, *shown: object) -> None:
    """Raise Wrong with what was seen, unless it holds."""
    if not holds:
        raise Wrong(what + ": " + ", ".join(repr(each)[:300] for each in shown))


@cache
def desk() -> Path:
    """A folder in memory for the files of one process."""
    return Path(tempfile.mkdtemp(prefix="fuzz-", dir=SHM if SHM.is_dir() else None))


def written() -> int:
    """Bytes of what the last input was written as."""
    path = desk() / "out"
    return sum(file.stat().st_size for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file())


def laid(data: bytes, name: str) -> Path:
    """The input as a file, or as text and annotations where it is of two parts."""
    folder = desk() / "in"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    text, parted, annotations = data.partition(seeds.PART.encode()) if name == "d.txt" else (data, b"", b"")
    (folder / name).write_bytes(text)
    if parted:
        (folder / name).with_suffix(".ann").write_bytes(annotations)
    return folder / name


def read_all(path: Path, format: str) -> list[Document] | None:
    """The documents of a file; None where it is refused, which must be said with a place.

    What is stored is read or told: as many spans and losses come out as the file has annotations.
    """
    report = Report()
    try:
        found = list(formats.read(path, format=format, report=report))
    except BilanError as error:
        check(error.where and "\n" not in str(error), "a refusal without a place", error)
        return None
    if format in STORED and path.read_bytes()[:1] in (b"[", b"{"):
        told = report.lost + sum(count for cause, count in report.counts.items() if cause.startswith("skipped"))
        stored = sum(STORED[format](record) for record in values(path.read_bytes()))
        check(sum(len(document.spans) for document in found) + told >= stored, "an annotation is neither read nor told",
              stored, [document.spans for document in found], report)
    return found


def values(data: bytes) -> list[Any]:
    """The records of a file that has been read: of an array, or one a line."""
    text = data.decode("utf-8-sig")
    try:
        whole = json.loads(text)
        return whole if isinstance(whole, list) else [whole]
    except ValueError:
        return [json.loads(line) for line in text.split("\n") if line.strip()]


def _stored_popcorn(value: Any) -> int:
    inner = list(value.values()) if "text" not in value else [value]
    return sum(len(entity["mentions"]) for record in inner for entity in record.get("entities") or ())


# How many annotations a record holds, where that is one list of it.
STORED: dict[str, Callable[[Any], int]] = {
    "prodigy": lambda record: len(record.get("spans") or ()) if record.get("answer", "accept") == "accept" else 0,
    "jsonl": lambda record: len(record["spans"]), "gliner": lambda record: len(record.get("ner") or ()),
    "popcorn": _stored_popcorn,
    "spacy": lambda record: len(record[1].get("entities") or ()) if isinstance(record, list) else 0}


def reader(format: str, name: str) -> Callable[[bytes], None]:
    """A target that reads the input and, where that is possible, writes it and reads it again."""
    def run(data: bytes) -> None:
        found = read_all(laid(data, name), format)
        for document in found or ():
            sound(document)
        if found:
            again(found, (format if format in WRITTEN and len(data) % 2 else LIGHT[zlib.crc32(data) % len(LIGHT)]))
    return run


def warm() -> None:
    """Import what the formats need and make their tables, so that no input is measured with it."""
    for format in LIGHT:
        again(seeds.DOCUMENTS[:1], format)


def sound(document: Document) -> None:
    """Offsets in the text, and nothing that UTF-8 cannot hold."""
    text = document.text
    for span in document.spans:
        check(0 <= span.start < span.end <= len(text), "span leaves the text", span)
        check(all(span.start <= a < b <= span.end for a, b in span.fragments), "fragments leave the span", span)
        check(isinstance(span.label, str) and span.label, "no label", span)
    json.dumps([document.text, dict(document.meta)], default=str).encode()


def again(documents: Sequence[Document], format: str) -> None:
    """Written and read again, documents are the same, or the report tells what was lost."""
    path, report = desk() / "out", Report()
    shutil.rmtree(path, ignore_errors=True)
    path.unlink() if path.is_file() else None
    try:
        formats.write(documents, path, format=format, report=report)
    except BilanError:
        return
    if report.lost or any(cause.startswith(("moved", "mended")) for cause in report.counts):
        return
    told = Report()
    try:
        back = list(formats.read(path, format=format, report=told))
    except BilanError as error:
        raise Wrong(f"written as {format}, refused when read: {error}") from error
    check(not told.lost, f"written as {format}, read with losses", dict(told.losses), told.examples)
    check(len(back) == len(documents), f"written as {format}, other documents come back", len(documents), len(back))
    for one, other in zip(sorted(documents, key=lambda d: d.id), sorted(back, key=lambda d: d.id), strict=True):
        check(one.text == other.text, f"written as {format}, another text comes back", one.text, other.text)
        check(places(one) == places(other), f"written as {format}, other spans come back", places(one), places(other))


def places(document: Document) -> list[tuple]:
    """What a format must keep of the spans."""
    return sorted({(*span.key, span.fragments) for span in document.spans})


def detect(data: bytes) -> None:
    """The format of a file of any content is found, or there is none."""
    names = ("d.jsonl", "d.json", "d.xml", "d.tsv", "d.txt", "d.md", "d")
    path = laid(data, names[len(data) % len(names)])
    try:
        check(formats.detect(path) in formats.NAMES, "unknown name")
    except BilanError as error:
        check(error.where, "a refusal without a place", error)
