"""Whole trainings with the learning options: what they save is what they scored, also when resumed."""

import json

import numpy as np
import pytest
from bilan.data.dataset import load_part
from bilan.data.report import Report
from bilan.models import load
from bilan.train.finetune import finetune
from bilan.train.score import strict_f1
from bilan.train.stopping import Interrupted
from bilan.train.trainer import OrderedTrainer
from safetensors.numpy import load_file

from .encoders import CONFIGS
from .material import difference, prepared, settings

OPTIONS = [
    {"crf": True}, {"transitions": "learned"}, {"average": 2}, {"crf": True, "average": 2}, {"class_weights": "sqrt"},
    {"focal": 2.0}, {"word_dropout": 0.2}, {"layer_decay": 0.8}, {"freeze_layers": 1}, {"checkpointing": True},
    {"accumulation": 2, "batch_size": 1}]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return prepared(tmp_path_factory.mktemp("options"))


def f1_of_the_reader(folder, run) -> float:
    dev = load_part(folder / "dataset", "dev")
    return strict_f1(dev, [document.spans for document in load(run).read_many(dev)])


def cutting(run) -> dict:
    return json.loads((run / "bilan.json").read_text(encoding="utf-8"))["cutting"]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_the_reader_scores_at_least_what_the_best_epoch_did(folder, tmp_path, options):
    entry = finetune(settings(folder, **{"epochs": 10, "batch_size": 2} | options), tmp_path / "run")
    found = f1_of_the_reader(folder, tmp_path / "run")
    assert found > 0
    decided = "average" in options or "transitions" in options
    assert found >= entry["dev"]["best"]["f1"] - 1e-9 if decided else found == pytest.approx(entry["dev"]["best"]["f1"])


def test_a_crf_leaves_nothing_among_the_weights_and_its_transitions_in_the_cutting(folder, tmp_path):
    finetune(settings(folder, crf=True, epochs=2), tmp_path / "run")
    assert not any("crf" in name for name in load_file(tmp_path / "run/model.safetensors"))
    moves = np.array(cutting(tmp_path / "run")["transitions"])
    labels = (len(moves) - 1) // 2
    assert moves.shape == (11, 11) and (moves[:, :1 + labels] != 0).all()


def test_frozen_weights_are_those_of_the_base_to_the_last_bit(folder, tmp_path):
    finetune(settings(folder, freeze_layers=1, freeze_embeddings=True, epochs=2), tmp_path / "run")
    base, run = (load_file(path / "model.safetensors") for path in (folder / "base", tmp_path / "run"))
    same = {name for name in run if name in base and np.array_equal(base[name], run[name])}
    assert {name for name in run if "embeddings" in name or "layer.0." in name} == same


@pytest.mark.parametrize("options", [{"crf": True}, {"average": 2}, {"word_dropout": 0.3}, {"layer_decay": 0.5}], ids=str)
def test_an_interrupted_training_ends_with_the_same_weights_and_the_same_cutting(folder, tmp_path, monkeypatch, options):
    chosen = settings(folder, dropout=0.1, **options)
    whole = finetune(chosen, tmp_path / "whole")
    real = OrderedTrainer._save_checkpoint

    def cut(self, *arguments, **named):
        real(self, *arguments, **named)
        if self.state.global_step == 8:
            raise Interrupted(8, 2.0, 15)

    with monkeypatch.context() as patched, pytest.raises(Interrupted):
        patched.setattr(OrderedTrainer, "_save_checkpoint", cut)
        finetune(chosen, tmp_path / "cut")
    assert finetune(chosen, tmp_path / "cut", resume=True)["dev"] == whole["dev"]
    assert difference(tmp_path / "whole", tmp_path / "cut") == 0
    assert cutting(tmp_path / "whole") == cutting(tmp_path / "cut")


def test_word_dropout_changes_what_is_learnt(folder, tmp_path):
    for name, chance in (("with", 0.3), ("without", 0.0)):
        finetune(settings(folder, epochs=1, word_dropout=chance), tmp_path / name)
    assert difference(tmp_path / "with", tmp_path / "without") > 0


def test_two_batches_added_learn_what_one_batch_of_both_does(folder, tmp_path):
    for name, options in (("one", {"batch_size": 4}), ("two", {"batch_size": 2, "accumulation": 2})):
        finetune(settings(folder, epochs=1, **options), tmp_path / name)
    assert difference(tmp_path / "one", tmp_path / "two") < 1e-4


def test_what_dev_decided_is_told_in_the_report(folder, tmp_path):
    report = Report()
    finetune(settings(folder, average=2, transitions="learned", epochs=3), tmp_path / "run", report=report)
    told = {cause: shown for cause, shown in report.examples.items() if cause.startswith(("averaged", "transitions"))}
    assert len(told) == 2 and all("dev F1" in shown[0] for shown in told.values())


@pytest.mark.parametrize("kind", CONFIGS)
def test_every_architecture_trains_with_all_options_of_layers(folder, tmp_path, kind):
    from transformers import AutoModelForMaskedLM, PreTrainedTokenizerFast

    from .. import tiny

    config = CONFIGS[kind]()
    config.vocab_size, config.max_position_embeddings = tiny.tokenizer().get_vocab_size(), 80
    AutoModelForMaskedLM.from_config(config).save_pretrained(tmp_path / "base")
    PreTrainedTokenizerFast(tokenizer_object=tiny.tokenizer(), **tiny.SPECIALS).save_pretrained(tmp_path / "base")
    chosen = settings(folder, base=str(tmp_path / "base"), attention="eager", attention_dropout=0.1, layer_decay=0.9,
                      freeze_layers=1, checkpointing=True, crf=True, epochs=1)
    assert finetune(chosen, tmp_path / "run")["dev"]["best"]["epoch"] == 1
    assert load(tmp_path / "run").labels == ("LOC", "KILLED", "INJURED", "DETAINED", "DISPLACED")
