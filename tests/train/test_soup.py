"""The mean of runs: one model that is read like any run, and says what it is made of."""

import json
import shutil

import pytest
from bilan.data import BilanError
from bilan.models import load
from bilan.models.checkpoint import stamp
from bilan.train.__main__ import app
from bilan.train.finetune import finetune
from bilan.train.soup import average
from safetensors.numpy import load_file
from typer.testing import CliRunner

from .material import prepared, settings


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A run, and one that went on from it."""
    folder = prepared(tmp_path_factory.mktemp("soup"))
    finetune(settings(folder, epochs=1), folder / "one")
    finetune(settings(folder, epochs=1, base=str(folder / "one"), seed=2), folder / "two")
    return folder


def test_each_weight_is_the_mean_of_those_of_the_runs(made, tmp_path):
    average([made / "one", made / "two"], tmp_path / "mean")
    one, two, mean = (load_file(folder / "model.safetensors") for folder in (made / "one", made / "two", tmp_path / "mean"))
    assert all(abs(mean[name] - (one[name] + two[name]) / 2).max() < 1e-7 for name in mean)


def test_the_mean_of_a_run_with_itself_reads_as_the_run(made, tmp_path):
    average([made / "one", made / "one"], tmp_path / "mean")
    text = "À Goma, 12 civils ont été tués."
    assert ([span.key for span in load(tmp_path / "mean").read(text).document.spans]
            == [span.key for span in load(made / "one").read(text).document.spans])


def test_the_record_says_what_was_averaged_and_how_long_it_took(made, tmp_path):
    entry = average([made / "one", made / "two"], tmp_path / "mean")
    assert entry == json.loads((tmp_path / "mean/run.json").read_text(encoding="utf-8"))
    assert [one["run"] for one in entry["averaged"]] == ["one", "two"]
    assert entry["seconds"] == sum(one["seconds"] for one in entry["averaged"])


def test_the_card_names_the_runs_by_name_alone(made, tmp_path):
    average([made / "one", made / "two"], tmp_path / "mean")
    card = (tmp_path / "mean/README.md").read_text(encoding="utf-8")
    assert "the mean of those of 2 runs" in card and "- `two`: 1 epochs from `one`" in card
    assert str(made) not in card


def test_the_command_averages(made, tmp_path):
    told = CliRunner().invoke(app, ["average", str(made / "one"), str(made / "two"), "--output", str(tmp_path / "mean")])
    assert told.exit_code == 0 and "mean of 2 runs, dev F1" in told.output


def test_one_run_has_no_mean(made, tmp_path):
    with pytest.raises(BilanError, match="name two or more"):
        average([made / "one"], tmp_path / "mean")


def test_a_folder_that_exists_is_left_alone(made):
    with pytest.raises(BilanError, match="this folder exists"):
        average([made / "one", made / "two"], made / "two")


@pytest.mark.parametrize(("file", "change", "said"), [
    ("run.json", lambda text: text.replace('"fingerprint": "', '"fingerprint": "x'), "other data"),
    ("tokenizer.json", lambda text: text + " ", "another tokenizer"),
    ("config.json", lambda text: text.replace('"num_hidden_layers": 2', '"num_hidden_layers": 3'), "another network")])
def test_runs_that_are_not_alike_are_refused_and_nothing_is_written(made, tmp_path, file, change, said):
    other = shutil.copytree(made / "two", tmp_path / "two", ignore=shutil.ignore_patterns("dataset"))
    (other / file).write_text(change((other / file).read_text(encoding="utf-8")), encoding="utf-8")
    stamp(other)  # changed, not damaged
    with pytest.raises(BilanError, match=said):
        average([made / "one", other], tmp_path / "mean")
    assert not (tmp_path / "mean").exists()


def test_weights_that_were_harmed_are_refused(made, tmp_path):
    other = shutil.copytree(made / "two", tmp_path / "two", ignore=shutil.ignore_patterns("dataset"))
    raw = bytearray((other / "model.safetensors").read_bytes())
    raw[-5] ^= 1
    (other / "model.safetensors").write_bytes(raw)
    with pytest.raises(BilanError, match="damaged"):
        average([made / "one", other], tmp_path / "mean")


def test_a_folder_without_weights_is_named(made, tmp_path):
    other = shutil.copytree(made / "two", tmp_path / "two", ignore=shutil.ignore_patterns("dataset", "*.safetensors"))
    with pytest.raises(BilanError, match=r"no weights to average here \(no model\.safetensors\)"):
        average([made / "one", other], tmp_path / "mean")
