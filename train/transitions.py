"""Scores of tag transitions, from the gold of train, weighted by what helps on dev.

The score of tag b after tag a is weight × log P(b | a). Divided by P(b), as hybrids of networks and
Markov models have it, the scores helped less (dev F1 of a run of nine epochs: 0.846 without, 0.848
divided, 0.850 as they are).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from ..data.align import Encoded, tag_targets
from ..data.document import Document
from ..models.checkpoint import Matrix
from ..models.decode import TagSet

WEIGHTS = (0.0, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)  # the first one stands for the fixed rules
SMOOTHING = 0.5  # seen more often than it was (Jeffreys), so that what is rare is not impossible


def unit_tags(encoded: Encoded, document: Document, tags: TagSet) -> np.ndarray:
    """The canonical column of each unit with a visible character: (units,)."""
    rows = np.flatnonzero(encoded.visible)
    units = encoded.units[rows]
    first = rows[np.append(True, units[1:] != units[:-1])[:len(rows)]]
    return tag_targets(encoded, document.spans, tags.tags)[first]


def estimate(sequences: Iterable[np.ndarray], columns: int) -> np.ndarray:
    """The log P(b | a) of the transitions from tag a to tag b in gold, (columns, columns)."""
    counts = np.full((columns, columns), SMOOTHING)
    for sequence in sequences:
        np.add.at(counts, (sequence[:-1], sequence[1:]), 1)
    return np.log(counts / counts.sum(axis=1, keepdims=True))


def fit(scores: np.ndarray, f1: Callable[[Matrix | None], float],
        weights: Sequence[float] = WEIGHTS) -> tuple[float, float, Matrix | None]:
    """The lowest weight with the best F1, that F1, and the weighted scores: None for the fixed rules."""
    tried = [None if not weight else matrix(weight * scores) for weight in weights]
    values = [f1(one) for one in tried]
    best = int(np.argmax(values))
    return weights[best], values[best], tried[best]


def matrix(scores: np.ndarray) -> Matrix:
    """Scores as plain rounded numbers for `bilan.json`.

    >>> matrix(np.array([[0.25, -1.00004]]))
    ((0.25, -1.0),)
    """
    return tuple(tuple(round(float(score), 4) for score in row) for row in scores)
