"""Which predicted span answers which gold span, and the counts that follow: what every score needs.

The four schemes are those of SemEval-2013 task 9 (Segura-Bedmar et al. 2013, section 5,
https://aclanthology.org/S13-2056):

| scheme    | boundaries         | label   | credit                           |
|-----------|--------------------|---------|----------------------------------|
| `strict`  | equal              | equal   | 1                                |
| `exact`   | equal              | ignored | 1                                |
| `partial` | overlap            | ignored | 1 when equal, one half otherwise |
| `type`    | overlap            | equal   | 1                                |

Matching is one to one: a span answers at most one span. Identical spans are matched first (equal
label, then equal boundaries); of the rest, as many pairs as possible, among those matchings the one
that shares most characters, then most labels. Discontinuous spans count by their hull.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .document import Document, Span
from .errors import BilanError

Naming = Callable[[Document, Span], str | None]
Link = tuple[int, int]


class Scheme(NamedTuple):
    """What a pair must share, and what it earns when only its boundaries differ."""

    same_label: bool
    same_bounds: bool
    credit: float


SCHEMES = {"strict": Scheme(True, True, 0.0), "exact": Scheme(False, True, 0.0),
           "partial": Scheme(False, False, 0.5), "type": Scheme(True, False, 1.0)}


@dataclass(frozen=True, slots=True)
class Counts:
    """Spans in gold, spans predicted and credit earned; they add up.

    A score that is not defined is None, never 0, 1 or NaN: precision without any prediction,
    recall without any gold, F1 without either. F1 is 2·correct / (gold + predicted), hence 0.0
    when there is gold and no prediction (precision None, recall 0.0), and the reverse.

    >>> Counts(4, 5, 3).f1, Counts(0, 0, 0).f1, Counts(2, 0, 0).precision
    (0.6666666666666666, None, None)
    """

    gold: int = 0
    predicted: int = 0
    correct: float = 0

    def __add__(self, other: Counts) -> Counts:
        """The counts of both."""
        return Counts(self.gold + other.gold, self.predicted + other.predicted,
                      self.correct + other.correct)

    @property
    def precision(self) -> float | None:
        """Correct over predicted."""
        return self.correct / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """Correct over gold."""
        return self.correct / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall, from the counts."""
        both = self.gold + self.predicted
        return 2 * self.correct / both if both else None


def scheme_of(name: str) -> Scheme:
    """The row of the table; BilanError lists the names when it is unknown."""
    if name not in SCHEMES:
        raise BilanError(f"unknown scheme {name!r}", mend=f"schemes: {', '.join(SCHEMES)}")
    return SCHEMES[name]


def count(gold: Document, predicted: Document, *, scheme: str = "strict",
          name: Naming | None = None) -> dict[str, Counts]:
    """The counts of one document, by label or by whatever `name` says of a span (None: left out).

    A span that occurs twice with the same boundaries and label counts once. A matched prediction is
    counted under the name of the gold span it answers, so the counts of all names add up to the
    counts of the document also where labels are ignored. Raises BilanError on an unknown scheme.

    >>> count(Document("d", "à Goma", (Span(2, 6, "LOC"),)), Document("d", "à Goma"))
    {'LOC': Counts(gold=1, predicted=0, correct=0)}
    """
    rule = scheme_of(scheme)
    golds, answers = distinct(gold.spans), distinct(predicted.spans)
    links = dict(match(golds, answers, same_label=rule.same_label, same_bounds=rule.same_bounds))
    answered = {answer: rank for rank, answer in links.items()}
    result: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0])
    for rank, span in enumerate(golds):
        called = name(gold, span) if name else span.label
        if called is None:
            continue
        result[called][0] += 1
        if rank in links:
            answer = answers[links[rank]]
            same = (span.start, span.end) == (answer.start, answer.end)
            result[called][1] += 1
            result[called][2] += 1 if same else rule.credit
    for rank, span in enumerate(answers):
        called = name(predicted, span) if name else span.label
        if called is not None and rank not in answered:
            result[called][1] += 1
    return {called: Counts(int(g), int(p), c) for called, (g, p, c) in result.items()}


def distinct(spans: Sequence[Span]) -> list[Span]:
    """The spans without those that repeat the boundaries and the label of an earlier one."""
    return list({span.key: span for span in reversed(spans)}.values())[::-1]


