"""Claims and profile rows to files: JSONL, CSV and Parquet, whole or absent.

A record is a flat dict of text, numbers, flags and None under the names of a column table, which fixes
the order and the types (`CLAIM` here, `ACLED` and `UCDP` in `profiles`), also where every value is None.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from ..data.errors import BilanError
from ..data.extras import absent
from ..data.files import replaced, written
from .claims import Claim

Value = str | int | float | bool | None
Record = Mapping[str, Value]
Columns = Mapping[str, type]

CLAIM: Columns = {
    "document": str, "label": str, "figure": str, "start": int, "end": int, "low": float, "best": float,
    "high": float, "qualifier": str, "unit": str, "who": str, "who_start": int, "who_end": int, "by": str,
    "by_label": str,
    "by_start": int, "by_end": int, "cue": str, "hedged": bool, "when": str, "date": str, "where": str,
    "where_label": str, "sentence": str, "sentence_start": int, "sentence_end": int}
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def record(claim: Claim) -> dict[str, Value]:
    """A claim as one flat record; `date` is EDTF; text that is missing is None."""
    start, end = claim.sentence
    spans = {name: getattr(claim, name) for name in ("who", "by", "when", "where")}
    values: dict[str, Value] = {name: getattr(claim, name) for name in CLAIM
                                if name not in spans and hasattr(claim, name)}
    values |= {name: claim.mention(name) or None for name in spans}
    values |= {f"{name}_{edge}": getattr(span, edge, None) for name, span in spans.items()
               for edge in ("start", "end", "label") if f"{name}_{edge}" in CLAIM}
    values |= {"document": claim.document.id, "figure": claim.text,
               "date": claim.date.edtf if claim.date else None, "sentence": claim.document.text[start:end],
               "sentence_start": start, "sentence_end": end}
    return {name: values[name] for name in CLAIM}


def write_jsonl(records: Iterable[Record], path: Path, *, columns: Columns = CLAIM) -> None:
    """One object a line, keys in the order of the columns."""
    with written(path) as stream:
        for each in records:
            stream.write(json.dumps({name: each.get(name) for name in columns}, ensure_ascii=False) + "\n")


def write_csv(records: Iterable[Record], path: Path, *, columns: Columns = CLAIM) -> None:
    """RFC 4180 (hence CRLF) with a header; None is an empty cell.

    Text that a spreadsheet would take for a formula (it begins with = + - @, tab or carriage return) gets
    an apostrophe in front, as OWASP advises for CSV injection; numbers stay numbers.
    """
    with written(path) as stream:
        writer = csv.writer(stream, lineterminator="\r\n")  # with "\n" a carriage return goes unquoted
        writer.writerow(columns)
        for each in records:
            writer.writerow([_cell(each.get(name)) for name in columns])


def _cell(value: Value) -> Value:
    """A value that a spreadsheet does not run.

    >>> _cell("=1+1"), _cell(-1), _cell(None)
    ("'=1+1", -1, '')
    """
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    return "" if value is None else value


def write_parquet(records: Iterable[Record], path: Path, *, columns: Columns = CLAIM) -> None:
    """One row a record, with the types of the columns; needs the extra `parquet`."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise absent(error, "parquet", where=path) from error
    types = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64(), bool: pyarrow.bool_()}
    schema = pyarrow.schema([(name, types[kind]) for name, kind in columns.items()])
    rows = [{name: _typed(each.get(name), kind) for name, kind in columns.items()} for each in records]
    with replaced(path) as temporary:
        parquet.write_table(pyarrow.Table.from_pylist(rows, schema=schema), temporary)


def _typed(value: Value, kind: type) -> Value:
    return None if value is None else kind(value)


WRITERS: dict[str, Callable[..., None]] = {"jsonl": write_jsonl, "csv": write_csv, "parquet": write_parquet}


def writer(path: str | Path, *, format: str = "") -> Callable[..., None]:
    """The writer of a format, by default that of the ending of `path`; BilanError when there is none."""
    name = format or Path(path).suffix.removeprefix(".")
    if name not in WRITERS:
        raise BilanError(f"unknown export format {name!r}", where=path, mend=f"expected {', '.join(WRITERS)}")
    return WRITERS[name]


def export(records: Iterable[Record], path: str | Path, *, format: str = "",
           columns: Columns = CLAIM) -> None:
    """Write records in a format, by default that of the ending of `path`; BilanError on another."""
    writer(path, format=format)(records, Path(path), columns=columns)
