"""Whether the confidence of a prediction is the chance that it is right, and the temperature that makes it so.

A prediction is right when a gold span has the same boundaries and label. The expected calibration error
and temperature scaling are those of Guo et al. 2017 (https://arxiv.org/abs/1706.04599); the temperature is
fitted on the confidence of spans, what people filter by, and not on that of tokens: a span is right only
if all its tokens are, so tokens ask for too low a temperature. Pure numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from .document import Document, Span
from .errors import BilanError
from .match import distinct

BINS = 10
TEMPERATURES = (0.25, 8.0)  # between which the best one is looked for
COARSE, FINE = 11, 14  # temperatures tried over that range, then steps around the best of them
GOLDEN = (5**0.5 - 1) / 2
FEWEST = 10  # predictions right, and wrong, without which no temperature is fitted
ROUNDING = 5e-5  # confidences have four decimals: 1.0 is anything above 0.99995

Pairs = Iterable[tuple[Document, Document]]


class Bin(NamedTuple):
    """Predictions with a confidence in (low, high], how many, their mean confidence and precision."""

    low: float
    high: float
    count: int
    confidence: float | None
    precision: float | None


class Quality(NamedTuple):
    """How good confidences are: negative log-likelihood in nats, expected calibration error (0 to 1)."""

    nll: float | None
    ece: float | None


@dataclass(frozen=True)
class Fit:
    """The temperature that is worth taking, and the confidences at 1 (`before`) and at it (`after`).

    `kept` says why the temperature stays 1, "" where another is better.
    """

    temperature: float
    predictions: int
    before: Quality
    after: Quality
    kept: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The fit as plain values for JSON."""
        return {"temperature": self.temperature, "predictions": self.predictions,
                "before": self.before._asdict(), "after": self.after._asdict(), "kept": self.kept}


def confidences(pairs: Pairs) -> tuple[np.ndarray, np.ndarray]:
    """The confidence of each prediction and whether it is right, two arrays of the same length.

    `pairs` are gold and predicted documents. Raises BilanError, naming the document, when a prediction
    has no score or one outside 0 to 1.
    """
    scored = [(_score(predicted, span), span.key in keys) for gold, predicted in pairs
              for keys in [{span.key for span in gold.spans}] for span in distinct(predicted.spans)]
    return (np.array([score for score, _ in scored], dtype=float),
            np.array([right for _, right in scored], dtype=bool))


def _score(document: Document, span: Span) -> float:
    if span.score is None or not 0 <= span.score <= 1:
        raise BilanError(f"document {document.id!r}: span {span.start}–{span.end} {span.label!r} has the "
                         f"score {span.score}", where=document.source, mend="a confidence from 0 to 1 is expected")
    return span.score


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


def likelihood(confidence: np.ndarray, right: np.ndarray) -> float | None:
    """The mean negative log-likelihood in nats of predictions being right or wrong; None without any.

    >>> likelihood(np.array([0.5]), np.array([True]))
    0.6931471805599453
    """
    if not len(confidence):
        return None
    within = np.clip(confidence, ROUNDING, 1 - ROUNDING)
    return float(-np.log(np.where(right, within, 1 - within)).mean())


def quality(pairs: Pairs) -> Quality:
    """The quality of the confidences of predictions; BilanError as `confidences`."""
    confidence, right = confidences(pairs)
    return Quality(likelihood(confidence, right), calibration_error(reliability(confidence, right)))


def fit(golds: Sequence[Document], read: Callable[[float], Iterable[Document]]) -> Fit:
    """The temperature under which confidences are likeliest, if it makes them better; else 1.

    `read` answers the gold documents, in their order, with predictions at a temperature. Another one than
    1 is taken only if the log-likelihood is better, the calibration error no worse and the spans the same.

    >>> gold = Document("d", "Goma", (Span(0, 4, "LOC"),))
    >>> fit([gold], lambda temperature: [gold.replace(spans=(Span(0, 4, "LOC", score=0.9),))]).kept
    'fewer than 10 predictions are right, or wrong'
    """
    def answers(temperature: float) -> list[tuple[Document, Document]]:
        return list(zip(golds, read(temperature), strict=True))

    plain = answers(1.0)
    before, right = quality(plain), confidences(plain)[1]
    if min(int(right.sum()), int((~right).sum())) < FEWEST:
        return Fit(1.0, len(right), before, before, f"fewer than {FEWEST} predictions are right, or wrong")
    best = round(_least(lambda temperature: quality(answers(temperature)).nll or 0.0), 3)
    warmed = answers(best)
    after, same = quality(warmed), _keys(warmed) == _keys(plain)
    reason = "" if same and _better(after, before) else "no better" if same else "it would change the spans"
    return Fit(1.0, len(right), before, before, reason) if reason else Fit(best, len(right), before, after)


def warmed(reader: Any, documents: Sequence[Document]) -> Callable[[float], Iterable[Document]]:
    """What a reader (`bilan.models`) answers for the documents, as a function of the temperature.

    The network computes once: the scores at each temperature come from the same logits.
    """
    once = replace(reader, predict=remembered(reader.predict))
    blind = [document.replace(spans=()) for document in documents]
    return lambda temperature: replace(once, cutting=replace(once.cutting, temperature=temperature)).read_many(blind)


def remembered(predict: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    """The function that gives the same logits for the same batch without computing them again."""
    known: dict[tuple, np.ndarray] = {}

    def again(ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        key = ids.shape, ids.tobytes(), mask.tobytes()
        if key not in known:
            known[key] = predict(ids, mask)
        return known[key]
    return again


def _better(after: Quality, before: Quality) -> bool:
    return (after.nll or 0.0) < (before.nll or 0.0) and (after.ece or 0.0) <= (before.ece or 0.0)


def _keys(pairs: Pairs) -> list[list[tuple[int, int, str]]]:
    return [[span.key for span in predicted.spans] for _, predicted in pairs]


def _least(loss: Callable[[float], float]) -> float:
    """Where the loss is least: the best of a coarse grid, then golden-section search beside it (log scale)."""
    grid = np.log(np.geomspace(TEMPERATURES[0], TEMPERATURES[1], COARSE))
    best = int(np.argmin([loss(float(np.exp(point))) for point in grid]))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, COARSE - 1)]
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    losses = [loss(float(np.exp(point))) for point in (left, right)]
    for _ in range(FINE):
        if losses[0] <= losses[1]:
            high, right = right, left
            left = high - GOLDEN * (high - low)
            losses = [loss(float(np.exp(left))), losses[0]]
        else:
            low, left = left, right
            right = low + GOLDEN * (high - low)
            losses = [losses[1], loss(float(np.exp(right)))]
    return float(np.exp((low + high) / 2))
