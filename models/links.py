"""Whom a figure counts (`who`) and who states it (`by`), found among the spans of a document.

A linear-chain conditional random field (Lafferty, McCallum & Pereira 2001) over the figures in reading
order: the state of a figure is its target or none, its features are those of `features`, its weights,
fitted on the train side of the corpus by `bilan.train.links`, stand in `links.json`. A figure gets
the target of highest marginal probability where that exceeds the threshold of the task.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise, repeat
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..data.document import Document, Span
from .features import TASKS
from .outline import Outline
from .tasks import Targets, Task, Who

WEIGHTS = Path(__file__).with_name("links.json")
ATTRIBUTES = tuple(TASKS)
Key = tuple[int, int, str]


class State(NamedTuple):
    """A figure, its possible targets (None first) and the features of each."""

    figure: int
    targets: list[int | None]
    features: list[list[str]]


@cache
def weights() -> dict[str, dict[str, float]]:
    """The weights by task and feature; `threshold` is that of the task."""
    return json.loads(WEIGHTS.read_text(encoding="utf-8"))


def link(document: Document) -> Document:
    """The document with `who` and `by` on its figures, whatever links they had, and ids on the targets.

    Spans keep their own ids; a target without one gets `s` and a number. Figures that overlap a
    longer span, and MEASURE, get no links.

    >>> text = "Selon Kiev, 12 soldats sont morts."
    >>> spans = Span(6, 10, "LOC"), Span(12, 14, "KILLED"), Span(15, 22, "FORCE")
    >>> dict(link(Document("d", text, spans)).spans[1].attributes)
    {'who': 's2', 'by': 's1'}
    """
    return linked(Outline(document), document)


def linked(outline: Outline, document: Document) -> Document:
    """The document of an outline with links, as `link` gives it."""
    found = targets(outline)
    links = {outline.key(figure): {task: outline.key(target) for task, chosen in found.items()
                                   if (target := chosen.get(figure)) is not None}
             for figure in outline.figures}
    names = _names(document, {target for named in links.values() for target in named.values()})
    return document.replace(spans=tuple(_attributed(span, links.get(span.key, {}), names)
                                        for span in document.spans))


def targets(outline: Outline) -> dict[str, Targets]:
    """For each task the target of each figure, as positions in the outline; `who` informs `by`."""
    result: dict[str, Targets] = {}
    for name, task in TASKS.items():
        table = weights()[name]
        states, scores = _scored(_states(outline, task, result.get("who", {})), table)
        result[name] = {state.figure: _chosen(state, odds, table["threshold"])
                        for state, odds in zip(states, _odds(outline, task, states, scores, table), strict=True)}
    return result


def chain(outline: Outline, task: Task, who: Targets) -> list[State]:
    """The figures with candidates for a task, in reading order."""
    return list(_states(outline, task, who))


def _states(outline: Outline, task: Task, who: Targets) -> Iterator[State]:
    known = Who(who, frozenset(who.values()))
    for figure in outline.figures:
        candidates = task.candidates(outline, figure)
        if candidates:
            features = [task.absent(outline, figure), *(task.pair(outline, figure, i, known) for i in candidates)]
            yield State(figure, [None, *candidates], features)


def _scored(states: Iterable[State], table: Mapping[str, float]) -> tuple[list[State], list[np.ndarray]]:
    """The states without their features, which would fill the memory, and the score of each of their targets."""
    bare, scores = [], []
    for state in states:
        scores.append(np.array([_weigh(features, table) for features in state.features]))
        bare.append(state._replace(features=[]))
    return bare, scores


def marginals(outline: Outline, task: Task, states: Iterable[State], table: Mapping[str, float]) -> list[np.ndarray]:
    """The probability of each target of each state."""
    return _odds(outline, task, *_scored(states, table), table)


def _odds(outline: Outline, task: Task, states: list[State], scores: list[np.ndarray],
          table: Mapping[str, float]) -> list[np.ndarray]:
    """The probabilities by the forward and backward recursions."""
    steps = [_steps(outline, task, *pair, table) for pair in pairwise(states)]
    forward, backward = scores[:1], [np.zeros(len(state.targets)) for state in states[-1:]]
    for score, moves in zip(scores[1:], steps, strict=True):
        forward.append(np.logaddexp.reduce(forward[-1][:, None] + moves, axis=0) + score)
    for score, moves in zip(scores[:0:-1], steps[::-1], strict=True):
        backward.append(np.logaddexp.reduce(moves + (score + backward[-1])[None, :], axis=1))
    total = np.logaddexp.reduce(forward[-1]) if forward else 0.0
    return [np.exp(a + b - total) for a, b in zip(forward, backward[::-1], strict=True)]


def _steps(outline: Outline, task: Task, first: State, second: State,
           table: Mapping[str, float]) -> np.ndarray:
    """The scores of the moves between the targets of two figures; *shape:* `(first, second)`."""
    moves, known = task.transition(outline, first.figure, second.figure), {}
    rows = [moves.kinds(past, second.targets) for past in first.targets]
    for kind in set().union(*rows):
        known[kind] = _weigh(moves.features(kind), table)
    return np.array([[known[kind] for kind in row] for row in rows])


def _weigh(features: list[str], table: Mapping[str, float]) -> float:
    return sum(map(table.get, features, repeat(0.0)))


def _chosen(state: State, odds: np.ndarray, threshold: float) -> int | None:
    best = 1 + int(np.argmax(odds[1:]))
    return state.targets[best] if odds[best] > threshold else None


def _names(document: Document, wanted: set[Key]) -> dict[Key, str]:
    """The ids of the targets: their own, or new ones that no span has."""
    names = {span.key: span.attributes["id"] for span in document.spans if "id" in span.attributes}
    taken, number = set(names.values()), 0
    for target in sorted(wanted - names.keys()):
        number += 1
        while f"s{number}" in taken:
            number += 1
        names[target] = f"s{number}"
    return {target: names[target] for target in wanted}


def _attributed(span: Span, links: Mapping[str, Key], names: Mapping[Key, str]) -> Span:
    kept = {name: value for name, value in span.attributes.items() if name not in ATTRIBUTES}
    if span.key in names:
        kept["id"] = names[span.key]
    kept |= {name: names[target] for name, target in links.items()}
    return span.replace(attributes=kept) if kept != span.attributes else span
