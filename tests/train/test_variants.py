"""The variants of an epoch: train alone is varied, each epoch anew, and a resumed training sees the same ones."""

import os
import signal

import pytest
from bilan.data.dataset import load_part
from bilan.data.report import Report
from bilan.models.checkpoint import Cutting
from bilan.train import variants
from bilan.train.examples import examples
from bilan.train.finetune import finetune
from bilan.train.stopping import Interrupted
from bilan.train.trainer import OrderedTrainer
from bilan.train.variants import Variants

from .. import tiny
from .material import difference, documents, prepared, settings


def rows_of(chance, seed=1):
    def cut(new, report):
        return examples(new, tiny.tokenizer(), ["O", *(f"{p}-{label}" for label in (
            "LOC", "KILLED", "INJURED", "DETAINED", "DISPLACED") for p in "BI")], Cutting(window=64, overlap=16), report)
    return Variants(cut(documents(["train"] * 12), Report()), cut, chance=chance, seed=seed, blanks=[{"length": 0}])


def test_an_epoch_with_variants_has_as_many_windows_as_one_without():
    rows = rows_of(1.0)
    before = list(rows.rows)
    rows.at(0)
    assert len(rows) == len(before) and rows[len(rows) - 1] == {"length": 0}
    assert sum(old != new for old, new in zip(before, rows.rows, strict=True)) > len(before) / 2


def test_each_epoch_has_its_own_variants_which_come_back_when_it_does():
    rows, seen = rows_of(0.5), []
    for epoch in (0, 1, 0):
        rows.at(epoch)
        seen.append(list(rows.rows))
    assert seen[0] == seen[2] != seen[1]


def test_the_chance_says_how_many_documents_are_varied():
    rows = rows_of(0.3)
    before, changed = list(rows.rows), 0
    for epoch in range(20):
        rows.at(epoch)
        changed += sum(old is not new for old, new in zip(before, rows.rows, strict=True))
    assert 0.15 < changed / (20 * len(before)) < 0.4


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return prepared(tmp_path_factory.mktemp("variants"))


def test_only_documents_of_train_are_varied_and_the_dataset_stays(folder, tmp_path, monkeypatch):
    real, seen = variants.variant, []
    monkeypatch.setattr(variants, "variant", lambda document, *rest, **named: (
        seen.append(document), real(document, *rest, **named))[1])
    plain = finetune(settings(folder, epochs=1), tmp_path / "plain")
    varied = finetune(settings(folder, epochs=1, augment=1.0), tmp_path / "varied")
    assert {document.id for document in seen} == {document.id for document in load_part(folder / "dataset", "train")}
    assert varied["data"] == plain["data"]
    assert difference(tmp_path / "plain", tmp_path / "varied") > 0


def test_a_training_with_variants_that_was_stopped_ends_with_the_same_weights(folder, tmp_path, monkeypatch):
    chosen = settings(folder, epochs=3, augment=0.7)
    finetune(chosen, tmp_path / "whole")
    real = OrderedTrainer.training_step

    def stopped(self, *arguments, **named):
        if self.state.global_step == 5:
            os.kill(os.getpid(), signal.SIGINT)
        return real(self, *arguments, **named)

    with monkeypatch.context() as patched, pytest.raises(Interrupted):
        patched.setattr(OrderedTrainer, "training_step", stopped)
        finetune(chosen, tmp_path / "broken")
    finetune(chosen, tmp_path / "broken", resume=True)
    assert difference(tmp_path / "whole", tmp_path / "broken") == 0
