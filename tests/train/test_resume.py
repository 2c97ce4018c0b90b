"""Killed, stopped or finished: a training that goes on ends with the very weights of an unbroken one."""

import json
import os
import signal
import subprocess
import sys
import threading

import pytest
from bilan.data import BilanError
from bilan.train import checkpoints
from bilan.train.__main__ import app
from bilan.train.finetune import finetune
from bilan.train.history import load_history
from bilan.train.lock import locked
from bilan.train.stopping import Interrupted
from bilan.train.trainer import OrderedTrainer
from typer.testing import CliRunner

from .material import difference, prepared, settings

KILLED = """
import json, os, signal, sys
from bilan.train.finetune import finetune
from bilan.train.settings import Settings
from bilan.train.trainer import OrderedTrainer
place, step, chosen, output = sys.argv[1:]
real = getattr(OrderedTrainer, place)

def killed(self, *arguments, **named):
    if self.state.global_step == int(step):
        os.kill(os.getpid(), signal.SIGKILL)
    return real(self, *arguments, **named)

setattr(OrderedTrainer, place, killed)
finetune(Settings(**json.loads(chosen)), output)
"""


def noisy(folder, **overrides):
    """Settings in which every random number matters; checkpoints at each third step and each epoch's fourth."""
    given = {"epochs": 6, "learning_rate": 1e-2, "dropout": 0.1, "attention_dropout": 0.1, "word_dropout": 0.1,
             "save_steps": 3, "seed": int((folder / "seed").read_text())}
    return settings(folder, **given | overrides)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Material, and an unbroken run with checkpoints at the ends of epochs only.

    Its seed is one whose best epoch is the last: the weights of an early one would be safe from all
    that a broken resume does to the later ones.
    """
    folder = prepared(tmp_path_factory.mktemp("resume"))
    for seed in range(1, 20):
        (folder / "seed").write_text(str(seed))
        entry = finetune(noisy(folder).model_copy(update={"save_steps": None}), folder / "whole", overwrite=True)
        if entry["dev"]["best"]["epoch"] == 6:
            return folder
    raise AssertionError("no seed whose best epoch is the last")


@pytest.mark.parametrize(("place", "step", "last"), [
    ("training_step", 19, 18),  # in the middle of an epoch
    ("_save_optimizer_and_scheduler", 18, 16),  # in the middle of writing a checkpoint
])
def test_a_training_killed_at_any_moment_ends_with_the_same_weights(whole, tmp_path, place, step, last):
    chosen, run = noisy(whole), tmp_path / "run"
    killed = subprocess.run([sys.executable, "-c", KILLED, place, str(step), chosen.model_dump_json(), run],
                            capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    found = checkpoints.latest(run / "checkpoints")
    assert found is not None and found.name == f"checkpoint-{last}"
    finetune(chosen, run, resume=True)
    assert difference(run, whole / "whole") == 0


def test_a_resumed_training_has_the_history_of_an_unbroken_one(whole, tmp_path, monkeypatch):
    chosen = noisy(whole, epochs=3)
    entry = finetune(chosen, tmp_path / "one")
    with monkeypatch.context() as patched, pytest.raises(Interrupted):
        _stop_at(7, patched)
        finetune(chosen, tmp_path / "two")
    assert finetune(chosen, tmp_path / "two", resume=True)["train_loss"] == pytest.approx(entry["train_loss"])
    assert len(entry["train_loss"]) == 3
    one, two = ([{**line, "seconds": 0} for line in load_history(tmp_path / name / "history.jsonl")]
                for name in ("one", "two"))
    assert [line["step"] for line in one] == [3, 4, 6, 8, 9, 12]
    assert [line["step"] for line in two] == [3, 4, 6, 7, 8, 9, 12]
    assert two[4].pop("loss") + two[3]["loss"] == pytest.approx(2 * one[3].pop("loss"))  # of step 8, of 7 and of both
    assert [line for line in two if line["step"] != 7] == one


def test_the_seconds_of_a_resumed_training_are_those_of_all_its_parts(whole, tmp_path, monkeypatch):
    with monkeypatch.context() as patched, pytest.raises(Interrupted):
        _stop_at(7, patched)
        finetune(noisy(whole), tmp_path / "run")
    lines = [{**line, "seconds": 1000 * line["step"]} for line in load_history(tmp_path / "run/history.jsonl")]
    (tmp_path / "run/history.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert 7000 <= finetune(noisy(whole), tmp_path / "run", resume=True)["seconds"] < 8000


def _stop_at(step, patched):
    """Send SIGINT to this process when it begins a step."""
    real = OrderedTrainer.training_step

    def stopped(self, *arguments, **named):
        if self.state.global_step == step - 1:
            os.kill(os.getpid(), signal.SIGINT)
        return real(self, *arguments, **named)

    patched.setattr(OrderedTrainer, "training_step", stopped)


def test_ctrl_c_saves_at_the_step_says_how_to_go_on_and_exits_with_130(whole, tmp_path, monkeypatch):
    run = tmp_path / "run"
    before = signal.getsignal(signal.SIGINT)
    with monkeypatch.context() as patched, pytest.raises(Interrupted) as stopped:
        _stop_at(18, patched)
        finetune(noisy(whole), run)
    assert str(stopped.value) == "stopped at step 18 (epoch 4.50), saved; go on with the same command and --resume"
    assert stopped.value.code == 130 and signal.getsignal(signal.SIGINT) is before
    finetune(noisy(whole), run, resume=True)
    assert difference(run, whole / "whole") == 0


def test_the_command_that_was_stopped_exits_with_130_and_says_how_to_go_on(whole, tmp_path, monkeypatch):
    chosen = noisy(whole).model_dump(exclude_defaults=True)
    given = [part for name, value in chosen.items() for part in ("--" + name.replace("_", "-"), str(value))]
    with monkeypatch.context() as patched:
        _stop_at(2, patched)
        result = CliRunner().invoke(app, [*given, "--output", str(tmp_path / "run")])
    assert result.exit_code == 130 and "go on with the same command and --resume" in result.stdout


def test_ctrl_c_in_the_last_step_of_an_epoch_waits_for_its_dev_score(whole, tmp_path, monkeypatch):
    run = tmp_path / "run"
    with monkeypatch.context() as patched, pytest.raises(Interrupted, match="stopped at step 20"):
        _stop_at(20, patched)
        finetune(noisy(whole), run)
    assert load_history(run / "history.jsonl")[-1]["f1"] is not None
    finetune(noisy(whole), run, resume=True)
    assert difference(run, whole / "whole") == 0


def test_a_run_folder_that_moved_still_finds_its_best_epoch(whole, tmp_path, monkeypatch):
    with monkeypatch.context() as patched, pytest.raises(Interrupted):
        _stop_at(22, patched)
        finetune(noisy(whole), tmp_path / "before")
    (tmp_path / "before").rename(tmp_path / "after")
    finetune(noisy(whole), tmp_path / "after", resume=True)
    assert difference(tmp_path / "after", whole / "whole") == 0


def test_patience_that_ran_out_before_the_kill_is_not_granted_again(whole, tmp_path, monkeypatch):
    chosen = noisy(whole, epochs=9, patience=1, learning_rate=1e-9)
    entry = finetune(chosen, tmp_path / "one")
    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr("bilan.train.finetune.save", _fail)
        finetune(chosen, tmp_path / "two")
    again = finetune(chosen, tmp_path / "two", resume=True)
    assert len(again["dev"]["epochs"]) == len(entry["dev"]["epochs"]) == 2
    assert difference(tmp_path / "one", tmp_path / "two") == 0


def _fail(*_):
    raise RuntimeError("the machine went down")


@pytest.fixture
def sealed(tmp_path):
    """Two whole checkpoints, of steps 4 and 8, the best epoch being the first."""
    for step in (4, 8):
        folder = tmp_path / checkpoints.name(step)
        folder.mkdir()
        (folder / "model.safetensors").write_bytes(b"weights")
        (folder / "trainer_state.json").write_text('{"best_global_step": 4}')
        checkpoints.seal(folder)
    return tmp_path


def test_the_newest_whole_checkpoint_is_the_last(sealed):
    assert checkpoints.latest(sealed) == sealed / "checkpoint-8"


def _missing(path):
    path.unlink()


def _truncated(path):
    path.write_bytes(path.read_bytes()[:-1])


def _zeroed(path):
    path.write_bytes(bytes(path.stat().st_size))


@pytest.mark.parametrize("harm", [_missing, _truncated, _zeroed])
@pytest.mark.parametrize("file", ["model.safetensors", "trainer_state.json", "complete.json"])
def test_a_checkpoint_with_a_harmed_file_is_passed_over(sealed, harm, file):
    harm(sealed / "checkpoint-8" / file)
    assert checkpoints.latest(sealed) == sealed / "checkpoint-4"


def test_a_checkpoint_whose_best_epoch_is_harmed_is_of_no_use(sealed):
    _truncated(sealed / "checkpoint-4/model.safetensors")
    assert checkpoints.latest(sealed) is None


def test_an_older_checkpoint_goes_only_after_the_newer_one_is_whole(whole, tmp_path, monkeypatch):
    seen = []
    real = checkpoints.seal
    monkeypatch.setattr(checkpoints, "seal", lambda folder: (
        seen.append(sorted(path.parent.name for path in folder.parent.glob("*/complete.json"))), real(folder)))
    finetune(settings(whole), tmp_path / "run")
    assert [len(others) > 0 for others in seen] == [False, True, True]


def test_two_trainings_in_one_folder_are_refused(whole, tmp_path):
    with locked(tmp_path / "run"), pytest.raises(BilanError, match=rf"another training is at work.*process {os.getpid()} on"):
        finetune(settings(whole), tmp_path / "run")


def test_the_lock_of_a_dead_process_does_not_hold(tmp_path):
    code = "import sys, os; from pathlib import Path; from bilan.train.lock import locked\n" \
           "with locked(Path(sys.argv[1])): os.kill(os.getpid(), 9)"
    assert subprocess.run([sys.executable, "-c", code, tmp_path / "run"], check=False).returncode == -9
    assert (tmp_path / "run/.lock").exists()
    with locked(tmp_path / "run"):
        pass
    assert not (tmp_path / "run").exists()


def test_a_training_outside_the_main_thread_leaves_signals_alone(whole, tmp_path):
    done = []
    thread = threading.Thread(target=lambda: done.append(finetune(settings(whole, epochs=1), tmp_path / "run")))
    thread.start()
    thread.join()
    assert done[0]["dev"]["best"]["epoch"] == 1
