"""Prodigy's JSONL: one task a line, with its spans, tokens, relations and the annotator's answer.

A span has `start`, `end` (code points), `label` and the tokens `token_start` to `token_end`
(inclusive); a relation goes from the span `head_span` to `child_span`, which `head` and `child` (the
last token of each) repeat. Source: https://prodi.gy/docs/api-interfaces.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ..document import Document, Span
from ..errors import BilanError
from ..files import written
from ..offsets import shows
from ..report import Report
from .entries import Entry, Link, contiguous, linked, links_of, plain, spans_of
from .records import Record, at, first, label, member, number, offset, records, short
from .spaced import Spaced, spaced

KEYS = {"text", "spans", "tokens", "relations", "meta", "id", "answer", "label", "accept", "options"}
MARKS = {"answer", "_input_hash", "_task_hash", "_view_id", "_timestamp", "tokens"}
SIDES = ("head_span", "child_span")
WHAT = 'a Prodigy task: {"text": "…", "spans": [{"start": 0, "end": 4, "label": "…"}, …]}'


def sniff(path: Path, head: bytes) -> bool:
    """Whether the first record is a task: a text with a list of spans, and Prodigy's own keys."""
    record = first(head, path)
    if not isinstance(record, dict) or not isinstance(record.get("text"), str) or "tokenized_text" in record:
        return False
    spans = record.get("spans")
    looks = isinstance(spans, list) and all(isinstance(span, dict) for span in spans)
    return (looks and "id" not in record) or (bool(MARKS & record.keys()) and (looks or "answer" in record))


def read(path: Path, *, report: Report, annotator: str | None = None) -> Iterator[Document]:
    """The accepted tasks of a file, or of all `.jsonl` files of a folder, one line at a time.

    Rejected and ignored tasks are counted. `annotator` keeps the tasks of one session or annotator.
    """
    for record in records(path, suffixes=(".jsonl",), report=report):
        with at(record.where, WHAT):
            answer = _answer(record.value, annotator)
            document = _document(record, report) if answer == "accept" else None
        if document is None:
            report.note(f"skipped: {answer}", where=record.where)
        else:
            yield document


def _answer(record: Any, annotator: str | None) -> str:
    answer = member(record, "answer", str, "accept")
    if annotator and annotator not in {record.get("_annotator_id"), record.get("_session_id")}:
        return "task of another annotator"
    return "accept" if answer == "accept" else f"task answered {answer}"


def _document(record: Record, report: Report) -> Document:
    task, where = record.value, record.where
    text = member(task, "text", str)
    tokens = member(task, "tokens", list, [])
    stored = _labelled(member(task, "spans", list, []), where, report)
    entries = [_entry(span, tokens, text) for span in stored]
    spans = spans_of(text, entries, where=where, report=report)
    links = _links(task, stored, where, report)
    ids = [f"s{index}" for index in range(len(spans))]
    _lose_choices(task, where, report)
    meta = dict(member(task, "meta", dict, {}))
    meta |= {key: value for key, value in task.items() if key not in KEYS and not key.startswith("_")}
    return Document(record.id, text, linked(spans, links, ids, where=where, report=report), meta, where)


def _labelled(spans: Sequence[Any], where: str, report: Report) -> list[dict[str, Any]]:
    """The spans with a place; a span that only says its label (a leftover of the interface) is lost."""
    kept: list[dict[str, Any]] = []
    for span in spans:
        if not isinstance(span, dict):
            raise BilanError(f"{short(span)} is not a span", mend="start, end and label are expected")
        if {"start", "end", "token_start"} & span.keys():
            kept.append(span)
        else:
            report.lose("dropped: span without place", where=where, example=short(span))
    return kept


def _entry(span: dict[str, Any], tokens: Sequence[Any], text: str) -> Entry:
    if "start" not in span and tokens:
        span = span | {"start": tokens[span["token_start"]]["start"], "end": tokens[span["token_end"]]["end"]}
    start, end = offset(span.get("start")), offset(span.get("end"))
    attributes = {key: str(value) for key, value in member(span, "attributes", dict, {}).items()}
    return Entry(start, end, label(span.get("label")), _mention(span, tokens, text, start, end), attributes,
                 number(span.get("score")))


