"""From tag scores to spans: the best valid IOB2 sequence, one tag a uncuttable unit.

Scores of the tokens of a unit are added (log-probabilities), so no span begins or ends inside a word
or a number, and Viterbi forbids an `I-` without its `B-`; learnt scores of transitions may be added. Pure
numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..data.align import EDGES, Encoded, spans_of
from ..data.document import Span
from ..data.errors import BilanError

Transitions = Sequence[Sequence[float]] | np.ndarray
BEGINS, CONTINUES = "BSU", "IELM"  # prefixes of the schemes IO(B1/2), BIOES, BILOU, BMES


@dataclass(frozen=True, slots=True)
class TagSet:
    """What the output columns of a model mean, whatever its scheme and their order.

    `labels` in order; `begin[k]` and `continue_[k]` are the columns that begin and continue label k.
    """

    labels: tuple[str, ...]
    outside: int
    begin: tuple[tuple[int, ...], ...]
    continue_: tuple[tuple[int, ...], ...]

    @property
    def columns(self) -> int:
        """How many output columns the model has."""
        return 1 + max(column for row in ((self.outside,), *self.begin, *self.continue_) for column in row)

    @property
    def tags(self) -> list[str]:
        """The IOB2 tags in the order of `canonical`'s columns."""
        return ["O"] + [f"{prefix}-{label}" for prefix in "BI" for label in self.labels]


def tag_set(names: Sequence[str]) -> TagSet:
    """The tag set of a model's column names; BilanError when they are not tags.

    >>> tag_set(["O", "B-PER", "I-PER"]).labels
    ('PER',)
    """
    outside = [column for column, name in enumerate(names) if name == "O"]
    parted = [name.partition("-") for name in names]
    labels = tuple(dict.fromkeys(label for prefix, dash, label in parted if dash))
    known = all(name == "O" or (prefix in (*BEGINS, *CONTINUES) and label)
                for name, (prefix, _, label) in zip(names, parted, strict=True))
    if len(outside) != 1 or not labels or not known:
        raise BilanError(f"the model's outputs are not tags: {', '.join(names[:6])}…",
                         mend="O and B-LABEL, I-LABEL (or BIOES, BILOU, BMES) are expected")
    columns = {(label, kind): [] for label in labels for kind in (BEGINS, CONTINUES)}
    for column, (prefix, _, label) in enumerate(parted):
        for kind in (BEGINS, CONTINUES):
            if (label, kind) in columns and prefix in kind:
                columns[label, kind].append(column)
    begin, inside = ([tuple(columns[label, kind]) for label in labels] for kind in (BEGINS, CONTINUES))
    return TagSet(labels, outside[0], tuple(b or i for b, i in zip(begin, inside, strict=True)),
                  tuple(i or b for b, i in zip(begin, inside, strict=True)))


def canonical(scores: np.ndarray, tags: TagSet) -> np.ndarray:
    """Log-probabilities as columns O, B-…, I-…: (tokens, columns) → (tokens, 1 + 2 × labels)."""
    columns = [(tags.outside,), *tags.begin, *tags.continue_]
    if all(len(column) == 1 for column in columns):
        return scores[:, [column[0] for column in columns]]
    return np.stack([np.logaddexp.reduce(scores[:, list(column)], axis=1) for column in columns], axis=1)


def log_softmax(logits: np.ndarray, *, temperature: float = 1.0) -> np.ndarray:
    """Log-probabilities over the last axis, in float32."""
    scaled = logits.astype(np.float32) / temperature
    scaled -= scaled.max(axis=-1, keepdims=True)
    return scaled - np.log(np.exp(scaled).sum(axis=-1, keepdims=True))


