"""The documents of a slice: exactly as many as it counts, what cannot be read with its error."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from ..data.document import Document
from ..data.errors import BilanError
from ..data.files import parse_json
from ..data.report import Report
from . import sources
from .slices import Slice
from .stores import at_hand, opened

BOM = b"\xef\xbb\xbf"
BATCH = 100  # rows of Parquet read at once
BESIDE = ("id", "text", "meta", "spans", "claims", "key")  # no meta: spans, claims and key come from a reading


class Row(NamedTuple):
    """A document of the input, or one that stands for what could not be read, with the error."""

    document: Document
    error: str = ""


def rows_of(part: Slice, *, root: str = "", report: Report) -> list[Row]:
    """The documents of a slice in order. A row without id is named by its file and line (or number).

    Other columns than id, text and meta become meta. Raises OSError where a file system fails (not for a file
    that is missing, refused or damaged).
    """
    made: list[Row] = []
    problem = "the file holds fewer documents than when it was cut"
    try:
        for row in islice(READERS[part.kind](part, root, report), part.count):
            made.append(row)
    except BilanError as error:
        problem = str(error)
    return made + [unread(f"{part.names[0]}:{part.first}+{number}", problem)
                   for number in range(len(made), part.count)]


def unread(id: str, error: str, *, text: str = "") -> Row:
    """The row of a document that could not be read."""
    return Row(Document(id, text, source=id), error)


def _error(part: Slice, root: str, report: Report) -> Iterator[Row]:
    del root, report
    yield unread(part.names[0], part.error)


def _texts(part: Slice, root: str, report: Report) -> Iterator[Row]:
    for name in part.names:
        try:
            with at_hand(name, root=root) as path:
                document = sources.text(path, report=report)
            yield Row(document.replace(id=name, source=name))
        except BilanError as error:
            yield unread(name, str(BilanError(error.what, where=name, mend=error.mend)))


def _lines(part: Slice, root: str, report: Report) -> Iterator[Row]:
    del report
    (name,) = part.names
    with opened(name, root=root) as stream:
        stream.seek(part.offset)
        for number, raw in enumerate(stream, part.first):
            if not raw.isspace():
                yield _line(raw if part.offset else raw.removeprefix(BOM), f"{name}:{number}")


def _line(raw: bytes, where: str) -> Row:
    try:
        return _row(parse_json(raw, where=where), where)
    except BilanError as error:
        return unread(where, str(error))


def _numbered(part: Slice, root: str, report: Report) -> Iterator[Row]:
    """Rows of a Parquet file, from the row groups that hold them."""
    from pyarrow.parquet import ParquetFile

    del report
    (name,) = part.names
    with opened(name, root=root, compression=None) as stream:
        source = ParquetFile(stream)
        skipped, groups, start = 0, [], 0
        for group in range(source.num_row_groups):
            end = start + source.metadata.row_group(group).num_rows
            if end < part.first:
                skipped = end
            elif start < part.first - 1 + part.count:
                groups.append(group)
            start = end
        batches = source.iter_batches(BATCH, row_groups=groups)
        records = (record for batch in batches for record in batch.to_pylist())
        for number, record in enumerate(islice(records, part.first - 1 - skipped, None), part.first):
            yield _row(record, f"{name}:{number}")


def _row(record: Any, where: str) -> Row:
    values = record if isinstance(record, Mapping) else {}
    id = str(values.get("id") or where) if values.get("id") != 0 else "0"
    text = values.get("text")
    try:
        if not isinstance(text, str):
            raise BilanError("no text in this row", where=where, mend="an object with a string text is expected")
        if not text.strip():
            raise BilanError("nothing to read: the text is empty", where=where)
        return Row(Document(id, text, meta=_meta(values, where), source=where))
    except BilanError as error:
        return unread(id, str(error))


def _meta(values: Mapping[str, Any], where: str) -> dict[str, Any]:
    """What a row says besides: its meta (an object, or the JSON of one) and its other columns."""
    given = values.get("meta")
    given = parse_json(given, where=where) if isinstance(given, str) and given.startswith("{") else given
    others = {name: _plain(value) for name, value in values.items() if name not in BESIDE and value is not None}
    return others | (dict(given) if isinstance(given, Mapping) else {} if given is None else {"meta": given})


def _plain(value: Any) -> Any:
    """Days and times as ISO text, a time of midnight as the day that it stands for."""
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    return value.isoformat() if isinstance(value, datetime.date) else value


READERS = {"text": _texts, "jsonl": _lines, "parquet": _numbered, "error": _error}
