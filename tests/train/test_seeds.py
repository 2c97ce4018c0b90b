"""`--seeds`: each seed in its folder, mean and deviation, the best run kept as the run itself."""

import json
from shutil import copytree
from statistics import mean, stdev

import pytest
from bilan.data import BilanError
from bilan.eval.runs import data_of
from bilan.models import load
from bilan.train.finetune import finetune
from bilan.train.seeds import finetune_seeds

from .material import difference, prepared, settings


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = prepared(tmp_path_factory.mktemp("seeds"))
    chosen = settings(folder, data=str(folder / "all.jsonl"), epochs=4, learning_rate=1e-2)
    return folder, chosen, finetune_seeds(chosen, folder / "run", seeds=3)


def test_each_seed_has_its_own_run(made):
    folder, _, entry = made
    assert [(each["seed"], each["folder"]) for each in entry["seeds"]["runs"]] == [(1, "seed-1"), (2, "seed-2"), (3, "seed-3")]
    assert difference(folder / "run/seed-1", folder / "run/seed-2") > 0


def test_mean_and_deviation_are_those_of_the_dev_scores(made):
    scores = [each["f1"] for each in made[2]["seeds"]["runs"]]
    assert made[2]["seeds"]["mean"] == mean(scores) and made[2]["seeds"]["deviation"] == stdev(scores)


def test_the_best_run_is_kept_as_the_run_itself(made):
    folder, _, entry = made
    best = max(entry["seeds"]["runs"], key=lambda each: each["f1"])
    assert entry["dev"]["best"]["f1"] == best["f1"] and entry["settings"]["seed"] == best["seed"]
    assert difference(folder / "run", folder / "run" / best["folder"]) == 0
    assert load(folder / "run").read("Kiev").document.text == "Kiev"


def test_all_seeds_learn_from_one_dataset_that_evaluation_finds(made):
    folder, _, entry = made
    assert entry["settings"]["data"] == str(folder / "run/dataset") and entry["data"]["source"] == str(folder / "all.jsonl")
    assert not (folder / "run/seed-1/dataset").exists()


def test_one_of_the_seeds_is_the_run_that_this_seed_alone_gives(made, tmp_path):
    folder, chosen, _ = made
    finetune(chosen.model_copy(update={"seed": 2}), tmp_path / "alone")
    assert difference(tmp_path / "alone", folder / "run/seed-2") == 0


def test_finished_seeds_are_skipped_and_all_are_left_when_all_are_done(made):
    folder, chosen, entry = made
    before = (folder / "run/seed-1/model.safetensors").stat().st_mtime_ns
    (folder / "run/run.json").unlink()
    (folder / "run/seed-2/run.json").unlink()
    again = finetune_seeds(chosen, folder / "run", seeds=3, resume=True)
    assert again["seeds"] == entry["seeds"] and "skipped" not in again
    assert (folder / "run/seed-1/model.safetensors").stat().st_mtime_ns == before
    assert again["seconds"] == sum(json.loads((folder / f"run/seed-{seed}/run.json").read_text())["seconds"]
                                   for seed in (1, 2, 3))
    assert finetune_seeds(chosen, folder / "run", seeds=3, resume=True)["skipped"]


def test_another_number_of_seeds_is_another_run(made):
    folder, chosen, _ = made
    with pytest.raises(BilanError, match="holds a run already .seeds 3 → 4."):
        finetune_seeds(chosen, folder / "run", seeds=4, resume=True)


def test_seeds_that_moved_go_on_and_evaluation_still_finds_their_dataset(made, tmp_path):
    folder, chosen, _ = made
    copytree(folder / "run", tmp_path / "moved")
    (tmp_path / "moved/run.json").unlink()
    (tmp_path / "moved/seed-3/run.json").unlink()
    assert "skipped" not in finetune_seeds(chosen, tmp_path / "moved", seeds=3, resume=True)
    for run in (tmp_path / "moved", tmp_path / "moved/seed-1"):
        assert data_of([str(run)]) == str(tmp_path / "moved/dataset")


def test_the_deviation_of_one_seed_is_not_defined(made, tmp_path):
    entry = finetune_seeds(made[1].model_copy(update={"epochs": 1}), tmp_path / "run", seeds=1)
    assert entry["seeds"]["deviation"] is None
