"""From annotations that disagree to one: the places to decide, and the documents once decided.

A place is a stretch of a document on which annotators marked different spans; what all of them marked
needs no decision. In a place, spans are written in the notation of the guide, and relations name
their target by its offsets in the document (`by=@120-131`): the ids of two annotators may clash.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from .agree import Disagreement, agree
from .document import Document, Span
from .errors import BilanError
from .formats.markup import annotated, parse
from .report import Report

AROUND = 60  # characters of context on both sides of a place
POINTER = re.compile(r"@\d+-\d+")
Annotations = Mapping[str, Sequence[Document]]
Bounds = tuple[str, int, int]


class Place(NamedTuple):
    """A stretch `text[start:end]` to decide; `versions` are what each annotator made of it.

    `decision` is the name of the annotator who is right, or the stretch in the notation as it shall
    be, without a link where nothing is to be marked; empty while nothing is decided.
    """

    document: str
    start: int
    end: int
    context: str
    versions: Mapping[str, str]
    decision: str = ""

    @property
    def bounds(self) -> Bounds:
        """What tells the places apart."""
        return self.document, self.start, self.end

    @property
    def where(self) -> str:
        """The place for an error line."""
        return f"document {self.document!r}, {self.start}–{self.end}"


def adjudication(annotations: Annotations) -> list[Place]:
    """The places to decide, in the order of the documents; a majority is entered as the decision.

    Raises BilanError where the annotations cannot be compared, as `agree`, or a label not be written.

    >>> a, b = (Document("d", "à Goma", (Span(s, 6, "LOC"),)) for s in (0, 2))
    >>> [place.versions for place in adjudication({"anne": [a], "benoît": [b]})]
    [{'anne': '[à Goma](LOC)', 'benoît': 'à [Goma](LOC)'}]
    """
    return [_place(found) for found in _disagreements(annotations)]


def _disagreements(annotations: Annotations) -> tuple[Disagreement, ...]:
    return agree({name: [pointing(document) for document in documents]
                  for name, documents in annotations.items()}).disagreements


def _place(found: Disagreement) -> Place:
    start, end = _bounds(found)
    text = found.document.text
    before, after = text[max(0, start - AROUND):start], text[end:end + AROUND]
    versions = {name: _excerpt(found.document, start, end, spans) for name, spans in found.views.items()}
    return Place(found.document.id, start, end, f"{before}⟦{text[start:end]}⟧{after}", versions,
                 _majority(found.views))


def _bounds(found: Disagreement) -> tuple[int, int]:
    spans = [span for spans in found.views.values() for span in spans]
    return min(span.start for span in spans), max(span.end for span in spans)


def _excerpt(document: Document, start: int, end: int, spans: Iterable[Span]) -> str:
    """A stretch in the notation; what the notation cannot hold is told behind it."""
    moved = tuple(_moved(span, -start) for span in spans)
    lost = Report()
    written = annotated(Document(document.id, document.text[start:end], moved), report=lost)
    return written + "".join(f" + {count} {cause.removeprefix('dropped: ')}"
                             for cause, count in lost.losses.items())


def _moved(span: Span, by: int) -> Span:
    """The span elsewhere, without its id: its offsets are its name."""
    return span.replace(start=span.start + by, end=span.end + by,
                        fragments=tuple((a + by, b + by) for a, b in span.fragments),
                        attributes={key: value for key, value in span.attributes.items() if key != "id"})


def _majority(views: Mapping[str, tuple[Span, ...]]) -> str:
    """The first annotator of more than half of them who marked the same; empty where no such half is."""
    marked = {name: tuple((span.key, span.fragments) for span in spans) for name, spans in views.items()}
    most, count = Counter(marked.values()).most_common(1)[0]
    return next(name for name in marked if marked[name] == most) if 2 * count > len(views) else ""


def apply(places: Iterable[Place], annotations: Annotations, *, default: str | None = None,
          report: Report | None = None) -> list[Document]:
    """The merged documents: what all annotators marked, and what was decided elsewhere.

    `default` is the annotator who is right where nothing is decided. Attributes of common spans are
    those of the first annotator; the report counts those that differ, and relations to spans that
    were decided against. Raises BilanError for undecided places, for a decision that is not the
    text, and when the places are not those of the annotations.
    """
    report = report if report is not None else Report()
    found = {(place.document.id, *_bounds(place)): place for place in _disagreements(annotations)}
    places = list(places)
    _check(places, found, annotations, default)
    decided: dict[str, list[Span]] = defaultdict(list)
    for place in places:
        decided[place.document] += _decision(place, found[place.bounds], default)
    rows = [{document.id: document for document in documents} for documents in annotations.values()]
    return [_merged([row[key] for row in rows], decided[key], report) for key in rows[0]]


def _check(places: Sequence[Place], found: Mapping[Bounds, Disagreement], annotations: Annotations,
           default: str | None) -> None:
    if default is not None and default not in annotations:
        raise BilanError(f"no annotator {default!r}", mend=f"annotators: {', '.join(annotations)}")
    known = [place.bounds for place in places]
    for bounds in {*known} ^ {*found}:
        missing = "is not in the adjudication" if bounds in found else "is not one of the annotations"
        raise BilanError(f"the place {bounds[1]}–{bounds[2]} of document {bounds[0]!r} {missing}",
                         mend="make the adjudication anew: the annotations changed, or a place was removed")
    for place in places:
        if place.versions != _place(found[place.bounds]).versions:
            raise BilanError(f"the versions {dict(place.versions)} are not those of the annotations",
                             where=place.where, mend="edit `decision` only, or make the adjudication anew")
    if twice := [bounds for bounds, times in Counter(known).items() if times > 1]:
        raise BilanError(f"{twice[0]} is decided twice", mend="remove one of the two")
    open_ = [place for place in places if not place.decision and default is None]
    if open_:
        raise BilanError(f"{len(open_)} places are undecided, the first {open_[0].context[:120]!r}",
                         where=open_[0].where, mend="decide them, or say with --default whose version stands")


def _decision(place: Place, found: Disagreement, default: str | None) -> list[Span]:
    chosen = place.decision or default or ""
    if chosen in found.views:
        return list(found.views[chosen])
    text, spans = parse(chosen, where=place.where)
    expected = found.document.text[place.start:place.end]
    if text != expected:
        raise BilanError(f"the decision reads {text!r}, the text {expected!r}", where=place.where,
                         mend=f"write the text with its links, or one of {', '.join(found.views)}")
    return [_moved(span, place.start) for span in spans]


def _merged(row: Sequence[Document], decided: Sequence[Span], report: Report) -> Document:
    first, *others = map(pointing, row)
    common = set.intersection(*({span.key for span in document.spans} for document in (first, *others)))
    for other in others:
        _note_attributes(first, other, common, report)
    agreed = [span for span in first.spans if span.key in common]
    spans = {span.key: span for span in (*agreed, *decided)}
    return _renamed(first.replace(spans=tuple(spans.values())), _names(row), report)


def _note_attributes(first: Document, other: Document, common: set[tuple], report: Report) -> None:
    theirs = {span.key: _moved(span, 0).attributes for span in other.spans}
    for span in first.spans:
        if span.key in common and _moved(span, 0).attributes != theirs[span.key]:
            report.note("kept: attributes of the first annotator where they differ", where=first.id,
                        example=f"{first.mention(span)} {dict(theirs[span.key])}")


def pointer(span: Span) -> str:
    """How relations name a span here.

    >>> pointer(Span(120, 131, "PER"))
    '@120-131'
    """
    return f"@{span.start}-{span.end}"


def pointing(document: Document) -> Document:
    """The document with ids and relations that name spans by their offsets."""
    ids = {name: pointer(span) for name, span in document.by_id().items()}

    def renamed(value: str) -> str:
        parts = value.split()
        return " ".join(ids[part] for part in parts) if parts and ids.keys() >= {*parts} else value

    return document.replace(spans=tuple(
        span.replace(attributes={key: renamed(value) for key, value in span.attributes.items()})
        for span in document.spans)) if ids else document


def _names(row: Sequence[Document]) -> dict[str, str]:
    """Pointer → the id that the first annotator who named the span gave it, if no other span has it."""
    names: dict[str, str] = {}
    for document in row:
        for name, span in document.by_id().items():
            if pointer(span) not in names and name not in names.values():
                names[pointer(span)] = name
    return names


def _renamed(document: Document, names: Mapping[str, str], report: Report) -> Document:
    """The document with ids for pointers; a pointer at a span that is not there is dropped."""
    present = {pointer(span) for span in document.spans}
    wanted = {part for span in document.spans for _, part in _pointers(span)} & present
    ids = {place: names.get(place, place.removeprefix("@")) for place in wanted}
    return document.replace(spans=tuple(span.replace(attributes=_attributes(document, span, ids, report))
                                        for span in document.spans))


def _pointers(span: Span) -> Iterator[tuple[str, str]]:
    for key, value in span.attributes.items():
        yield from ((key, part) for part in value.split() if POINTER.fullmatch(part))


def _attributes(document: Document, span: Span, ids: Mapping[str, str], report: Report) -> dict[str, str]:
    found = {key: value for key, value in span.attributes.items() if key != "id"}
    for key, part in _pointers(span):
        if part not in ids:
            report.lose("dropped: relation to a span that was decided against", where=document.id,
                        example=f"{document.mention(span)} {key}={part}")
    for key in {key for key, _ in _pointers(span)} - {"id"}:
        kept = (part for part in found[key].split() if part in ids or not POINTER.fullmatch(part))
        found[key] = " ".join(ids.get(part, part) for part in kept)
    named = {"id": ids[pointer(span)]} if pointer(span) in ids else {}
    return named | {key: value for key, value in found.items() if value or not span.attributes[key]}
