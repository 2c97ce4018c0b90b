"""Document and Span, the types at the centre: every format becomes a Document at the door.

Offsets are half-open and count Unicode code points: `text[start:end]` is the mention, always.
Both types are frozen; transform by returning a new one (`replace`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import lt
from typing import Any

from .errors import BilanError

NONE: Mapping[str, str] = {}  # copied on use


@dataclass(frozen=True, slots=True, init=False)
class Span:
    """A labelled stretch of a text, `text[start:end]`.

    `attributes` are strings by name; one whose value is the `id` attribute of another span of
    the document (or several, separated by spaces) is a relation to it (`who=s by=kiev`).
    `fragments` are the parts of a discontinuous mention, of which `start` and `end` are the hull.
    `score` is the confidence of a prediction, 0 to 1, and None in gold. Raises BilanError for an
    empty or negative span, an empty label, and fragments that do not fill the hull.

    >>> Span(3, 9, "FORCE").label
    'FORCE'
    """

    start: int
    end: int
    label: str
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)
    score: float | None = None
    fragments: tuple[tuple[int, int], ...] = ()

    def __init__(self, start: int, end: int, label: str, attributes: Mapping[str, str] = NONE,
                 score: float | None = None, fragments: Iterable[Sequence[int]] = ()) -> None:
        # Spans are made by the million: checking locals and filling the slots directly takes half
        # the time of a generated __init__ with a __post_init__.
        if type(start) is not int or type(end) is not int or not 0 <= start < end or not label \
                or type(label) is not str:
            raise _bad_span(start, end, label)
        set_start(self, start)
        set_end(self, end)
        set_label(self, label)
        set_attributes(self, _strings(attributes) if attributes else {})
        set_score(self, score)
        set_fragments(self, _checked(fragments, start, end) if fragments else ())

    @property
    def key(self) -> tuple[int, int, str]:
        """What a strict score compares: start, end, label."""
        return self.start, self.end, self.label

    def replace(self, **changes: Any) -> Span:
        """The same span with some fields changed."""
        return replace(self, **changes)

    def overlaps(self, other: Span) -> bool:
        """Whether the two hulls share at least one character."""
        return self.start < other.end and other.start < self.end


set_start, set_end, set_label, set_attributes, set_score, set_fragments = (
    getattr(Span, name).__set__ for name in Span.__dataclass_fields__)


def _bad_span(start: object, end: object, label: object) -> BilanError:
    if type(start) is not int or type(end) is not int:
        return BilanError(f"span {start!r}–{end!r}: offsets are whole numbers")
    if not 0 <= start < end:
        return BilanError(f"span {start}–{end} {label!r} is empty or negative",
                          mend="0 ≤ start < end is expected")
    return BilanError(f"span {start}–{end} has no label (got {label!r})")


def _strings(attributes: Mapping[str, str]) -> dict[str, str]:
    for value in attributes.values():
        if not isinstance(value, str):
            raise BilanError(f"attribute value {value!r} is no string")
    return dict(attributes)


def _checked(fragments: Iterable[Sequence[int]], start: int, end: int) -> tuple[tuple[int, int], ...]:
    parts = tuple((first, last) for first, last in fragments)
    edges = [edge for part in parts for edge in part]
    ordered = all(a < b for a, b in parts) and all(a <= b for a, b in zip(edges[1::2], edges[2::2], strict=False))
    if len(parts) < 2 or edges[0] != start or edges[-1] != end or not ordered:
        raise BilanError(f"fragments {parts} of span {start}–{end} are not two or more ordered parts "
                         "that begin and end with it")
    return parts


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its spans, gold or predicted.

    Spans are kept sorted by start, longest first; they may nest or overlap (see `flat`).
    `meta` holds what a header says (title, date, genre …); `source` says where it was read
    (`file:line`) and is not compared. Raises BilanError, naming document and span, when a span
    leaves the text or the text cannot be written as UTF-8.

    >>> document = Document("d1", "l’armée russe", (Span(2, 13, "FORCE"),))
    >>> document.mention(document.spans[0])
    'armée russe'
    """

    id: str
    text: str
    spans: tuple[Span, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict, hash=False)
    source: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        """Sort the spans and check each against the text."""
        if not isinstance(self.id, str) or not self.id:
            raise BilanError(f"document without id (got {self.id!r})", where=self.source)
        object.__setattr__(self, "spans", tuple(in_reading_order(self.spans)))
        object.__setattr__(self, "meta", dict(self.meta))
        _check_text(self)
        for span in self.spans:
            if span.end > len(self.text):
                raise BilanError(
                    f"document {self.id!r}: span {span.start}–{span.end} {span.label!r} leaves "
                    f"the text of {len(self.text)} characters", where=self.source,
                    mend="check the offsets: `bilan-data audit` tells which convention they follow")

    def mention(self, span: Span) -> str:
        """The characters that the span marks."""
        return self.text[span.start:span.end]

    def replace(self, **changes: Any) -> Document:
        """The same document with some fields changed."""
        return replace(self, **changes)

    @property
    def flat(self) -> bool:
        """Whether no two spans overlap and none is discontinuous."""
        return (all(a.end <= b.start for a, b in zip(self.spans, self.spans[1:], strict=False))
                and not any(span.fragments for span in self.spans))

    def by_id(self) -> dict[str, Span]:
        """The spans that carry an `id` attribute, by that id."""
        return {span.attributes["id"]: span for span in self.spans if "id" in span.attributes}


