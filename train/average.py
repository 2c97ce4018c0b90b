"""The mean of the weights of several checkpoints (Izmailov et al. 2018, https://arxiv.org/abs/1803.05407)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from . import checkpoints


def epoch_ends(step: int, *, epoch: int, number: int) -> list[int]:
    """The last `number` steps up to `step` at which an epoch of `epoch` steps ended.

    >>> epoch_ends(35, epoch=10, number=2)
    [20, 30]
    """
    last = step // epoch
    return [epoch * place for place in range(max(last - number, 0) + 1, last + 1)]


def folders(parent: Path, state: Any, *, number: int) -> list[Path]:
    """The checkpoints of the last `number` epochs of a training (`trainer.state`)."""
    epoch = state.max_steps // int(state.num_train_epochs)
    return [parent / checkpoints.name(step) for step in epoch_ends(state.global_step, epoch=epoch, number=number)]


def mean_weights(chosen: Sequence[Path]) -> dict[str, torch.Tensor]:
    """The mean of each weight over checkpoint folders, summed in float64; float32, as in training."""
    from safetensors.torch import load_file

    total: dict[str, torch.Tensor] = {}
    for folder in chosen:
        for name, value in load_file(folder / "model.safetensors").items():
            total[name] = total.get(name, 0) + value.double()
    return {name: (value / len(chosen)).float() for name, value in total.items()}
