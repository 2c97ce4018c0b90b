"""Scores of the links of figures: who is counted (`who`) and who says so (`by`).

A link is a figure, an attribute and the span that the attribute's id names; it is right when the
gold figure (same start, end and label) has that attribute pointing at that very span. Ids are
names only: those of gold and prediction need not agree. With `lenient=True` a link is also right
when the two targets read the same (case, accents and spaces aside), as two mentions of one actor.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..data.document import Document, Span
from ..data.labels import FIGURE, group_of
from ..data.match import Counts
from .score import pair

ATTRIBUTES = ("who", "by")


class Link(NamedTuple):
    """A figure, the attribute, and the span to which it points (or the name of that mention)."""

    figure: tuple[int, int, str]
    attribute: str
    target: tuple[int, int] | str


def links(document: Document, *, attribute: str, lenient: bool = False) -> set[Link]:
    """The links of a document; an id that no span of the document carries gives none.

    >>> text = "12 civils"
    >>> figure, civil = Span(0, 2, "KILLED", {"who": "c"}), Span(3, 9, "CIVIL", {"id": "c"})
    >>> [link.target for link in links(Document("d", text, (figure, civil)), attribute="who")]
    [(3, 9)]
    """
    named = document.by_id()
    return {Link(span.key, attribute, _target(document, named[name], lenient))
            for span in document.spans if group_of(span.label) == FIGURE
            for name in span.attributes.get(attribute, "").split() if name in named}


def score_links(gold: Iterable[Document], predicted: Iterable[Document], *,
                lenient: bool = False) -> dict[str, Counts]:
    """The counts (precision, recall, F1) of `who` and of `by` over documents paired by id.

    Raises BilanError where documents lack a counterpart or texts differ, as `bilan.eval.score.pair`.
    """
    totals = {attribute: Counts() for attribute in ATTRIBUTES}
    for both in pair(gold, predicted):
        for attribute, counts in _counts(both, lenient=lenient):
            totals[attribute] += counts
    return totals


def _counts(both: tuple[Document, Document], *, lenient: bool) -> Iterator[tuple[str, Counts]]:
    for attribute in ATTRIBUTES:
        gold, predicted = (links(each, attribute=attribute, lenient=lenient) for each in both)
        yield attribute, Counts(len(gold), len(predicted), len(gold & predicted))


def _target(document: Document, span: Span, lenient: bool) -> tuple[int, int] | str:
    if not lenient:
        return span.start, span.end
    letters = unicodedata.normalize("NFKD", document.mention(span).casefold())
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())
