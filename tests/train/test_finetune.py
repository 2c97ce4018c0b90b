"""A real small fine-tuning, from annotated text to a reader."""

import json

import pytest
from bilan.data import BilanError, Document, write
from bilan.data.dataset import build, load_part
from bilan.data.formats.markup import parse
from bilan.data.report import Report
from bilan.models import load
from bilan.train.finetune import finetune
from bilan.train.score import strict_f1
from bilan.train.settings import settle

from .. import tiny

ANNOTATED = (
    "À [Goma](LOC), [12](KILLED) civils ont été tués et [30](INJURED) soldats blessés, selon l’armée.",
    "[Kiev](LOC) affirme avoir capturé [3 000](DETAINED) combattants près de [Koursk](LOC) en décembre.",
    "L’ONU compte [1,5 million](DISPLACED) de déplacés depuis trois ans au [Soudan](LOC).",
    "Vendredi 7 février, des drones ont frappé l’hôpital de [Kharkiv](LOC).",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A base, a dataset in which dev repeats train, and a run trained on them."""
    folder = tmp_path_factory.mktemp("train")
    documents = []
    for number, annotated in enumerate(ANNOTATED * 4):
        text, spans = parse(annotated)
        part = "dev" if number < 4 else "train"
        documents.append(Document(f"{part}-{number}", text, tuple(spans), {"split": part}))
    write(documents, folder / "all.jsonl", format="jsonl")
    build(folder / "all.jsonl", folder / "dataset")
    tiny.base(folder / "base", hidden=64)
    entry = finetune(settings(folder), folder / "run")
    return folder, entry


def settings(folder, **overrides):
    given = {"base": str(folder / "base"), "data": str(folder / "dataset"), "epochs": 40, "patience": 40,
             "batch_size": 4, "learning_rate": 5e-3, "head_factor": 1.0, "window": 64, "overlap": 16,
             "precision": "fp32", "threads": 1}
    return settle("embedded", given | overrides)[0]


def test_the_model_learns_its_training_set(made):
    assert made[1]["dev"]["best"]["f1"] > 0.9


def test_the_run_folder_holds_all_that_reading_needs(made):
    folder, _ = made
    names = {path.name for path in (folder / "run").iterdir()}
    assert {"model.safetensors", "config.json", "tokenizer.json", "bilan.json", "run.json"} <= names
    assert "checkpoints" not in names


def test_the_reader_finds_what_was_learnt(made):
    folder, _ = made
    text, gold = parse(ANNOTATED[1])
    found = load(folder / "run").read(text).document.spans
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
    entry = finetune(settings(folder, data=str(tmp_path / "dataset"), epochs=25), tmp_path / "run")
    dev = load_part(tmp_path / "dataset", "dev")
    found = [document.spans for document in load(tmp_path / "run").read_many(dev)]
    assert entry["dev"]["best"]["f1"] == pytest.approx(strict_f1(dev, found)) and strict_f1(dev, found) > 0.5


def test_the_record_says_what_is_needed_to_repeat_the_run(made):
    _, entry = made
    assert {"settings", "data", "dev", "commit", "versions", "seconds", "report"} <= entry.keys()
    assert entry["settings"]["epochs"] == 40 and len(entry["data"]["fingerprint"]) == 16


def test_a_finished_run_is_left_as_it_is(made):
    folder, _ = made
    before = (folder / "run/model.safetensors").stat().st_mtime_ns
    assert finetune(settings(folder), folder / "run", resume=True)["skipped"]
    assert (folder / "run/model.safetensors").stat().st_mtime_ns == before


def test_another_run_in_the_folder_is_not_overwritten_unasked(made):
    folder, _ = made
    with pytest.raises(BilanError, match="holds a run already .epochs 40 → 3.*--overwrite"):
        finetune(settings(folder, epochs=3), folder / "run", resume=True)


def test_the_same_seed_gives_the_same_weights(made, tmp_path):
    folder, _ = made
    runs = [finetune(settings(folder, epochs=2), tmp_path / name) for name in ("one", "two")]
    one, two = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("one", "two"))
    assert one == two and runs[0]["dev"] == runs[1]["dev"]


def test_an_interrupted_run_goes_on_and_ends_with_the_same_weights(made, tmp_path, monkeypatch):
    folder, _ = made
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    finetune(settings(folder, epochs=3), whole)
    _interrupted(settings(folder, epochs=3), cut, monkeypatch)
    assert list((cut / "checkpoints").glob("checkpoint-*")) and not (cut / "run.json").exists()
    finetune(settings(folder, epochs=3), cut, resume=True)
    assert (cut / "model.safetensors").read_bytes() == (whole / "model.safetensors").read_bytes()


def _interrupted(chosen, output, monkeypatch):
    """The same training, cut after its first epoch was saved."""
    from transformers import Trainer

    real = Trainer._save_checkpoint

    def cut(self, *arguments, **named):
        real(self, *arguments, **named)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Trainer, "_save_checkpoint", cut)
        finetune(chosen, output)


def test_a_checkpoint_that_was_cut_short_is_not_resumed_from(made, tmp_path):
    folder, _ = made
    run = tmp_path / "run"
    finetune(settings(folder, epochs=1), run)
    (run / "run.json").unlink()
    (run / "checkpoints/checkpoint-9").mkdir(parents=True)
    assert finetune(settings(folder, epochs=1), run, resume=True)["dev"]["best"]["epoch"] == 1


def test_overlapping_gold_needs_a_policy_and_is_counted(made, tmp_path):
    folder, _ = made
    data = tmp_path / "dataset"
    text, spans = parse("à [aéroport de [Goma](LOC)](LOC)")
    documents = [Document(f"d{side}", text, tuple(spans), {"split": side}) for side in ("train", "dev")]
    write(documents, tmp_path / "all.jsonl", format="jsonl")
    build(tmp_path / "all.jsonl", data)
    with pytest.raises(BilanError, match="overlapping or discontinuous spans.*--overlaps longest or first"):
        finetune(settings(folder, data=str(data), epochs=1), tmp_path / "run")
    report = Report()
    finetune(settings(folder, data=str(data), epochs=1, overlaps="longest"), tmp_path / "run",
             overwrite=True, report=report)
    assert report.losses == {"dropped: overlapping gold (longest kept)": 2}


def test_a_window_larger_than_the_base_holds_is_refused(made, tmp_path):
    folder, _ = made
    with pytest.raises(BilanError, match="window of 65 tokens, but the base holds 64"):
        finetune(settings(folder, window=65), tmp_path / "run")


def test_a_missing_base_is_one_clear_error(made, tmp_path):
    folder, _ = made
    with pytest.raises(BilanError, match="no such checkpoint folder"):
        finetune(settings(folder, base="./no/such/base"), tmp_path / "run")


def test_the_record_is_json_to_the_end(made):
    folder, entry = made
    assert json.loads((folder / "run/run.json").read_text(encoding="utf-8")) == entry
