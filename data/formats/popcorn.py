"""POPCORN's JSON: French intelligence reports with entities, their mentions and relations, read only.

A file maps document ids to `{text, entities, relations}` (or lists them); an entity has a type and
several mentions (`value`, `start`, `end`), which may overlap; a relation `[subject, predicate, object]`
joins entities. Every mention becomes a span. Relations join the first mention of each entity; its
other mentions point at it with `entity`. Source: https://github.com/Emvista/popcorn-dataset (README).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..document import Document
from ..errors import BilanError
from ..files import parse_json, read_text
from ..report import Report
from .entries import Entry, Link, linked, spans_of
from .names import listed
from .records import Record, at, beginning, label, member, offset, short

KEYS = {"text", "entities", "relations", "id"}
WHAT = 'a POPCORN document: {"text": "…", "entities": [{"mentions": […], "type": "…"}], "relations": […]}'


def sniff(path: Path, head: bytes) -> bool:
    """Whether the file is, lists or maps ids to documents whose entities have mentions."""
    del path
    value = beginning(head)
    if _is_document(value):
        return bool(value["entities"])  # else it may be a record of doccano
    inside = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return any(map(_is_document, inside[:1]))


def _is_document(value: Any) -> bool:
    return (isinstance(value, dict) and isinstance(value.get("text"), str)
            and isinstance(value.get("entities"), list)
            and all(isinstance(entity, dict) and isinstance(entity.get("mentions"), list)
                    for entity in value["entities"])
            and bool(value["entities"] or "relations" in value))


def read(path: Path, *, report: Report) -> Iterator[Document]:
    """The documents of a file, or of all `.json` files of a folder, with the ids of the file."""
    for file in listed(path, (".json",)):
        for record in _records(file, parse_json(read_text(file, report=report), where=file)):
            with at(record.where, WHAT):
                document = _document(record, report)
            yield document


def _records(file: Path, value: Any) -> Iterator[Record]:
    if isinstance(value, dict) and "text" not in value:
        for name, inner in value.items():
            yield Record(name or f"{file.stem}-0", f"{file}: document {name!r}", inner)
    else:
        for number, inner in enumerate(value if isinstance(value, list) else [value], 1):
            yield Record(f"{file.stem}-{number}", f"{file}: document {number}", inner)


def _document(record: Record, report: Report) -> Document:
    text = member(record.value, "text", str)
    entries: list[Entry] = []
    names: list[str] = []  # of the entity of each entry
    for entity in member(record.value, "entities", list, []):
        mentions = _mentions(entity)
        entries += mentions
        names += [str(entity["id"])] * len(mentions)
    heads = {name: index for index, name in reversed(list(enumerate(names)))}
    links = [Link(index, "entity", heads[name]) for index, name in enumerate(names) if index != heads[name]]
    links += _links(record, heads, report)
    spans = spans_of(text, entries, where=record.where, report=report)
    ids = [f"e{name}" for name in names]
    meta = {key: value for key, value in record.value.items() if key not in KEYS}
    return Document(record.id, text,
                    linked(spans, links, ids, where=record.where, report=report), meta, record.where)


def _mentions(entity: Any) -> list[Entry]:
    """The mentions of an entity in reading order; its `value`, where given, is an attribute of each."""
    value = entity.get("value")
    said = {} if value is None else {"value": str(value)}
    return [Entry(start, end, label(entity.get("type")), shown, said)
            for start, end, shown in sorted(map(_place, member(entity, "mentions", list)))]


def _place(mention: Any) -> tuple[int, int, str]:
    return offset(mention["start"]), offset(mention["end"]), member(mention, "value", str, "")


def _links(record: Record, heads: dict[str, int], report: Report) -> list[Link]:
    links: list[Link] = []
    for relation in member(record.value, "relations", list, []):
        if not isinstance(relation, list) or len(relation) != 3:
            raise BilanError(f"{short(relation)} is no relation",
                             mend="[subject, predicate, object] is expected")
        subject, predicate, target = map(str, relation)
        if subject in heads and target in heads:
            links.append(Link(heads[subject], predicate, heads[target]))
        else:
            report.lose("dropped: relation to no span", where=record.where, example=short(relation))
    return links
