"""What a system owes to typography: the same documents under changes that keep the gold.

Each change of `bilan.eval.perturb` rewrites the texts and moves the gold spans with them; the system
reads them anew. Documents that a change leaves as they are keep the answer that they had.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..data.document import Document
from ..data.match import Counts
from .intervals import MICRO, RESAMPLES, Interval, difference, intervals, tabulate
from .perturb import PERTURBATIONS, perturb
from .score import METRICS, Pair, Scores, pair, score
from .systems import Reader

PLAIN = "as written"


@dataclass(frozen=True)
class Outcome:
    """The strict scores under one change, over all documents; `changed` of them read otherwise.

    `interval` is that of micro F1, `difference` that of F1 under the change less F1 as written, both 0 to 1.
    """

    change: str
    changed: int
    scores: Scores
    interval: Interval
    difference: Interval

    @property
    def f1(self) -> float | None:
        """Micro F1 over all labels."""
        return self.scores.micro.f1


@dataclass(frozen=True)
class Robustness:
    """The outcome on the documents as written, and under each change."""

    plain: Outcome
    outcomes: tuple[Outcome, ...]

    def drop(self, outcome: Outcome) -> float | None:
        """What a change costs, F1 as written less F1 under it; None where one is not defined."""
        return None if self.plain.f1 is None or outcome.f1 is None else self.plain.f1 - outcome.f1

    @property
    def worst(self) -> Outcome | None:
        """The outcome under the change that costs most; None when none changes a document."""
        costs = [(drop, outcome) for outcome in self.outcomes
                 if outcome.changed and (drop := self.drop(outcome)) is not None]
        return max(costs, key=lambda cost: cost[0])[1] if costs else None


def robustness(documents: Sequence[Document], read: Reader, *,
               changes: Iterable[str] = tuple(PERTURBATIONS), resamples: int = RESAMPLES,
               seed: int = 0) -> Robustness:
    """The scores of a system on gold documents, as written and under each of the changes.

    `read` answers documents with documents. Intervals are by bootstrap over documents, those of a difference
    on the same draws. Raises BilanError on an unknown change.

    >>> gold = [Document("d", "l’État")]
    >>> found = robustness(gold, list, changes=["straight apostrophes", "all capitals", "broken lines"])
    >>> [(outcome.change, outcome.changed) for outcome in found.outcomes]
    [('straight apostrophes', 1), ('all capitals', 1), ('broken lines', 0)]
    """
    def outcome(change: str, changed: int, now: Sequence[Pair]) -> Outcome:
        table = tabulate(now)
        return Outcome(change, changed, score(now), intervals(table, resamples=resamples, seed=seed)["f1"][MICRO],
                       difference(before, table, resamples=resamples, seed=seed))

    pairs = list(pair(documents, read(documents)))
    before = tabulate(pairs)
    return Robustness(outcome(PLAIN, 0, pairs),
                      tuple(outcome(change, *_reread(change, pairs, read)) for change in changes))


def _reread(change: str, pairs: Sequence[Pair], read: Reader) -> tuple[int, list[Pair]]:
    """How many documents a change changes, and all pairs under it."""
    rewritten = [perturb(both.gold, change) for both in pairs]
    changed = [new for new, both in zip(rewritten, pairs, strict=True) if new.text != both.gold.text]
    fresh = {both.gold.id: both for both in pair(changed, read(changed))} if changed else {}
    return len(changed), [fresh.get(both.gold.id, both) for both in pairs]


def content(found: Robustness) -> dict[str, Any]:
    """The outcomes as plain values for JSON; scores are 0 to 1, undefined ones null.

    `interval` is `[F1, low, high]`, `difference` the same of F1 under the change less F1 as written.
    """
    worst = found.worst
    return {"documents": found.plain.scores.documents, "as written": _values(found.plain),
            "worst": worst.change if worst else None,
            "changes": {outcome.change: _values(outcome) | {"drop": found.drop(outcome),
                                                            "difference": list(outcome.difference)}
                        for outcome in found.outcomes}}


def _values(outcome: Outcome) -> dict[str, Any]:
    return {"changed": outcome.changed, **_scores(outcome.scores.micro), "interval": list(outcome.interval),
            "groups": {name: _scores(counts) for name, counts in outcome.scores.groups.items()}}


def _scores(counts: Counts) -> dict[str, Any]:
    return {metric: getattr(counts, metric) for metric in METRICS}
