"""Texts in passages: what is tokenised, computed and decoded at once, so that memory does not grow with a text.

A text of up to SIZE characters is one passage. A longer one is cut at the last paragraph that ends within
SIZE, else at a line, a sentence, a space; its passages are read as texts of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..data.align import inseparable
from ..data.document import Document

SIZE = 20_000  # characters of a passage: some fifteen windows
HAND_TEXTS, HAND_CHARACTERS = 64, 100_000  # passages sorted by length together
BORDERS = ("\n\n", "\r\n\r\n", "\n", ". ", " ")


class Passage(NamedTuple):
    """A stretch of a document's text that is read by itself; `last` says that the document ends with it."""

    document: Document
    start: int
    text: str
    last: bool


def passages(document: Document, *, size: int = SIZE) -> Iterator[Passage]:
    r"""The passages of a document, in order and without gaps; one, maybe empty, for a short text.

    >>> [passage.text for passage in passages(Document("d", "Un mort.\n\nDeux blessés."), size=15)]
    ['Un mort.\n\n', 'Deux blessés.']
    """
    text, start = document.text, 0
    while len(text) - start > size:
        end = cut(text, start, start + size)
        yield Passage(document, start, text[start:end], False)
        start = end
    yield Passage(document, start, text[start:] if start else text, True)


def cut(text: str, start: int, limit: int) -> int:
    """Where to end a passage that begins at `start` and must not go past `limit`."""
    for border in BORDERS:
        found = text.rfind(border, start + 1, limit)
        if found >= 0:
            return found + len(border)
    end = limit
    while end > start + 1 and inseparable(text, end):
        end -= 1
    return end if end > start + 1 else limit


def hands(documents: Iterable[Document], *, size: int = SIZE) -> Iterator[list[Passage]]:
    """The passages of all documents in order, some at a time."""
    hand: list[Passage] = []
    held = 0
    for document in documents:
        for passage in passages(document, size=size):
            hand.append(passage)
            held += len(passage.text)
            if len(hand) >= HAND_TEXTS or held >= HAND_CHARACTERS:
                yield hand
                hand, held = [], 0
    if hand:
        yield hand
