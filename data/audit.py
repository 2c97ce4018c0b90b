"""What a set of annotations holds and what may be wrong with it, told without writing anything.

Everything is counted, with the first examples; documents pass one at a time. What grows with the set
is the count of each mention by label (needed to tell which are labelled in several ways); of those,
examples are kept up to `MOST`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from . import formats
from .align import inseparable
from .document import Document, Span
from .errors import BilanError
from .formats.entries import links_of, plain
from .labels import FIGURE, GROUP, in_order
from .mentions import folded, in_context, loose_edges, place_of
from .offsets import CONVENTIONS, OURS
from .report import Report

KEEP = 3  # examples of each thing
MOST = 20_000  # mentions of which an example is kept, in case another label comes
NOTED = re.compile(r"mended: offsets (?:that )?count (.+)")  # how the readers say it


class Settled(NamedTuple):
    """How the offsets of a format count unless the reader says otherwise, and what tells it."""

    convention: str
    how: str


BY_MENTIONS = Settled(OURS, "decided by the mentions beside them; code points where several readings fit")
NO_MENTIONS = Settled(OURS, "code points; no mentions are stored that would tell")
SETTLED = {
    "markup": Settled("", "no offsets: the marks stand in the text"),
    "conll": Settled("", "no offsets: one token a line"),
    "gliner": Settled("", "no offsets: numbers of tokens"),
    "tei": Settled("", "no offsets: the elements stand in the text"),
    "gate": Settled("", "no offsets in XML; UTF-16 units in bdocjs, or what it says"),
    "cas": Settled("utf-16", "by definition of the format"),
    "webanno": Settled("utf-16", "decided by the forms of the tokens; UTF-16 where several readings fit"),
    "jsonl": NO_MENTIONS, "doccano": NO_MENTIONS, "spacy": NO_MENTIONS,
}


class Example(NamedTuple):
    """Where (document id, and line if known) and the mention between brackets in its context."""

    where: str
    context: str


@dataclass(slots=True)
class Found:
    """How often one thing was found, with the first examples."""

    what: str
    count: int = 0
    examples: list[Example] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A mention (casefolded) with the spans of each label it has, and an example of each label."""

    mention: str
    labels: dict[str, int]
    examples: dict[str, Example]