def _mention(span: dict[str, Any], tokens: Sequence[Any], text: str, start: int, end: int) -> str:
    """What Prodigy displayed: the span's own `text`, or what its tokens spell; empty if not stored."""
    shown = span.get("text")
    if isinstance(shown, str):
        return shown
    first_token, last_token = span.get("token_start"), span.get("token_end")
    if not tokens or type(first_token) is not int or type(last_token) is not int:
        return ""
    if not 0 <= first_token <= last_token < len(tokens):
        raise BilanError(f"span on the tokens {first_token}–{last_token} of {len(tokens)}",
                         mend="0 ≤ token_start ≤ token_end < number of tokens is expected")
    spelt = tokens[first_token:last_token + 1]
    if spelt[0]["start"] != start or spelt[-1]["end"] != end:
        return ""  # the tokens are not those the offsets count
    if shows(text, start, start + len(spelt[0]["text"]), spelt[0]["text"]) and \
            shows(text, end - len(spelt[-1]["text"]), end, spelt[-1]["text"]):
        return text[start:end]
    return _spelt(spelt)


def _spelt(tokens: Sequence[dict[str, Any]]) -> str:
    before = [token["text"] + " " * bool(token.get("ws", True)) for token in tokens[:-1]]
    return "".join([*before, tokens[-1]["text"]])


def _links(task: dict[str, Any], spans: Sequence[dict[str, Any]], where: str, report: Report) -> list[Link]:
    place = {_key(span): index for index, span in enumerate(spans)}
    links: list[Link] = []
    for relation in member(task, "relations", list, []):
        head, child = (place.get(_key(member(relation, side, dict, {}))) for side in SIDES)
        if head is None or child is None:
            report.lose("dropped: relation between unlabelled tokens", where=where, example=short(relation))
        else:
            links.append(Link(head, label(relation.get("label") or "relation"), child))
    return links


def _key(span: dict[str, Any]) -> tuple[Any, Any, Any]:
    return span.get("start"), span.get("end"), span.get("label")


def _lose_choices(task: dict[str, Any], where: str, report: Report) -> None:
    for key in ("accept", "label"):
        if task.get(key):
            report.lose("dropped: label of the whole task", where=where, example=short(task[key]))


def write(documents: Iterable[Document], path: Path, *, report: Report) -> None:
    """One accepted task a line, with tokens cut at the edges of the spans.

    Attributes and scores stand in the span as further keys; discontinuous spans are counted as lost.
    """
    with written(path) as stream:
        for document in documents:
            stream.write(json.dumps(_task(contiguous(document, report)), ensure_ascii=False) + "\n")


def _task(document: Document) -> dict[str, Any]:
    tokens, links = spaced(document), links_of(document)
    starts = {token.start: index for index, token in enumerate(tokens)}
    ends = {token.end: index for index, token in enumerate(tokens)}
    extra = plain(document, links)
    for link in links:
        extra[link.target]["id"] = document.spans[link.target].attributes["id"]
    places = [_placed(span, starts[span.start], ends[span.end]) for span in document.spans]
    spans = [place | _further(names, span)
             for place, names, span in zip(places, extra, document.spans, strict=True)]
    relations = [_relation(places[link.source], places[link.target], link.name) for link in links]
    task: dict[str, Any] = {"id": document.id, "text": document.text, "spans": spans}
    task["tokens"] = [_token(document.text, index, token) for index, token in enumerate(tokens)]
    task |= {"relations": relations} if relations else {}
    task |= {"meta": dict(document.meta)} if document.meta else {}
    return task | {"answer": "accept"}


def _placed(span: Span, first_token: int, last_token: int) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "label": span.label,
            "token_start": first_token, "token_end": last_token}


def _further(attributes: dict[str, str], span: Span) -> dict[str, Any]:
    score = {} if span.score is None else {"score": span.score}
    return ({"attributes": attributes} if attributes else {}) | score


def _relation(head: dict[str, Any], child: dict[str, Any], name: str) -> dict[str, Any]:
    return {"head": head["token_end"], "child": child["token_end"], "head_span": head, "child_span": child,
            "label": name}


def _token(text: str, index: int, token: Spaced) -> dict[str, Any]:
    return {"text": text[token.start:token.end], "start": token.start, "end": token.end, "id": index,
            "ws": token.space}
