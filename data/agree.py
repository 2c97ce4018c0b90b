"""Agreement between two or more annotations of the same texts, and where they disagree.

F1 between two annotators treats one as gold; it is the same the other way round. Krippendorff's
alpha (Krippendorff 2011, https://repository.upenn.edu/handle/20.500.14332/2089) is nominal, over
characters: the value of a character is the label of the innermost span on it, or none. It is
computed from distinct outcomes and how often they occur, which keeps a corpus small in memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np

from .document import Document, Span
from .errors import BilanError
from .labels import in_order
from .match import Counts, count


class Between(NamedTuple):
    """Two annotators: counts of the second against the first, by label, strict and partial."""

    first: str
    second: str
    strict: Mapping[str, Counts]
    partial: Mapping[str, Counts]

    @property
    def strict_f1(self) -> float | None:
        """F1 over all labels, boundaries and label equal; None when neither marked anything."""
        return sum(self.strict.values(), Counts()).f1

    @property
    def partial_f1(self) -> float | None:
        """F1 over all labels, an overlap counting half, labels ignored."""
        return sum(self.partial.values(), Counts()).f1


class Disagreement(NamedTuple):
    """A place that the annotators mark differently, with the spans of each."""

    document: Document
    views: Mapping[str, tuple[Span, ...]]

    @property
    def sides(self) -> dict[str, str]:
        """Annotator → its mentions in the notation of the guide, "–" for none."""
        return {name: " ".join(f"[{self.document.mention(span)}]({span.label})" for span in spans) or "–"
                for name, spans in self.views.items()}


@dataclass(frozen=True)
class Agreement:
    """The result of `agree`: alpha is 1 for full agreement, 0 for chance, None when nothing varies."""

    names: tuple[str, ...]
    documents: int
    pairs: tuple[Between, ...]
    alpha: float | None
    alpha_by_label: Mapping[str, float | None]
    disagreements: tuple[Disagreement, ...]


def agree(annotations: Mapping[str, Sequence[Document]]) -> Agreement:
    """Pairwise F1, alpha and disagreements of annotations, given by annotator.

    Raises BilanError with fewer than two annotators, and where one lacks a document, has it twice
    or has another text.

    >>> a, b = (Document("d", "à Goma", (Span(s, 6, "LOC"),)) for s in (0, 2))
    >>> found = agree({"anne": [a], "benoît": [b]})
    >>> found.pairs[0].strict_f1, found.pairs[0].partial_f1, found.disagreements[0].sides
    (0.0, 0.5, {'anne': '[à Goma](LOC)', 'benoît': '[Goma](LOC)'})
    """
    names = tuple(annotations)
    rows = _rows(annotations)
    labels = in_order({span.label for row in rows for document in row for span in document.spans})
    values, marked, times = _votes(rows, labels)
    by_label = {label: alpha(np.stack([marked[:, i], len(names) - marked[:, i]], axis=1), times=times)
                for i, label in enumerate(labels)}
    pairs = tuple(_between(names, rows, i, j) for i, j in combinations(range(len(names)), 2))
    found = tuple(place for row in rows for place in _disagreements(names, row))
    return Agreement(names, len(rows), pairs, alpha(values, times=times), by_label, found)


def _rows(annotations: Mapping[str, Sequence[Document]]) -> list[tuple[Document, ...]]:
    """One tuple a document, in the order of the annotators."""
    if len(annotations) < 2:
        raise BilanError(f"{len(annotations)} annotation, two or more are compared")
    sides = {name: _by_id(name, documents) for name, documents in annotations.items()}
    first, reference = next(iter(sides.items()))
    for name, side in sides.items():
        for missing, lacking in ((reference.keys() - side.keys(), name),
                                 (side.keys() - reference.keys(), first)):
            if missing:
                raise BilanError(f"{lacking!r} lacks {len(missing)} documents, first {min(missing)!r}",
                                 mend="compare the same documents")
        for key, document in side.items():
            if document.text != reference[key].text:
                raise BilanError(f"the texts of document {key!r} differ between {first!r} and {name!r}",
                                 where=document.source, mend="annotate the same text to the letter")
    return [tuple(side[document_id] for side in sides.values()) for document_id in reference]


def _by_id(name: str, documents: Sequence[Document]) -> dict[str, Document]:
    twice = [key for key, times in Counter(document.id for document in documents).items() if times > 1]
    if twice:
        raise BilanError(f"{name!r} has two documents with the id {twice[0]!r}", mend="make the ids unique")
    return {document.id: document for document in documents}


def _between(names: tuple[str, ...], rows: list[tuple[Document, ...]], i: int, j: int) -> Between:
    return Between(names[i], names[j], *(_counts(rows, i, j, scheme) for scheme in ("strict", "partial")))


def _counts(rows: list[tuple[Document, ...]], i: int, j: int, scheme: str) -> dict[str, Counts]:
    totals: dict[str, Counts] = {}
    for row in rows:
        for label, counts in count(row[i], row[j], scheme=scheme).items():
            totals[label] = totals.get(label, Counts()) + counts
    return {label: totals[label] for label in in_order(totals)}


def _votes(rows: list[tuple[Document, ...]], labels: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How many annotators give each value to a character, by distinct outcome.

    Three arrays: votes for the innermost label or none (outcomes, labels + 1), annotators with any
    span of a label there (outcomes, labels), and how many characters have that outcome (outcomes,).
    """
    times: Counter[tuple[int, ...]] = Counter()
    for row in rows:
        outcomes, counts = np.unique(sum(_painted(document, labels) for document in row), axis=0,
                                     return_counts=True)
        times.update(dict(zip(map(tuple, outcomes.tolist()), counts.tolist(), strict=True)))
    table = np.array(list(times), dtype=int).reshape(len(times), 2 * len(labels) + 1)
    return table[:, :len(labels) + 1], table[:, len(labels) + 1:], np.array(list(times.values()), dtype=int)


