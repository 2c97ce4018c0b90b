"""Change the text of a Document and keep its spans where they belong: one function for all changes.

Robustness tests (`bilan.eval.perturb`) and augmentation (`bilan.train`) go through it, so that
offsets are computed in one place.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from .document import Document, Span
from .errors import BilanError

Replacement = tuple[int, int, str]


def rewrite(document: Document, replacements: Iterable[Replacement]) -> Document:
    """The document with `text[start:end]` replaced by `new`, for each (start, end, new); spans move along.

    Replacements come in any order, may not overlap, and insert where start equals end. A span grows
    and shrinks with what is replaced inside it; what touches only its edge stays outside, so an
    insertion at an edge is outside; where a replacement crosses an edge, its new text is taken into
    the span. A fragment that vanishes is dropped, and fragments that one replacement touches are
    joined. Raises BilanError when replacements overlap or leave the text, or when a span would
    be empty.

    >>> document = Document("d", "l’armée perd 3 000 hommes", (Span(13, 18, "LOSSES"),))
    >>> changed = rewrite(document, [(1, 2, "'"), (14, 15, "")])
    >>> changed.text, changed.mention(changed.spans[0])
    ("l'armée perd 3000 hommes", '3000')
    """
    edits = _checked(document, replacements)
    pieces: list[str] = []
    position = 0
    for start, end, new in edits:
        pieces += [document.text[position:start], new]
        position = end
    text = "".join([*pieces, document.text[position:]])
    mapping = _Mapping(edits)
    spans = tuple(_moved(span, mapping, document) for span in document.spans)
    return document.replace(text=text, spans=spans)


def _checked(document: Document, replacements: Iterable[Replacement]) -> list[Replacement]:
    edits = sorted(replacements, key=lambda edit: edit[:2])
    position = 0
    for start, end, new in edits:
        if not 0 <= start <= end <= len(document.text):
            raise BilanError(f"document {document.id!r}: replacement {start}–{end} by {new!r} leaves "
                             f"the text of {len(document.text)} characters", where=document.source)
        if start < position:
            raise BilanError(f"document {document.id!r}: replacement {start}–{end} by {new!r} overlaps "
                             f"the one before, which ends at {position}", where=document.source,
                             mend="join them into one")
        position = end
    return edits


class _Mapping:
    """Old offsets to new ones, for edits in order."""

    def __init__(self, edits: list[Replacement]) -> None:
        self.edits = edits
        self.starts = [start for start, _, _ in edits]
        self.shifts = [0]  # of the text after the first n edits
        for start, end, new in edits:
            self.shifts.append(self.shifts[-1] + len(new) - (end - start))

    def start(self, offset: int) -> int:
        """Where a span that began at `offset` begins: after an insertion there."""
        count = bisect_right(self.starts, offset)
        if count and offset < self.edits[count - 1][1]:
            return self.starts[count - 1] + self.shifts[count - 1]
        return offset + self.shifts[count]

    def end(self, offset: int) -> int:
        """Where a span that ended at `offset` ends: before an insertion there."""
        count = bisect_right(self.starts, offset - 1)
        if count and offset < self.edits[count - 1][1]:
            return self.edits[count - 1][1] + self.shifts[count]
        return offset + self.shifts[count]


def _moved(span: Span, mapping: _Mapping, document: Document) -> Span:
    fragments = _joined((mapping.start(start), mapping.end(end)) for start, end in span.fragments)
    start, end = mapping.start(span.start), mapping.end(span.end)
    if fragments:
        start, end = fragments[0][0], fragments[-1][1]
    if start >= end:
        raise BilanError(f"document {document.id!r}: nothing would be left of {document.mention(span)!r} "
                         f"({span.start}–{span.end} {span.label})", where=document.source,
                         mend="replace the mention by something, or take its span away first")
    return span.replace(start=start, end=end, fragments=tuple(fragments) if len(fragments) > 1 else ())


def _joined(fragments: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The fragments that are not empty; those that share a replacement are one."""
    result: list[tuple[int, int]] = []
    for start, end in fragments:
        if result and start < result[-1][1]:
            result[-1] = (result[-1][0], end)
        elif start < end:
            result.append((start, end))
    return result
