"""The figures of the report as SVG, by matplotlib's object interface: no global state, no display."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from ..data.calibration import Bin
from ..data.console import safe
from ..data.labels import in_order
from .calibration import Coverage

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NONE = "none"
LONGEST = 24  # characters of a label beside the confusions
INK, ACCENT = "#1f3a5f", "#c2410c"


def svg(draw: Callable[[Axes], None], *, width: float, height: float) -> str:
    """A picture of width × height inches, drawn by `draw`; the same bytes for the same content."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"svg.hashsalt": "bilan", "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure.subplots())
        stream = io.StringIO()
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def confusion(confusions: Counter[tuple[str, str]]) -> str:
    """Gold labels down, predicted across, shade by share of the gold label; the last are “none”."""
    import numpy as np

    labels = in_order({label for both in confusions for label in both} - {""})
    place = {label: number for number, label in enumerate([*labels, ""])}
    numbers = np.zeros((len(place), len(place)), dtype=int)
    for (gold, predicted), count in confusions.items():
        numbers[place[gold], place[predicted]] = count
    shares = numbers / np.maximum(numbers.sum(1, keepdims=True), 1)

    def draw(axes: Axes) -> None:
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
        names = [*(safe(label)[:LONGEST] for label in labels), NONE]
        axes.set_xticks(range(len(names)), names, rotation=90, parse_math=False)  # a label with $ is no formula
        axes.set_yticks(range(len(names)), names, parse_math=False)
        axes.set(xlabel="predicted", ylabel="gold")
        for (row, column), number in np.ndenumerate(numbers):
            if number:
                axes.text(column, row, str(number), ha="center", va="center", fontsize=7,
                          color="white" if shares[row, column] > 0.5 else "black")
    side = max(3.0, 0.36 * len(place) + 1)
    return svg(draw, width=side, height=side)


def reliability(bins: Sequence[Bin]) -> str:
    """Precision against confidence by bin; the area of a point grows with its number of spans."""
    filled = [(b.confidence, b.precision, b.count) for b in bins
              if b.confidence is not None and b.precision is not None]
    most = max(count for *_, count in filled)

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color="#999", linewidth=1, linestyle="--")
        axes.plot([x for x, _, _ in filled], [y for _, y, _ in filled], color=INK, linewidth=1)
        axes.scatter([x for x, _, _ in filled], [y for _, y, _ in filled], color=INK,
                     s=[20 + 180 * count / most for *_, count in filled])
        axes.set(xlabel="confidence", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1.02))
    return svg(draw, width=4.2, height=3.6)


def coverage(points: Sequence[Coverage]) -> str:
    """F1, precision and recall against the part of the predictions kept."""
    def draw(axes: Axes) -> None:
        least = min((p.coverage for p in points if p.coverage is not None), default=0)
        for metric, colour, style in (("f1", INK, "-"), ("precision", ACCENT, "--"), ("recall", "#555", ":")):
            kept = [(p.coverage, getattr(p.counts, metric)) for p in points if p.coverage is not None]
            defined = [(x, y) for x, y in kept if y is not None]
            axes.plot([x for x, _ in defined], [y for _, y in defined], color=colour, linestyle=style,
                      label="F1" if metric == "f1" else metric)
        axes.set(xlabel="part of the predictions kept", xlim=(1.02, max(0, least - 0.02)), ylim=(0, 1.02))
        axes.legend(frameon=False)
    return svg(draw, width=4.2, height=3.6)


def learning(epochs: Sequence[Mapping[str, float]]) -> str:
    """F1 and loss on dev after each epoch of the training, the loss by the axis on the right."""
    def draw(axes: Axes) -> None:
        places = [epoch["epoch"] for epoch in epochs]
        axes.plot(places, [epoch["f1"] for epoch in epochs], color=INK, marker="o", markersize=3)
        axes.set(xlabel="epoch", ylim=(0, 1.02))
        axes.set_ylabel("dev F1", color=INK)
        right = axes.twinx()
        right.plot(places, [epoch["loss"] for epoch in epochs], color=ACCENT, linestyle="--")
        right.set_ylabel("dev loss", color=ACCENT)
        right.set_ylim(bottom=0)
    return svg(draw, width=4.8, height=3.2)
