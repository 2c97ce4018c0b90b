"""Augmentation: training documents with other names, values, dates and typography, and the same labels.

A model learns from it that « 3 000 » may be « trois mille », and that what stands before « a affirmé » is
known by its place rather than by heart. Every variant follows from seed, document id and copy alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from ..data.document import Document
from ..data.errors import BilanError
from ..data.rewrite import Replacement, rewrite
from ..data.typography import Change, by_character, quotes, substitute, thousands, unaccented
from .amounts import revalued
from .days import moved
from .gazetteer import Gazetteer, gazetteer
from .renaming import renamed

NAME, AMOUNT, DATES = 0.7, 0.8, 0.7  # chance that a name, a figure, all dates of a document change
Typography = tuple[float, Callable[[Random], Change]]


def first_line(change: Callable[[str], str]) -> Change:
    """A change of the characters of the first line that has any: a headline."""
    def replacements(document: Document) -> list[Replacement]:
        start = len(document.text) - len(document.text.lstrip())
        end = document.text.find("\n", start)
        return [(i, i + 1, change(char)) for i, char in enumerate(document.text[:end if end >= 0 else None])
                if change(char) != char]
    return replacements


def capital(char: str) -> str:
    """The character in capitals, without its accent."""
    return unaccented(char.upper())


TYPOGRAPHY: tuple[Typography, ...] = (
    (0.5, lambda rng: rng.choice((substitute("[’ʼ]", "'"), substitute(r"(?<=\w)'(?=\w)", "’")))),
    (0.3, lambda rng: quotes(*rng.choice((("«\u00a0", "\u00a0»"), ("« ", " »"), ("“", "”"), ('"', '"'))))),
    (0.2, lambda rng: thousands(rng.choice((" ", "\u00a0", "\u202f", ".", "")))),
    (0.1, lambda rng: by_character(lambda char: unaccented(char) if char.isupper() else char)),
    (0.05, lambda rng: first_line(rng.choice((str.upper, capital)))),
    (0.02, lambda rng: by_character(rng.choice((str.upper, capital)))),
)


def augment(documents: Sequence[Document], *, seed: int, copy: int = 0,
            names: Gazetteer | None = None) -> list[Document]:
    """A variant of each document; ids, number and order of spans, labels and attributes stay.

    `names` are those that may be put in (ours and those of `documents` by default), `copy` tells several
    variants of one document apart. Raises BilanError for a document whose spans overlap.

    >>> augment([], seed=1)
    []
    """
    known = gazetteer(documents) if names is None else names
    return [variant(document, known, seed=seed, copy=copy) for document in documents]


def variant(document: Document, names: Gazetteer, *, seed: int, copy: int) -> Document:
    """One variant of one document."""
    if not document.flat:
        raise BilanError(f"document {document.id!r} has overlapping or discontinuous spans, and cannot be varied",
                         where=document.source, mend="flatten it first")
    rng = Random(f"{seed} {document.id} {copy}")
    edits = [*renamed(document, names, rng, chance=NAME), *revalued(document, rng, chance=AMOUNT)]
    if rng.random() < DATES:
        edits += moved(document, rng)
    changed = rewrite(document, edits)
    for chance, made in TYPOGRAPHY:
        if rng.random() < chance:
            changed = rewrite(changed, made(rng)(changed))
    return changed
