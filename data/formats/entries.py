"""Spans as the tools store them (offsets, label, sometimes the mention) and their relations.

Shared by the formats that keep offsets beside a text. Where the mention is stored it tells how the
offsets count (`offsets.best_convention`); a mention that is nowhere under that reading is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..document import Document, Span
from ..offsets import OURS, best_convention, ruler, shows
from ..report import Report

NOTHING: Mapping[str, str] = {}


class Entry(NamedTuple):
    """One stored span; `mention` is what the tool displayed, empty where it is not stored."""

    start: int
    end: int
    label: str
    mention: str = ""
    attributes: Mapping[str, str] = NOTHING
    score: float | None = None


class Link(NamedTuple):
    """A relation between two spans, given by their position in a list."""

    source: int
    name: str
    target: int


def spans_of(text: str, entries: Sequence[Entry], *, where: str, report: Report) -> list[Span | None]:
    """One span an entry, in order; None for those that are lost (and counted).

    Raises BilanError on a negative span or one that ends before it starts.
    """
    mentions = [(entry.start, entry.end, entry.mention) for entry in entries if entry.mention]
    convention = (best_convention(text, mentions) if mentions else OURS) or OURS
    if convention == OURS:
        return [_span(text, entry, entry.start, entry.end, where, report) for entry in entries]
    report.note(f"mended: offsets that count {convention}", where=where)
    places = ruler(text, convention)
    return [_span(text, entry, places.get(entry.start, -1), places.get(entry.end, -1), where, report)
            for entry in entries]


def _span(text: str, entry: Entry, start: int, end: int, where: str, report: Report) -> Span | None:
    if not entry.mention and start < end:
        return Span(start, end, entry.label, entry.attributes, entry.score)
    if (start, end) != (entry.start, entry.end) and min(start, end) < 0:
        report.lose("dropped: offsets match no reading", where=where, example=_shown(entry))
    elif entry.mention and not shows(text, start, end, entry.mention):
        report.lose("dropped: offsets match no reading", where=where,
                    example=f"{_shown(entry)}, the text has {text[max(start, 0):max(end, 0)][:40]!r}")
    elif start == end:
        report.lose("dropped: empty span", where=where, example=_shown(entry))
    else:
        return Span(start, end, entry.label, entry.attributes, entry.score)
    return None


def _shown(entry: Entry) -> str:
    return f"{entry.start}–{entry.end} {entry.label} {entry.mention[:40]!r}"


def linked(spans: Sequence[Span | None], links: Iterable[Link], ids: Sequence[str], *,
           where: str, report: Report) -> tuple[Span, ...]:
    """The spans that were not lost, with their relations as attributes.

    `ids[i]` becomes the `id` attribute of `spans[i]` if a relation points at it and it has none.
    A relation of a lost span is lost.
    """
    named: dict[int, dict[str, str]] = {}
    for link in links:
        source, target = spans[link.source], spans[link.target]
        if source is None or target is None:
            report.lose("dropped: relation of a lost span", where=where, example=link.name)
            continue
        ids_of_target = named.setdefault(link.target, dict(target.attributes))
        target_id = ids_of_target.setdefault("id", "-".join(ids[link.target].split()) or "0")
        attributes = named.setdefault(link.source, dict(source.attributes))
        if target_id not in attributes.get(link.name, "").split():
            attributes[link.name] = f"{attributes.get(link.name, '')} {target_id}".strip()
    return tuple(span if index not in named else span.replace(attributes=named[index])
                 for index, span in enumerate(spans) if span is not None)


def links_of(document: Document) -> list[Link]:
    """The attributes of a document's spans whose value is the id of one of them, or several ids.

    >>> links_of(Document("d", "ab", (Span(0, 1, "A", {"id": "x"}), Span(1, 2, "B", {"who": "x"}))))
    [Link(source=1, name='who', target=0)]
    """
    place = {span.attributes["id"]: index for index, span in enumerate(document.spans)
             if "id" in span.attributes}
    return [Link(index, name, place[target]) for index, span in enumerate(document.spans)
            for name, value in span.attributes.items() if _points(name, value, place)
            for target in value.split()] if place else []


def _points(name: str, value: str, place: Mapping[str, int]) -> bool:
    return name != "id" and bool(value.split()) and all(target in place for target in value.split())


def plain(document: Document, links: Sequence[Link] | None = None) -> list[dict[str, str]]:
    """Each span's attributes, less relations, and less an `id` that a relation points at."""
    links = links_of(document) if links is None else links
    relations = {(link.source, link.name) for link in links}
    targets = {link.target for link in links}
    return [{name: value for name, value in span.attributes.items()
             if (index, name) not in relations and not (name == "id" and index in targets)}
            for index, span in enumerate(document.spans)]


def contiguous(document: Document, report: Report) -> Document:
    """The document without its discontinuous spans, which are counted as lost."""
    for span in document.spans:
        if span.fragments:
            report.lose("dropped: discontinuous span", where=document.source or document.id,
                        example=repr(document.mention(span)))
    if not any(span.fragments for span in document.spans):
        return document
    return document.replace(spans=tuple(span for span in document.spans if not span.fragments))


def lose_attributes(document: Document, attributes: Sequence[Mapping[str, str]], report: Report) -> None:
    """Count the attributes that a format has no place for."""
    for names in attributes:
        for name, value in names.items():
            report.lose("dropped: attribute", where=document.source or document.id, example=f"{name}={value}")


def lose_scores(document: Document, report: Report) -> None:
    """Count the scores that a format has no place for."""
    for span in document.spans:
        if span.score is not None:
            report.lose("dropped: score", where=document.source or document.id,
                        example=repr(document.mention(span)))
