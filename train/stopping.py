"""When a training saves and when it stops: every so many steps, on Ctrl-C, and when nothing gets better."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from transformers import TrainerCallback

from ..data.errors import BilanError
from . import ranks

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(BilanError):
    """A training that was told to stop, after it saved where it is; `code` is the exit code."""

    def __init__(self, step: int, epoch: float, number: int) -> None:
        super().__init__(f"stopped at step {step} (epoch {epoch:.2f}), saved",
                         mend="go on with the same command and --resume")
        self.code = 128 + number


class Saving(TrainerCallback):
    """Saves every `every` steps, and at the next step once a signal came; then raises Interrupted.

    The end of an epoch saves anyway, after its evaluation. What is saved is logged first, so that
    the losses of a resumed training are those of an unbroken one.
    """

    def __init__(self, every: int | None) -> None:
        self.every = every
        self.signal = 0  # what came to this process
        self.leaving = False  # what all processes know

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take SIGINT and SIGTERM as wishes; the second one, in a single process, is obeyed at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.getsignal(number) for number in SIGNALS}

        def wish(number: int, frame: Any) -> None:
            del frame
            self.signal = number
            if ranks.size() == 1:  # torchrun passes on what the terminal sent to all already
                for each, handler in before.items():
                    signal.signal(each, handler)
            if ranks.first():
                print("\nsaving at the end of this step, then stopping", file=sys.stderr)

        for number in SIGNALS:
            signal.signal(number, wish)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Ask for a checkpoint where one is due in the middle of an epoch."""
        self.leaving = ranks.any_of(bool(self.signal))
        epoch = state.max_steps // int(args.num_train_epochs)
        due = self.leaving or (self.every and state.global_step % self.every == 0)
        if due and state.global_step % epoch:
            control.should_save = control.should_log = True

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Leave once the checkpoint is on disk."""
        del args, control
        if self.leaving:
            raise Interrupted(state.global_step, state.epoch, self.signal or signal.SIGTERM)


class Patience(TrainerCallback):
    """Stops after `epochs` evaluations without a better dev F1.

    It counts in the log, which a checkpoint holds: a resumed training stops where an unbroken one
    does (transformers' EarlyStoppingCallback begins to count anew).
    """

    def __init__(self, epochs: int) -> None:
        self.epochs = epochs

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Stop at once where the checkpoint that was resumed from was the last."""
        self.on_evaluate(args, state, control)

    def on_evaluate(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Stop when the best score is too long ago."""
        del args
        if waited(state.log_history) >= self.epochs:
            control.should_training_stop = True


def waited(log: Sequence[Mapping[str, Any]]) -> int:
    """How many evaluations there were since the best one.

    >>> waited([{"eval_f1": 0.5}, {"loss": 1.0}, {"eval_f1": 0.7}, {"eval_f1": 0.7}])
    1
    """
    scores = [entry["eval_f1"] for entry in log if "eval_f1" in entry]
    return len(scores) - 1 - scores.index(max(scores)) if scores else 0
