"""Windows of tokens in batches for a network, and their logits back at the tokens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ..data.align import Encoded, Window, windows
from .network import Predict

Todo = tuple[int, Window]  # a window of the text with this number


class Frame(NamedTuple):
    """How windows are laid: tokens of a text in one, shared with the next, special ids before and after, padding."""

    size: int
    overlap: int
    before: Sequence[int]
    after: Sequence[int]
    pad: int


def batches(todo: Sequence[Todo], *, budget: int, extra: int = 0, rows: int = 0) -> Iterator[list[Todo]]:
    """Windows of like length together, as many as keep the padded batch within `budget` tokens and `rows` (0: any)."""
    batch: list[Todo] = []
    for item in sorted(todo, key=lambda item: (item[1].start - item[1].end, item)):
        longest = (batch[0] if batch else item)[1]
        if batch and (len(batch) == rows or (len(batch) + 1) * (longest.end - longest.start + extra) > budget):
            yield batch
            batch = []
        batch.append(item)
    if batch:
        yield batch


def laid(encoded: Sequence[Encoded], frame: Frame) -> list[Todo]:
    """All windows of the texts."""
    return [(number, window) for number, tokens in enumerate(encoded)
            for window in windows(len(tokens.ids), size=frame.size, overlap=frame.overlap)]


def compute(predict: Predict, encoded: Sequence[Encoded], batch: Sequence[Todo], frame: Frame) -> list[np.ndarray]:
    """The logits that are kept of each window of a batch, (kept tokens, tags) each."""
    rows = [[*frame.before, *encoded[number].ids[window.start:window.end].tolist(), *frame.after]
            for number, window in batch]
    output = predict(*padded(rows, frame.pad))
    first = len(frame.before)
    return [scores[first + window.keep_start - window.start:first + window.keep_end - window.start].copy()
            for (_, window), scores in zip(batch, output, strict=True)]


def gathered(encoded: Sequence[Encoded], found: Iterable[tuple[Todo, np.ndarray]], *, tags: int) -> list[np.ndarray]:
    """The logits of every token of every text, (tokens, tags) each, from its most central window."""
    results = [np.zeros((len(tokens.ids), tags), dtype=np.float32) for tokens in encoded]
    for (number, window), scores in found:
        results[number][window.keep_start:window.keep_end] = scores
    return results


def padded(rows: Sequence[Sequence[int]], pad: int) -> tuple[np.ndarray, np.ndarray]:
    """Token ids and attention mask, both (rows, longest) int64."""
    length = max(map(len, rows))
    ids = np.full((len(rows), length), pad, dtype=np.int64)
    mask = np.zeros((len(rows), length), dtype=np.int64)
    for number, row in enumerate(rows):
        ids[number, :len(row)] = row
        mask[number, :len(row)] = 1
    return ids, mask


def padding(todo: Sequence[Todo], *, budget: int, extra: int = 0, rows: int = 0) -> float:
    """The share of padding in what is computed for these windows."""
    lengths = [[window.end - window.start + extra for _, window in batch]
               for batch in batches(todo, budget=budget, extra=extra, rows=rows)]
    computed = sum(len(batch) * max(batch) for batch in lengths)
    return 1 - sum(map(sum, lengths)) / computed if computed else 0.0
