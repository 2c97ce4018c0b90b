"""Changes of typography, as lists of replacements for `rewrite`: apostrophes, spaces, quotation marks, accents.

Robustness tests and augmentation share them: they change how a text is set and nothing that it says.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

from .document import Document
from .rewrite import Replacement

NUMBER = re.compile(r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u202f.]\d{3})+(?![\d.,]\d|\d)")
QUOTE = re.compile("[«“][ \u00a0\u202f]?|[ \u00a0\u202f]?[»”]|\"")
Change = Callable[[Document], list[Replacement]]


def substitute(pattern: str, new: str) -> Change:
    """A change that replaces every match of a pattern."""
    compiled = re.compile(pattern)
    return lambda document: [(m.start(), m.end(), new) for m in compiled.finditer(document.text)]


def by_character(change: Callable[[str], str]) -> Change:
    """A change of characters one by one."""
    return lambda document: [(i, i + 1, change(char)) for i, char in enumerate(document.text)
                             if change(char) != char]


def unaccented(char: str) -> str:
    """The character without accent or cedilla; a combining accent disappears."""
    return "".join(c for c in unicodedata.normalize("NFD", char) if not unicodedata.combining(c))


def thousands(separator: str) -> Change:
    """A change that writes the thousands of numbers with another separator."""
    def replacements(document: Document) -> list[Replacement]:
        cuts = edges(document)
        numbers = [m for m in NUMBER.finditer(document.text) if whole(cuts, m.start(), m.end())]
        return [(number.start() + i, number.start() + i + 1, separator) for number in numbers
                for i, char in enumerate(number[0]) if not char.isdigit() and char != separator]
    return replacements


def edges(document: Document) -> list[int]:
    """Where the spans of a document begin and end, sorted."""
    return sorted(edge for span in document.spans for edge in (span.start, span.end))


def whole(cuts: Sequence[int], start: int, end: int) -> bool:
    """Whether no edge of a span is inside: “le 12 300 soldats” is a date and a figure, no number."""
    return bisect_right(cuts, start) == bisect_left(cuts, end)


def quotes(opening: str, closing: str) -> Change:
    """A change that writes quotations with other marks; straight ones open and close by turns."""
    def replacements(document: Document) -> list[Replacement]:
        found: list[Replacement] = []
        is_open = False
        for mark in QUOTE.finditer(document.text):
            is_open = not is_open if '"' in mark[0] else mark[0][0] in "«“"
            new = opening if is_open else closing
            if new != mark[0]:
                found.append((mark.start(), mark.end(), new))
        return found
    return replacements
