"""How large a corpus is and what it is made of: the figures of its datasheet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .document import Document
from .labels import in_order
from .mentions import folded

FIELDS = {"genres": "genre", "conflicts": "conflict"}  # key of the result → field of the header
UNNAMED = "(none)"


@dataclass(slots=True)
class Part:
    """The size of some documents."""

    documents: int = 0
    words: int = 0
    characters: int = 0
    spans: int = 0

    def add(self, document: Document) -> None:
        """Count one more document."""
        self.documents += 1
        self.words += len(document.text.split())
        self.characters += len(document.text)
        self.spans += len(document.spans)

    def as_dict(self) -> dict[str, int]:
        """The sizes by name."""
        return {name: getattr(self, name) for name in Part.__slots__}


@dataclass(slots=True)
class Uses:
    """The spans of one label: how many, which mentions, in how many documents, how long in all."""

    spans: int = 0
    length: int = 0
    documents: int = 0
    mentions: set[str] = field(default_factory=set)

    def as_dict(self) -> dict[str, Any]:
        """Spans, distinct mentions (casefolded), mean length in characters, documents."""
        return {"spans": self.spans, "mentions": len(self.mentions),
                "mean_length": round(self.length / self.spans, 1), "documents": self.documents}


def stats(documents: Iterable[Document]) -> dict[str, Any]:
    """The sizes of a corpus: in all, by label, by genre and by conflict (from the headers).

    Words are what white space separates; lengths are in characters. `spans_per_document` is the
    smallest, mean and largest number; `attributes` counts the spans that carry each.

    >>> stats([Document("d", "à Goma")])["words"]
    2
    """
    total, sizes = Part(), Counter[int]()
    parts: dict[str, dict[str, Part]] = {key: defaultdict(Part) for key in FIELDS}
    labels: dict[str, Uses] = defaultdict(Uses)
    attributes: Counter[str] = Counter()
    for document in documents:
        total.add(document)
        sizes[len(document.spans)] += 1
        for key, name in FIELDS.items():
            parts[key][str(document.meta.get(name) or UNNAMED)].add(document)
        attributes.update(name for span in document.spans for name in span.attributes)
        _add_labels(labels, document)
    return {
        **total.as_dict(),
        "spans_per_document": _spread(sizes),
        "labels": {label: labels[label].as_dict() for label in in_order(labels)},
        "attributes": dict(attributes.most_common()),
        **{key: _sorted(named) for key, named in parts.items()},
    }


def _add_labels(labels: dict[str, Uses], document: Document) -> None:
    for span in document.spans:
        uses = labels[span.label]
        uses.spans += 1
        uses.length += span.end - span.start
        uses.mentions.add(folded(document, span))
    for label in {span.label for span in document.spans}:
        labels[label].documents += 1


def _spread(sizes: Counter[int]) -> dict[str, float]:
    if not sizes:
        return {}
    mean = sum(size * count for size, count in sizes.items()) / sizes.total()
    return {"least": min(sizes), "mean": round(mean, 1), "most": max(sizes)}


def _sorted(parts: dict[str, Part]) -> dict[str, dict[str, int]]:
    """The parts, those with most documents first."""
    ordered = sorted(parts.items(), key=lambda item: (-item[1].documents, item[0]))
    return {name: part.as_dict() for name, part in ordered}
