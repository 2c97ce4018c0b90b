"""Tables that set several things side by side: systems, baselines, one system under changes.

Each function gives the head and the body as text; `grid` shows them in a terminal, `table.markdown`
writes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from string import ascii_uppercase

from rich.box import SIMPLE
from rich.table import Table
from rich.text import Text

from ..data.calibration import Fit
from ..data.console import safe
from ..data.labels import ENTITY, FIGURE, GROUPS, in_order
from ..data.match import Counts
from .baselines import NAMES, Result
from .evaluation import Evaluation
from .intervals import MICRO
from .robustness import Outcome, Robustness
from .score import Scores
from .table import bounds, percent, points

Cells = tuple[str, ...]
Content = tuple[Cells, list[Cells]]


def grid(head: Sequence[str], body: Iterable[Sequence[str]]) -> Table:
    """A rich table, the first column to the left and the others to the right."""
    made = Table(box=SIMPLE)
    for number, name in enumerate(head):
        made.add_column(Text(safe(name)), justify="right" if number else "left", overflow="fold")
    for line in body:
        made.add_row(*(Text(safe(cell)) for cell in line))
    return made


def letters(count: int) -> list[str]:
    """A, B, C … and after Z numbers: short names for systems, whose own are paths.

    >>> letters(2)
    ['A', 'B']
    """
    return [*ascii_uppercase[:count], *map(str, range(len(ascii_uppercase) + 1, count + 1))]


def systems(evaluations: Sequence[Evaluation]) -> Content:
    """Strict F1 by label, group and overall, a column a system, and the interval of each micro F1."""
    scores = [evaluation.strict for evaluation in evaluations]
    labels = in_order({label for each in scores for label in each.labels})
    groups = [name for name in GROUPS if any(name in each.groups for each in scores)]
    rows = [_row(label, [each.labels.get(label, Counts()) for each in scores]) for label in labels]
    rows += [_row(name, [each.groups.get(name, Counts()) for each in scores]) for name in groups]
    rows += [_row("micro", [each.micro for each in scores]),
             ("95 %", "", *(bounds(evaluation.intervals["f1"]["micro"]) for evaluation in evaluations)),
             ("macro", "", *(percent(each.macro.f1) for each in scores))]
    return ("", "gold", *letters(len(scores))), rows


def _row(name: str, counts: Sequence[Counts]) -> Cells:
    return (name, str(max(each.gold for each in counts)), *(percent(each.f1) for each in counts))


def baselines(results: Iterable[Result]) -> Content:
    """A line a system and set: strict micro F1, of each group, of names alone, seconds of reading."""
    head = ("system", "gold", "F1", "95 %", ENTITY, FIGURE, " ".join(NAMES), "seconds")
    return head, [_baseline(row) for row in results]


def _baseline(row: Result) -> Cells:
    micro, *groups = _f1(row.scores)
    return (row.system, row.gold, micro, bounds(row.intervals[MICRO]) if row.scores else "", *groups,
            percent(row.names.micro.f1), f"{row.seconds:.1f}")


def _f1(scores: Scores | None) -> Cells:
    counts = [scores.micro, *(scores.groups.get(name, Counts()) for name in GROUPS)] if scores else ()
    return tuple(percent(each.f1) for each in counts) or ("–",) * (1 + len(GROUPS))


def changes(found: Robustness) -> Content:
    """A line a change: documents that it changes, strict F1 of all, of each group, and the difference."""
    head = ("change", "changed", "F1", ENTITY, FIGURE, "difference", "95 %")
    return head, [_change(outcome, found) for outcome in (found.plain, *found.outcomes)]


def _change(outcome: Outcome, found: Robustness) -> Cells:
    difference = ("", "") if outcome is found.plain else points(outcome.difference)
    return (outcome.change, str(outcome.changed), *_f1(outcome.scores), *difference)


def calibrated(found: Fit) -> Content:
    """Log-likelihood and calibration error before and after, a line each."""
    head = (f"{found.predictions} predictions", "at temperature 1", f"at {found.temperature:g}")
    sides = found.before, found.after
    return head, [
        ("negative log-likelihood", *("–" if side.nll is None else f"{side.nll:.3f}" for side in sides)),
        ("expected calibration error", *(percent(side.ece) for side in sides))]


def worst(found: Robustness) -> str:
    """The change that costs most, in one sentence."""
    outcome = found.worst
    if outcome is None:
        return "no change changes any of these documents"
    return (f"worst: {outcome.change}, F1 {percent(outcome.f1)} instead of {percent(found.plain.f1)} "
            f"({outcome.changed} of {outcome.scores.documents} documents changed)")
