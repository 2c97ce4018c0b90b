"""Our own lossless format: one Document a line, UTF-8 JSON.

```
{"id": …, "text": …, "spans": [{"start", "end", "label", "attributes"?, "score"?, "fragments"?}], "meta"?}
```
Offsets are half-open and count code points; optional keys are left out when empty. What `bilan read` and the page
of `bilan serve` put beside (BESIDE) is made from the spans and skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from ..document import Document, Span
from ..errors import BilanError
from ..files import parse_json, raw_lines, replaced
from ..report import Report
from .names import listed
from .records import first, number

KEYS = {"id", "text", "spans", "meta"}
BESIDE = {"claims", "confrontation", "key"}


def sniff(path: Path, head: bytes) -> bool:
    """Whether the first line is an object with our keys and nothing else but what our readings put beside."""
    record = first(head, path)
    return isinstance(record, dict) and {"id", "text", "spans"} <= record.keys() <= KEYS | BESIDE


def read(path: Path, *, report: Report) -> Iterator[Document]:
    """The documents of a file (or of all `.jsonl` files of a folder), in constant memory."""
    for file in listed(path, (".jsonl",)):
        for row, line in raw_lines(file, report=report):
            if not line.isspace():
                where = f"{file}:{row}"
                record = parse_json(line, where=where)
                if isinstance(record, dict) and "claims" in record:
                    report.note("skipped: claims, which the spans give again", where=where)
                yield from_record(record, where=where)


def from_record(record: Any, *, where: str) -> Document:
    """A Document from one parsed line; BilanError names the field that is missing or wrong."""
    try:
        spans = tuple([Span(**entry) for entry in record["spans"]])
        for span in spans:
            if span.score is not None:
                number(span.score)
        return Document(record["id"], record["text"], spans, record.get("meta", {}), where)
    except BilanError as error:
        raise BilanError(error.what, where=where, mend=error.mend) from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BilanError(f"not one of our documents: {type(error).__name__} {error}", where=where,
                         mend="id, text and spans (start, end, label) are expected") from error


def write(documents: Iterable[Document], path: Path, *, report: Report) -> None:
    """One line a document."""
    del report  # nothing is lost in our own format
    with replaced(path) as temporary, open(temporary, "wb") as stream:
        for document in documents:
            stream.write(orjson.dumps(to_record(document), default=str, option=orjson.OPT_APPEND_NEWLINE))


def to_record(document: Document) -> dict[str, Any]:
    """The document as plain values, ready for JSON."""
    record: dict[str, Any] = {"id": document.id, "text": document.text,
                              "spans": [_entry(span) for span in document.spans]}
    return record | ({"meta": document.meta} if document.meta else {})


def _entry(span: Span) -> dict[str, Any]:
    entry: dict[str, Any] = {"start": span.start, "end": span.end, "label": span.label}
    if span.attributes:
        entry["attributes"] = span.attributes
    if span.score is not None:
        entry["score"] = span.score
    if span.fragments:
        entry["fragments"] = span.fragments
    return entry
