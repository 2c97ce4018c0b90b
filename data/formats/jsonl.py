"""Our own lossless format: one Document a line, UTF-8 JSON.

```
{"id": …, "text": …, "spans": [{"start", "end", "label", "attributes"?, "score"?, "fragments"?}], "meta"?}
```
Offsets are half-open and count code points; optional keys are left out when empty.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ..document import Document, Span
from ..errors import BilanError
from ..files import parse_json, read_lines, written
from ..report import Report
from .names import listed
from .records import first

KEYS = {"id", "text", "spans", "meta"}


def sniff(path: Path, head: bytes) -> bool:
    """Whether the first line is an object with our keys and nothing else."""
    record = first(head, path)
    return isinstance(record, dict) and {"id", "text", "spans"} <= record.keys() <= KEYS


def read(path: Path, *, report: Report) -> Iterator[Document]:
    """The documents of a file (or of all `.jsonl` files of a folder), in constant memory."""
    for file in listed(path, (".jsonl",)):
        for number, line in read_lines(file, report=report):
            if line.strip():
                where = f"{file}:{number}"
                yield from_record(parse_json(line, where=where), where=where)


def from_record(record: Any, *, where: str) -> Document:
    """A Document from one parsed line; BilanError names the field that is missing or wrong."""
    try:
        spans = tuple(_span(entry) for entry in record["spans"])
        return Document(record["id"], record["text"], spans, record.get("meta", {}), where)
    except BilanError as error:
        raise BilanError(error.what, where=where, mend=error.mend) from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BilanError(f"not one of our documents: {type(error).__name__} {error}", where=where,
                         mend="id, text and spans (start, end, label) are expected") from error


def _span(entry: dict[str, Any]) -> Span:
    return Span(entry["start"], entry["end"], entry["label"], entry.get("attributes", {}),
                entry.get("score"), tuple((a, b) for a, b in entry.get("fragments", ())))


def write(documents: Iterable[Document], path: Path, *, report: Report) -> None:
    """One line a document."""
    del report  # nothing is lost in our own format
    with written(path) as stream:
        for document in documents:
            stream.write(json.dumps(to_record(document), ensure_ascii=False) + "\n")


def to_record(document: Document) -> dict[str, Any]:
    """The document as plain values, ready for JSON."""
    record: dict[str, Any] = {"id": document.id, "text": document.text,
                              "spans": [_entry(span) for span in document.spans]}
    return record | ({"meta": dict(document.meta)} if document.meta else {})


def _entry(span: Span) -> dict[str, Any]:
    optional = {"attributes": dict(span.attributes), "score": span.score,
                "fragments": [list(part) for part in span.fragments]}
    return ({"start": span.start, "end": span.end, "label": span.label}
            | {key: value for key, value in optional.items() if value not in ({}, None, [])})
