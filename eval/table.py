"""The scores as rows, and the rows for a terminal, for Markdown and for `report.json`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from rich.box import SIMPLE
from rich.table import Table
from rich.text import Text

from ..data.console import safe
from ..data.match import Counts
from . import attribution, values
from .errors import Pattern, table
from .evaluation import Evaluation
from .intervals import MACRO, MICRO, Difference, Interval
from .score import METRICS, Average
from .slices import Slice

HEAD = ("", "gold", "predicted", "precision", "recall", "F1", "95 %")
COMPARED = ("", "A", "B", "B − A", "95 %", "p", "p (Holm)")


class Row(NamedTuple):
    """One line: a label, a group or an average (`kind` says which), with the interval of its F1."""

    kind: str
    name: str
    gold: int
    predicted: int
    precision: float | None
    recall: float | None
    f1: Interval


def rows(evaluation: Evaluation) -> list[Row]:
    """Labels in the order of the guide, then groups, then micro, macro and weighted; strict."""
    scores, bounds = evaluation.strict, evaluation.intervals["f1"]
    sums = [("label", scores.labels), ("group", scores.groups), ("average", {MICRO: scores.micro})]
    counted = [_row(kind, name, counts, bounds[name])
               for kind, part in sums for name, counts in part.items()]
    return [*counted,
            _average(MACRO, scores.macro, scores.micro, bounds[MACRO]),
            _average("weighted", scores.weighted, scores.micro, Interval(scores.weighted.f1))]


def _row(kind: str, name: str, counts: Counts, f1: Interval) -> Row:
    return Row(kind, name, counts.gold, counts.predicted, counts.precision, counts.recall, f1)


def _average(name: str, average: Average, micro: Counts, f1: Interval) -> Row:
    return Row("average", name, micro.gold, micro.predicted, average.precision, average.recall, f1)


def percent(value: float | None) -> str:
    """A score as a percentage with one decimal; an en dash where it is not defined.

    >>> percent(0.8127), percent(None)
    ('81.3', '–')
    """
    return "–" if value is None else f"{100 * value:.1f}"


def bounds(interval: Interval) -> str:
    """The bounds of a score as percentages."""
    return "" if interval.low is None else f"{percent(interval.low)} to {percent(interval.high)}"


def cells(row: Row) -> tuple[str, ...]:
    """A row as text, in the order of `HEAD`."""
    return (row.name, str(row.gold), str(row.predicted), percent(row.precision), percent(row.recall),
            percent(row.f1.value), bounds(row.f1))


def terminal(lines: Sequence[Row], *, title: str = "") -> Table:
    """The rows as a rich table, with a rule between labels, groups and averages."""
    made = Table(title=Text(title) if title else None, box=SIMPLE)
    for number, name in enumerate(HEAD):
        made.add_column(name, justify="right" if number else "left")
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        last = following is not None and following.kind != line.kind
        made.add_row(*(Text(safe(cell)) for cell in cells(line)), end_section=last)
    return made


def compared(differences: Sequence[Difference]) -> Table:
    """A comparison of two systems as a rich table, in percent and points."""
    made = Table(box=SIMPLE)
    for number, name in enumerate(COMPARED):
        made.add_column(name, justify="right" if number else "left")
    for row in differences:
        made.add_row(Text(safe(row.name)), percent(row.a), percent(row.b), *_points(row.difference),
                     *("–" if p is None else f"{p:.4f}" for p in (row.p, row.p_holm)))
    return made


def points(interval: Interval) -> tuple[str, str]:
    """A difference (0 to 1) in points, and its bounds.

    >>> points(Interval(-0.02, -0.031, 0.002))
    ('-2.0', '-3.1 to +0.2')
    """
    return _points(Interval(*(None if value is None else 100 * value for value in interval)))


def _points(interval: Interval) -> tuple[str, str]:
    value, low, high = interval
    return ("–" if value is None else f"{value:+.1f}",
            "" if low is None or high is None else f"{low:+.1f} to {high:+.1f}")


def markdown(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    """A Markdown table, the first column to the left and the others to the right.

    >>> print(markdown(("", "F1"), [("PER", "81.3")]))
    |  | F1 |
    |:--|--:|
    | PER | 81.3 |
    """
    lines = [head, *body]
    written = ["| " + " | ".join(_escaped(cell) for cell in line) + " |" for line in lines]
    return "\n".join([written[0], "|:--|" + "--:|" * (len(head) - 1), *written[1:]])


def _escaped(cell: str) -> str:
    """A cell that ends no table and makes no HTML and loads no picture that a text or a label names."""
    plain = safe(" ".join(cell.split())).replace("\\", "\\\\").replace("|", "\\|")
    return plain.replace("<", "\\<").replace("![", "!\\[")


def slice_cells(row: Slice) -> tuple[str, ...]:
    """A slice as text: family, name, documents, gold spans, F1, bounds."""
    return (row.family, row.name, str(row.documents), str(row.counts.gold), percent(row.f1.value),
            bounds(row.f1))


def pattern_cells(row: Pattern) -> tuple[str, ...]:
    """An error pattern as text: cause, label, count, points, first example in gold and prediction."""
    example = row.examples[0]
    return (row.cause, row.label, str(row.count), f"{row.points:.2f}", example.context("gold"),
            example.context("predicted"))


def content(evaluation: Evaluation) -> dict[str, Any]:
    """What `report.json` holds, plain values; scores are 0 to 1, undefined ones null.

    - `name`, `facts`, `epochs` (dev F1 and loss after each, of a run), `documents`, `duplicates`;
    - `schemes`: scheme → `labels`, `groups` (name → counts and scores), `micro`, `macro`, `weighted`;
    - `intervals`: metric → name → `[value, low, high]` (strict, 95 %);
    - `slices`: list of family, name, documents, counts and scores, `interval`;
    - `calibration`: `error`, `bins`, `coverage`, or null without confidences;
    - `errors`: `by_label` (label → cause → number) and `patterns` (cause, label, count, points);
    - `confusions`: list of gold label, predicted label (null for none), number;
    - `values`: what `bilan.eval.values.content` documents, or null without figures;
    - `attribution`: `given` (gold spans) and `found` (end to end) → `who` and `by` → what
      `bilan.eval.attribution.content` documents; empty without links.
    """
    strict = evaluation.strict
    return {
        "name": evaluation.name, "facts": dict(evaluation.facts), "epochs": list(map(dict, evaluation.epochs)),
        "documents": strict.documents, "duplicates": strict.duplicates,
        "schemes": {name: {"labels": _scored(scores.labels), "groups": _scored(scores.groups),
                           "micro": _scores(scores.micro), "macro": scores.macro._asdict(),
                           "weighted": scores.weighted._asdict()}
                    for name, scores in evaluation.scores.items()},
        "intervals": {metric: {name: list(value) for name, value in found.items()}
                      for metric, found in evaluation.intervals.items()},
        "slices": [{"family": row.family, "name": row.name, "documents": row.documents,
                    **_scores(row.counts), "interval": list(row.f1)} for row in evaluation.slices],
        "calibration": _calibration(evaluation) if evaluation.bins else None,
        "errors": {"by_label": {label: dict(causes) for label, causes in table(evaluation.errors).items()},
                   "patterns": [{"cause": row.cause, "label": row.label, "count": row.count,
                                 "points": row.points} for row in evaluation.patterns]},
        "confusions": [[gold or None, predicted or None, number]
                       for (gold, predicted), number in sorted(evaluation.confusions.items())],
        "values": values.content(evaluation.values) if evaluation.values else None,
        "attribution": attribution.content(evaluation.attribution),
    }


def _scored(part: Any) -> dict[str, Any]:
    return {name: _scores(counts) for name, counts in part.items()}


def _scores(counts: Counts) -> dict[str, Any]:
    return {"gold": counts.gold, "predicted": counts.predicted, "correct": counts.correct,
            **{metric: getattr(counts, metric) for metric in METRICS}}


def _calibration(evaluation: Evaluation) -> dict[str, Any]:
    return {"error": evaluation.calibration_error, "bins": [row._asdict() for row in evaluation.bins],
            "coverage": [{"threshold": row.threshold, "coverage": row.coverage, **_scores(row.counts)}
                         for row in evaluation.coverage]}
