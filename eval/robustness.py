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
from .perturb import PERTURBATIONS, perturb
from .score import METRICS, Pair, Scores, pair, score
from .systems import Reader

PLAIN = "as written"


@dataclass(frozen=True)
class Outcome:
    """The strict scores under one change, over all documents; `changed` of them read otherwise."""

    change: str
    changed: int
    scores: Scores

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
               changes: Iterable[str] = tuple(PERTURBATIONS)) -> Robustness:
    """The scores of a system on gold documents, as written and under each of the changes.

    `read` answers documents with documents. Raises BilanError on an unknown change.

    >>> gold = [Document("d", "l’État")]
    >>> found = robustness(gold, list, changes=["straight apostrophes", "all capitals", "broken lines"])
    >>> [(outcome.change, outcome.changed) for outcome in found.outcomes]
    [('straight apostrophes', 1), ('all capitals', 1), ('broken lines', 0)]
    """
    plain = read(documents)
    pairs = list(pair(documents, plain))
    outcomes = (_outcome(change, pairs, read) for change in changes)
    return Robustness(Outcome(PLAIN, 0, score(pairs)), tuple(outcomes))


def _outcome(change: str, pairs: Sequence[Pair], read: Reader) -> Outcome:
    rewritten = [perturb(both.gold, change) for both in pairs]
    changed = [new for new, both in zip(rewritten, pairs, strict=True) if new.text != both.gold.text]
    fresh = {both.gold.id: both for both in pair(changed, read(changed))} if changed else {}
    now = [fresh.get(both.gold.id, both) for both in pairs]
    return Outcome(change, len(changed), score(now))


def content(found: Robustness) -> dict[str, Any]:
    """The outcomes as plain values for JSON; F1 is 0 to 1, undefined ones null."""
    worst = found.worst
    return {"documents": found.plain.scores.documents, "as written": _values(found.plain),
            "worst": worst.change if worst else None,
            "changes": {outcome.change: _values(outcome) | {"drop": found.drop(outcome)}
                        for outcome in found.outcomes}}


def _values(outcome: Outcome) -> dict[str, Any]:
    return {"changed": outcome.changed, **_scores(outcome.scores.micro),
            "groups": {name: _scores(counts) for name, counts in outcome.scores.groups.items()}}


def _scores(counts: Counts) -> dict[str, Any]:
    return {metric: getattr(counts, metric) for metric in METRICS}
