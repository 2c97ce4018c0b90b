"""Label Studio's JSON export (tasks with annotations and predictions) and its JSON_MIN.

A region has `value.start`, `value.end`, `value.text` (the mention) and its labels; a relation joins
two region ids. Offsets count UTF-16 units in older versions, code points since version 1.5: the
mention tells. Source: https://labelstud.io/guide/task_format and /guide/export (JSON, JSON_MIN).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ..document import Document
from ..errors import BilanError
from ..files import written
from ..report import Report
from .entries import contiguous, links_of, plain
from .records import Record, at, first, member, records, short
from .regions import regions_of, results_of, spans_of_results

ANNOTATIONS = ("annotations", "completions")  # completions until version 1.0
MIN_KEYS = {"id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement",
            "history"}
DOCUMENT_ID = "document_id"  # our name in `data`: the id of a task is given by Label Studio
ASKED = 200  # mentions that are sought in each field: with all, time would grow as their number times the text
WHAT = 'a Label Studio task: {"data": {"text": "…"}, "annotations": [{"result": […]}]}'


class Chosen(NamedTuple):
    """The results read for a task, and whether a model predicted them."""

    results: Sequence[Any]
    predicted: bool


def sniff(path: Path, head: bytes) -> bool:
    """Whether the first record is a task with its data, or a JSON_MIN record."""
    record = first(head, path)
    if not isinstance(record, dict):
        return False
    if isinstance(record.get("task"), dict):
        return "result" in record and isinstance(record["task"].get("data"), dict)
    if isinstance(record.get("data"), dict):
        return any(isinstance(record.get(key), list) for key in (*ANNOTATIONS, "predictions"))
    return "annotation_id" in record or any(map(_are_regions, record.values()))


def _are_regions(value: Any) -> bool:
    """Whether a field of JSON_MIN holds regions: start, end, mention and labels."""
    return isinstance(value, list) and bool(value) and all(
        isinstance(entry, dict) and "start" in entry
        and any(key.endswith("labels") and isinstance(entry[key], list) for key in entry)
        for entry in value)


def read(path: Path, *, report: Report, annotator: str | None = None,
         field: str | None = None) -> Iterator[Document]:
    """One document a task, with the first completed annotation, or that of `annotator` (name or id).

    Other annotations are counted; predictions are read only where there is no annotation. `field`
    names the text in `data` where it is not the one that shows the mentions.
    """
    for record in _tasks(path, report):
        with at(record.where, WHAT):
            document = _document(record, annotator, field, report)
        if document is not None:
            yield document


def _tasks(path: Path, report: Report) -> Iterator[Record]:
    """The tasks of a file; those of JSON_MIN, one a annotation, are joined by task id at the end."""
    joined: dict[str, Record] = {}
    for record in records(path, suffixes=(".json", ".jsonl"), report=report):
        with at(record.where, WHAT):
            task = _task(record.value)
            if isinstance(record.value.get("data"), dict) or "task" in record.value:
                yield record._replace(value=task)
            elif (key := str(task.get("id", record.name))) in joined:
                joined[key].value["annotations"] += task["annotations"]
            else:
                joined[key] = record._replace(value=task)
    yield from joined.values()


def _task(record: Any) -> dict[str, Any]:
    """A task from the three forms: a task, an annotation with its task (cloud storage), JSON_MIN."""
    if isinstance(record, dict) and isinstance(record.get("task"), dict):
        return {**record["task"], "annotations": [record]}
    if isinstance(record, dict) and isinstance(record.get("data"), dict):
        return record
    if not isinstance(record, dict):
        raise BilanError(f"{short(record)} where a task was expected")
    results = [{"from_name": name, "id": f"{name}{number}", "type": "labels", "value": region}
               for name, value in record.items() if _are_regions(value)
               for number, region in enumerate(value)]
    data = {key: value for key, value in record.items() if key not in MIN_KEYS and not _are_regions(value)}
    annotation = {"completed_by": record.get("annotator"), "result": results}
    return {"id": record.get("id"), "data": data, "annotations": [annotation]}


def _document(record: Record, annotator: str | None, field: str | None, report: Report) -> Document | None:
    task, where = record.value, record.where
    chosen = _chosen(task, annotator, where, report)
    if chosen is None:
        report.note("skipped: task without annotation", where=where)
        return None
    data = member(task, "data", dict)
    field = field or _field(data, chosen.results)
    text = member(data, field, str)
    spans = spans_of_results(text, chosen.results, scored=chosen.predicted, where=where, report=report)
    meta = {key: value for key, value in data.items() if key not in {field, DOCUMENT_ID}}
    names = [str(value) for value in (data.get(DOCUMENT_ID), task.get("id")) if value is not None]
    return Document((names or [record.name])[0], text, spans, meta | member(task, "meta", dict, {}), where)


def _chosen(task: dict[str, Any], annotator: str | None, where: str, report: Report) -> Chosen | None:
    annotations = [one for key in ANNOTATIONS for one in member(task, key, list, [])]
    done = [one for one in annotations if not member(one, "was_cancelled", bool, False)]
    wanted = [one for one in done if annotator is None or annotator in _names(one)]
    predictions = member(task, "predictions", list, [])
    _count("skipped: cancelled annotation", annotations, len(annotations) - len(done), where, report)
    _count("skipped: annotation of another annotator", done, len(done) - bool(wanted), where, report)
    if wanted:
        _count("skipped: prediction beside an annotation", predictions, len(predictions), where, report)
        return Chosen(member(wanted[0], "result", list, []), predicted=False)
    if predictions and annotator is None:
        report.note("read: prediction of a task without annotation", where=where)
        _count("skipped: other prediction", predictions, len(predictions) - 1, where, report)
        return Chosen(_scored(predictions[0]), predicted=True)
    return None


def _count(cause: str, annotations: Sequence[Any], count: int, where: str, report: Report) -> None:
    if count:
        names = {name for one in annotations for name in _names(one)[:1]}
        report.note(cause, where=where, count=count, example=", ".join(sorted(names)))


def _names(annotation: dict[str, Any]) -> list[str]:
    """What an annotator may be called: id, email, user name, full name."""
    by = annotation.get("completed_by")
    if not isinstance(by, dict):
        return [] if by is None else [str(by)]
    full = f"{by.get('first_name') or ''} {by.get('last_name') or ''}".strip()
    return [str(name) for name in (by.get("id"), by.get("email"), by.get("username"), full) if name]


def _scored(prediction: Any) -> list[Any]:
    """The results of a prediction; its score is theirs when none has its own."""
    results = member(prediction, "result", list, [])
    if prediction.get("score") is None or any("score" in result for result in results):
        return results
    return [{**result, "score": prediction["score"]} for result in results]


def _field(data: dict[str, Any], results: Sequence[Any]) -> str:
    """The field of the data in which most mentions occur; `text` or the longest where none tells."""
    texts = [key for key, value in data.items() if isinstance(value, str) and key != DOCUMENT_ID]
    if not texts:
        raise BilanError(f"no text in the data of the task ({', '.join(map(repr, data))[:80]})",
                         mend="name its field with field=…")
    if len(texts) == 1:
        return texts[0]
    found = dict.fromkeys(region.entry.mention for region in regions_of(results) if region.entry.mention)
    mentions = list(found)[:ASKED]
    named = {result.get("to_name") for result in results if isinstance(result, dict)} | {"text"}
    return max(texts, key=lambda key: (sum(mention in data[key] for mention in mentions), key == "text",
                                       key in named, len(data[key])))


def write(documents: Iterable[Document], path: Path, *, report: Report) -> None:
    """Tasks to import: gold spans as an annotation, spans with scores as a prediction.

    Attributes become choices of the region; discontinuous spans are counted as lost.
    """
    with written(path) as stream:
        separator = "["
        for document in documents:
            task = _written(contiguous(document, report))
            stream.write(separator + "\n" + json.dumps(task, ensure_ascii=False))
            separator = ","
        stream.write(("[" if separator == "[" else "") + "\n]\n")


def _written(document: Document) -> dict[str, Any]:
    links = links_of(document)
    results = results_of(document.text, document.spans, plain(document, links), links)
    scores = [span.score for span in document.spans if span.score is not None]
    task: dict[str, Any] = {"data": {"text": document.text, DOCUMENT_ID: document.id}}
    task |= {"meta": dict(document.meta)} if document.meta else {}
    if not scores:
        return task | {"annotations": [{"result": results}]}
    score = sum(scores) / len(scores)
    return task | {"predictions": [{"model_version": "bilan", "score": score, "result": results}]}