def _painted(document: Document, labels: list[str]) -> np.ndarray:
    """One annotation by character: the innermost label or none, one-hot, then every label there."""
    length, none = len(document.text), len(labels)
    value, on = np.full(length, none), np.zeros((length, none), dtype=np.int32)
    for span in sorted(document.spans, key=lambda span: span.start - span.end):
        for start, end in span.fragments or ((span.start, span.end),):
            value[start:end] = labels.index(span.label)
            on[start:end, labels.index(span.label)] = 1
    return np.concatenate([np.eye(none + 1, dtype=np.int32)[value], on], axis=1)


def alpha(votes: np.ndarray, *, times: np.ndarray | None = None) -> float | None:
    """Krippendorff's nominal alpha of votes (units, values); None when all values are the same.

    `times` says how many units each row stands for; units with fewer than two votes do not count.

    >>> alpha(np.array([[2, 0], [0, 2], [1, 1]]))
    0.4444444444444444
    """
    weights = np.ones(len(votes)) if times is None else times.astype(float)
    paired = votes.sum(1) > 1
    rows, weights = votes[paired].astype(float), weights[paired]
    raters = rows.sum(1)
    total = float((weights * raters).sum())
    expected = total**2 - float(((weights @ rows) ** 2).sum())
    if not expected:
        return None
    observed = float((weights * (raters**2 - (rows**2).sum(1)) / (raters - 1)).sum())
    return 1 - (total - 1) * observed / expected


def _disagreements(names: tuple[str, ...], row: tuple[Document, ...]) -> Iterator[Disagreement]:
    common = set.intersection(*({span.key for span in document.spans} for document in row))
    spans = sorted(((span, name) for name, document in zip(names, row, strict=True)
                    for span in document.spans if span.key not in common), key=lambda pair: pair[0].key)
    place: list[tuple[Span, str]] = []
    for span, name in spans:
        if place and span.start >= max(other.end for other, _ in place):
            yield _place(names, row[0], place)
            place = []
        place.append((span, name))
    if place:
        yield _place(names, row[0], place)


def _place(names: tuple[str, ...], document: Document, place: list[tuple[Span, str]]) -> Disagreement:
    return Disagreement(document, {name: tuple(span for span, by in place if by == name) for name in names})
