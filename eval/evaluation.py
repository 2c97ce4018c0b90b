"""Everything that is known of one set of predictions, computed once and shown in several ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..data.calibration import Bin, calibration_error, confidences, reliability
from ..data.document import Document
from ..data.match import SCHEMES
from . import calibration
from .attribution import Attribution, Linker, attribution
from .calibration import Coverage
from .errors import Error, Pattern, confusions, costliest, errors
from .intervals import METRICS, RESAMPLES, Interval, intervals, tabulate
from .score import Pair, Scores, score
from .slices import Slice, slices
from .values import Values
from .values import values as read_values


@dataclass(frozen=True)
class Evaluation:
    """The scores of one system on one set of documents, with what explains them.

    `scores` by scheme; `intervals` (strict) by metric and by label, group, `micro` and `macro`;
    `bins` and `coverage` are empty where predictions carry no confidence; `values` is None without
    figures, `attribution` empty without links; `epochs` are what the training of a run noted after each
    (`epoch`, `f1` and `loss` on dev).
    """

    name: str
    pairs: tuple[Pair, ...]
    scores: Mapping[str, Scores]
    intervals: Mapping[str, Mapping[str, Interval]]
    slices: tuple[Slice, ...]
    errors: tuple[Error, ...]
    patterns: tuple[Pattern, ...]
    confusions: Counter[tuple[str, str]]
    bins: tuple[Bin, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    values: Values | None = None
    attribution: Mapping[str, Mapping[str, Attribution]] = field(default_factory=dict)
    epochs: Sequence[Mapping[str, float]] = ()

    @property
    def strict(self) -> Scores:
        """The scores that count: boundaries and label."""
        return self.scores["strict"]

    @property
    def calibration_error(self) -> float | None:
        """The expected calibration error, None where predictions carry no confidence."""
        return calibration_error(self.bins)


def evaluate(pairs: Iterable[Pair], *, name: str = "predictions", train: Sequence[Document] | None = None,
             facts: Mapping[str, str] | None = None, values: bool = True, link: Linker | None = None,
             epochs: Sequence[Mapping[str, float]] = (), resamples: int = RESAMPLES, seed: int = 0) -> Evaluation:
    """Score pairs of gold and predicted documents in every way of this room.

    `train` are the training documents, for what was seen in them; `facts` are shown as they are
    (model, data, commit). Figures are read and links scored unless `values` is false; `link` links what has
    no links (`bilan.models.links.link`); `epochs` make the learning curve. Raises
    BilanError for a confidence outside 0 to 1.
    """
    pairs = tuple(pairs)
    found = errors(pairs)
    confident = calibration.scored(pairs)
    return Evaluation(
        name, pairs, {scheme: score(pairs, scheme=scheme) for scheme in SCHEMES},
        intervals(tabulate(pairs), metrics=tuple(METRICS), resamples=resamples, seed=seed),
        tuple(slices(pairs, train=train, resamples=resamples, seed=seed)),
        tuple(found), tuple(costliest(pairs, found)), confusions(pairs),
        tuple(reliability(*confidences(pairs))) if confident else (),
        tuple(calibration.coverage(pairs)) if confident else (), dict(facts or {}),
        read_values(pairs, resamples=resamples, seed=seed) if values else None,
        attribution(pairs, link=link, resamples=resamples, seed=seed) if values else {}, tuple(epochs))
