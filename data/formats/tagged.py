"""Tags on tokens as labelled token ranges, whatever the scheme, and the text that the tokens stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .tokens import Offsets, from_tokens

TAG = re.compile(r"([BILUOSEM])[-_](.+)", re.S)
FIRST, LAST = "BUS", "LEUS"  # prefixes that begin a span for certain, and that end one
OUTSIDE = {"", "O", "-", "_"}  # spaCy writes `-` for unknown


def ranges(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """`(first token, last token inclusive, label)` of each span that the tags mark.

    Reads IOB1, IOB2, BILOU, IOBES and bare labels (adjacent equal ones are one span).

    >>> list(ranges(["B-PER", "L-PER", "O", "U-LOC", "I-LOC"]))
    [(0, 1, 'PER'), (3, 3, 'LOC'), (4, 4, 'LOC')]
    """
    start, open_label = 0, ""
    for index, (prefix, label) in enumerate(map(split, tags)):
        if open_label and (label != open_label or prefix in FIRST):
            yield start, index - 1, open_label
            open_label = ""
        if label and not open_label:
            start, open_label = index, label
        if open_label and prefix in LAST:
            yield start, index, open_label
            open_label = ""
    if open_label:
        yield start, len(tags) - 1, open_label


def split(tag: str) -> tuple[str, str]:
    """Prefix and label of a tag; no label outside, prefix `I` for a bare label.

    >>> split("B-PER"), split("O"), split("person")
    (('B', 'PER'), ('O', ''), ('I', 'person'))
    """
    if tag in OUTSIDE:
        return "O", ""
    found = TAG.fullmatch(tag)
    return (found[1], "" if found[1] == "O" else found[2]) if found else ("I", tag)


def placed(tokens: Sequence[str], text: str | None = None) -> tuple[str, list[Offsets]]:
    """The text and the offsets of the tokens in it: the given text if they occur in it, in order.

    Else the tokens with one space between any two.

    >>> placed(["l’", "armée"], "l’armée")
    ('l’armée', [(0, 2), (2, 7)])
    """
    if text is None:
        return from_tokens(tokens)
    offsets: list[Offsets] = []
    position = 0
    for token in tokens:
        start = text.find(token, position)
        if start < 0 or text[position:start].strip():
            return from_tokens(tokens)
        position = start + len(token)
        offsets.append((start, position))
    return text, offsets
