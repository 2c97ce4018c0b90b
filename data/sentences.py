"""French sentences: where each begins and ends, without touching the text.

A sentence ends at `.`, `!`, `?` or `…`, with the closing quotes and brackets that follow, when
white space and then something that can begin a sentence come next. Abbreviations (`M.`, `art.`,
`av. J.-C.`), initials (`J. Martin`) and numbers (`n° 12`, `3.500`) end none. A line break ends one
unless the next line goes on in lower case, as in text wrapped at a fixed width.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

ABBREVIATIONS = frozenset(
    "m mm me mgr dr pr prof st ste sts cap capt gén lt cdt adj sgt cf env art av apr bd chap éd fig "
    "hab ibid id p pp réf tél vol vs".split())
BEFORE_NUMBERS = frozenset("janv févr avr juil sept oct nov déc no n chap art p vol".split())
CLOSERS = r"(?:\s?[»”]|[\"')\]])*"
END = re.compile(rf"[.!?…]+{CLOSERS}(?=\s+(?P<next>\S))|[^\S\n]*\r?\n(?:\s*\n|(?![^\S\n]*[^\W\d_A-ZÀ-Þ]))\s*")
LAST_WORD = re.compile(r"[^\W\d_]+(?:[.-][^\W\d_]+)*\Z")
OPENERS = "«“\"‘'([–—-•*"


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Half-open offsets of the sentences, in order, without the white space around them.

    >>> sentences("M. Zelensky est venu. Il a parlé.")
    ((0, 21), (22, 33))
    """
    return tuple(_trimmed(text, _bounds(text)))


def _bounds(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in END.finditer(text):
        if end["next"] is None or _closes(text, start, end):
            yield start, end.end()
            start = end.end()
    yield start, len(text)


def _closes(text: str, start: int, end: re.Match[str]) -> bool:
    """Whether this punctuation ends a sentence, by what stands before and after it."""
    following = end["next"]
    if not (following.isupper() or following.isdigit() or following in OPENERS):
        return False
    word = LAST_WORD.search(text[max(start, end.start() - 40):end.start()])
    if word is None or end[0] != ".":
        return True
    last = re.split(r"[.-]", word[0])[-1]
    if following.isdigit() and last.lower() in BEFORE_NUMBERS:
        return False
    return not (len(last) == 1 and last.isupper() or last.lower() in ABBREVIATIONS)


def _trimmed(text: str, bounds: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end in bounds:
        inner = text[start:end]
        if inner.strip():
            yield start + len(inner) - len(inner.lstrip()), end - len(inner) + len(inner.rstrip())
