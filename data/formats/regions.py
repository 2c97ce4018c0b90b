"""The results of one Label Studio annotation as spans: regions, what is said of each, relations.

Source: https://labelstud.io/guide/task_format, /tags/labels, /tags/relations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..document import Span
from ..errors import BilanError
from ..report import Report
from .entries import Entry, Link, linked, spans_of
from .records import label, member, offset, short

RELATION = "relation"


class Region(NamedTuple):
    """One label of one labelled stretch; `id` is shared by the labels and attributes of a stretch."""

    id: str
    entry: Entry


def spans_of_results(text: str, results: Sequence[Any], *, scored: bool, where: str,
                     report: Report) -> tuple[Span, ...]:
    """The spans of an annotation's results; what is no span, attribute or relation is counted as lost.

    `scored` keeps the scores, which are those of a prediction. Raises BilanError on malformed results.
    """
    regions = regions_of(results, where=where, report=report)
    attributes = _attributes(results, {region.id for region in regions}, where, report)
    entries = [region.entry._replace(attributes=attributes.get(region.id, {}),
                                     score=region.entry.score if scored else None) for region in regions]
    spans = spans_of(text, entries, where=where, report=report)
    ids = [region.id for region in regions]
    return linked(spans, _links(results, ids, where, report), ids, where=where, report=report)


def regions_of(results: Sequence[Any], *, where: str = "", report: Report | None = None) -> list[Region]:
    """The labelled stretches of text among some results, one for each label."""
    report = report if report is not None else Report()
    found: list[Region] = []
    for number, result in enumerate(results):
        kind = _kind(result)
        if not kind.endswith("labels"):
            continue
        value = member(result, "value", dict)
        place, names = offsets_of(value), _labels(value, kind)
        if place is None or not names:
            report.lose(f"dropped: {kind} region without {'label' if place else 'offsets in a text'}",
                        where=where, example=short(value))
            continue
        mention = value.get("text")
        found += [Region(str(result.get("id", f"r{number}")), Entry(*place, label(name),
                  mention if isinstance(mention, str) else "", score=_score(result, where, report)))
                  for name in names]
    return found


def _kind(result: Any) -> str:
    if not isinstance(result, dict):
        raise BilanError(f"{short(result)} where a result was expected")
    return str(result.get("type", "labels"))


def offsets_of(value: Mapping[str, Any]) -> tuple[int, int] | None:
    """Start and end of a region in the text, or None when it is placed otherwise (image, dialogue).

    Some versions give the path of the text node in `start`, and the offsets beside it.
    """
    start, end = value.get("start"), value.get("end")
    whole = value.get("globalOffsets")
    if isinstance(start, str) and isinstance(whole, dict):
        start, end = whole.get("start"), whole.get("end")
    elif isinstance(start, str) and start == end and start.startswith("/"):
        start, end = value.get("startOffset"), value.get("endOffset")
    if start is None or end is None or isinstance(start, str):
        return None
    return offset(start), offset(end)


def _labels(value: Mapping[str, Any], kind: str) -> list[Any]:
    for key in (kind, *(key for key in value if key.endswith("labels"))):
        if isinstance(value.get(key), list) and value[key]:
            return value[key]
    return []


def _score(result: Mapping[str, Any], where: str, report: Report) -> float | None:
    score = result.get("score")
    if isinstance(score, int | float) and 0 <= score <= 1:
        return float(score)
    if score is not None:
        report.lose("dropped: score", where=where, example=f"{short(score)} is not from 0 to 1")
    return None


def _attributes(results: Sequence[Any], regions: set[str], where: str,
                report: Report) -> dict[str, dict[str, str]]:
    """What choices, text areas, ratings … say of a region; those of the whole task are lost."""
    found: dict[str, dict[str, str]] = {}
    for result in results:
        kind = _kind(result)
        if kind.endswith("labels") or kind == RELATION:
            continue
        said = member(result, "value", dict, {}).get(kind, result["value"].get("text"))
        if str(result.get("id")) in regions and said is not None:
            name = str(result.get("from_name") or kind)
            found.setdefault(str(result["id"]), {})[name] = _text(said)
        else:
            report.lose(f"dropped: {kind} of the whole task", where=where, example=short(said))
    return found


def _text(said: Any) -> str:
    return "; ".join(map(_text, said)) if isinstance(said, list) else str(said)


def _links(results: Sequence[Any], ids: Sequence[str], where: str, report: Report) -> list[Link]:
    place = {name: index for index, name in reversed(list(enumerate(ids)))}
    links: list[Link] = []
    for result in results:
        if _kind(result) != RELATION:
            continue
        source, target = place.get(str(result.get("from_id"))), place.get(str(result.get("to_id")))
        if source is None or target is None:
            report.lose("dropped: relation to no span", where=where, example=short(result))
            continue
        for name in member(result, "labels", list, []) or [RELATION]:
            there, back = Link(source, str(name), target), Link(target, str(name), source)
            links += {"left": [back], "bi": [there, back]}.get(str(result.get("direction")), [there])
    return links


def results_of(text: str, spans: Sequence[Span], attributes: Sequence[Mapping[str, str]],
               links: Sequence[Link]) -> list[dict[str, Any]]:
    """Spans as results: a region each, its attributes as choices of the region, the relations."""
    ids = _ids(spans, {link.target for link in links})
    results: list[dict[str, Any]] = []
    for span, name, said in zip(spans, ids, attributes, strict=True):
        place = {"start": span.start, "end": span.end, "text": text[span.start:span.end]}
        region = {"id": name, "from_name": "label", "to_name": "text", "type": "labels",
                  "value": place | {"labels": [span.label]}}
        results.append(region | ({} if span.score is None else {"score": span.score}))
        results += [{"id": name, "from_name": key, "to_name": "text", "type": "choices",
                     "value": place | {"choices": [value]}} for key, value in said.items()]
    return results + [{"type": RELATION, "from_id": ids[link.source], "to_id": ids[link.target],
                       "direction": "right", "labels": [link.name]} for link in links]


def _ids(spans: Sequence[Span], targets: set[int]) -> list[str]:
    """A region id for every span: the `id` of those that a relation points at, else a free name."""
    used = {spans[index].attributes["id"] for index in targets}
    free = (name for name in (f"r{number}" for number in range(len(spans) + len(used))) if name not in used)
    return [span.attributes["id"] if index in targets else next(free) for index, span in enumerate(spans)]
