"""Words and characters: the one tokeniser of the token formats, and texts rebuilt from tokens.

Offsets are half-open code points everywhere; token numbers in `(first, last, …)` are inclusive, as
the token formats write them.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from ..document import Document, Span, flatten
from ..errors import BilanError
from ..report import Report

Offsets = tuple[int, int]
# Marks (accents, variation selectors) lie in these two blocks of code points; they stay with the
# character before them, else a decomposed « é » would be cut out of its word.
MARKS = "".join(chr(code) for block in (range(0x300, 0x1F000), range(0xE0100, 0xE01F0)) for code in block
                if unicodedata.category(chr(code)).startswith("M"))
WORD = re.compile(rf"(?:[^\W\d_][{MARKS}]*)+|\d+[{MARKS}]*|\S[{MARKS}]*")


def words(text: str, *, cuts: Iterable[int] = ()) -> list[Offsets]:
    """The tokens we write: runs of letters, runs of digits, other characters one by one, no white space.

    A token is cut in two at each offset of `cuts` that falls inside it.

    >>> [text[a:b] for text in ["l’an 2024."] for a, b in words(text)]
    ['l', '’', 'an', '2024', '.']
    """
    found = [match.span() for match in WORD.finditer(text)]
    edges = sorted(set(cuts))
    return [piece for token in found for piece in _cut(token, edges)] if edges else found


def _cut(token: Offsets, edges: Sequence[int]) -> list[Offsets]:
    start, end = token
    inside = edges[bisect_right(edges, start):bisect_left(edges, end)]
    return list(zip([start, *inside], [*inside, end], strict=True))


def from_tokens(tokens: Sequence[str], spaces: Sequence[bool] | None = None) -> tuple[str, list[Offsets]]:
    """The text that the tokens make, and the offsets of each in it.

    `spaces` says after which tokens a space stands; None puts one between any two. Raises
    BilanError when the two lengths differ.

    >>> from_tokens(["l’", "armée"], [False, False])
    ('l’armée', [(0, 2), (2, 7)])
    """
    if spaces is None:
        spaces = [True] * (len(tokens) - 1) + [False] * bool(tokens)
    if len(spaces) != len(tokens):
        raise BilanError(f"{len(tokens)} tokens but {len(spaces)} marks of a following space")
    offsets: list[Offsets] = []
    position = 0
    for token, space in zip(tokens, spaces, strict=True):
        offsets.append((position, position + len(token)))
        position += len(token) + bool(space)
    return "".join(token + " " * bool(space) for token, space in zip(tokens, spaces, strict=True)), offsets


def token_spans(offsets: Sequence[Offsets], labelled: Iterable[tuple[int, int, str]]) -> list[Span]:
    """The spans of `(first token, last token inclusive, label)` triples.

    Raises BilanError when a token number is not one of the tokens.

    >>> token_spans([(0, 2), (2, 7)], [(1, 1, "FORCE")])[0].key
    (2, 7, 'FORCE')
    """
    spans: list[Span] = []
    for first, last, label in labelled:
        if not 0 <= first <= last < len(offsets):
            raise BilanError(f"{label!r} on the tokens {first}–{last} of {len(offsets)}",
                             mend="0 ≤ first ≤ last < number of tokens is expected (last inclusive)")
        spans.append(Span(offsets[first][0], offsets[last][1], label))
    return spans


def tokens_of(span: Span, offsets: Sequence[Offsets]) -> Offsets | None:
    """First and last token (inclusive) of a span, or None when it cuts a token or holds none.

    White space at the edges of the span counts as outside it.

    >>> tokens_of(Span(2, 7, "FORCE"), [(0, 2), (2, 7)])
    (1, 1)
    """
    first = bisect_right(offsets, span.start, key=lambda token: token[1])
    last = bisect_left(offsets, span.end, key=lambda token: token[0]) - 1
    if first > last or offsets[first][0] < span.start or offsets[last][1] > span.end:
        return None
    return first, last


def tokenised(document: Document, *, cut: bool,
              report: Report) -> tuple[list[Offsets], list[tuple[int, int, Span]]]:
    """The tokens of a document and its spans as `(first, last inclusive, span)`, in reading order.

    With `cut`, span edges cut the tokens they fall in, so every span with a visible character is
    kept; else a span that does not fall on tokens is lost. Both are reported, as is white space
    left out at the edges of a span.
    """
    edges = [edge for span in document.spans for edge in (span.start, span.end)] if cut else []
    offsets = words(document.text, cuts=edges)
    placed: list[tuple[int, int, Span]] = []
    for span in document.spans:
        at = tokens_of(span, offsets)
        where, mention = document.source or document.id, repr(document.mention(span))
        if at is None:
            cause = "that cuts a token" if document.mention(span).strip() else "of white space"
            report.lose(f"dropped: span {cause}", where=where, example=mention)
            continue
        if (offsets[at[0]][0], offsets[at[1]][1]) != (span.start, span.end):
            report.note("moved: white space left out at the edge of a span", where=where, example=mention)
        placed.append((*at, span))
    return offsets, placed


def flat(document: Document, *, report: Report) -> Document:
    """The document as a tag column can hold it: no overlap, fragment, attribute or score.

    What is given up is counted as lost; of two overlapping spans the longest stays. A span whose
    fragments are parted by white space alone is whole.
    """
    where = document.source or document.id
    gaps = [bool(span.fragments and gap(document.text, span)) for span in document.spans]
    parted = [span for span, found in zip(document.spans, gaps, strict=True) if found]
    whole = [span.replace(fragments=()) for span, found in zip(document.spans, gaps, strict=True) if not found]
    kept, overlapping = flatten(document.replace(spans=whole))
    for cause, spans in (("discontinuous", parted), ("overlapping", overlapping)):
        for span in spans:
            report.lose(f"dropped: {cause} span", where=where, example=repr(document.mention(span)))
    for span in kept.spans:
        for name, value in span.attributes.items():
            report.lose("dropped: attribute", where=where, example=f"{name}={value}")
        if span.score is not None:
            report.lose("dropped: score", where=where, example=repr(document.mention(span)))
    return kept.replace(spans=[Span(*span.key) for span in kept.spans])


def gap(text: str, span: Span) -> str:
    """The visible characters between the fragments of a span, none when it has no fragments."""
    between = zip(span.fragments, span.fragments[1:], strict=False)
    return "".join(text[end:start] for (_, end), (start, _) in between).strip()
