"""The links of figures: who is counted (`who`) and who says so (`by`).

A link is a figure, an attribute and the span that the attribute's id names; it is right when the
gold figure (same start, end and label) has that attribute pointing at that very span. Ids are
names only: those of gold and prediction need not agree. They are counted by `bilan.eval.attribution`.
"""

from __future__ import annotations

from typing import NamedTuple

from ..data.document import Document
from ..data.labels import FIGURE, group_of

ATTRIBUTES = ("who", "by")


class Link(NamedTuple):
    """A figure, the attribute, and the span to which it points."""

    figure: tuple[int, int, str]
    attribute: str
    target: tuple[int, int]


def links(document: Document, *, attribute: str) -> set[Link]:
    """The links of a document; an id that no span of the document carries gives none.

    >>> from bilan.data import Span
    >>> text = "12 civils"
    >>> figure, civil = Span(0, 2, "KILLED", {"who": "c"}), Span(3, 9, "CIVIL", {"id": "c"})
    >>> [link.target for link in links(Document("d", text, (figure, civil)), attribute="who")]
    [(3, 9)]
    """
    named = document.by_id()
    return {Link(span.key, attribute, (named[name].start, named[name].end))
            for span in document.spans if group_of(span.label) == FIGURE
            for name in span.attributes.get(attribute, "").split() if name in named}
