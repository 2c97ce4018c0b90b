"""GLiNER's training JSON: `tokenized_text` and `ner`, read only.

`ner` holds `[first token, last token inclusive, label]`; spans may overlap. The text is the tokens
with one space between any two. Source: https://github.com/urchade/GLiNER (examples, train.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..document import Document
from ..errors import BilanError
from ..report import Report
from .entries import Link, linked
from .records import Record, at, first, label, member, offset, records, short
from .tokens import from_tokens, token_spans

KEYS = {"tokenized_text", "ner", "relations", "id", "ner_labels", "ner_negatives", "relation_labels"}
WHAT = 'a GLiNER record: {"tokenized_text": ["…"], "ner": [[first, last, "label"], …]}'


def sniff(path: Path, head: bytes) -> bool:
    """Whether the first record has tokens under GLiNER's name for them."""
    record = first(head, path)
    return isinstance(record, dict) and isinstance(record.get("tokenized_text"), list)


def read(path: Path, *, report: Report) -> Iterator[Document]:
    """The documents of a JSON array or JSONL file, or of the `.json` and `.jsonl` files of a folder."""
    for record in records(path, suffixes=(".json", ".jsonl"), report=report):
        with at(record.where, WHAT):
            document = _document(record, report)
        yield document


def _document(record: Record, report: Report) -> Document:
    tokens = member(record.value, "tokenized_text", list)
    if not all(isinstance(token, str) for token in tokens):
        raise BilanError("a token is not a text")
    text, offsets = from_tokens(tokens)
    marked = [_range(entry) for entry in member(record.value, "ner", list, [])]
    spans = token_spans(offsets, marked)
    ids = [f"s{index}" for index in range(len(spans))]
    meta = {key: value for key, value in record.value.items() if key not in KEYS and value is not None}
    return Document(record.id, text,
                    linked(spans, _links(record, len(spans), report), ids, where=record.where, report=report),
                    meta, record.where)


def _range(entry: Any) -> tuple[int, int, str]:
    if not isinstance(entry, list) or len(entry) != 3:
        raise BilanError(f"{short(entry)} is not a span", mend='[first token, last token, "label"] expected')
    return offset(entry[0]), offset(entry[1]), label(entry[2])


def _links(record: Record, count: int, report: Report) -> list[Link]:
    """The relations `[head span, tail span, label]`, spans counted in the order of `ner`."""
    links: list[Link] = []
    for relation in member(record.value, "relations", list, []):
        if isinstance(relation, list) and len(relation) == 3 and all(
                type(end) is int and 0 <= end < count for end in relation[:2]):
            links.append(Link(relation[0], str(relation[2]), relation[1]))
        else:
            report.lose("dropped: relation to no span", where=record.where, example=short(relation))
    return links
