"""The Trainer of transformers, made exact: the same order, and whole checkpoints, after a restart.

The order of windows follows from seed and epoch alone, so that a training resumed in the middle of an
epoch goes on with the windows that are left, and several processes share the batches of one. Dev
windows come back in their order, for they are put together into documents again. Checkpoints are
sealed when whole (`checkpoints`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch.utils.data import Sampler, SequentialSampler
from transformers import Trainer
from transformers.trainer_pt_utils import get_length_grouped_indices

from . import average, checkpoints, ranks
from .examples import Examples
from .masking import Masking
from .variants import Variants

BESIDE = ("units", "teacher")  # of a batch: what the loss is given beside logits and labels
LAP = 1_000_003  # seeds of epochs lie this far apart, so that seed 1, epoch 2 is not seed 2, epoch 1


class ByLength(Sampler[int]):
    """Windows of like length together, in an order that seed and epoch alone decide.

    `group` windows make a step. Where several processes take turns, the last round is filled with
    the window after the last, which is blank: each process gets full batches, none of them twice.
    """

    def __init__(self, lengths: Sequence[int], *, group: int, seed: int, blanks: int = 0) -> None:
        self.lengths, self.group, self.seed, self.blanks = list(lengths), group, seed, blanks
        self.epoch = 0

    def __len__(self) -> int:
        return len(self.lengths) + self.blanks

    def __iter__(self) -> Iterator[int]:
        generator = torch.Generator().manual_seed(self.seed + LAP * self.epoch)
        order = get_length_grouped_indices(self.lengths, self.group, generator=generator)
        return iter([*order, *[len(self.lengths)] * self.blanks])


class OrderedTrainer(Trainer):
    """The Trainer, with our order, checkpoints, and an early stop that outlives a restart."""

    order: ByLength | None = None
    masking: Masking | None = None
    average = 0  # epochs whose checkpoints are kept for their mean
    examples: tuple[Examples, Examples]  # of train and dev

    def training_step(self, model: Any, inputs: dict[str, Any], *arguments: Any, **named: Any) -> torch.Tensor:
        """One batch forward and backward, some of its tokens masked."""
        if self.masking:
            inputs = {**inputs, "input_ids": self.masking(inputs["input_ids"])}
        return super().training_step(model, inputs, *arguments, **named)

    def compute_loss(self, model: Any, inputs: dict[str, Any], *arguments: Any, **named: Any) -> Any:
        """The loss; `units` and `teacher` of the batch are for it and not for the network."""
        beside = {name: inputs.pop(name) for name in BESIDE if name in inputs}
        own: Any = self.compute_loss_func
        self.compute_loss_func = partial(own, **beside) if beside else own
        try:
            return super().compute_loss(model, inputs, *arguments, **named)
        finally:
            self.compute_loss_func = own

    def _get_train_sampler(self, train_dataset: Any = None) -> ByLength:
        rows: Any = self.train_dataset if train_dataset is None else train_dataset
        lengths = [row["length"] for row in rows if row["length"]]
        together = self.args.train_batch_size * ranks.size()
        self.order = ByLength(lengths, group=together * self.args.gradient_accumulation_steps, seed=self.args.seed,
                              blanks=-len(lengths) % together if ranks.size() > 1 else 0)
        return self.order

    def _get_eval_sampler(self, eval_dataset: Any) -> SequentialSampler:
        return SequentialSampler(eval_dataset)

    def _run_epoch(self, *arguments: Any, epoch: int, **named: Any) -> None:
        if self.control.should_training_stop:  # Patience ran out before the checkpoint that we resumed
            return
        if self.order is not None:
            self.order.epoch = epoch
        if isinstance(self.train_dataset, Variants):
            self.train_dataset.at(epoch)
        super()._run_epoch(*arguments, epoch=epoch, **named)

    def _init_training_state(self, *arguments: Any, **named: Any) -> tuple[int, int]:
        found = super()._init_training_state(*arguments, **named)
        if self.state.best_global_step:  # the checkpoint says where it was written, which may have moved
            best = Path(str(self.args.output_dir)) / checkpoints.name(self.state.best_global_step)
            self.state.best_model_checkpoint = str(best)
        return found

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        parent = Path(str(self.args.output_dir))
        folder = parent / checkpoints.name(self.state.global_step)
        if ranks.first():
            shutil.rmtree(folder, ignore_errors=True)
        ranks.wait()
        super()._save_checkpoint(model, trial)
        ranks.wait()
        if ranks.first():
            checkpoints.seal(folder)
            recent = average.folders(parent, self.state, number=self.average)
            checkpoints.rotate(parent, {folder.name, checkpoints.name(self.state.best_global_step or 0),
                                        *(path.name for path in recent)})
        ranks.wait()
