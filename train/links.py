"""Fits the weights of the linker (`bilan.models.links`) on the train side of a corpus.

    python -m bilan.train.links data/corpus models/links.json

Maximum conditional likelihood with an L2 penalty, by L-BFGS; then the features that matter least (weight
times a power of the frequency) are dropped so that the table stays readable and below 60 kB, and the rest
is fitted once more. The features were devised on the train and dev sides, penalty and threshold chosen by
cross-validation on the train side. Some minutes on one core.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import torch

from ..data.document import Document
from ..data.files import written
from ..data.formats import read
from ..data.split import split
from ..models.features import TASKS, Task
from ..models.links import State, Targets, chain
from ..models.outline import Outline

NEVER = -1e4
SEEN = 3  # times a feature must occur in training


class Setting(NamedTuple):
    """How a task is fitted: L2 penalty, features kept, power of their frequency, marginal threshold."""

    penalty: float
    kept: int
    power: float
    threshold: float


SETTINGS = {"who": Setting(5.0, 700, 0.25, 0.35), "by": Setting(8.0, 1600, 0.5, 0.4)}


class Lattice(NamedTuple):
    """A corpus as tensors; D documents, T figures and C targets at most, N distinct transitions.

    `right` (D, T) are the positions of the gold targets, `moves` (D, T, C, C) the transition between
    the targets of a figure and of the one before, `lengths` (D) the figures of each document.
    """

    features: torch.Tensor  # one entry a feature of a target …
    rows: torch.Tensor  # … and the flat position (D, T, C) of that target
    closed: torch.Tensor  # (D, T, C): NEVER where there is no target
    right: torch.Tensor
    moves: torch.Tensor
    move_features: torch.Tensor
    move_rows: torch.Tensor
    kinds: int
    lengths: torch.Tensor


class Example(NamedTuple):
    """The states of a document, the gold positions, and the features of moves between states."""

    states: list[State]
    right: list[int]
    moves: list[list[list[tuple[str, ...]]]]


def gold(outline: Outline, name: str) -> Targets:
    """The gold target of each figure, as positions in the outline."""
    ids = {unit.span.attributes["id"]: i for i, unit in enumerate(outline.units)
           if unit.span and "id" in unit.span.attributes}
    spans = {figure: outline.units[figure].span for figure in outline.figures}
    return {figure: ids.get(span.attributes.get(name, "").split(" ")[0])
            for figure, span in spans.items() if span is not None}


def examples(documents: Iterable[Document], name: str) -> list[Example]:
    """What a task learns from; a gold target out of reach counts as none."""
    result, task = [], TASKS[name]
    for document in documents:
        outline = Outline(document)
        right = gold(outline, name)
        states = chain(outline, task, gold(outline, "who") if name == "by" else {})
        places = [state.targets.index(right[state.figure]) if right[state.figure] in state.targets else 0
                  for state in states]
        if states:
            result.append(Example(states, places, _moves(outline, task, states)))
    return result


def _moves(outline: Outline, task: Task, states: list[State]) -> list[list[list[tuple[str, ...]]]]:
    result = []
    for first, second in zip(states, states[1:], strict=False):
        features = task.transition(outline, first.figure, second.figure)
        result.append([[tuple(features(past, now)) for now in second.targets] for past in first.targets])
    return result


def frequencies(data: Iterable[Example]) -> Counter[str]:
    """How often each feature occurs, over the targets and the moves that are possible."""
    counts: Counter[str] = Counter()
    for example in data:
        for state in example.states:
            for features in state.features:
                counts.update(dict.fromkeys(features, 1))
        for table in example.moves:
            for row in table:
                for features in row:
                    counts.update(features)
    return counts


def lattice(data: list[Example], names: dict[str, int]) -> Lattice:
    """The examples as tensors."""
    longest = max(len(example.states) for example in data)
    widest = max(len(state.targets) for example in data for state in example.states)
    closed = torch.full((len(data), longest, widest), NEVER)
    right = torch.zeros((len(data), longest), dtype=torch.long)
    moves = torch.zeros((len(data), longest, widest, widest), dtype=torch.long)
    kinds: dict[tuple[str, ...], int] = {(): 0}
    pairs: list[tuple[int, int]] = []
    for d, example in enumerate(data):
        for t, state in enumerate(example.states):
            closed[d, t, :len(state.targets)] = 0
            right[d, t] = example.right[t]
            first = (d * longest + t) * widest
            pairs += [(names[name], first + c) for c, features in enumerate(state.features)
                      for name in features if name in names]
        for t, table in enumerate(example.moves, 1):
            numbers = [[kinds.setdefault(features, len(kinds)) for features in row] for row in table]
            moves[d, t, :len(numbers), :len(numbers[0])] = torch.tensor(numbers)
    of_moves = [(names[name], kind) for features, kind in kinds.items() for name in features if name in names]
    features, rows = torch.tensor(pairs).T
    move_features, move_rows = torch.tensor(of_moves or [(0, 0)]).T
    lengths = torch.tensor([len(example.states) for example in data])
    return Lattice(features, rows, closed, right, moves, move_features, move_rows, len(kinds), lengths)


def alike(data: list[Example], *, groups: int = 8) -> list[list[Example]]:
    """The examples in groups of like size, so that little of a lattice is padding."""
    ordered = sorted(data, key=lambda example: (max(len(state.targets) for state in example.states),
                                                len(example.states)))
    size = -(-len(ordered) // groups)
    return [ordered[start:start + size] for start in range(0, len(ordered), size)]


def loss(weights: torch.Tensor, data: Lattice) -> torch.Tensor:
    """The negative log-likelihood of the gold targets."""
    alone = torch.zeros(data.closed.numel()).index_add(0, data.rows, weights.index_select(0, data.features))
    alone = alone.view(data.closed.shape) + data.closed
    moves = torch.zeros(data.kinds).index_add(0, data.move_rows, weights.index_select(0, data.move_features))
    forward = alone[:, 0]
    reached = forward.gather(1, data.right[:, :1]).squeeze(1)
    for t in range(1, alone.shape[1]):
        live = (data.lengths > t).nonzero().squeeze(1)
        step, now, past = moves[data.moves[live, t]], data.right[live, t], data.right[live, t - 1]
        ahead = torch.logsumexp(forward[live].unsqueeze(2) + step, 1) + alone[live, t]
        forward = forward.index_copy(0, live, ahead)
        reached = reached.index_add(0, live, alone[live, t, now] + step[torch.arange(len(live)), past, now])
    return (torch.logsumexp(forward, 1) - reached).sum()


def fit(data: list[Example], features: list[str], *, penalty: float, steps: int = 60) -> dict[str, float]:
    """The weight of each feature."""
    names = {feature: i for i, feature in enumerate(features)}
    tensors = [lattice(some, names) for some in alike(data)]
    weights = torch.zeros(len(names), requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=steps, history_size=10, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        value = torch.stack([loss(weights, some) for some in tensors]).sum() + penalty / 2 * (weights ** 2).sum()
        value.backward()
        return value

    optimizer.step(closure)
    return dict(zip(names, weights.detach().tolist(), strict=True))


def fitted(documents: list[Document], name: str, *, setting: Setting) -> dict[str, float]:
    """The weights of a task: fitted, cut to the features that matter most, fitted again, rounded."""
    data = examples(documents, name)
    counts = frequencies(data)
    frequent = sorted(feature for feature, count in counts.items() if count >= SEEN)
    weights = fit(data, frequent, penalty=setting.penalty)
    matter = {feature: abs(weight) * counts[feature] ** setting.power for feature, weight in weights.items()}
    largest = sorted(weights, key=lambda feature: -matter[feature])[:setting.kept]
    again = fit(data, sorted(largest), penalty=setting.penalty)
    return {"threshold": setting.threshold} | {feature: round(weight, 2) for feature, weight in again.items()}


def links(corpus: Path, target: Path) -> None:
    """Write the weights of both tasks, learnt from the train side of a corpus."""
    torch.set_num_threads(1)  # sums in parallel differ in the last bits from run to run
    documents = list(read(corpus))
    sides = split(documents)
    train = [document for document in documents if sides[document.id] == "train"]
    tables = {name: fitted(train, name, setting=SETTINGS[name]) for name in TASKS}
    with written(target) as stream:
        json.dump(tables, stream, ensure_ascii=False, indent=0, separators=(",", ":"))
        stream.write("\n")


if __name__ == "__main__":
    links(*map(Path, sys.argv[1:3]))
