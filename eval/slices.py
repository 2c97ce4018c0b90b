"""Scores on slices of the test set: where a system is weak, each with its support and interval.

A family of slices names every span (or leaves it out); the counts then go by that name instead of
the label. Families by document look at its header or text, families by mention at the mention
itself, gold or predicted: two identical spans have the same name, so strict scores stay whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..data.document import Document, Span
from ..data.match import Counts, Naming
from .intervals import RESAMPLES, Interval, Table, by_name, tabulate
from .score import Pair

LENGTHS = ((500, "under 500 characters"), (1_500, "500 to 1,499 characters"),
           (4_000, "1,500 to 3,999 characters"))
LONGEST = "4,000 characters and more"
WORDS = ("1 word", "2 words", "3 words", "4 words")
SEPARATORS = {" ": "space", "\u00a0": "no-break space", "\u202f": "narrow no-break space", ".": "dot"}
NUMBER = re.compile(r"\d{1,3}([ \u00a0\u202f.])\d{3}(?!\d)")
RARE = 0.5  # a label is rare below this part of the mean support of the labels


class Slice(NamedTuple):
    """One row: `documents` hold spans of the slice, gold or predicted; `f1` is strict."""

    family: str
    name: str
    documents: int
    counts: Counts
    f1: Interval


@dataclass(frozen=True)
class Known:
    """What the training data holds: mentions (casefolded) with their labels, and label support."""

    mentions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    support: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Known:
        """Read the training documents once."""
        mentions: dict[str, set[str]] = {}
        support: Counter[str] = Counter()
        for document in documents:
            for span in document.spans:
                mentions.setdefault(folded(document, span), set()).add(span.label)
                support[span.label] += 1
        return cls({text: frozenset(labels) for text, labels in mentions.items()}, support)


def folded(document: Document, span: Span) -> str:
    """The mention in one spelling: casefolded, white space as single spaces, straight apostrophes."""
    return " ".join(document.mention(span).casefold().replace("’", "'").split())


def by_document(naming: Callable[[Document], str | None]) -> Naming:
    """A family that looks at the document only."""
    return lambda document, span: naming(document)


def length_of(document: Document) -> str:
    """The length class of a document."""
    return next((name for bound, name in LENGTHS if len(document.text) < bound), LONGEST)


def words_of(document: Document, span: Span) -> str:
    """The number of words of a mention."""
    words = len(document.mention(span).split())
    return WORDS[max(words, 1) - 1] if words <= len(WORDS) else "5 words and more"


def apostrophes_of(document: Document) -> str:
    """Which apostrophes a text uses."""
    found = [name for mark, name in (("’", "curly"), ("'", "straight")) if mark in document.text]
    return " and ".join(found) or "none"


def quotes_of(document: Document) -> str:
    """Which quotation marks a text uses."""
    marks = {"guillemets": "«", "curly": "“", "straight": '"'}
    return " and ".join(name for name, mark in marks.items() if mark in document.text) or "none"


def separator_of(document: Document, span: Span) -> str | None:
    """How a mention with thousands writes them; None for a mention without."""
    text = document.mention(span)
    if found := NUMBER.search(text):
        return SEPARATORS[found[1]]
    return "no separator" if re.search(r"\d{5}", text) else None


def capitals_of(document: Document, span: Span) -> str:
    """Whether a mention is in capitals, begins with one, or has none there."""
    text = document.mention(span)
    if text.isupper():
        return "all capitals"
    return "capital first" if text[:1].isupper() else "no capital first"


def seen_in(known: Known) -> Naming:
    """Whether the training data has the mention, and with the same label."""
    def name(document: Document, span: Span) -> str:
        labels = known.mentions.get(folded(document, span), frozenset())
        return "seen" if span.label in labels else "seen with another label" if labels else "unseen"
    return name


def rare_in(support: Mapping[str, int]) -> Naming:
    """Whether the label of a span has less than half the mean support."""
    bound = RARE * sum(support.values()) / max(len(support), 1)

    def name(document: Document, span: Span) -> str:
        del document
        return "rare labels" if support.get(span.label, 0) < bound else "frequent labels"
    return name


def families(pairs: Sequence[Pair], *, known: Known | None = None) -> dict[str, Naming]:
    """Family → naming; `seen in training` only where the training data is known."""
    support = known.support if known else Counter(s.label for p in pairs for s in p.gold.spans)
    result: dict[str, Naming] = {key: by_document(_field(key)) for key in ("genre", "conflict")}
    result |= {"document length": by_document(length_of), "mention length": words_of,
               "label frequency": rare_in(support), "apostrophes": by_document(apostrophes_of),
               "quotation marks": by_document(quotes_of), "thousands": separator_of, "capitals": capitals_of}
    return result | ({"seen in training": seen_in(known)} if known else {})


def _field(key: str) -> Callable[[Document], str | None]:
    return lambda document: str(document.meta[key]) if document.meta.get(key) else None


def slices(pairs: Sequence[Pair], *, train: Iterable[Document] | None = None, resamples: int = RESAMPLES,
           seed: int = 0) -> list[Slice]:
    """All slices, by family, the largest support first; strict F1 with its 95 % interval.

    `train` are the training documents. A predicted document is named by the header of its gold one.
    """
    known = None if train is None else Known.of(train)
    alike = [Pair(gold, predicted.replace(meta=gold.meta)) for gold, predicted in pairs]
    return [row for family, naming in families(alike, known=known).items()
            for row in _rows(family, tabulate(alike, name=naming), resamples, seed)]


def _rows(family: str, table: Table, resamples: int, seed: int) -> Iterator[Slice]:
    bounds = by_name(table, resamples=resamples, seed=seed)
    held = dict(zip(table.names, (table.counts[..., :2].sum(-1) > 0).sum(0).tolist(), strict=True))
    rows = [Slice(family, name, held[name], table.total(name), bounds[name]) for name in table.names]
    yield from sorted(rows, key=lambda row: -row.counts.gold)
