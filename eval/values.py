"""Whether figures are read as the right number: value, bounds, qualifier and role.

Predicted figures are matched with gold figures whatever their labels, equal boundaries first, then the best
overlap (`bilan.data.match`), and both mentions are read by `bilan.data.figures`. A gold figure that cannot be
read as a number has no value to find: it counts for the role only. Time is linear in the documents.

| measure     | right when                                                                    |
|-------------|-------------------------------------------------------------------------------|
| `value`     | the best value is equal, where there is none the bounds, and so is the unit   |
| `interval`  | low, best and high are equal, and so is the unit                              |
| `qualifier` | both are exact, about, at_least, at_most, range or order                      |
| `role`      | the labels are equal: the dead are not read as wounded                        |
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from ..data.document import Document, Span
from ..data.figures import Figure, figure
from ..data.labels import FIGURE, group_of
from ..data.match import Counts, distinct, match
from .intervals import RESAMPLES, Interval, Table, by_name
from .score import METRICS, Pair

Test = Callable[[Figure, Figure], bool]
SCOPES = ("exact", "partial", "all")
FOUND = "found"


def _bounds(read: Figure) -> tuple:
    return read.low, read.best, read.high, read.unit


def _value(read: Figure) -> tuple:
    return (read.best, read.unit) if read.best is not None else (read.low, read.high, read.unit)


READ: dict[str, Test] = {"value": lambda gold, answer: _value(gold) == _value(answer),
                         "interval": lambda gold, answer: _bounds(gold) == _bounds(answer),
                         "qualifier": lambda gold, answer: gold.qualifier == answer.qualifier}
MEASURES = (*READ, "role")
COLUMNS = [*(f"{scope} {name}" for scope in SCOPES for name in MEASURES), FOUND]
PLACE = {name: column for column, name in enumerate(COLUMNS)}


class Rate(NamedTuple):
    """Counts and their F1 with its 95 % interval; of matched figures, F1 is the share that is right."""

    counts: Counts
    f1: Interval


@dataclass(frozen=True)
class Values:
    """How figures are read in one set of predictions.

    `figures` are those of gold and of the predictions, with the matched ones as `correct`. `rates` by
    scope, `exact` spans, `partial` ones or `all` matched, and measure. `found` is the score end to end:
    right value and right role, wherever the span ends. `roles` are the confusions (gold label, predicted
    label); `unreadable` the figures of gold, and of the predictions, that are no number for us.
    """

    figures: Counts
    rates: Mapping[str, Mapping[str, Rate]]
    found: Rate
    roles: Counter[tuple[str, str]]
    unreadable: tuple[int, int]


class Matched(NamedTuple):
    """A gold figure and the prediction that answers it, with what each says."""

    gold: Span
    answer: Span
    read: Figure | None
    answered: Figure | None

    @property
    def scope(self) -> str:
        """`exact` where the boundaries are equal, else `partial`."""
        return "exact" if (self.gold.start, self.gold.end) == (self.answer.start, self.answer.end) else "partial"

    @property
    def right(self) -> dict[str, bool]:
        """Whether each measure is right; those of the number only where gold can be read."""
        read = {} if self.read is None else {
            name: self.answered is not None and test(self.read, self.answered) for name, test in READ.items()}
        return read | {"role": self.gold.label == self.answer.label}


reading = lru_cache(maxsize=100_000)(figure)


def figures_of(document: Document) -> list[Span]:
    """The figures of a document, each once."""
    return [span for span in distinct(document.spans) if group_of(span.label) == FIGURE]


def matched(gold: Document, predicted: Document) -> Iterator[Matched]:
    """The figures of gold that a predicted figure answers.

    >>> gold = Document("d", "au moins 12 morts", (Span(0, 11, "KILLED"),))
    >>> (found,) = matched(gold, gold.replace(spans=(Span(9, 11, "KILLED"),)))
    >>> found.scope, found.right
    ('partial', {'value': True, 'interval': False, 'qualifier': False, 'role': True})
    """
    golds, answers = figures_of(gold), figures_of(predicted)
    for i, j in match(golds, answers):
        yield Matched(golds[i], answers[j], *(reading(gold.mention(span)) for span in (golds[i], answers[j])))


def values(pairs: Iterable[Pair], *, resamples: int = RESAMPLES, seed: int = 0) -> Values | None:
    """How the figures of gold are read in the predictions; None where neither has any."""
    rows: list[dict[int, list[int]]] = []
    totals, roles, unread = Counts(), Counter[tuple[str, str]](), [0, 0]
    for gold, predicted in pairs:
        sides, links = (figures_of(gold), figures_of(predicted)), list(matched(gold, predicted))
        blank = [sum(reading(gold.mention(span)) is None for span in side) for side in sides]
        totals += Counts(len(sides[0]), len(sides[1]), len(links))
        roles.update((link.gold.label, link.answer.label) for link in links if link.gold.label != link.answer.label)
        unread = [a + b for a, b in zip(unread, blank, strict=True)]
        unjudged = sum(link.read is None for link in links)  # no answer to these is right or wrong
        rows.append(_row(links, len(sides[0]) - blank[0], len(sides[1]) - unjudged))
    if not totals.gold and not totals.predicted:
        return None
    table = Table(COLUMNS, np.zeros((len(rows), len(COLUMNS), 3)))
    for number, row in enumerate(rows):
        for column, counts in row.items():
            table.counts[number, column] = counts
    bounds = by_name(table, resamples=resamples, seed=seed)
    rates = {name: Rate(table.total(name), bounds[name]) for name in table.names}
    return Values(totals, {scope: {name: rates[f"{scope} {name}"] for name in MEASURES} for scope in SCOPES},
                  rates[FOUND], roles, (unread[0], unread[1]))


def _row(links: Iterable[Matched], golds: int, answers: int) -> dict[int, list[int]]:
    """Column → gold, predicted, correct in one document that has figures to find and answers to judge."""
    row = {PLACE[FOUND]: [golds, answers, 0]}
    for link in links:
        right = link.right
        for scope in (link.scope, "all"):
            for name, holds in right.items():
                cell = row.setdefault(PLACE[f"{scope} {name}"], [0, 0, 0])
                cell[:] = cell[0] + 1, cell[1] + 1, cell[2] + holds
        row[PLACE[FOUND]][2] += right["role"] and right.get("value", False)
    return row


def rate_content(rate: Rate) -> dict[str, Any]:
    """Counts, precision, recall, F1 and the interval of F1 as plain values."""
    counts = rate.counts
    return {"gold": counts.gold, "predicted": counts.predicted, "correct": counts.correct,
            **{metric: getattr(counts, metric) for metric in METRICS}, "interval": list(rate.f1)}


def content(found: Values) -> dict[str, Any]:
    """The values as plain values for JSON.

    - `gold`, `predicted`, `matched`: numbers of figures; `unreadable`: those of `gold` and of `predicted`;
    - `rates`: scope (exact, partial, all) → measure → `support`, `correct`, `share`, `interval`;
    - `found`: counts, precision, recall, F1, `interval`; `roles`: list of gold label, predicted label, number.
    """
    return {
        "gold": found.figures.gold, "predicted": found.figures.predicted, "matched": int(found.figures.correct),
        "unreadable": dict(zip(("gold", "predicted"), found.unreadable, strict=True)),
        "rates": {scope: {name: {"support": rate.counts.gold, "correct": int(rate.counts.correct),
                                 "share": rate.f1.value, "interval": list(rate.f1)} for name, rate in part.items()}
                  for scope, part in found.rates.items()},
        "found": rate_content(found.found),
        "roles": [[gold, answer, number] for (gold, answer), number in found.roles.most_common()],
    }
