"""Averaging: which checkpoints, and their mean."""

from types import SimpleNamespace

import pytest
import torch
from bilan.train.average import epoch_ends, folders, mean_weights
from safetensors.torch import save_file


@pytest.mark.parametrize(("step", "number", "expected"), [
    (40, 2, [30, 40]), (40, 9, [10, 20, 30, 40]), (45, 2, [30, 40]), (40, 0, []), (5, 2, [])])
def test_the_last_ends_of_epochs_are_taken(step, number, expected):
    assert epoch_ends(step, epoch=10, number=number) == expected


def test_checkpoints_in_the_middle_of_an_epoch_are_not_averaged(tmp_path):
    state = SimpleNamespace(global_step=25, max_steps=50, num_train_epochs=5)
    assert [folder.name for folder in folders(tmp_path, state, number=2)] == ["checkpoint-10", "checkpoint-20"]


def test_the_mean_of_weights_is_taken_one_by_one(tmp_path):
    for name, value in (("one", 1.0), ("two", 4.0), ("three", 4.0)):
        (tmp_path / name).mkdir()
        save_file({"weight": torch.full((2, 2), value), "bias": torch.tensor([value * 2])}, tmp_path / name / "model.safetensors")
    found = mean_weights([tmp_path / name for name in ("one", "two", "three")])
    assert found["weight"].tolist() == [[3.0, 3.0], [3.0, 3.0]] and found["bias"].tolist() == [6.0]
    assert found["weight"].dtype == torch.float32
