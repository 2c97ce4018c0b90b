"""doccano's JSONL, of the current and of older versions.

Spans are `[start, end, label]` triples in `label` (or `labels`), objects with `start_offset`,
`end_offset` and `label` in `entities` (with `relations`) or in `annotations` (version 1.0, where
labels are numbers). Other columns are meta. Offsets count code points; no mention is stored.
Source: doccano's backend/data_export/pipeline/{factories,formatters}.py and data_import/pipeline/labels.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ..document import Document
from ..errors import BilanError
from ..files import written
from ..report import Report
from .entries import Entry, Link, contiguous, linked, links_of, lose_attributes, lose_scores, plain, spans_of
from .records import Record, at, first, label, member, offset, records, short

TEXTS = ("text", "data")
LABELS = ("entities", "label", "labels", "annotations")
WHAT = 'a doccano record: {"text": "…", "label": [[start, end, "LABEL"], …]}'


def sniff(path: Path, head: bytes) -> bool:
    """Whether the first record has a text and a column of doccano spans (empty ones by known names)."""
    record = first(head, path)
    if not isinstance(record, dict) or "answer" in record or "_input_hash" in record:
        return False
    if not any(isinstance(value, str) for value in record.values()):
        return False
    found = [key for key, value in record.items() if _are_spans(value) and value]
    empty = [key for key in LABELS if record.get(key) == []]
    return bool(found) or (bool(empty) and isinstance(record.get("text"), str))


def _are_spans(value: Any) -> bool:
    return isinstance(value, list) and all(
        (isinstance(entry, list) and [type(part) for part in entry[:2]] == [int, int] and len(entry) == 3)
        or (isinstance(entry, dict) and {"start_offset", "end_offset", "label"} <= entry.keys())
        for entry in value)


def read(path: Path, *, report: Report, text: str | None = None, label: str | None = None,
         annotator: str | None = None) -> Iterator[Document]:
    """The documents of a file, or of all `.jsonl` files of a folder, one line at a time.

    `text` and `label` name the columns where they have other names and cannot be told apart.
    Where a record mixes annotators, those of the first are read, or of `annotator`.
    """
    for record in records(path, suffixes=(".jsonl",), report=report):
        with at(record.where, WHAT):
            document = _document(record, text, label, annotator, report)
        yield document


def _document(record: Record, text: str | None, column: str | None, annotator: str | None,
              report: Report) -> Document:
    text = text or _text_column(record.value)
    column = column or _label_column(record.value)
    body = member(record.value, text, str)
    stored = member(record.value, column, list, []) if column else []
    stored = _of_one(stored, annotator, record.where, report)
    entries = [_entry(entry) for entry in stored]
    ids = [str(entry.get("id", number)) if isinstance(entry, dict) else str(number)
           for number, entry in enumerate(stored)]
    spans = spans_of(body, entries, where=record.where, report=report)
    links = _links(record, ids, report)
    meta = _meta(record.value, {text, column, "id", "relations"})
    return Document(record.id, body, linked(spans, links, ids, where=record.where, report=report),
                    meta, record.where)


def _text_column(record: Any) -> str:
    if not isinstance(record, dict):
        raise BilanError(f"{short(record)} where an object was expected")
    known = [key for key in TEXTS if key in record]
    others = [] if known else [key for key, value in record.items() if isinstance(value, str) and key != "id"]
    if not known and len(others) != 1:
        raise BilanError(f"no text: columns {', '.join(map(repr, record))[:80]}",
                         mend="name the column of the text with text=…")
    return (known or others)[0]


def _label_column(record: dict[str, Any]) -> str | None:
    known = [key for key in LABELS if key in record]
    if len(known) == 1:
        return known[0]
    found = [key for key, value in record.items() if value and _are_spans(value)]
    return next(iter([key for key in known if key in found] or known or found), None)


def _of_one(entries: list[Any], annotator: str | None, where: str, report: Report) -> list[Any]:
    """The entries of one annotator; the others are counted."""
    users = [entry["user"] for entry in entries if isinstance(entry, dict) and "user" in entry]
    if not users or (annotator is None and users.count(users[0]) == len(entries)):
        return entries
    users = [str(user) for user in users]
    chosen = annotator or users[0]
    kept = [entry for entry in entries if str(entry.get("user")) == chosen]
    if len(kept) < len(entries):
        report.note("skipped: span of another annotator", where=where, count=len(entries) - len(kept),
                    example=f"read: {chosen}, skipped: {', '.join(sorted(set(users) - {chosen}))}")
    return kept


def _entry(entry: Any) -> Entry:
    if isinstance(entry, dict):
        start, end = entry.get("start_offset", entry.get("start")), entry.get("end_offset", entry.get("end"))
        return Entry(offset(start), offset(end), label(entry.get("label")))
    if isinstance(entry, list) and len(entry) == 3:
        return Entry(offset(entry[0]), offset(entry[1]), label(entry[2]))
    raise BilanError(f"{short(entry)} is not a span", mend='[start, end, "LABEL"] is expected')


def _links(record: Record, ids: Sequence[str], report: Report) -> list[Link]:
    relations = member(record.value, "relations", list, [])
    place = {name: index for index, name in enumerate(ids)} if relations else {}
    links: list[Link] = []
    for relation in relations:
        source, target = str(relation["from_id"]), str(relation["to_id"])
        if source in place and target in place:
            links.append(Link(place[source], str(relation.get("type") or "relation"), place[target]))
        else:
            report.lose("dropped: relation to no span", where=record.where, example=short(relation))
    return links


def _meta(record: dict[str, Any], used: set[str | None]) -> dict[str, Any]:
    inner = record.get("meta")
    rest = {key: value for key, value in record.items() if key not in used and value not in (None, [], {})}
    if isinstance(inner, dict):
        rest.pop("meta", None)
        return rest | inner
    return rest


def write(documents: Iterable[Document], path: Path, *, report: Report) -> None:
    """One line a document, spans in `entities` and relations in `relations`.

    Import it into a sequence labeling project with relations; into one without, name `entities` as
    the label column. Attributes, scores and discontinuous spans have no place and are counted.
    """
    with written(path) as stream:
        for document in documents:
            stream.write(json.dumps(_record(document, report), ensure_ascii=False) + "\n")


def _record(document: Document, report: Report) -> dict[str, Any]:
    document = contiguous(document, report)
    links = links_of(document)
    lose_attributes(document, plain(document, links), report)
    lose_scores(document, report)
    entities = [{"id": number, "start_offset": span.start, "end_offset": span.end, "label": span.label}
                for number, span in enumerate(document.spans)]
    relations = [{"id": number, "from_id": link.source, "to_id": link.target, "type": link.name}
                 for number, link in enumerate(links)]
    record: dict[str, Any] = {"id": document.id, "text": document.text, "entities": entities,
                              "relations": relations}
    return record | ({"meta": dict(document.meta)} if document.meta else {})
