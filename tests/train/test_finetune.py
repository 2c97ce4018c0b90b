"""A real small fine-tuning, from annotated text to a reader."""

import json

import pytest
from bilan.data import BilanError, Document, write
from bilan.data.dataset import build, load_part
from bilan.data.formats.markup import parse
from bilan.models import load
from bilan.train.finetune import finetune
from bilan.train.score import strict_f1

from .material import ANNOTATED, prepared, settings

LEARNING = {"epochs": 6, "batch_size": 2, "learning_rate": 1e-2}  # enough to know the material by heart


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A base, a dataset in which dev repeats train, and a run trained on them."""
    folder = prepared(tmp_path_factory.mktemp("train"))
    return folder, finetune(settings(folder, **LEARNING), folder / "run")


def test_the_model_learns_its_training_set(made):
    assert made[1]["dev"]["best"]["f1"] > 0.9


def test_the_run_folder_holds_all_that_reading_needs_and_no_checkpoints(made):
    names = {path.name for path in (made[0] / "run").iterdir()}
    assert {"model.safetensors", "config.json", "tokenizer.json", "bilan.json", "run.json"} <= names
    assert "checkpoints" not in names


def test_the_reader_finds_what_was_learnt(made):
    text, gold = parse(ANNOTATED[1])
    found = load(made[0] / "run").read(text).document.spans
    assert [span.key for span in found] == [span.key for span in gold]


def test_the_dev_score_is_the_one_that_the_reader_gets_on_texts_of_any_length(made, tmp_path):
    folder, _ = made
    texts = [" ".join(ANNOTATED[:length] * repeats) for length in (1, 4, 2, 3) for repeats in (1, 2)]
    documents = []
    for number, annotated in enumerate(texts):
        text, spans = parse(annotated)
        documents += [Document(f"{side}-{number}", text, tuple(spans), {"split": side}) for side in ("train", "dev")]
    write(documents, tmp_path / "all.jsonl", format="jsonl")
    build(tmp_path / "all.jsonl", tmp_path / "dataset")
    chosen = settings(folder, data=str(tmp_path / "dataset"), **LEARNING | {"epochs": 2})
    entry = finetune(chosen, tmp_path / "run")
    dev = load_part(tmp_path / "dataset", "dev")
    found = [document.spans for document in load(tmp_path / "run").read_many(dev)]
    assert entry["dev"]["saved"]["f1"] == pytest.approx(strict_f1(dev, found)) and strict_f1(dev, found) > 0.2


def test_the_record_says_what_is_needed_to_repeat_the_run(made):
    _, entry = made
    assert {"settings", "data", "dev", "commit", "versions", "seconds", "report"} <= entry.keys()
    assert entry["settings"]["epochs"] == 6 and len(entry["data"]["fingerprint"]) == 16


def test_the_record_is_json_to_the_end(made):
    assert json.loads((made[0] / "run/run.json").read_text(encoding="utf-8")) == made[1]


def test_a_finished_run_is_left_as_it_is(made):
    folder, _ = made
    before = (folder / "run/model.safetensors").stat().st_mtime_ns
    assert finetune(settings(folder, **LEARNING), folder / "run", resume=True)["skipped"]
    assert (folder / "run/model.safetensors").stat().st_mtime_ns == before


def test_a_run_whose_data_moved_is_the_same_run(made):
    folder, _ = made
    (folder / "elsewhere").symlink_to(folder / "dataset")
    chosen = settings(folder, data=str(folder / "elsewhere"), **LEARNING)
    assert finetune(chosen, folder / "run", resume=True)["skipped"]


def test_another_run_in_the_folder_is_not_overwritten_unasked(made):
    folder, _ = made
    with pytest.raises(BilanError, match="holds a run already .epochs 6 → 3.*--overwrite"):
        finetune(settings(folder, **LEARNING | {"epochs": 3}), folder / "run", resume=True)


def test_the_same_seed_gives_the_same_weights(made, tmp_path):
    folder, _ = made
    runs = [finetune(settings(folder, epochs=2), tmp_path / name) for name in ("one", "two")]
    one, two = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("one", "two"))
    assert one == two and runs[0]["dev"] == runs[1]["dev"]


def test_a_window_larger_than_the_base_holds_is_refused(made, tmp_path):
    with pytest.raises(BilanError, match="window of 65 tokens, but the base holds 64"):
        finetune(settings(made[0], window=65), tmp_path / "run")


def test_a_missing_base_is_one_clear_error_before_anything_is_written(made, tmp_path):
    with pytest.raises(BilanError, match="no such checkpoint folder"):
        finetune(settings(made[0], base="./no/such/base"), tmp_path / "run")
    assert not (tmp_path / "run").exists()
