"""Who is counted and who says so, scored: given the gold spans, and from text to link.

A link is that of `bilan.eval.links`, strict: the gold figure to the letter, pointing at the very span. `given`
are the links that the linker finds among gold spans, so its own errors alone; `found` those of the
predictions, so the errors of the spans too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..data.document import Document
from .intervals import RESAMPLES, Table, by_name
from .links import ATTRIBUTES, Link, links
from .score import Pair
from .values import Rate, rate_content

Linker = Callable[[Document], Document]


class Attribution(NamedTuple):
    """The strict score of one attribute, and what becomes of the links that are not right.

    `wrong` gold links have a figure that points at another span, `missed` ones a figure without a link or
    not found; `spurious` links are predicted on what has none in gold.
    """

    rate: Rate
    wrong: int
    missed: int
    spurious: int


def attribution(pairs: Sequence[Pair], *, link: Linker | None = None, resamples: int = RESAMPLES,
                seed: int = 0) -> dict[str, dict[str, Attribution]]:
    """`given` and `found` → attribute → score; only what can be said.

    `link` links documents: the gold ones for `given`, and the predicted ones where they hold no link at all.
    Nothing is said where gold has no link, nor `found` where there is neither link nor linker.
    """
    if not any(_linked(both.gold) for both in pairs):
        return {}
    sides: dict[str, list[Pair]] = {}
    if link:
        sides["given"] = [Pair(gold, link(gold)) for gold, _ in pairs]
    if any(_linked(both.predicted) for both in pairs):
        sides["found"] = list(pairs)
    elif link:
        sides["found"] = [Pair(gold, link(predicted)) for gold, predicted in pairs]
    return {name: _scores(side, resamples, seed) for name, side in sides.items()}


def _linked(document: Document) -> bool:
    return any(name in span.attributes for span in document.spans if span.attributes for name in ATTRIBUTES)


def _scores(pairs: Sequence[Pair], resamples: int, seed: int) -> dict[str, Attribution]:
    rows = [[[links(document, attribute=name) for document in both] for name in ATTRIBUTES] for both in pairs]
    counts = np.array([[[len(gold), len(answer), len(gold & answer)] for gold, answer in row] for row in rows],
                      dtype=float)
    table = Table(list(ATTRIBUTES), counts)
    bounds = by_name(table, resamples=resamples, seed=seed)
    kinds = np.array([[_kinds(*sides) for sides in row] for row in rows]).sum(0).tolist()
    return {name: Attribution(Rate(table.total(name), bounds[name]), *kinds[i]) for i, name in enumerate(ATTRIBUTES)}


def _kinds(gold: set[Link], answer: set[Link]) -> tuple[int, int, int]:
    """Wrong, missed and spurious links of one document."""
    linked, answered = ({link.figure for link in side} for side in (gold, answer))
    lost = [link.figure in answered for link in gold - answer]
    return sum(lost), len(lost) - sum(lost), sum(link.figure not in linked for link in answer - gold)


def content(found: Mapping[str, Mapping[str, Attribution]]) -> dict[str, Any]:
    """The scores as plain values: side → attribute → counts, scores, `interval`, `wrong`, `missed`, `spurious`."""
    return {side: {name: rate_content(each.rate) | {"wrong": each.wrong, "missed": each.missed,
                                                    "spurious": each.spurious} for name, each in part.items()}
            for side, part in found.items()}
