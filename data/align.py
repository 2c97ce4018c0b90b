"""Document ⇄ subword tags, by the offsets of non-space characters, for any fast tokenizer.

Traps of the CamemBERT tokenizers that this file answers: `l’armée` is one word and `3 000` two
whatever the space, so word numbers are useless; a lone `▁` carries the next character's offset;
NFKC makes several tokens of one character (½) or one token of several (e + accent); newlines make
no token; WordPiece cuts numbers in two-digit tokens. Hence: tokens are grouped in *units* that a
span can never cut, and a span is what the characters of its units cover.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from tokenizers import Tokenizer

from .document import Document, Span

IGNORE = -100  # the target of tokens without a visible character, as in torch's cross-entropy
NUMBER_MARKS = ".,'’"
EDGES = ".,;:!?…()[]{}«»‹›“”„\"'’‘"  # marks that mentions do not begin or end with, by the guide
JOINER = "\u200d"  # makes one character of several, as in emoji
STRAY = 50  # of so many mentions that touch a mark, one may hold it without the mark being taken for usual


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """The tokens of a whole text, without special tokens.

    Shapes: `ids` (tokens,), `offsets` (tokens, 2) trimmed to visible characters (start = end for a
    token without any), `units` (tokens,) number of the uncuttable unit of each token, not falling.
    """

    text: str
    ids: np.ndarray
    offsets: np.ndarray
    units: np.ndarray
    whole_words: bool = True

    @property
    def visible(self) -> np.ndarray:
        """Which tokens carry a visible character, (tokens,) bool."""
        return self.offsets[:, 0] < self.offsets[:, 1]


def encode(tokenizer: Tokenizer, text: str, *, whole_words: bool = True) -> Encoded:
    """Tokenise a text whole: nothing is truncated or padded, whatever the tokenizer was saved with.

    `whole_words` says that no span begins or ends inside a word or a number; without it a unit is
    one token (or the tokens that share a character).
    """
    if tokenizer.truncation or tokenizer.padding:  # not unasked: changing it under another thread fails
        tokenizer.no_truncation()
        tokenizer.no_padding()
    encoding = tokenizer.encode(text, add_special_tokens=False)
    offsets = _visible(text, np.asarray(encoding.offsets, dtype=np.int64).reshape(-1, 2))
    return Encoded(text, np.asarray(encoding.ids, dtype=np.int64), offsets,
                   _units(text, offsets, whole_words), whole_words)


def _visible(text: str, offsets: np.ndarray) -> np.ndarray:
    """Offsets moved inwards to the first and last character that is not white space."""
    shown = np.fromiter((not character.isspace() for character in text), dtype=bool, count=len(text))
    places = np.arange(len(text) + 1)
    following = np.append(np.where(shown, places[:-1], len(text)), len(text))
    following = np.minimum.accumulate(following[::-1])[::-1]
    preceding = np.maximum.accumulate(np.append(0, np.where(shown, places[1:], 0)))
    starts = following[offsets[:, 0]]
    ends = np.maximum(preceding[offsets[:, 1]], starts)
    return np.stack([starts, np.where(ends > starts, _past_marks(text)[ends], ends)], axis=1)


def _past_marks(text: str) -> np.ndarray:
    """For each place, the next one without a combining mark or joiner: composing normalisers leave them out."""
    marks = np.fromiter((character > "\u02ff" and (character == JOINER or unicodedata.category(character)[0] == "M")
                         for character in text), dtype=bool, count=len(text))
    places = np.where(marks, len(text), np.arange(len(text)))
    return np.minimum.accumulate(np.append(places, len(text))[::-1])[::-1]


def _units(text: str, offsets: np.ndarray, whole_words: bool) -> np.ndarray:
    units = np.zeros(len(offsets), dtype=np.int64)
    end = -1  # of the visible text so far
    for row, (start, stop) in enumerate(offsets.tolist()):
        if row:
            shared = start < end or (start == stop and end < 0)
            joined = start == end and start < stop and inseparable(text, start, whole_words)
            units[row] = units[row - 1] + (0 if shared or joined else 1)
        if start < stop:
            end = max(end, stop)
    return units


def inseparable(text: str, place: int, whole_words: bool = True) -> bool:
    """Whether no span may begin or end between `text[place - 1]` and `text[place]`.

    >>> inseparable("armée", 2), inseparable("l’armée", 2), inseparable("1,5", 1)
    (True, False, True)
    """
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    if before == JOINER and (place < 2 or _blank(text[place - 2])):  # after a space it joins nothing
        return False
    if unicodedata.category(after)[0] == "M" or JOINER in (before, after):
        return not (_blank(before) or _blank(after))
    if not whole_words:
        return False
    if before.isalnum() and after.isalnum():
        return True
    return (before in NUMBER_MARKS and after.isdigit() and place > 1 and text[place - 2].isdigit()
            or after in NUMBER_MARKS and before.isdigit() and text[place + 1:place + 2].isdigit())


def _blank(character: str) -> bool:
    """Whether nothing joins with a character: white space, controls, marks of direction and their like."""
    return character.isspace() or character != JOINER and unicodedata.category(character) in ("Cc", "Cf")


def cuts_words(text: str, spans: Iterable[Span]) -> int:
    """How many spans begin or end inside a word or a number."""
    return sum(inseparable(text, span.start) or inseparable(text, span.end) for span in spans)


class Window(NamedTuple):
    """A stretch of tokens read at once, and the part of it whose predictions are kept."""

    start: int
    end: int
    keep_start: int
    keep_end: int


def windows(tokens: int, *, size: int, overlap: int) -> list[Window]:
    """Evenly laid windows over `tokens` tokens; each token is kept where it is most central.

    Windows of one text have the same length, no longer than needed.

    >>> windows(10, size=7, overlap=2)
    [Window(start=0, end=6, keep_start=0, keep_end=5), Window(start=4, end=10, keep_start=5, keep_end=10)]
    """
    if not 0 <= overlap < size:
        raise ValueError(f"overlap {overlap} must be from 0 to below the size {size}")
    if tokens <= size:
        return [Window(0, tokens, 0, tokens)] if tokens else []
    count = -(-(tokens - overlap) // (size - overlap))
    length = -(-(tokens + (count - 1) * overlap) // count)
    starts = [i * (tokens - length) // (count - 1) for i in range(count)]
    edges = [0, *((b + a + length) // 2 for a, b in zip(starts, starts[1:], strict=False)), tokens]
    return [Window(start, start + length, edges[i], edges[i + 1]) for i, start in enumerate(starts)]


def tag_targets(encoded: Encoded, spans: Sequence[Span], tags: Sequence[str]) -> np.ndarray:
    """The target of each token, (tokens,): index in `tags`, IGNORE without a visible character.

    Spans must not overlap (`flatten` first). A token partly in a span belongs to it when most of
    its visible characters do.
    """
    index = {tag: number for number, tag in enumerate(tags)}
    owner = np.full(len(encoded.text), -1, dtype=np.int64)
    for number, span in enumerate(spans):
        owner[span.start:span.end] = number
    targets = np.full(len(encoded.ids), IGNORE, dtype=np.int64)
    begun: set[int] = set()
    for row in np.flatnonzero(encoded.visible):
        number = _majority(encoded.text, owner, *encoded.offsets[row])
        if number < 0:
            targets[row] = index["O"]
        else:
            targets[row] = index[("I-" if number in begun else "B-") + spans[number].label]
            begun.add(number)
    return targets


def _majority(text: str, owner: np.ndarray, start: int, end: int) -> int:
    owners = owner[start:end]
    if len(owners) == 1 or (owners == owners[0]).all():
        return int(owners[0])
    votes = [int(number) for place, number in enumerate(owners, start) if not text[place].isspace()]
    return max(dict.fromkeys(votes), key=lambda number: (votes.count(number), number))


def spans_of(encoded: Encoded, tags: Sequence[str], *, trim: str = EDGES) -> list[Span]:
    """The spans of one IOB2 tag a token (any for tokens without a visible character).

    An `I-` without its `B-` begins nothing and is passed over: decoders must not produce it.
    Characters in `trim` are taken off both ends, for tokenizers glue them to numbers (`2015,`).
    """
    spans: list[list] = []
    open_label = ""
    for row in np.flatnonzero(encoded.visible).tolist():
        prefix, _, label = tags[row].partition("-")
        start, end = encoded.offsets[row].tolist()
        if prefix == "B":
            spans.append([start, end, label])
        elif prefix == "I" and label == open_label:
            spans[-1][1] = max(end, spans[-1][1])
        open_label = label if prefix == "B" or (prefix == "I" and label == open_label) else ""
    return [Span(*_trimmed(encoded.text, start, end, trim), label) for start, end, label in spans]


def _trimmed(text: str, start: int, end: int, trim: str) -> tuple[int, int]:
    mention = text[start:end]
    inner = mention.strip(trim) if trim else mention
    if not inner:
        return start, end
    first = start + (len(mention) - len(mention.lstrip(trim)) if trim else 0)
    last = first + len(inner)
    joined = inseparable(text, first, whole_words=False) or inseparable(text, last, whole_words=False)
    return (start, end) if joined else (first, last)


def edges_for(documents: Iterable[Document]) -> str:
    """The characters of EDGES that decoding may trim: gold stops before one `STRAY` times as often as it holds one.

    A few abbreviations that end a mention (« Ibrahim A. ») must not leave every « 2020. » with its full stop:
    those few are counted as not carried instead.
    """
    held, touched = Counter[str](), Counter[str]()
    for document in documents:
        for span in document.spans:
            held.update({document.text[span.start], document.text[span.end - 1]})
            touched.update({document.text[max(0, span.start - 1):span.start], document.text[span.end:span.end + 1]})
    return "".join(character for character in EDGES if STRAY * held[character] <= touched[character])


def carried(encoded: Encoded, spans: Sequence[Span], tags: Sequence[str],
            *, trim: str = EDGES) -> tuple[np.ndarray, list[Span]]:
    """The targets of the tokens, and the spans that no sequence of tokens can give back.

    Whatever a unit cuts (a span that ends inside a word) counts as not carried.
    """
    targets = tag_targets(encoded, spans, tags)
    named: list[str] = ["O" if target == IGNORE else tags[int(target)] for target in targets]
    found = {span.key for span in spans_of(encoded, named, trim=trim)}
    cut = {place for span in spans for place in (span.start, span.end)
           if inseparable(encoded.text, place, encoded.whole_words)}
    return targets, [span for span in spans
                     if span.key not in found or span.start in cut or span.end in cut]
