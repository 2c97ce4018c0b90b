"""Hugging Face datasets: a folder made by `save_to_disk`, parquet files, or a folder of parquet.

Either tokens with tags (`tokens`, `ner_tags`: names, or numbers whose names the features give), or a
text with spans (`start`, `end`, `label`, as a list of structs or a struct of lists). The features stand
in the schema's metadata, under `huggingface`. The split (train, dev, test) comes from the file's name.
Source: https://huggingface.co/docs/datasets/about_dataset_features, /docs/hub/datasets-file-names-and-splits.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from ..document import Document
from ..errors import BilanError
from ..extras import absent
from ..files import os_error, parse_json, replaced
from ..report import Report
from .entries import Entry, spans_of
from .names import listed
from .records import at, label, member, number, offset, short
from .tagged import placed, ranges
from .tokens import token_spans

SUFFIXES = (".parquet", ".arrow")
BATCH = 500  # rows read or written at once
TOKENS = ("tokens", "words")
TAGS = ("ner_tags", "ner", "tags", "labels", "ner_labels", "fine_ner_tags")
SPANS = ("spans", "entities")
SPLITS = {"train": "train", "training": "train", "validation": "dev", "valid": "dev", "val": "dev",
          "dev": "dev", "test": "test"}
WHAT = "a dataset row: tokens and ner_tags, or text and spans"


class Columns(NamedTuple):
    """Which columns hold what, and the names of the labels that are numbers."""

    text: str | None
    tokens: str | None
    tags: str | None
    spans: str | None
    names: Sequence[str]


def sniff(path: Path, head: bytes) -> bool:
    """Whether the file is parquet or Arrow, or the folder one that `save_to_disk` made."""
    if path.is_dir():
        return any((path / name).is_file() for name in ("dataset_dict.json", "state.json"))
    return head.startswith((b"PAR1", b"ARROW1")) or (path.suffix == ".arrow" and head[:4] == b"\xff" * 4)


def read(path: Path, *, report: Report, tags: str | None = None,
         names: Sequence[str] | None = None) -> Iterator[Document]:
    """The documents of a file or folder, some hundred rows in memory at a time.

    `tags` names the column of tags where there are several, `names` the labels that their numbers
    stand for where the features do not say. Rows numbered anew in each split get the split before
    their number (`train-0`).
    """
    counts: Counter[str] = Counter()
    for file in _files(path):
        split = _split(file, path)
        series = split or file.stem
        for at_row, (columns, row) in enumerate(_rows(file, tags, names or ()), 1):
            counts[series] += 1
            where = f"{file}: row {at_row}"
            with at(where, WHAT):
                document = _document(row, columns, f"{series}-{counts[series]}", where, report)
            yield _in_split(document, split) if split else document


def _in_split(document: Document, split: str) -> Document:
    name = f"{split}-{document.id}" if document.id.isdigit() else document.id
    return document.replace(id=name, meta={"split": split, **document.meta})


def _files(path: Path) -> list[Path]:
    """The data files, without the results that `map` left in the folder."""
    return [file for file in listed(path, SUFFIXES) if not file.name.startswith(("cache-", "tmp"))]


def _split(file: Path, top: Path) -> str:
    """The split that the name of the file, or of a folder of the dataset above it, begins with."""
    inner = file.relative_to(top).parts[::-1] if top.is_dir() else (file.name,)
    for part in inner:
        found = re.match(r"[a-z]+", part.lower())
        if found and found[0] in SPLITS:
            return SPLITS[found[0]]
    return ""


def _pyarrow(where: Path) -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise absent(error, "parquet or Arrow", where=where) from error
    return pyarrow


@contextmanager
def _told(file: Path) -> Iterator[None]:
    pyarrow = _pyarrow(file)
    try:
        yield
    except (OSError, UnicodeDecodeError, pyarrow.ArrowException) as error:
        if isinstance(error, OSError) and error.errno:
            raise os_error(error, file) from error
        raise BilanError(f"not a parquet or Arrow file ({' '.join(str(error).split())[:80]})", where=file,
                         mend="the file may be cut short: write it again with to_parquet") from error


def _rows(file: Path, tags: str | None, names: Sequence[str]) -> Iterator[tuple[Columns, dict[str, Any]]]:
    pyarrow = _pyarrow(file)
    with _told(file), open(file, "rb") as stream:
        if stream.read(4) == b"PAR1":
            source = pyarrow.parquet.ParquetFile(file)
            schema, batches = source.schema_arrow, source.iter_batches(BATCH, use_threads=False)  # of few rows each
        else:
            schema, batches = _arrow(file)
        columns = _columns(schema, tags, names, file)
        for batch in batches:
            batch.validate(full=True)  # offsets of a damaged file would be followed out of memory
            for start in range(0, batch.num_rows, BATCH):
                yield from ((columns, row) for row in batch.slice(start, BATCH).to_pylist())


def _arrow(file: Path) -> tuple[Any, Iterable[Any]]:
    """Schema and batches of an Arrow file, of the stream form that `datasets` writes or of the other."""
    pyarrow = _pyarrow(file)
    source = pyarrow.memory_map(str(file))
    try:
        reader = pyarrow.ipc.open_stream(source)
    except pyarrow.ArrowInvalid:
        whole = pyarrow.ipc.open_file(source)
        return whole.schema, (whole.get_batch(index) for index in range(whole.num_record_batches))
    return reader.schema, reader


def _columns(schema: Any, tags: str | None, names: Sequence[str], file: Path) -> Columns:
    def known(wanted: Iterable[str]) -> str | None:
        return next((name for name in wanted if name in schema.names), None)

    text, tokens, spans = known(("text",)), known(TOKENS), known(SPANS)
    tags = known((tags,) if tags else (*TAGS, *(name for name in schema.names if "ner" in name.split("_"))))
    if not (tokens and tags) and not (text and spans):
        raise BilanError(f"no text with spans and no tokens with tags: {', '.join(schema.names)[:80]}",
                         where=file, mend="rename the columns to tokens and ner_tags, or to text and spans")
    spans = spans if text and spans else None
    features = _features(schema, file)
    return Columns(text, tokens, tags, spans, names or _names(features.get(str(spans or tags))))


def _features(schema: Any, file: Path) -> dict[str, Any]:
    written = (schema.metadata or {}).get(b"huggingface", b"{}").decode("utf-8", "replace")
    with at(f"{file}: huggingface metadata", "dataset features: an object"):
        return member(member(parse_json(written, where=file), "info", dict, {}), "features", dict, {})


def _names(feature: Any) -> list[str]:
    """The names of the ClassLabel somewhere inside a feature; none where there is none."""
    if isinstance(feature, dict) and isinstance(feature.get("names"), list):
        return [str(name) for name in feature["names"]]
    inner = feature.values() if isinstance(feature, dict) else feature if isinstance(feature, list) else ()
    return next((found for found in map(_names, inner) if found), [])


def _document(row: dict[str, Any], columns: Columns, name: str, where: str, report: Report) -> Document:
    used = {"id", "meta", columns.text, columns.tokens, columns.tags, columns.spans}
    meta = {}
    for key, value in row.items():
        if key in used or value is None:
            continue
        if isinstance(value, str | int | float | bool) and _is_json(value):
            meta[key] = value
        else:
            report.note(f"skipped: column {short(key)}, no text, number or truth value", where=where,
                        example=type(value).__name__)
    meta |= _meta(row.get("meta"), where, report)
    name = str(row["id"]) if row.get("id") not in (None, "") else name
    if columns.spans and columns.text:
        text = member(row, columns.text, str)
        entries = [_entry(span, columns.names) for span in _structs(row[columns.spans])]
        made = spans_of(text, entries, where=where, report=report)
        spans = tuple(span.replace(fragments=tuple(map(tuple, parts))) if parts else span
                      for span, parts in zip(made, map(_fragments, _structs(row[columns.spans])), strict=True)
                      if span)
        return Document(name, text, spans, meta, where)
    tokens = member(row, str(columns.tokens), list)
    tags = [_tag(tag, columns.names) for tag in member(row, str(columns.tags), list)]
    if len(tags) != len(tokens):
        raise BilanError(f"{len(tokens)} tokens but {len(tags)} tags")
    text, offsets = placed(tokens, row.get(columns.text or ""))
    return Document(name, text, tuple(token_spans(offsets, ranges(tags))), meta, where)


def _meta(value: Any, where: str, report: Report) -> dict[str, Any]:
    value = parse_json(value, where=where) if isinstance(value, str) and value.startswith("{") else value
    value = value if isinstance(value, dict) else {} if value is None else {"meta": value}
    kept = {key: item for key, item in value.items() if _is_json(item)}
    for key in [key for key in value if key not in kept]:
        report.lose("dropped: value in the header that JSON has not", where=where, example=f"{key}={value[key]!r}"[:80])
    return kept


def _is_json(value: Any) -> bool:
    """Whether a value is one of JSON: Arrow has bytes, times and decimals too."""
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_json(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(_is_json, value))
    return value is None or isinstance(value, str | int | bool) or isinstance(value, float) and math.isfinite(value)


def _tag(tag: Any, names: Sequence[str]) -> str:
    if isinstance(tag, str):
        return tag
    if tag is None or tag == -100:  # what losses leave out
        return "O"
    if type(tag) is int and 0 <= tag < len(names):
        return names[tag]
    raise BilanError(f"tag {short(tag)} has no name" + (f" among {len(names)}" if names else ""),
                     mend="give the labels in order with names=…, or save the dataset with a ClassLabel")


def _structs(value: Any) -> list[Any]:
    """A list of structs, also from a struct of lists, as older versions store a sequence of structs."""
    if isinstance(value, dict):
        return [dict(zip(value, parts, strict=True)) for parts in zip(*value.values(), strict=True)]
    return value or []


def _entry(span: Mapping[str, Any], names: Sequence[str]) -> Entry:
    name = next((span[key] for key in ("label", "type", "entity", "tag") if span.get(key) is not None), None)
    name = names[name] if type(name) is int and 0 <= name < len(names) else name
    attributes = {pair["name"]: pair["value"] for pair in span.get("attributes") or ()}
    start, end = (span.get(key, span.get(f"{key}_offset")) for key in ("start", "end"))
    return Entry(offset(start), offset(end), label(name), str(span.get("text") or ""), attributes,
                 number(span.get("score")))


def _fragments(span: Mapping[str, Any]) -> list[list[int]]:
    return span.get("fragments") or []


def write(documents: Iterable[Document], path: Path, *, report: Report) -> None:
    """One parquet file of `id`, `text`, `spans` (a list of structs) and `meta` (JSON); nothing is lost."""
    del report
    pyarrow = _pyarrow(path)
    schema = _schema(pyarrow)
    remaining = iter(documents)
    with replaced(path) as temporary, pyarrow.parquet.ParquetWriter(temporary, schema) as writer:
        while rows := [_row(document) for document in islice(remaining, BATCH)]:
            writer.write_table(pyarrow.Table.from_pylist(rows, schema))


def _schema(pa: Any) -> Any:
    pair = pa.struct([("name", pa.string()), ("value", pa.string())])
    span = pa.struct([("start", pa.int64()), ("end", pa.int64()), ("label", pa.string()),
                      ("attributes", pa.list_(pair)), ("score", pa.float64()),
                      ("fragments", pa.list_(pa.list_(pa.int64())))])
    return pa.schema([("id", pa.string()), ("text", pa.string()), ("spans", pa.list_(span)),
                      ("meta", pa.string())])


def _row(document: Document) -> dict[str, Any]:
    spans = [{"start": span.start, "end": span.end, "label": span.label, "score": span.score,
              "attributes": [{"name": name, "value": value} for name, value in span.attributes.items()],
              "fragments": [list(part) for part in span.fragments]} for span in document.spans]
    meta = json.dumps(dict(document.meta), ensure_ascii=False) if document.meta else None
    return {"id": document.id, "text": document.text, "spans": spans, "meta": meta}