def unit_scores(scores: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Scores of the units, (units, 1 + 2L), from those of the visible tokens, (tokens, 1 + 2L).

    `first` are the rows at which units begin. The first token of a unit begins a label, the others
    continue it.
    """
    labels = (scores.shape[1] - 1) // 2
    summed = np.add.reduceat(scores, first, axis=0)
    outside, inside = summed[:, :1], summed[:, 1 + labels:]
    begin = scores[first, 1:1 + labels] + inside - scores[first, 1 + labels:]
    return np.concatenate([outside, begin, inside], axis=1)


def best_path(scores: np.ndarray, moves: np.ndarray | None = None) -> np.ndarray:
    """The column of each unit in the best valid sequence: (units, 1 + 2L) → (units,).

    Greedy where that is valid already (then it is the optimum), Viterbi (1967) otherwise, and always
    where `moves` (see `allowed`) are added.
    """
    labels = (scores.shape[1] - 1) // 2
    if moves is not None:
        return _scored_viterbi(scores, moves)
    greedy = scores.argmax(axis=1)
    before = np.append(0, greedy[:-1])
    valid = (greedy <= labels) | (before == greedy) | (before == greedy - labels)
    return greedy if valid.all() else _viterbi(scores, labels)


def _viterbi(scores: np.ndarray, labels: int) -> np.ndarray:
    total = scores[0].copy()
    total[1 + labels:] = -np.inf
    back = np.zeros(scores.shape, dtype=np.int64)
    same = np.arange(1, 1 + labels)
    for row in range(1, len(scores)):
        best = int(total.argmax())
        begun, going = total[1:1 + labels], total[1 + labels:]
        back[row, :1 + labels] = best
        back[row, 1 + labels:] = np.where(begun >= going, same, same + labels)
        step = np.concatenate([np.full(1 + labels, total[best]), np.maximum(begun, going)])
        total = step + scores[row]
    return _traced(total, back)


def _traced(total: np.ndarray, back: np.ndarray) -> np.ndarray:
    path = np.zeros(len(back), dtype=np.int64)
    path[-1] = int(total.argmax())
    for row in range(len(back) - 1, 0, -1):
        path[row - 1] = back[row, path[row]]
    return path


def allowed(transitions: Transitions, labels: int) -> np.ndarray:
    """The transition scores with −∞ into an I- from anything but its own B- or I-: (1 + 2L, 1 + 2L).

    Raises BilanError when the matrix is not of that size.
    """
    moves, size = np.array(transitions, dtype=np.float64), 1 + 2 * labels
    if moves.shape != (size, size):
        raise BilanError(f"transitions of the shape {moves.shape} for {labels} labels",
                         mend=f"({size}, {size}) is expected: O, B-…, I-…")
    own = np.eye(labels, dtype=bool)
    moves[:, 1 + labels:][~np.concatenate([np.zeros((1, labels), dtype=bool), own, own])] = -np.inf
    return moves


def _first(scores: np.ndarray) -> np.ndarray:
    return np.where(np.arange(len(scores)) > (len(scores) - 1) // 2, -np.inf, scores)


def _scored_viterbi(scores: np.ndarray, moves: np.ndarray) -> np.ndarray:
    total = _first(scores[0])
    back = np.zeros(scores.shape, dtype=np.int64)
    for row in range(1, len(scores)):
        step = total[:, None] + moves
        back[row] = step.argmax(axis=0)
        total = step.max(axis=0) + scores[row]
    return _traced(total, back)


def marginals(scores: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """The log-probability of each tag of each unit over all valid sequences (forward-backward).

    Shapes: (units, 1 + 2L) and (1 + 2L, 1 + 2L) → (units, 1 + 2L); Rabiner 1989.
    """
    ahead, behind = [_first(scores[0])], [np.zeros(scores.shape[1])]
    for row in scores[1:]:
        ahead.append(np.logaddexp.reduce(ahead[-1][:, None] + moves, axis=0) + row)
    for row in scores[:0:-1]:
        behind.append(np.logaddexp.reduce(moves + row + behind[-1], axis=1))
    joint = np.stack(ahead) + np.stack(behind[::-1])
    return joint - np.logaddexp.reduce(joint, axis=1, keepdims=True)


def decode(encoded: Encoded, logits: np.ndarray, tags: TagSet, *, trim: str = EDGES,
           temperature: float = 1.0, transitions: Transitions | None = None) -> list[Span]:
    """The spans of a text, each with its score, from the logits of its tokens.

    Shapes: `logits` (tokens, columns of the model). A span's score is the geometric mean of its
    units' probabilities. `transitions` (1 + 2L, 1 + 2L) are scores added between neighbouring units.
    """
    rows = np.flatnonzero(encoded.visible)
    if not len(rows):
        return []
    scores = canonical(log_softmax(logits[rows], temperature=temperature), tags)
    units = encoded.units[rows]
    first = np.flatnonzero(np.append(True, units[1:] != units[:-1]))
    summed = unit_scores(scores, first)
    moves = None if transitions is None else allowed(transitions, len(tags.labels)) / temperature
    path = best_path(summed, moves)
    names = _token_tags(len(encoded.ids), rows, first, path, tags)
    likely = log_softmax(summed) if moves is None else marginals(summed, moves)
    confidence = np.take_along_axis(likely, path[:, None], axis=1)[:, 0]
    spans = spans_of(encoded, names, trim=trim)
    runs = _runs(path, len(tags.labels))
    return [span.replace(score=round(float(np.exp(confidence[start:end].mean())), 4))
            for span, (start, end) in zip(spans, runs, strict=True)]


def _token_tags(tokens: int, rows: np.ndarray, first: np.ndarray, path: np.ndarray,
                tags: TagSet) -> list[str]:
    labels = len(tags.labels)
    columns = np.repeat(path, np.diff(np.append(first, len(rows))))
    begins_late = np.isin(np.arange(len(rows)), first, invert=True) & (columns > 0) & (columns <= labels)
    columns[begins_late] += labels
    names, all_tags = ["O"] * tokens, tags.tags
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        names[row] = all_tags[column]
    return names


def _runs(path: np.ndarray, labels: int) -> list[tuple[int, int]]:
    """First and last unit (exclusive) of each span on a valid path."""
    starts = np.flatnonzero((path > 0) & (path <= labels))
    stops = np.append(np.flatnonzero(path <= labels), len(path))
    return [(int(start), int(stops[np.searchsorted(stops, start, side="right")])) for start in starts]
