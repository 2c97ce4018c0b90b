"""What a reader wants to see of a mention: where it stands, in its context, loose at its edges."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from .align import EDGES
from .document import Document, Span

WIDTH = 32  # characters of context on each side
LOOSE = f"{EDGES}-–—/"
PAIRS = {")": "(", "]": "[", "}": "{"}
NEGATIVE = re.compile(r"[-–]\s?\d")
ABBREVIATION = re.compile(r"(?:^|[\W\d_])[^\W\d_]{1,3}\.\Z")  # U.S.A. · av. J.-C. · Cie no.
LINE = re.compile(r":\d+\Z")


def in_context(document: Document, start: int, end: int, *, width: int = WIDTH) -> str:
    """The stretch between square brackets with the text around it, on one line.

    >>> in_context(Document("d", "Les soldats russes avancent."), 4, 11)
    'Les [soldats] russes avancent.'
    """
    text = document.text
    left, right = max(0, start - width), min(len(text), end + width)
    shown = f"{text[left:start]}[{shortened(text[start:end])}]{text[end:right]}"
    return f"{'…' * (left > 0)}{' '.join(shown.split())}{'…' * (right < len(text))}"


def shortened(mention: str) -> str:
    """A mention to be shown: of one that is very long the beginning and the end."""
    return mention if len(mention) <= 4 * WIDTH else f"{mention[:2 * WIDTH]} … {mention[-WIDTH:]}"


def line_of(document: Document, start: int) -> int | None:
    r"""The line of the source file on which a character stands, where source and text tell it.

    In an article of ours the header comes first (its fields, the id and two rules). None for
    sources that are not the text itself, and for those that already name their line.

    >>> line_of(Document("a", "Un\nDeux", meta={"title": "T"}, source="a.md"), 3)
    6
    """
    suffix = Path(document.source).suffix
    if suffix not in (".md", ".txt", ".markup"):
        return None
    header = len(document.meta) + 3 if document.meta else 0
    return header + 1 + bisect_left(_breaks(document.text), start)


@lru_cache(maxsize=1)
def _breaks(text: str) -> Sequence[int]:
    """Where the lines of a text end: found once, for a long text is asked about at each of its mentions."""
    return [found.start() for found in re.finditer("\n", text)]


def place_of(document: Document, start: int) -> str:
    """Document id and, where it is known, the line: `ua-0001:12`; `ua-0001 (a.jsonl:3)` elsewhere."""
    line = line_of(document, start)
    if line is not None:
        return f"{document.id}:{line}"
    return f"{document.id} ({Path(document.source).name})" if LINE.search(document.source) else document.id


def loose_edges(mention: str) -> str:
    """The punctuation marks with which a mention begins or ends, one or two characters or none.

    A closing bracket opened in the mention, the point of an abbreviation and a minus belong to it.

    >>> loose_edges("(Kiev,"), loose_edges("Moyen-Orient (MENA)"), loose_edges("U.S.A.")
    ('(,', '', '')
    """
    first, last = mention[:1], mention[-1:]
    closes = PAIRS.get(last, "\0") in mention or (last == "." and ABBREVIATION.search(mention))
    opens = first not in LOOSE or NEGATIVE.match(mention)
    return ("" if opens else first) + ("" if closes or last not in LOOSE else last)


def folded(document: Document, span: Span) -> str:
    """The mention in one spelling: casefolded, straight apostrophes, one space for any white space.

    >>> folded(Document("d", "L’Express"), Span(0, 9, "ORG"))
    "l'express"
    """
    return fold(document.mention(span))


def fold(text: str) -> str:
    """A text in that one spelling; a word cut by a hyphen at a line end is joined to its hyphen."""
    joined = re.sub(r"(?<=\w)-\r?\n\s*(?=\w)", "-", text)
    return " ".join(joined.casefold().replace("’", "'").split())
