"""What a training says while it runs: a bar on a terminal, else a plain line an epoch."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from transformers import TrainerCallback

from . import ranks


class ProgressLine(TrainerCallback):
    """Epoch, loss, dev F1 and the time left, by the speed of the steps so far (evaluations included)."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, highlight=False)
        self.bar: Progress | None = None
        self.loss = self.f1 = float("nan")
        self.begun, self.first = 0.0, 0

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Start the clock, and the bar if someone looks at a terminal."""
        del args, control
        self.begun, self.first = time.perf_counter(), state.global_step
        if ranks.first() and self.console.is_terminal:
            self.bar = Progress(BarColumn(), TextColumn("{task.description}"), console=self.console, transient=True)
            self.bar.add_task("", total=state.max_steps, completed=state.global_step)
            self.bar.start()

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Move the bar."""
        del control
        if self.bar is not None:
            self.bar.update(self.bar.task_ids[0], completed=state.global_step, description=self.line(args, state))

    def on_log(self, args: Any, state: Any, control: Any, logs: Mapping[str, Any] | None = None, **_: Any) -> None:
        """Take up the figures; say them at the end of an epoch."""
        del control
        found = logs or {}
        self.loss, self.f1 = found.get("loss", self.loss), found.get("eval_f1", self.f1)
        if "eval_f1" in found and ranks.first():
            self.console.print(self.line(args, state), markup=False)

    def line(self, args: Any, state: Any) -> str:
        """The line in force."""
        done = state.global_step - self.first
        spent = time.perf_counter() - self.begun
        left = spent / done * (state.max_steps - state.global_step) if done else float("nan")
        shown = [f"epoch {state.epoch or 0:.2f}/{args.num_train_epochs:g}",
                 f"step {state.global_step}/{state.max_steps}"]
        shown += [f"{name} {value:.4f}" for name, value in (("loss", self.loss), ("dev F1", self.f1)) if value == value]
        return "  ".join([*shown, f"{clock(left)} left"])

    def close(self) -> None:
        """Give the terminal back."""
        if self.bar is not None:
            self.bar.stop()
            self.bar = None


def clock(seconds: float) -> str:
    """A time in words of a clock.

    >>> clock(75), clock(7322), clock(float("nan"))
    ('1:15', '2:02:02', '?')
    """
    if seconds != seconds:
        return "?"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
