"""Offsets that count UTF-16 units, as Java and JavaScript do, to code points."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

from ..errors import BilanError


def from_utf16(text: str) -> Callable[[int], int]:
    """The function that turns an offset in UTF-16 units into one in code points of this text.

    An offset beyond the end stays beyond the end. That function raises BilanError for an offset
    between the two halves of a character.

    >>> from_utf16("a😀b")(3)
    2
    """
    wide = (index for index, character in enumerate(text) if character > "\uffff")
    pairs = [index + rank for rank, index in enumerate(wide)] if max(text, default="") > "\uffff" else []

    def code_point(offset: int) -> int:
        before = bisect_left(pairs, offset)
        if before and pairs[before - 1] == offset - 1:
            raise BilanError(f"offset {offset} falls inside the character {text[offset - before]!r}",
                             mend="offsets that count UTF-16 units are expected")
        return offset - before

    return code_point