def in_reading_order(spans: Iterable[Span]) -> list[Span]:
    """The spans by start, longest first, then by label and attributes."""
    given = list(spans)
    starts = [span.start for span in given]
    rising = all(map(lt, starts, starts[1:]))  # most often they are in order: cheaper than sorting
    return given if rising else sorted(given, key=_reading_order)


def _reading_order(span: Span) -> tuple:
    return span.start, -span.end, span.label, sorted(span.attributes.items()) if span.attributes else []


def _check_text(document: Document) -> None:
    for key in document.meta:
        if not isinstance(key, str):
            raise BilanError(f"document {document.id!r}: {key!r} in its header is no name", where=document.source)
    said = json.dumps(document.meta, ensure_ascii=False, default=str, skipkeys=True) if document.meta else ""
    named = [document.id, said]
    for span in document.spans:
        named.append(span.label)
        if span.attributes:
            named += [*span.attributes, *span.attributes.values()]
    for what, text in (("character", document.text), ("character of names and values", " ".join(named))):
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise BilanError(f"document {document.id!r}: lone surrogate at {what} {error.start}",
                             where=document.source,
                             mend="the text was cut inside a UTF-16 pair: export it again") from error


def labels_of(documents: Iterable[Document]) -> list[str]:
    """The labels that occur, sorted."""
    return sorted({span.label for document in documents for span in document.spans})


def crossing(spans: Iterable[Span]) -> Iterator[tuple[Span, Span]]:
    """Pairs of neighbouring spans, in reading order, that share characters."""
    widest: Span | None = None
    for span in sorted(spans, key=_reading_order):
        if widest is not None and widest.overlaps(span):
            yield widest, span
        if widest is None or span.end > widest.end:
            widest = span


def flatten(document: Document, *, prefer: str = "longest") -> tuple[Document, list[Span]]:
    """The document without overlaps, and the spans given up for that.

    `prefer` says which of two overlapping spans stays: the `longest`, or the `first` to begin.
    Discontinuous spans are taken by their hull. Raises BilanError on another value.

    >>> flatten(Document("d", "abc", (Span(0, 3, "A"), Span(1, 2, "B"))))[1][0].label
    'B'
    """
    orders = {"longest": lambda s: (s.start - s.end, s.start), "first": lambda s: (s.start, -s.end)}
    if prefer not in orders:
        raise BilanError(f"unknown overlap policy {prefer!r}", mend=f"expected {' or '.join(orders)}")
    if document.flat:
        return document, []
    kept, dropped = _pick(sorted(document.spans, key=orders[prefer]), len(document.text))
    return document.replace(spans=tuple(span.replace(fragments=()) for span in kept)), dropped


def _pick(candidates: list[Span], length: int) -> tuple[list[Span], list[Span]]:
    taken = bytearray(length)
    kept: list[Span] = []
    dropped: list[Span] = []
    for span in candidates:
        free = taken.find(1, span.start, span.end) < 0
        (kept if free else dropped).append(span)
        if free:
            taken[span.start:span.end] = b"\1" * (span.end - span.start)
    return kept, sorted(dropped, key=_reading_order)
