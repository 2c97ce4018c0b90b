"""Precision, recall and F1 of predicted Documents against gold ones, per label, group and overall.

Scoring is a fold: each pair of documents gives counts by label (`bilan.data.match`, where the four
schemes and the matching rule are), counts add up, and scores are properties of the sum.

>>> from bilan.data import Document, Span
>>> gold = [Document("d", "Goma et Bukavu", (Span(0, 4, "LOC"), Span(8, 14, "LOC")))]
>>> predicted = [Document("d", "Goma et Bukavu", (Span(0, 4, "LOC"),))]
>>> score(pair(gold, predicted)).micro
Counts(gold=2, predicted=1, correct=1)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from ..data.document import Document
from ..data.errors import BilanError
from ..data.labels import GROUPS, group_of, in_order
from ..data.match import SCHEMES, Counts, count, distinct, scheme_of

__all__ = ["SCHEMES", "Average", "Counts", "Pair", "Scores", "only", "pair", "score"]
METRICS = ("precision", "recall", "f1")


class Pair(NamedTuple):
    """A gold document and what was predicted for the same text."""

    gold: Document
    predicted: Document


class Average(NamedTuple):
    """Scores averaged over labels, each over the labels for which it is defined."""

    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True)
class Scores:
    """Counts by label, in the order of the guide; the support of a label is its `gold`.

    `duplicates` are the repeated spans (gold and predicted) that were counted once.
    """

    scheme: str
    labels: Mapping[str, Counts]
    documents: int = 0
    duplicates: int = 0

    @property
    def micro(self) -> Counts:
        """All labels together."""
        return sum(self.labels.values(), Counts())

    @property
    def groups(self) -> dict[str, Counts]:
        """Entities and figures, those of them that occur."""
        return {group: sum(members, Counts()) for group in GROUPS
                if (members := [c for label, c in self.labels.items() if group_of(label) == group])}

    @property
    def macro(self) -> Average:
        """The plain mean over labels with gold or predictions."""
        return self._average(dict.fromkeys(self.labels, 1))

    @property
    def weighted(self) -> Average:
        """The mean over labels weighted by support; labels without gold weigh nothing."""
        return self._average({label: counts.gold for label, counts in self.labels.items()})

    def _average(self, weights: Mapping[str, float]) -> Average:
        return Average(*(_mean([(getattr(counts, metric), weights[label])
                                for label, counts in self.labels.items()]) for metric in METRICS))


def _mean(values: list[tuple[float | None, float]]) -> float | None:
    defined = [(value, weight) for value, weight in values if value is not None]
    total = sum(weight for _, weight in defined)
    return sum(value * weight for value, weight in defined) / total if total else None


def score(pairs: Iterable[Pair], *, scheme: str = "strict") -> Scores:
    """The counts of all pairs by label, in one pass and constant memory.

    `scheme` is strict, exact, partial or type; BilanError on another.
    """
    scheme_of(scheme)
    totals: dict[str, Counts] = {}
    documents = duplicates = 0
    for gold, predicted in pairs:
        documents += 1
        duplicates += sum(len(d.spans) - len(distinct(d.spans)) for d in (gold, predicted))
        for label, counts in count(gold, predicted, scheme=scheme).items():
            totals[label] = totals.get(label, Counts()) + counts
    return Scores(scheme, {label: totals[label] for label in in_order(totals)}, documents, duplicates)


def pair(gold: Iterable[Document], predicted: Iterable[Document]) -> Iterator[Pair]:
    """Gold and predicted documents with the same id, as they come; the order may differ.

    Documents in the same order are paired in constant memory. Raises BilanError when two documents
    share an id, when the texts of a pair differ, and, at the end, when one side lacks documents.
    """
    waiting: tuple[dict[str, Document], dict[str, Document]] = ({}, {})
    seen: Counter[tuple[int, str]] = Counter()
    for both in zip_longest(gold, predicted):
        for side, document in enumerate(both):
            if document is None:
                continue
            seen[side, document.id] += 1
            if seen[side, document.id] > 1:
                raise BilanError(f"two {('gold', 'predicted')[side]} documents have the id {document.id!r}",
                                 where=document.source, mend="make the ids unique")
            other = waiting[1 - side].pop(document.id, None)
            if other is None:
                waiting[side][document.id] = document
            else:
                yield _checked(*((document, other) if side == 0 else (other, document)))
    _refuse_missing(*waiting)


def _checked(gold: Document, predicted: Document) -> Pair:
    if gold.text == predicted.text:
        return Pair(gold, predicted)
    texts = zip(gold.text, predicted.text, strict=False)
    shorter = min(len(gold.text), len(predicted.text))
    at = next((place for place, (a, b) in enumerate(texts) if a != b), shorter)
    raise BilanError(f"the texts of document {gold.id!r} differ from character {at} on: gold "
                     f"{gold.text[at:at + 20]!r}, predicted {predicted.text[at:at + 20]!r}",
                     where=predicted.source, mend="predict on the gold texts to the letter")


def _refuse_missing(gold: Mapping[str, Document], predicted: Mapping[str, Document]) -> None:
    for ids, lacking in ((gold, "predicted"), (predicted, "gold")):
        if ids:
            shown = ", ".join(repr(name) for name in list(ids)[:3]) + (" …" if len(ids) > 3 else "")
            raise BilanError(f"{len(ids)} documents are not in {lacking}: {shown}",
                             mend="give the same documents on both sides (an empty prediction is a "
                                  "document without spans)")


def only(pairs: Iterable[Pair], labels: Iterable[str]) -> Iterator[Pair]:
    """The pairs with the spans of some labels."""
    wanted = set(labels)
    for both in pairs:
        yield Pair(*(d.replace(spans=tuple(s for s in d.spans if s.label in wanted)) for d in both))
