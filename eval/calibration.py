"""What the confidence of predictions is worth: whether they have one, and what a threshold keeps.

Reliability, calibration error and the temperature are in `bilan.data.calibration`, which training needs too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..data.calibration import confidences
from ..data.match import Counts, distinct
from .score import Pair


class Coverage(NamedTuple):
    """What remains when predictions less confident than the threshold are dropped.

    `coverage` is the part of the predictions kept, None when there is none.
    """

    threshold: float
    coverage: float | None
    counts: Counts


def scored(pairs: Iterable[Pair]) -> bool:
    """Whether there are predictions and all of them have a score."""
    scores = [span.score for both in pairs for span in both.predicted.spans]
    return bool(scores) and None not in scores


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
