"""The course of a training: `history.jsonl`, a line an epoch or checkpoint, and its picture."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from ..data.errors import BilanError
from ..data.files import parse_json, replaced, written
from ..data.report import Report
from . import ranks

HISTORY, CURVE = "history.jsonl", "learning-curve.png"
REPORTERS = ("tensorboard", "trackio", "mlflow", "wandb")  # packages of the same names
INK, ACCENT = "#1f3a5f", "#c2410c"


def reporters(wanted: str | None) -> list[str]:
    """The names in `report_to`; BilanError for one that is unknown or not installed.

    >>> reporters(None)
    []
    """
    names = [name for part in (wanted or "").split(",") if (name := part.strip()) and name != "none"]
    for name in names:
        if name not in REPORTERS:
            raise BilanError(f"cannot report to {name!r}", where="--report-to", mend=f"known: {', '.join(REPORTERS)}")
        if find_spec(name) is None:
            raise BilanError(f"{name} is not installed", where="--report-to", mend=f"pip install {name}")
    return names


class History(TrainerCallback):
    """Writes `history.jsonl` as the training goes: step, epoch, loss, dev F1 and loss, seconds.

    A resumed training keeps the lines up to the checkpoint that it goes on from; `seconds` count
    training only, over all its parts.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: list[dict[str, Any]] = []
        self.loss: float | None = None
        self.begun = 0.0

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Drop what the killed training did after its last checkpoint."""
        del args, control
        self.lines = [line for line in load_history(self.path) if line["step"] <= state.global_step]
        self.begun = time.perf_counter() - (self.lines[-1]["seconds"] if self.lines else 0)
        if ranks.first():
            with written(self.path) as stream:
                stream.writelines(map(_line, self.lines))

    def on_log(self, args: Any, state: Any, control: Any, logs: Mapping[str, Any] | None = None, **_: Any) -> None:
        """Add a line; the loss of a whole epoch waits for the dev scores that follow it."""
        del args, control
        found = logs or {}
        if "loss" in found:
            self.loss = found["loss"]
            if state.epoch % 1:
                self._add(state)
        elif "eval_f1" in found:
            self._add(state, f1=found["eval_f1"], dev_loss=found["eval_loss"])

    def _add(self, state: Any, **scores: float) -> None:
        seconds = round(time.perf_counter() - self.begun, 2)
        line = {"step": state.global_step, "epoch": round(state.epoch, 4), "loss": self.loss, **scores,
                "seconds": seconds}
        self.lines.append(line)
        self.loss = None
        if ranks.first():
            with open(self.path, "a", encoding="utf-8") as stream:
                stream.write(_line(line))


def _line(line: Mapping[str, Any]) -> str:
    return json.dumps(line) + "\n"


def load_history(path: Path) -> list[dict[str, Any]]:
    """The lines of a `history.jsonl`, whole ones only; none where there is no file."""
    if not path.is_file():
        return []
    whole = path.read_text(encoding="utf-8").split("\n")[:-1]
    return [parse_json(line, where=path) for line in whole]


def spent(path: Path, step: int) -> float:
    """The seconds that a training had taken by a step, from its `history.jsonl`."""
    return max((line["seconds"] for line in load_history(path) if line["step"] <= step), default=0.0)


def picture(lines: Sequence[Mapping[str, Any]], path: Path, report: Report) -> None:
    """Draw loss and dev F1 against epochs; told in the report where matplotlib is missing."""
    if find_spec("matplotlib") is None:
        report.note(f"skipped: {CURVE}, matplotlib is missing (pip install 'bilan[report]')")
        return
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 3.5), layout="constrained")
    axes = figure.subplots()
    _curve(axes, lines, "loss", INK, "-", "train loss")
    _curve(axes, lines, "dev_loss", INK, "--", "dev loss")
    axes.set(xlabel="epoch", ylabel="loss", ylim=(0, None))
    right = axes.twinx()
    _curve(right, lines, "f1", ACCENT, "-", "dev F1")
    right.set(ylabel="strict F1", ylim=(0, 1))
    figure.legend(loc="outside upper center", ncols=3, frameon=False)
    with replaced(path) as temporary:
        figure.savefig(temporary, dpi=150)


def _curve(axes: Any, lines: Sequence[Mapping[str, Any]], key: str, colour: str, style: str, label: str) -> None:
    points = [(line["epoch"], line[key]) for line in lines if line.get(key) is not None]
    axes.plot(*zip(*points, strict=True) if points else ([], []), color=colour, linestyle=style, marker=".",
              label=label)
