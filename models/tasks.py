"""What the two kinds of link have in common: the parts of a task, and how two units stand to each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from .outline import Outline

Targets = dict[int, int | None]
Kind = tuple[str, str, bool]


class Moves(NamedTuple):
    """The features of the targets of two figures in succession, alike for all pairs of targets of one kind."""

    kinds: Callable[[int | None, Sequence[int | None]], list[Kind]]
    features: Callable[[Kind], list[str]]

    def __call__(self, past: int | None, now: int | None) -> list[str]:
        """The features of two targets."""
        return self.features(self.kinds(past, [now])[0])


class Task(NamedTuple):
    """One kind of link: its candidates and its features."""

    candidates: Callable[[Outline, int], list[int]]
    pair: Callable[[Outline, int, int, Who], list[str]]
    absent: Callable[[Outline, int], list[str]]
    transition: Callable[[Outline, int, int], Moves]


class Who(NamedTuple):
    """Whom the figures count, and all who are counted."""

    targets: Targets
    taken: frozenset[int | None]


def zone(outline: Outline, figure: int, i: int, cue: int | None = None) -> str:
    """The order of figure `f`, candidate `c` and cue `v` in one sentence, or how far apart they are."""
    units = outline.units
    apart, same = units[i].sentence - units[figure].sentence, units[i].paragraph == units[figure].paragraph
    if apart > 0:
        return "n"
    if apart < 0:
        return f"p{-apart}" if same and apart >= -3 else "P" if same else "D"
    places = [(figure, "f"), (i, "c"), *([(cue, "v")] if cue is not None else [])]
    return "".join(letter for _, letter in sorted(places))


def move(past: int | None, now: int | None) -> str:
    """How the target of a figure stands to that of the one before: `-` none, `t` some, `=`, `<` or `>`."""
    if now is None or past is None:
        return ("-" if past is None else "t") + ("-" if now is None else "t")
    return "=" if now == past else ">" if now > past else "<"


def context(outline: Outline, earlier: int, figure: int) -> str:
    """What two figures share: the sentence, the paragraph, or nothing."""
    first, second = outline.units[earlier], outline.units[figure]
    if first.sentence == second.sentence:
        return "sentence"
    if first.paragraph != second.paragraph:
        return "far"
    return "next" if second.sentence - first.sentence == 1 else "paragraph"
