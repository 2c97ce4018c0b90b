"""Values and claims as tables: how figures are read, who is counted, who says so.

Each function gives the head and the body as text, as those of `beside`.
"""

from __future__ import annotations

from collections.abc import Mapping

from .attribution import Attribution
from .evaluation import Evaluation
from .intervals import Interval
from .table import bounds, percent
from .values import MEASURES, Values

Cells = tuple[str, ...]
Content = tuple[Cells, list[Cells]]
SIDES = {"given": "given gold spans", "found": "end to end"}


def short(evaluation: Evaluation) -> Content:
    """A line a measure: support in gold, right in percent (F1 where precision and recall differ), bounds."""
    body: list[Cells] = []
    if evaluation.values:
        body = [_line(f"{name} of matched figures", rate.counts.gold, rate.f1)
                for name, rate in evaluation.values.rates["all"].items()]
        body.append(_line("value and role, F1", evaluation.values.found.counts.gold, evaluation.values.found.f1))
    body += [_line(f"{name}, {SIDES[side]}, F1", each.rate.counts.gold, each.rate.f1)
             for side, part in evaluation.attribution.items() for name, each in part.items()]
    return ("figures and claims", "gold", "right", "95 %"), body


def _line(name: str, support: int, score: Interval) -> Cells:
    return name, str(support), percent(score.value), bounds(score)


def read(values: Values) -> Content:
    """A line a measure: all, exact and partial matched figures, how many and the share that is right."""
    head = ("", "all", "right", "95 %", "exact", "right", "partial", "right")
    return head, [(name, *_cells(values, "all", name), bounds(values.rates["all"][name].f1),
                   *_cells(values, "exact", name), *_cells(values, "partial", name)) for name in MEASURES]


def _cells(values: Values, scope: str, name: str) -> Cells:
    rate = values.rates[scope][name]
    return str(rate.counts.gold), percent(rate.f1.value)


def roles(values: Values) -> Content:
    """A line a confusion between labels of figures, the most frequent first."""
    return ("gold", "read as", "figures"), [(gold, answer, str(number))
                                            for (gold, answer), number in values.roles.most_common()]


def links(found: Mapping[str, Mapping[str, Attribution]]) -> Content:
    """A line a side and attribute: strict scores of the links, and what the others are."""
    head = ("", "gold", "F1", "95 %", "wrong", "missed", "spurious", "predicted", "precision", "recall")
    return head, [_link(f"{name}, {SIDES[side]}", each) for side, part in found.items() for name, each in part.items()]


def _link(name: str, found: Attribution) -> Cells:
    counts, f1 = found.rate
    return (name, str(counts.gold), percent(f1.value), bounds(f1), *map(str, found[1:]), str(counts.predicted),
            percent(counts.precision), percent(counts.recall))


def sentence(values: Values) -> str:
    """How many figures there are, were matched and could not be read."""
    figures, (gold, answers) = values.figures, values.unreadable
    return (f"{figures.gold} figures in gold, {figures.predicted} predicted, {figures.correct:.0f} matched; "
            f"not readable as a number: {gold} of gold, {answers} predicted. Right value and role, wherever the span "
            f"ends: F1 {percent(values.found.f1.value)}"
            + (f" ({bounds(values.found.f1)})." if bounds(values.found.f1) else "."))
