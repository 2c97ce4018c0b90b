"""Tokens that cover a text, as spaCy and Prodigy want them: each says whether a space follows it.

A text is the concatenation of its tokens, each followed by one space or by nothing; other white
space is a token of its own. Tokens are cut at the edges of the spans, so every span is whole tokens.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import NamedTuple

from ..document import Document
from .tokens import words


class Spaced(NamedTuple):
    """A token, `text[start:end]`, and whether a space that is no token follows it."""

    start: int
    end: int
    space: bool


def spaced(document: Document) -> list[Spaced]:
    """The tokens of a document, in order; the edges of every span are edges of tokens.

    >>> [(token.start, token.end, token.space) for token in spaced(Document("d", "à Kiev."))]
    [(0, 1, True), (2, 6, False), (6, 7, False)]
    """
    text = document.text
    edges = sorted({edge for span in document.spans for edge in (span.start, span.end)})
    taken = {span.start for span in document.spans}, {span.end for span in document.spans}
    tokens: list[Spaced] = []
    for start, end in _pieces(text, edges):
        free = start not in taken[0] and end not in taken[1]
        if text[start:end] == " " and tokens and free and not tokens[-1].space:
            tokens[-1] = tokens[-1]._replace(space=True)
        else:
            tokens.append(Spaced(start, end, False))
    return tokens


def _pieces(text: str, edges: list[int]) -> list[tuple[int, int]]:
    """Words and the white space between them, cut at the edges."""
    pieces: list[tuple[int, int]] = []
    position = 0
    for start, end in [*words(text, cuts=edges), (len(text), len(text))]:
        inside = edges[bisect_right(edges, position):bisect_left(edges, start)]
        bounds = [position, *inside, start]
        pieces += [(a, b) for a, b in zip(bounds, bounds[1:], strict=False) if a < b]
        pieces += [(start, end)] if start < end else []
        position = end
    return pieces
