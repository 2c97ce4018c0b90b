"""Whether the confidence of a prediction is the chance that it is right, and what to do about it.

A prediction is right when a gold span has the same boundaries and label. The expected calibration
error and temperature scaling are those of Guo et al. 2017 (https://arxiv.org/abs/1706.04599).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ..data.document import Document, Span
from ..data.errors import BilanError
from ..data.match import Counts, distinct
from .score import Pair

BINS = 10
IGNORED = -100  # the target that transformers gives to positions without a tag
TEMPERATURES = (0.05, 20.0)
GOLDEN = (5**0.5 - 1) / 2


class Bin(NamedTuple):
    """Predictions with a confidence in (low, high], how many, their mean confidence and precision."""

    low: float
    high: float
    count: int
    confidence: float | None
    precision: float | None


class Coverage(NamedTuple):
    """What remains when predictions less confident than the threshold are dropped.

    `coverage` is the part of the predictions kept, None when there is none.
    """

    threshold: float
    coverage: float | None
    counts: Counts


def confidences(pairs: Iterable[Pair]) -> tuple[np.ndarray, np.ndarray]:
    """The confidence of each prediction and whether it is right, two arrays of the same length.

    Raises BilanError, naming the document, when a prediction has no score or one outside 0 to 1.
    """
    scored = [(_score(predicted, span), span.key in keys) for gold, predicted in pairs
              for keys in [{span.key for span in gold.spans}] for span in distinct(predicted.spans)]
    return (np.array([score for score, _ in scored], dtype=float),
            np.array([right for _, right in scored], dtype=bool))


def _score(document: Document, span: Span) -> float:
    if span.score is None or not 0 <= span.score <= 1:
        raise BilanError(f"document {document.id!r}: span {span.start}–{span.end} {span.label!r} has the "
                         f"score {span.score}", where=document.source,
                         mend="a confidence from 0 to 1 is expected")
    return span.score


def scored(pairs: Iterable[Pair]) -> bool:
    """Whether there are predictions and all of them have a score."""
    scores = [span.score for both in pairs for span in both.predicted.spans]
    return bool(scores) and None not in scores


def reliability(confidence: np.ndarray, right: np.ndarray, *, bins: int = BINS) -> list[Bin]:
    """Equal-width bins from 0 to 1; a confidence on an edge belongs to the bin below it.

    >>> reliability(np.array([0.9, 1.0]), np.array([True, False]), bins=2)[1]
    Bin(low=0.5, high=1.0, count=2, confidence=0.95, precision=0.5)
    """
    edges = np.linspace(0, 1, bins + 1)
    place = np.clip(np.searchsorted(edges, confidence, side="left") - 1, 0, bins - 1)
    result = []
    for number, (low, high) in enumerate(pairwise(edges)):
        inside = place == number
        means = [float(values[inside].mean()) if inside.any() else None for values in (confidence, right)]
        result.append(Bin(float(low), float(high), int(inside.sum()), *means))
    return result


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """The expected calibration error: mean |precision − confidence|, weighted by the size of the bin."""
    total = sum(b.count for b in bins)
    gaps = [b.count * abs(b.precision - b.confidence) for b in bins
            if b.precision is not None and b.confidence is not None]
    return sum(gaps) / total if total else None


def coverage(pairs: Sequence[Pair], *, thresholds: Sequence[float] | None = None) -> list[Coverage]:
    """Counts when predictions with a confidence below each threshold are dropped (default 0, 0.05 … 0.95).

    Raises BilanError as `confidences` does.
    """
    confidence, right = confidences(pairs)
    gold = sum(len(distinct(both.gold.spans)) for both in pairs)
    chosen = [step / 20 for step in range(20)] if thresholds is None else thresholds
    rows = []
    for threshold in chosen:
        kept = confidence >= threshold
        share = float(kept.mean()) if len(kept) else None
        rows.append(Coverage(threshold, share, Counts(gold, int(kept.sum()), int((kept & right).sum()))))
    return rows


def fit_temperature(logits: np.ndarray, targets: np.ndarray, *, steps: int = 60) -> float:
    """The temperature that gives softmax(logits / T) the least cross-entropy against the targets.

    `logits` has the shape (positions, classes), `targets` (positions,); targets of −100 are left out.
    The loss is convex in 1 / T, so golden-section search on log T, from 0.05 to 20, finds its least
    value; a result on an edge means that no temperature between them is better. Raises BilanError
    when the shapes do not fit, a value is not finite or no target is left.
    """
    logits, targets = np.asarray(logits, dtype=float), np.asarray(targets)
    if logits.ndim != 2 or targets.shape != logits.shape[:1]:
        raise BilanError(f"logits {logits.shape} and targets {targets.shape} do not fit",
                         mend="(positions, classes) and (positions,) are expected")
    kept = targets != IGNORED
    logits, targets = logits[kept], targets[kept]
    in_range = ((targets >= 0) & (targets < logits.shape[1])).all()
    if not len(targets) or not in_range or not np.isfinite(logits).all():
        raise BilanError("no target left, a target that is no class, or a logit that is not finite",
                         mend=f"targets from 0 to classes − 1 are expected, {IGNORED} is left out")
    low, high = np.log(TEMPERATURES)
    for _ in range(steps):
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        losses = [cross_entropy(logits / np.exp(point), targets) for point in (left, right)]
        if losses[0] <= losses[1]:
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def cross_entropy(logits: np.ndarray, targets: np.ndarray) -> float:
    """The mean negative log-likelihood in nats: logits (positions, classes), targets (positions,)."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    chosen = shifted[np.arange(len(targets)), targets]
    return float((np.log(np.exp(shifted).sum(axis=1)) - chosen).mean())
