"""What a training shows: a line an epoch, its history, a picture, and where else it reports."""

import io
import json

import pytest
from bilan.data import BilanError
from bilan.data.report import Report
from bilan.train import history
from bilan.train.finetune import finetune
from bilan.train.history import load_history, picture, reporters
from bilan.train.progress import ProgressLine, clock
from rich.console import Console
from transformers import TrainerState, TrainingArguments

from .material import prepared, settings


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = prepared(tmp_path_factory.mktemp("watching"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("bilan.train.finetune.picture", picture)  # which other tests go without
        return folder, finetune(settings(folder, epochs=2), folder / "run")


def test_the_history_has_a_line_an_epoch(made):
    folder, entry = made
    lines = [json.loads(line) for line in (folder / "run/history.jsonl").read_text().splitlines()]
    assert [(line["step"], line["epoch"]) for line in lines] == [(4, 1.0), (8, 2.0)]
    assert [line["f1"] for line in lines] == [epoch["f1"] for epoch in entry["dev"]["epochs"]]
    assert [line["loss"] for line in lines] == entry["train_loss"] and lines[0]["seconds"] <= lines[1]["seconds"]


def test_a_line_that_was_cut_short_is_not_read(tmp_path):
    (tmp_path / "history.jsonl").write_text('{"step": 1}\n{"st')
    assert load_history(tmp_path / "history.jsonl") == [{"step": 1}]


def test_the_learning_curve_is_a_picture(made):
    assert (made[0] / "run/learning-curve.png").read_bytes().startswith(b"\x89PNG")


def test_without_matplotlib_the_picture_is_skipped_and_told(tmp_path, monkeypatch):
    monkeypatch.setattr(history, "find_spec", lambda name: None)
    report = Report()
    picture([{"epoch": 1.0, "loss": 1.0}], tmp_path / "curve.png", report)
    assert report.counts == {"skipped: learning-curve.png, matplotlib is missing (pip install 'bilan[report]')": 1}
    assert not (tmp_path / "curve.png").exists()


def test_a_reporter_that_is_not_installed_names_its_package(made, tmp_path, monkeypatch):
    monkeypatch.setattr(history, "find_spec", lambda name: None)
    with pytest.raises(BilanError, match="--report-to: trackio is not installed; pip install trackio"):
        finetune(settings(made[0], report_to="trackio"), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_an_unknown_reporter_lists_the_known_ones():
    with pytest.raises(BilanError, match="cannot report to 'fax'; known: tensorboard, trackio, mlflow, wandb"):
        reporters("tensorboard,fax")


def test_several_reporters_are_named_with_commas(monkeypatch):
    monkeypatch.setattr(history, "find_spec", lambda name: object())
    assert reporters("tensorboard, mlflow") == ["tensorboard", "mlflow"] and reporters("none") == []


def test_tensorboard_finds_the_scores_in_the_run_folder(made, tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    finetune(settings(made[0], epochs=2, report_to="tensorboard"), tmp_path / "run")
    events = EventAccumulator(str(tmp_path / "run/tensorboard")).Reload()
    assert [event.step for event in events.Scalars("eval/f1")] == [4, 8]


def said(terminal):
    """What a progress line prints for a training of two epochs of two steps."""
    stream = io.StringIO()
    line = ProgressLine(Console(file=stream, force_terminal=terminal, width=100, highlight=False))
    args, state = TrainingArguments(use_cpu=True, num_train_epochs=2, report_to="none"), TrainerState(max_steps=4)
    line.on_train_begin(args, state, None)
    for step in range(1, 5):
        state.global_step, state.epoch = step, step / 2
        line.on_step_end(args, state, None)
        if step % 2 == 0:
            line.on_log(args, state, None, {"loss": 1 / step})
            line.on_log(args, state, None, {"eval_f1": step / 4, "eval_loss": 1.0})
    line.close()
    return stream.getvalue()


def test_a_file_gets_a_plain_line_an_epoch():
    assert said(False).splitlines() == ["epoch 1.00/2  step 2/4  loss 0.5000  dev F1 0.5000  0:00 left",
                                        "epoch 2.00/2  step 4/4  loss 0.2500  dev F1 1.0000  0:00 left"]


def test_a_terminal_gets_a_bar_that_goes_away():
    shown = said(True)
    assert "━" in shown and shown.count("dev F1 1.0000") >= 1 and "\x1b[" in shown


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (59.6, "1:00"), (3599, "59:59"), (86400, "24:00:00")])
def test_a_time_is_read_like_a_clock(seconds, shown):
    assert clock(seconds) == shown
