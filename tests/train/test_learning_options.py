"""Whole trainings with the learning options: what they save is what they scored, also when resumed."""

import json
from functools import cache

import numpy as np
import pytest
from bilan.data.dataset import load_part
from bilan.models import load
from bilan.train import choice
from bilan.train.__main__ import app
from bilan.train.finetune import finetune
from bilan.train.score import strict_f1
from bilan.train.stopping import Interrupted
from bilan.train.trainer import OrderedTrainer
from safetensors.numpy import load_file
from typer.testing import CliRunner

from .encoders import CONFIGS
from .material import difference, prepared, settings

LEARNING = {"epochs": 4, "batch_size": 2, "learning_rate": 1e-2}
OPTIONS = [
    {"crf": True}, {"transitions": "learned", "average": 2}, {"crf": True, "average": 2}, {"class_weights": "sqrt"},
    {"focal": 2.0}, {"word_dropout": 0.2}, {"layer_decay": 0.8}, {"freeze_layers": 1},
    {"checkpointing": True}, {"accumulation": 2, "batch_size": 1}]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return prepared(tmp_path_factory.mktemp("options"))


@pytest.fixture(scope="module")
def trained(folder):
    """A function from options to a run folder and its record; each training is done once."""
    @cache
    def train(given):
        output = folder / f"run-{given or 'plain'}".replace("/", "")
        return output, finetune(settings(folder, **LEARNING | json.loads(given)), output)
    return lambda **options: train(json.dumps(options))


def cutting(run) -> dict:
    return json.loads((run / "bilan.json").read_text(encoding="utf-8"))["cutting"]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_the_record_has_the_score_that_a_reader_of_the_saved_model_gets(folder, trained, options):
    run, entry = trained(**options)
    dev = load_part(folder / "dataset", "dev")
    found = strict_f1(dev, [document.spans for document in load(run).read_many(dev)])
    assert entry["dev"]["saved"]["f1"] == found > 0
    if "average" not in options:  # without a choice on dev, it is the best epoch that is saved
        assert found == pytest.approx(entry["dev"]["best"]["f1"])


def test_a_choice_on_dev_keeps_no_worse_weights_than_the_best_epoch_and_is_told(trained):
    _, entry = trained(transitions="learned", average=2)
    assert entry["dev"]["saved"]["f1"] >= entry["dev"]["best"]["f1"] - 1e-9
    told = [shown for cause, shown in entry["report"]["examples"].items() if cause.startswith(("averaged", "transitions"))]
    assert len(told) == 2 and all("dev F1" in shown[0] for shown in told)


def test_a_score_that_the_choice_on_dev_made_better_is_the_one_in_record_card_and_command(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(choice, "keep_average", lambda trainer, *_: trainer.model.load_state_dict(
        {name: value * 0 for name, value in trainer.model.state_dict().items()}))
    chosen = settings(folder, **LEARNING, average=1).model_dump(exclude_defaults=True)
    given = [part for name, value in chosen.items() for part in ("--" + name.replace("_", "-"), str(value))]
    said = CliRunner().invoke(app, [*given, "--output", str(tmp_path / "run")]).stdout.splitlines()[-1]
    entry = json.loads((tmp_path / "run/run.json").read_text(encoding="utf-8"))
    assert entry["dev"]["saved"]["f1"] == 0 < entry["dev"]["best"]["f1"]
    assert "dev F1 0.0000, best epoch" in said
    assert "Dev F1 0.0; best epoch" in (tmp_path / "run/README.md").read_text(encoding="utf-8")


def test_a_crf_leaves_nothing_among_the_weights_and_its_transitions_in_the_cutting(trained):
    run, _ = trained(crf=True)
    assert not any("crf" in name for name in load_file(run / "model.safetensors"))
    moves = np.array(cutting(run)["transitions"])
    labels = (len(moves) - 1) // 2
    assert moves.shape == (11, 11) and (moves[:, :1 + labels] != 0).all()


def test_frozen_weights_are_those_of_the_base_to_the_last_bit(folder, trained):
    frozen, _ = trained(freeze_layers=1, freeze_embeddings=True)
    base, run = (load_file(path / "model.safetensors") for path in (folder / "base", frozen))
    same = {name for name in run if name in base and np.array_equal(base[name], run[name])}
    assert {name for name in run if "embeddings" in name or "layer.0." in name} == same


def test_an_interrupted_training_ends_with_the_same_weights_and_the_same_cutting(folder, tmp_path, monkeypatch):
    chosen = settings(folder, dropout=0.1, crf=True, average=2, layer_decay=0.5)
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


def test_word_dropout_changes_what_is_learnt(trained):
    assert difference(trained()[0], trained(word_dropout=0.2)[0]) > 0


def test_two_batches_added_learn_what_one_batch_of_both_does(folder, tmp_path):
    for name, options in (("one", {"batch_size": 4}), ("two", {"batch_size": 2, "accumulation": 2})):
        finetune(settings(folder, epochs=1, **options), tmp_path / name)
    assert difference(tmp_path / "one", tmp_path / "two") < 1e-4


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