@dataclass(frozen=True, slots=True)
class Audit:
    """What `audit` tells; counts are spans, but for `documents`, `empty` and `offsets` (documents).

    `offsets` has the convention of each document (`data/offsets.py`), `settled` says what tells it.
    `counts` and `losses` are the reader's, by cause. `stopped` is the fault after which nothing more
    could be read, empty when the whole set was.
    """

    path: str
    format: str
    documents: int
    empty: Found
    spans: int
    labels: dict[str, int]
    offsets: dict[str, int]
    settled: str
    attributes: dict[str, int]
    relations: dict[str, int]
    findings: list[Found]
    ambiguous: list[Ambiguous]
    counts: dict[str, int]
    losses: dict[str, int]
    told: dict[str, list[str]]
    stopped: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The audit as plain values for JSON."""
        return asdict(self)


def spaced(document: Document) -> Iterator[Span]:
    """Spans that begin or end with white space."""
    for span in document.spans:
        mention = document.mention(span)
        if mention != mention.strip():
            yield span


def punctuated(document: Document) -> Iterator[Span]:
    """Spans that begin or end with punctuation, white space aside."""
    return (span for span in document.spans if loose_edges(document.mention(span).strip()))


def cut(document: Document) -> Iterator[Span]:
    """Spans that begin or end inside a word or a number."""
    return (span for span in document.spans
            if inseparable(document.text, span.start) or inseparable(document.text, span.end))


def repeated(document: Document) -> Iterator[Span]:
    """Spans with the place and the label of one before them."""
    seen: set[tuple] = set()
    for span in document.spans:
        key = (*span.key, span.fragments)
        if key in seen:
            yield span
        seen.add(key)


def relabelled(document: Document) -> Iterator[Span]:
    """Spans with the place of one before them and another label."""
    seen: dict[tuple[int, int], set[str]] = defaultdict(set)
    for span in document.spans:
        labels = seen[span.start, span.end]
        if labels and span.label not in labels:
            yield span
        labels.add(span.label)


def nested(document: Document) -> Iterator[Span]:
    """Spans inside a longer one."""
    widest = (-1, -1)
    for span in document.spans:
        if span.end <= widest[1] and (span.start, span.end) != widest:
            yield span
        if span.end > widest[1]:
            widest = (span.start, span.end)


def crossing(document: Document) -> Iterator[Span]:
    """Spans that begin inside an earlier one and end after it."""
    ends: list[int] = []  # of the spans before, sorted: those between start and end cross
    for span in document.spans:
        if bisect_right(ends, span.start) < bisect_left(ends, span.end):
            yield span
        insort(ends, span.end)


def discontinuous(document: Document) -> Iterator[Span]:
    """Spans in several fragments (elsewhere they count by their hull)."""
    return (span for span in document.spans if span.fragments)


CHECKS: dict[str, Callable[[Document], Iterator[Span]]] = {
    "white space at an edge": spaced,
    "punctuation at an edge": punctuated,
    "cut inside a word or a number": cut,
    "repeated: same place, same label": repeated,
    "same place, another label": relabelled,
    "nested in a longer span": nested,
    "crossing another span": crossing,
    "discontinuous": discontinuous,
}


def audit(path: str | Path, *, format: str | None = None) -> Audit:
    """Read a set of annotations and tell what it holds; nothing is written.

    Raises BilanError when nothing at all can be read. A fault after the first document ends the
    reading, and the audit of what came before says so in `stopped`.

    >>> audit("data/corpus").documents      # doctest: +SKIP
    694
    """
    name = format or formats.detect(path)
    report, tally, settled = Report(keep=KEEP), Tally(), SETTLED.get(name, BY_MENTIONS)
    stopped = ""
    try:
        for document in formats.read(path, format=name, report=report):
            tally.add(document)
    except BilanError as error:
        if not tally.documents:
            raise
        stopped = str(error)
    return Audit(
        path=str(path), format=name, documents=tally.documents, empty=tally.empty, spans=tally.labels.total(),
        labels={label: tally.labels[label] for label in in_order(tally.labels)},
        offsets=offsets(report, tally.documents, settled.convention), settled=settled.how,
        attributes=dict(tally.attributes), relations=dict(tally.relations),
        findings=[found for found in tally.findings.values() if found.count], ambiguous=tally.ambiguous(),
        counts=dict(report.counts), losses=dict(report.losses), told=report.as_dict()["examples"],
        stopped=stopped)


def offsets(report: Report, documents: int, convention: str = OURS) -> dict[str, int]:
    """Documents by the convention of their offsets: that of the format, but for what the reader noted.

    >>> offsets(Report(counts=Counter({"mended: offsets count utf-16": 2})), 5)
    {'code-points': 3, 'utf-16': 2}
    """
    noted = {match[1]: count for cause, count in report.counts.items()
             if (match := NOTED.fullmatch(cause)) and match[1] in CONVENTIONS}
    rest = documents - sum(noted.values())
    return ({convention: rest} if convention and rest > 0 else {}) | noted


@dataclass(slots=True)
class Tally:
    """What has been counted of the documents so far."""

    documents: int = 0
    empty: Found = field(default_factory=lambda: Found("documents without spans"))
    labels: Counter[str] = field(default_factory=Counter)
    attributes: Counter[str] = field(default_factory=Counter)
    relations: Counter[str] = field(default_factory=Counter)
    findings: dict[str, Found] = field(default_factory=lambda: {what: Found(what) for what in CHECKS})
    mentions: Counter[tuple[str, str]] = field(default_factory=Counter)
    shown: dict[tuple[str, str], Example] = field(default_factory=dict)

    def add(self, document: Document) -> None:
        """Count a document, then forget it."""
        self.documents += 1
        if not document.spans:
            _count(self.empty, Example(place_of(document, 0), " ".join(document.text[:60].split())))
        self.labels.update(span.label for span in document.spans)
        links = links_of(document)
        self.relations.update(link.name for link in links)
        self.attributes.update(name for names in plain(document, links) for name in names)
        for what, find in CHECKS.items():
            self._find(document, self.findings[what], find(document))
        for span in document.spans:
            self._mention(document, span)

    def _find(self, document: Document, found: Found, spans: Iterable[Span]) -> None:
        for span in spans:
            example = _example(document, span) if len(found.examples) < KEEP else None
            _count(found, example)

    def _mention(self, document: Document, span: Span) -> None:
        key = folded(document, span), span.label
        if key not in self.mentions and len(self.shown) < MOST:
            self.shown[key] = _example(document, span)
        self.mentions[key] += 1

    def ambiguous(self) -> list[Ambiguous]:
        """The mentions with several labels, those with most spans outside the first label first.

        Figures are left out: that *12* counts dead here and wounded there is no contradiction.
        """
        labels: dict[str, dict[str, int]] = defaultdict(dict)
        for (mention, label), count in self.mentions.most_common():
            if GROUP.get(label) != FIGURE:
                labels[mention][label] = count
        several = [(mention, counts) for mention, counts in labels.items() if len(counts) > 1]
        several.sort(key=lambda item: (max(item[1].values()) - sum(item[1].values()), item[0]))
        return [Ambiguous(mention, counts, {label: self.shown[mention, label] for label in counts
                                            if (mention, label) in self.shown})
                for mention, counts in several]


def _count(found: Found, example: Example | None) -> None:
    found.count += 1
    if example is not None and len(found.examples) < KEEP:
        found.examples.append(example)


def _example(document: Document, span: Span) -> Example:
    return Example(place_of(document, span.start), in_context(document, span.start, span.end))
