"""Adaptation: a base goes on learning to fill masks in raw text, and is a base again."""

import json
import os
import signal

import pytest
import torch
from bilan.data import BilanError, Document
from bilan.data.report import Report
from bilan.models.checkpoint import load_tokenizer
from bilan.train.__main__ import app
from bilan.train.adapt import Adaptation, adapt, load
from bilan.train.finetune import finetune
from bilan.train.masked import MaskedTrainer, collator, corruption, masked_loss, perplexity, rows
from bilan.train.stopping import Interrupted
from bilan.train.texts import held_out, texts
from torch.nn.functional import cross_entropy
from transformers import AutoModelForMaskedLM
from typer.testing import CliRunner

from .. import tiny
from .material import difference, documents, prepared, settings


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A base, and thirty raw texts, one a file."""
    made = tmp_path_factory.mktemp("adapt")
    tiny.base(made / "base")
    (made / "raw").mkdir()
    for number in range(30):
        chosen = [tiny.SENTENCES[(number * place) % 4] for place in range(1, 4)]
        (made / "raw" / f"{number:02}.txt").write_text(f"{number}. " + " ".join(chosen), encoding="utf-8")
    return made


def chosen(folder, **overrides):
    given = {"base": str(folder / "base"), "text": (str(folder / "raw"),), "epochs": 3, "batch_size": 4,
             "learning_rate": 1e-2, "held_out": 0.2, "precision": "fp32", "threads": 1}
    return Adaptation(**given | overrides)


def batch_of(folder, *, whole_words=True):
    tokenizer = tiny.tokenizer()
    made = rows([Document(str(i), text) for i, text in enumerate(tiny.SENTENCES)], tokenizer, 64, whole_words=whole_words)
    return load(folder / "base"), collator(1)(made), corruption(tokenizer, 0.5)


def test_the_loss_of_the_masked_positions_is_that_of_the_full_computation(folder):
    model, batch, corrupt = batch_of(folder)
    corrupted, chosen = corrupt(batch["input_ids"], batch["words"], torch.Generator().manual_seed(3))
    total, number = masked_loss(model.eval(), batch["input_ids"], corrupted, chosen, batch["attention_mask"])
    logits = model(input_ids=corrupted, attention_mask=batch["attention_mask"]).logits
    labels = batch["input_ids"].masked_fill(~chosen, -100)
    torch.testing.assert_close(total / number, cross_entropy(logits.flatten(0, 1), labels.flatten()))


def test_a_word_is_masked_whole_and_special_tokens_never(folder):
    _, batch, corrupt = batch_of(folder)
    _, chosen = corrupt(batch["input_ids"], batch["words"])
    for row, words in zip(chosen, batch["words"], strict=True):
        assert not row[words < 0].any()
        assert all(len(set(row[words == word].tolist())) == 1 for word in range(int(words.max())) if (words == word).any())


def test_of_the_chosen_tokens_eight_in_ten_are_masked_and_one_stays(folder):
    _, batch, corrupt = batch_of(folder, whole_words=False)
    ids, words = batch["input_ids"].repeat(200, 1), batch["words"].repeat(200, 1)
    corrupted, chosen = corrupt(ids, words, torch.Generator().manual_seed(0))
    share = chosen.sum() / (words >= 0).sum()
    assert float(share) == pytest.approx(0.5, abs=0.02)
    assert float((corrupted == corrupt.mask)[chosen].float().mean()) == pytest.approx(0.8, abs=0.02)
    assert float((corrupted == ids)[chosen].float().mean()) == pytest.approx(0.1, abs=0.02)
    assert torch.equal(corrupted[~chosen], ids[~chosen])


def test_a_batch_without_a_masked_token_has_loss_zero(folder):
    model, batch, _ = batch_of(folder)
    none = torch.zeros_like(batch["input_ids"], dtype=torch.bool)
    total, number = masked_loss(model, batch["input_ids"], batch["input_ids"], none, batch["attention_mask"])
    assert float(total.detach()) == 0 and number == 0


def test_windows_lie_side_by_side_and_hold_every_token(folder):
    tokenizer = load_tokenizer(folder / "base")
    text = " ".join(tiny.SENTENCES * 3)
    made = rows([Document("d", text)], tokenizer, 32, whole_words=True)
    assert max(row["length"] for row in made) <= 32 < len(made) * 32
    inner = [number for row in made for number in row["input_ids"][1:-1]]
    assert inner == tokenizer.encode(text, add_special_tokens=False).ids


def test_an_adaptation_lowers_perplexity_and_leaves_a_base_that_finetune_takes(folder, tmp_path):
    entry = adapt(chosen(folder), tmp_path / "adapted")
    assert entry["perplexity"]["after"] < entry["perplexity"]["before"] / 2
    assert json.loads((tmp_path / "adapted/adapt.json").read_text("utf-8")) == entry
    assert sorted(path.name for path in (tmp_path / "adapted").iterdir()) == [
        "README.md", "adapt.json", "config.json", "model.safetensors", "plan.json", "tokenizer.json", "tokenizer_config.json"]
    prepared(tmp_path)
    run = finetune(settings(tmp_path, base=str(tmp_path / "adapted"), epochs=1), tmp_path / "run")
    assert run["settings"]["base"] == str(tmp_path / "adapted")


def test_the_saved_base_has_the_perplexity_that_was_told(folder, tmp_path):
    entry = adapt(chosen(folder, epochs=1), tmp_path / "adapted")
    _, aside = held_out(texts([folder / "raw"], Report()), 0.2)
    tokenizer, model = load_tokenizer(tmp_path / "adapted"), load(tmp_path / "adapted")
    found, number = perplexity(model, rows(aside, tokenizer, 64, whole_words=True), corruption(tokenizer, 0.15), 1, seed=1,
                               batch=4, autocast=lambda: torch.autocast("cpu", enabled=False))
    assert number == entry["perplexity"]["masked_tokens"] > 10
    assert found == pytest.approx(entry["perplexity"]["after"], abs=2e-3)


def stopping(step, patched):
    real = MaskedTrainer.training_step

    def stopped(self, *arguments, **named):
        if self.state.global_step == step:
            os.kill(os.getpid(), signal.SIGINT)
        return real(self, *arguments, **named)

    patched.setattr(MaskedTrainer, "training_step", stopped)


@pytest.mark.parametrize("length", [{"epochs": 3}, {"steps": 14}])
def test_a_stopped_adaptation_ends_with_the_same_weights(folder, tmp_path, monkeypatch, length):
    whole = adapt(chosen(folder, **length), tmp_path / "whole")
    with monkeypatch.context() as patched, pytest.raises(Interrupted):
        stopping(8, patched)
        adapt(chosen(folder, **length), tmp_path / "broken")
    assert not (tmp_path / "broken/model.safetensors").exists()
    again = adapt(chosen(folder, **length), tmp_path / "broken", resume=True)
    assert difference(tmp_path / "whole", tmp_path / "broken") == 0
    assert again["perplexity"] == whole["perplexity"] and again["steps"] == whole["steps"]


def test_a_finished_adaptation_is_left_as_it_is_and_another_one_refused(folder, tmp_path):
    entry = adapt(chosen(folder, steps=1), tmp_path / "adapted")
    assert adapt(chosen(folder, steps=1), tmp_path / "adapted", resume=True) == entry | {"skipped": True}
    with pytest.raises(BilanError, match="holds a run already .steps 1 → 2"):
        adapt(chosen(folder, steps=2), tmp_path / "adapted", resume=True)


def test_a_base_without_language_head_is_refused(folder, tmp_path):
    tiny.checkpoint(tmp_path / "tagger", ["O", "B-LOC"])
    with pytest.raises(BilanError, match="has no language head"):
        adapt(chosen(folder, base=str(tmp_path / "tagger")), tmp_path / "adapted")
    assert not (tmp_path / "adapted/model.safetensors").exists()


def test_a_window_longer_than_the_base_is_refused(folder, tmp_path):
    with pytest.raises(BilanError, match="window of 65 tokens, but the base holds 64"):
        adapt(chosen(folder, window=65), tmp_path / "adapted")


def test_of_a_dataset_only_train_is_read(tmp_path):
    prepared(tmp_path)
    found = texts([tmp_path / "dataset"], Report())
    assert {document.text for document in found} == {document.text for document in documents(["train"] * 13)}
    assert not any(document.spans for document in found)


def test_texts_read_twice_are_told(folder):
    report = Report()
    assert len(texts([folder / "raw", folder / "raw/03.txt"], report)) == 30
    assert report.counts["skipped: text that was read already"] == 1


@pytest.mark.parametrize(("name", "message"), [("nowhere", "no such file or folder"), ("empty", "no text|empty folder")])
def test_paths_without_text_are_refused(tmp_path, name, message):
    (tmp_path / "empty").mkdir()
    with pytest.raises(BilanError, match=message):
        texts([tmp_path / name], Report())


def test_the_same_documents_are_held_out_whatever_joins_them():
    some = [Document(f"d{number}", f"texte {number}") for number in range(40)]
    more = [Document(f"e{number}", f"autre {number}") for number in range(40)]
    _, aside = held_out(some, 0.1)
    _, larger = held_out([*more, *some], 0.1)
    assert {document.id for document in aside} == {document.id for document in larger if document.id[0] == "d"}
    with pytest.raises(BilanError, match="one document"):
        held_out(some[:1], 0.1)


def test_the_command_says_both_perplexities(folder, tmp_path):
    done = CliRunner().invoke(app, ["adapt", "--base", str(folder / "base"), "--text", str(folder / "raw"), "--output",
                                    str(tmp_path / "adapted"), "--steps", "2", "--precision", "fp32"])
    assert done.exit_code == 0, done.output
    assert "perplexity" in done.output and "2 steps" in done.output
    assert isinstance(AutoModelForMaskedLM.from_pretrained(tmp_path / "adapted"), torch.nn.Module)


def test_the_options_of_the_command_are_the_settings_and_show_their_defaults():
    shown = CliRunner().invoke(app, ["adapt", "--help"], env={"COLUMNS": "200", "TERM": "dumb"}).output
    for name, field in Adaptation.model_fields.items():
        line = next(line for line in shown.splitlines() if f"--{name.replace('_', '-')} " in line)
        assert field.default is None or field.is_required() or f"[default: ({field.default})]" in line, line
