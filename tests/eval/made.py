"""Gold and predicted documents for the tests of this room: written in the notation, random, or drawn."""

from __future__ import annotations

import random

from bilan.data import Document, Span
from bilan.data.formats.markup import parse
from bilan.eval import Pair
from hypothesis import strategies as st

from .. import strategies  # noqa: F401 (loads the profile without time limits)

LABELS = ("PER", "LOC", "FORCE", "KILLED", "INJURED")
LENGTH = 30


def sure(value: float | None) -> float:
    """A value that is expected to be defined."""
    assert value is not None
    return value


def document(written: str, *, id: str = "d", **meta: str) -> Document:
    """`l’[armée](FORCE)` as a Document."""
    text, spans = parse(written)
    return Document(id, text, tuple(spans), meta)


def both(gold: str, predicted: str, *, id: str = "d", **meta: str) -> Pair:
    """The same text, marked twice."""
    return Pair(document(gold, id=id, **meta), document(predicted, id=id, **meta))


def random_pairs(number: int, *, seed: int = 0) -> list[Pair]:
    """Flat documents of twenty words with spans on whole words; predictions are often close to gold."""
    dice = random.Random(seed)
    return [_random_pair(f"d{i}", dice) for i in range(number)]


def _random_pair(id: str, dice: random.Random) -> Pair:
    words = [dice.choice(("armée", "de", "Goma", "12", "morts", "l’aube")) for _ in range(20)]
    gold = _chunks(dice)
    predicted = [_shaken(chunk, dice) for chunk in gold] if dice.random() < 0.8 else _chunks(dice)
    text = " ".join(words)
    return Pair(*(Document(id, text, tuple(_spans(words, chunks))) for chunks in (gold, predicted)))


def _chunks(dice: random.Random) -> list[tuple[int, int, str]]:
    edges = sorted(dice.sample(range(21), 2 * dice.randint(0, 6)))
    return [(a, b, dice.choice(LABELS)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _shaken(chunk: tuple[int, int, str], dice: random.Random) -> tuple[int, int, str]:
    start, end, label = chunk
    shorter = dice.random() < 0.2 and end - start > 1
    return start + shorter, end, dice.choice(LABELS) if dice.random() < 0.2 else label


def _spans(words: list[str], chunks: list[tuple[int, int, str]]) -> list[Span]:
    starts = [sum(len(word) + 1 for word in words[:i]) for i in range(len(words))]
    return [Span(starts[a], starts[b - 1] + len(words[b - 1]), label) for a, b, label in chunks]


def _drawn(codes: list[int]) -> tuple[Span, ...]:
    return tuple(Span(code % 20, code % 20 + 1 + code // 20 % 8, LABELS[code // 160]) for code in codes)


# Spans that nest, cross and repeat. One integer a span: hypothesis draws and shrinks it quickly.
SPANS = st.lists(st.integers(0, 160 * len(LABELS) - 1), max_size=6).map(_drawn)
PAIRS = st.lists(st.tuples(SPANS, SPANS), min_size=1, max_size=3).map(lambda sides: [
    Pair(*(Document(f"d{i}", "x" * LENGTH, spans) for spans in side)) for i, side in enumerate(sides)])
