"""Several processes of one training: what two compute together is what one computes alone."""

import json
import os
import subprocess
import sys

import pytest
from bilan.data import BilanError
from bilan.train import ranks
from bilan.train.__main__ import app
from bilan.train.finetune import finetune
from bilan.train.history import load_history
from bilan.train.trainer import ByLength
from typer.testing import CliRunner

from .material import difference, prepared, settings

EPOCHS, CLOSE = 6, 1e-3


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Material with a seed, and its run in one process without dropout, whose best epoch is a late one."""
    folder = prepared(tmp_path_factory.mktemp("distributed"))
    for seed in range(1, 20):
        entry = finetune(chosen(folder, seed), folder / "whole", overwrite=True)
        if entry["dev"]["best"]["epoch"] > 4:
            return folder, entry
    raise AssertionError("no seed whose best epoch is late")


def chosen(folder, seed):
    return settings(folder, epochs=EPOCHS, learning_rate=1e-2, seed=seed)


def torchrun(folder, output, *options, seed=1, processes=2):
    """The command of the README, with the settings of the fixture."""
    recipe = output.with_suffix(".toml")
    recipe.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in
                              chosen(folder, seed).model_dump(exclude_defaults=True).items()))
    return subprocess.run([sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node",
                           str(processes), "-m", "bilan.train", "--recipe", recipe, "--output", output, *options],
                          capture_output=True, text=True, check=False, env=os.environ | {"OMP_NUM_THREADS": "1"})


def test_two_processes_train_as_one(whole, tmp_path):
    folder, alone = whole
    run = tmp_path / "run"
    done = torchrun(folder, run, seed=alone["settings"]["seed"])
    assert done.returncode == 0, done.stderr
    entry = json.loads((run / "run.json").read_text())
    assert entry["processes"] == 2 and alone["processes"] == 1
    scores = ([epoch["f1"] for epoch in each["dev"]["epochs"]] for each in (entry, alone))
    assert next(scores) == pytest.approx(next(scores), abs=0.1)  # a near tie in mid-training may fall either way
    assert entry["train_loss"] == pytest.approx(alone["train_loss"], rel=1e-3)
    assert difference(run, folder / "whole") < CLOSE
    assert [line["step"] for line in load_history(run / "history.jsonl")] == [4, 8, 12, 16, 20, 24]
    assert done.stdout.count("dev F1") == 1 and not (run / "checkpoints").exists()


def test_what_the_first_process_cannot_do_is_an_error_in_all(monkeypatch):
    def refused():
        raise BilanError("no data here")

    monkeypatch.setenv("WORLD_SIZE", "2")
    sent = []
    for rank, passed_on in (("0", sent.extend), ("1", lambda answer: answer.__setitem__(slice(None), sent))):
        monkeypatch.setenv("RANK", rank)
        monkeypatch.setattr("accelerate.utils.broadcast_object_list", passed_on)
        with pytest.raises(BilanError, match="no data here"):
            ranks.shared(refused if rank == "0" else pytest.fail)


def test_an_error_is_said_by_the_first_process_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "3")
    arguments = ["--batch-size", "4", "--output", str(tmp_path / "run")]
    said = {rank: CliRunner(env={"RANK": rank}).invoke(app, arguments) for rank in ("0", "1")}
    assert str(said["0"].exception) == ("--batch-size: a batch of 4 windows does not divide among 3 processes; "
                                        "choose a multiple of 3")
    assert (said["1"].exit_code, said["1"].output) == (2, "") and not (tmp_path / "run").exists()


def test_an_order_follows_from_seed_and_epoch():
    one, two = (ByLength(range(1, 20), group=4, seed=1) for _ in range(2))
    two.epoch = 1
    assert list(one) == list(one) and list(one) != list(two)
    assert sorted(one) == sorted(two) == list(range(19))


def test_blanks_fill_the_last_round_and_windows_keep_their_places():
    alone, filled = (ByLength(range(1, 14), group=4, seed=1, blanks=blanks) for blanks in (0, 3))
    assert list(filled) == [*alone, 13, 13, 13] and len(filled) == 16


def test_one_process_is_the_first_and_waits_for_nobody():
    assert (ranks.size(), ranks.first(), ranks.any_of(True), ranks.shared(lambda: 3)) == (1, True, True, 3)
