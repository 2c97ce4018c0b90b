"""95 % intervals by bootstrap over documents, and the comparison of two systems.

Documents are drawn with replacement (Efron and Tibshirani 1993, percentile interval), because the
spans of one article are not independent. Everything works on one table of counts, documents ×
names × (gold, predicted, correct): a resample is a row of multinomial weights times that table.
The test is approximate randomisation (Noreen 1989; Yeh 2000, https://aclanthology.org/C00-2137).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from ..data.document import Document
from ..data.errors import BilanError
from ..data.labels import GROUPS, group_of, in_order
from ..data.match import Counts, Naming, count
from .score import Pair, pair

RESAMPLES = 10_000
FEWEST = 5  # documents: below, a bootstrap interval is far too narrow to be shown
CHUNK, WEIGHTS = 500, 10**7  # resamples, and weights of documents in them, held at once
TAILS = (0.025, 0.975)
MICRO, MACRO = "micro", "macro"
METRICS = {"precision": lambda t: (t[..., 2], t[..., 1]), "recall": lambda t: (t[..., 2], t[..., 0]),
           "f1": lambda t: (2 * t[..., 2], t[..., 0] + t[..., 1])}


class Interval(NamedTuple):
    """A score and the bounds of its 95 % interval.

    `value` is None where the score is not defined; the bounds are None too where fewer than five
    documents hold the name, too few to show how documents vary. A perfect score has the interval
    1 to 1: the bootstrap cannot see what it never saw.
    """

    value: float | None
    low: float | None = None
    high: float | None = None


class Table(NamedTuple):
    """Counts of each document: `counts` has the shape (documents, names, 3)."""

    names: list[str]
    counts: np.ndarray

    def total(self, name: str) -> Counts:
        """The counts of one name over all documents."""
        gold, predicted, correct = self.counts[:, self.names.index(name)].sum(0)
        return Counts(int(gold), int(predicted), float(correct))


@dataclass(frozen=True)
class Difference:
    """B − A of the F1 of one name, in points, with 95 % bounds and a two-sided p-value."""

    name: str
    a: float | None
    b: float | None
    difference: Interval
    p: float | None
    p_holm: float | None = None

    @property
    def sentence(self) -> str:
        """The finding in words.

        >>> Difference("micro", 0.8, 0.82, Interval(1.8, 0.4, 3.1), 0.01).sentence
        'B is better by 1.8 points (0.4 to 3.1), p = 0.01'
        """
        value, low, high = self.difference
        if value is None or low is None or high is None or self.p is None:
            return "no comparison: the score is not defined on both sides, or in too few documents"
        p = "p < 0.001" if self.p < 0.001 else f"p = {self.p:.2g}"
        if self.p >= 0.05:
            return f"no difference shown: B − A = {value:.1f} points ({low:.1f} to {high:.1f}), {p}"
        better, (low, high) = ("B", (low, high)) if value > 0 else ("A", (-high, -low))
        return f"{better} is better by {abs(value):.1f} points ({low:.1f} to {high:.1f}), {p}"


def tabulate(pairs: Iterable[Pair], *, scheme: str = "strict", name: Naming | None = None,
             names: Sequence[str] | None = None) -> Table:
    """The table of counts, by label or by what `name` says of a span, in the order of `names`."""
    rows = [count(gold, predicted, scheme=scheme, name=name) for gold, predicted in pairs]
    columns = in_order({called for row in rows for called in row}) if names is None else list(names)
    place = {called: column for column, called in enumerate(columns)}
    counts = np.zeros((len(rows), len(columns), 3))
    for number, row in enumerate(rows):
        for called, c in row.items():
            if called in place:
                counts[number, place[called]] = c.gold, c.predicted, c.correct
    return Table(columns, counts)


def with_sums(table: Table) -> Table:
    """The table with columns for the groups that occur and for `micro`, the sum of all labels.

    Raises BilanError where a label is called like one of them.
    """
    for label in {*GROUPS, MICRO, MACRO}.intersection(table.names):
        raise BilanError(f"a label is called {label!r}, like one of our sums", mend="rename it with --labels")
    columns = {group: [i for i, label in enumerate(table.names) if group_of(label) == group]
               for group in GROUPS}
    groups = [group for group in GROUPS if columns[group]]
    sums = [table.counts[:, columns[group]].sum(1, keepdims=True) for group in groups]
    micro = table.counts.sum(1, keepdims=True)
    return Table([*table.names, *groups, MICRO], np.concatenate([table.counts, *sums, micro], axis=1))


def resampled(counts: np.ndarray, *, resamples: int = RESAMPLES, seed: int = 0) -> np.ndarray:
    """Totals of bootstrap resamples: (documents, …) → (resamples, …)."""
    documents = len(counts)
    flat = counts.reshape(documents, int(np.prod(counts.shape[1:])))
    totals = [weights @ flat for weights in _weights(documents, resamples, seed)]
    return np.concatenate(totals).reshape(resamples, *counts.shape[1:])


def _weights(documents: int, resamples: int, seed: int) -> Iterator[np.ndarray]:
    """How often each document is drawn, (resamples, documents) in chunks: multinomial rows."""
    generator = np.random.default_rng(seed)
    chunk = max(1, min(CHUNK, WEIGHTS // max(documents, 1)))
    for start in range(0, resamples, chunk):
        rows = min(chunk, resamples - start)
        drawn = generator.integers(max(documents, 1), size=(rows, documents))
        drawn += np.arange(rows)[:, None] * documents
        yield np.bincount(drawn.ravel(), minlength=rows * documents).reshape(rows, documents).astype(float)


def metric(totals: np.ndarray, name: str = "f1") -> np.ndarray:
    """A score from totals whose last axis is (gold, predicted, correct); NaN where undefined."""
    above, below = METRICS[name](totals)
    return np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below > 0)


def intervals(table: Table, *, metrics: Sequence[str] = ("f1",), resamples: int = RESAMPLES,
              seed: int = 0) -> dict[str, dict[str, Interval]]:
    """Metric → name → interval, for the labels, the groups, `micro` and `macro`.

    `macro` averages, in each resample, the labels that are defined there.
    """
    full = with_sums(table)
    draws = resampled(full.counts, resamples=resamples, seed=seed)
    held = (full.counts[..., :2].sum(-1) > 0).sum(0)
    found: dict[str, dict[str, Interval]] = {}
    for wanted in metrics:
        values, sampled = metric(full.counts.sum(0), wanted), metric(draws, wanted)
        found[wanted] = {name: interval(values[i], sampled[:, i], documents=int(held[i]))
                         for i, name in enumerate(full.names)}
        labels = slice(0, len(table.names))
        found[wanted][MACRO] = interval(_macro(values[labels]), _macro(sampled[:, labels]),
                                        documents=int(held[-1]))
    return found


def by_name(table: Table, *, name: str = "f1", resamples: int = RESAMPLES, seed: int = 0) -> dict[str, Interval]:
    """The interval of one metric for each column of a table as it is, without sums."""
    values = metric(table.counts.sum(0), name)
    draws = metric(resampled(table.counts, resamples=resamples, seed=seed), name)
    held = (table.counts[..., :2].sum(-1) > 0).sum(0)
    return {called: interval(values[i], draws[:, i], documents=int(held[i]))
            for i, called in enumerate(table.names)}


def difference(a: Table, b: Table, *, resamples: int = RESAMPLES, seed: int = 0) -> Interval:
    """B − A of the micro F1 of the same documents (0 to 1), its bounds from a bootstrap on the same draws."""
    both = np.stack([table.counts.sum(1) for table in (a, b)], axis=1)
    draws, values = metric(resampled(both, resamples=resamples, seed=seed)), metric(both.sum(0))
    held = int((both[..., :2].sum((1, 2)) > 0).sum())
    return interval(values[1] - values[0], draws[:, 1] - draws[:, 0], documents=held)


def interval(value: float | np.ndarray, draws: np.ndarray, *, documents: int) -> Interval:
    """The percentile interval of a score from its resamples (those where it is defined)."""
    if np.isnan(value):
        return Interval(None)
    defined = draws[~np.isnan(draws)]
    if documents < FEWEST or not defined.size:
        return Interval(float(value))
    low, high = np.quantile(defined, TAILS)
    return Interval(float(value), float(low), float(high))


def _macro(scores: np.ndarray) -> np.ndarray:
    defined = ~np.isnan(scores)
    number = defined.sum(-1)
    sums = np.where(defined, scores, 0).sum(-1)
    return np.divide(sums, number, out=np.full(np.shape(sums), np.nan), where=number > 0)


def compare(gold: Sequence[Document], a: Sequence[Document], b: Sequence[Document], *,
            scheme: str = "strict", resamples: int = RESAMPLES, seed: int = 0) -> list[Difference]:
    """Two systems on the same documents: F1 by label, group and `micro`, which comes first.

    Bounds come from the paired bootstrap (both systems on the same draws), p from approximate
    randomisation (the two predictions of a document change places with probability one half).
    `p_holm` is p corrected over the labels (Holm 1979). Raises BilanError as `pair` does.
    """
    pairs_a, pairs_b = ({p.gold.id: p for p in pair(gold, side)} for side in (a, b))
    order = [document.id for document in gold]
    tables = [tabulate((pairs[i] for i in order), scheme=scheme) for pairs in (pairs_a, pairs_b)]
    names = in_order({name for table in tables for name in table.names})
    table_a, table_b = (with_sums(_columns(table, names)) for table in tables)
    found = _differences(table_a, table_b, resamples, seed)
    holm = _holm({name: found[name].p for name in names})
    rows = {name: replace(row, p_holm=holm.get(name)) for name, row in found.items()}
    return [rows.pop(MICRO), *rows.values()]


def _columns(table: Table, names: list[str]) -> Table:
    counts = np.zeros((len(table.counts), len(names), 3))
    counts[:, [names.index(name) for name in table.names]] = table.counts
    return Table(names, counts)


def _differences(a: Table, b: Table, resamples: int, seed: int) -> dict[str, Difference]:
    f1_a, f1_b = metric(a.counts.sum(0)), metric(b.counts.sum(0))
    both = np.stack([a.counts, b.counts], axis=1)
    drawn = metric(resampled(both, resamples=resamples, seed=seed))
    draws = 100 * (drawn[:, 1] - drawn[:, 0])
    p_values = _randomised(a.counts, b.counts, resamples, seed + 1)
    held = (both[..., :2].sum((1, 3)) > 0).sum(0)
    return {name: Difference(name, _value(f1_a[i]), _value(f1_b[i]),
                             interval(100 * (f1_b[i] - f1_a[i]), draws[:, i], documents=int(held[i])),
                             _value(p_values[i])) for i, name in enumerate(a.names)}


def _randomised(a: np.ndarray, b: np.ndarray, permutations: int, seed: int) -> np.ndarray:
    """Two-sided p-values by name: how often swapped predictions differ at least as much."""
    generator = np.random.default_rng(seed)
    total_a, total_b, change = a.sum(0), b.sum(0), (b - a).reshape(len(a), -1)
    observed = np.abs(metric(total_b) - metric(total_a))
    extreme = np.zeros(len(observed))
    for start in range(0, permutations, CHUNK):
        rows = min(CHUNK, permutations - start)
        swapped = generator.integers(2, size=(rows, len(a))).astype(float)
        moved = (swapped @ change).reshape(rows, *total_a.shape)
        difference = np.abs(metric(total_b - moved) - metric(total_a + moved))
        extreme += (difference >= observed - 1e-12).sum(0)  # rounding must not turn a tie into a win
    return np.where(np.isnan(observed), np.nan, (extreme + 1) / (permutations + 1))


def _holm(p_values: dict[str, float | None]) -> dict[str, float]:
    ordered = sorted((p, name) for name, p in p_values.items() if p is not None)
    result, running = {}, 0.0
    for rank, (p, name) in enumerate(ordered):
        running = max(running, min(1.0, p * (len(ordered) - rank)))
        result[name] = running
    return result


def _value(number: float) -> float | None:
    return None if np.isnan(number) else float(number)