def match(gold: Sequence[Span], predicted: Sequence[Span], *, same_label: bool = False,
          same_bounds: bool = False) -> list[Link]:
    """Pairs of positions (in `gold`, in `predicted`), one to one, by the rule of the module.

    >>> match([Span(0, 5, "LOC"), Span(6, 9, "PER")], [Span(7, 9, "PER"), Span(0, 5, "ORG")])
    [(0, 1), (1, 0)]
    """
    links = _equal([span.key for span in gold], [span.key for span in predicted], {})
    if not same_label:
        bounds = [[(span.start, span.end) for span in spans] for spans in (gold, predicted)]
        links |= _equal(bounds[0], bounds[1], links)
    if not same_bounds:
        links |= _overlapping(gold, predicted, links, same_label)
    return sorted(links.items())


def _equal(gold: Sequence[tuple], predicted: Sequence[tuple], links: dict[int, int]) -> dict[int, int]:
    """Positions with equal keys, in order, that `links` does not pair yet."""
    free: dict[tuple, list[int]] = defaultdict(list)
    taken = set(links.values())
    for rank in range(len(predicted) - 1, -1, -1):
        if rank not in taken:
            free[predicted[rank]].append(rank)
    return {rank: free[key].pop() for rank, key in enumerate(gold) if rank not in links and free.get(key)}


def _overlapping(gold: Sequence[Span], predicted: Sequence[Span], links: dict[int, int],
                 same_label: bool) -> dict[int, int]:
    taken = set(links.values())
    left = [rank for rank in range(len(gold)) if rank not in links]
    right = [rank for rank in range(len(predicted)) if rank not in taken]
    edges = [(left[i], right[j]) for i, j in overlaps([gold[r] for r in left], [predicted[r] for r in right])
             if not same_label or gold[left[i]].label == predicted[right[j]].label]
    return {i: j for part in _parts(edges)
            for i, j in (_assign({(i, j): _shared(gold[i], predicted[j]) for i, j in part}).items()
                         if len(part) > 1 else part)}


def _parts(edges: Sequence[Link]) -> list[list[Link]]:
    """The pairs in parts that have no span in common: each is matched by itself, in a table of its own size."""
    home: dict[Link, list[Link]] = {}  # of a span, (0, in gold) or (1, in predicted), the pairs of its part
    for i, j in edges:
        large, small = home.get((0, i), []), home.get((1, j), [])
        if large is not small:
            large, small = (large, small) if len(large) >= len(small) else (small, large)
            large += small
            home |= {node: large for a, b in small for node in ((0, a), (1, b))}
        large.append((i, j))
        home[0, i] = home[1, j] = large
    return list({id(part): part for part in home.values()}.values())


def _shared(a: Span, b: Span) -> int:
    """Twice the characters shared, plus one for the same label: the order among equal matchings."""
    return 2 * (min(a.end, b.end) - max(a.start, b.start)) + (a.label == b.label)


def _assign(weights: dict[Link, int]) -> dict[int, int]:
    """The matching with most pairs and, among those, the greatest weight (Hungarian method)."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    rows, columns = sorted({i for i, _ in weights}), sorted({j for _, j in weights})
    row, column = ({rank: place for place, rank in enumerate(ranks)} for ranks in (rows, columns))
    table = np.zeros((len(rows), len(columns)))
    more = 1 + sum(weights.values())  # one more pair outweighs any overlap
    for (i, j), weight in weights.items():
        table[row[i], column[j]] = more + weight
    chosen = zip(*linear_sum_assignment(table, maximize=True), strict=True)
    return {rows[i]: columns[j] for i, j in chosen if (rows[i], columns[j]) in weights}


def overlaps(first: Sequence[Span], second: Sequence[Span]) -> Iterator[Link]:
    """The pairs of positions whose hulls share a character, those of each span of `second` together.

    The cost is that of sorting and of the pairs found, however long some spans are.
    """
    events = sorted([(span.start, 0, i) for i, span in enumerate(first)]
                    + [(span.start, 1, j) for j, span in enumerate(second)])
    spans = first, second
    open_: tuple[list[int], list[int]] = [], []
    found: list[Link] = []
    for start, side, rank in events:
        others = spans[1 - side]
        open_[1 - side][:] = [other for other in open_[1 - side] if others[other].end > start]
        found += ((rank, other) if side == 0 else (other, rank) for other in open_[1 - side])
        open_[side].append(rank)
    yield from sorted(found, key=lambda link: (link[1], first[link[0]].start, link[0]))
