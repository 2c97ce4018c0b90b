"""Shipping a run: the export with its card, whole or not at all, in a folder that the package carries and `load()` reads."""

import json
import shutil
from fnmatch import fnmatch

import pytest
from bilan.data import BilanError
from bilan.data.labels import NAMES
from bilan.eval.commands import score
from bilan.models import load
from bilan.models import reader as reading
from bilan.models.__main__ import app as read_app
from bilan.train import ship as module
from bilan.train.__main__ import app
from bilan.train.card import check
from bilan.train.finetune import finetune
from bilan.train.push import files, push
from bilan.train.ship import FILES, about_data, ship
from typer.testing import CliRunner

from ..test_house import project
from .material import prepared, settings

pytest.importorskip("onnx", reason="without the extra onnx")
pytest.importorskip("onnxscript", reason="without the extra onnx")

TEXT = "À Goma, 12 civils ont été tués et 30 soldats blessés, selon l’armée."
BASELINES = {"systems": [
    {"system": "dictionary", "gold": "test", "micro": {"f1": 0.524, "interval": [0.524, 0.501, 0.543]},
     "groups": {"entities": {"f1": 0.649}, "figures": {"f1": 0.179}}, "names": {"f1": 0.653}},
    {"system": "fr_core_news_md", "gold": "test", "micro": None, "groups": None, "names": {"f1": 0.641}}]}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A run of four epochs with its 8-bit export and its scores on dev."""
    from bilan.train.export import export

    folder = prepared(tmp_path_factory.mktemp("ship"))
    finetune(settings(folder, epochs=4, learning_rate=2e-2), folder / "run")
    export(folder / "run", int8=True, loss=1)
    score([str(folder / "run")], split="dev")
    return folder / "run"


@pytest.fixture
def run(made, tmp_path):
    """A copy that a test may damage."""
    return shutil.copytree(made, tmp_path / "run", ignore=shutil.ignore_patterns("dataset"))


def card_of(folder):
    return (folder / "README.md").read_text(encoding="utf-8")


def test_a_shipped_folder_holds_model_record_and_card_and_nothing_else(made, tmp_path):
    found = ship(made, tmp_path / "ner")
    assert sorted(path.name for path in (tmp_path / "ner").iterdir()) == sorted(FILES) == sorted(found)
    assert found["model-int8.onnx"] == (made / "onnx/model-int8.onnx").stat().st_size
    shipped, exported = load(tmp_path / "ner"), load(made / "onnx")
    assert shipped.read(TEXT).document.spans == exported.read(TEXT).document.spans
    assert (shipped.cutting, shipped.fingerprint) == (exported.cutting, exported.fingerprint)


def test_a_shipped_network_with_one_bit_flipped_is_refused(made, tmp_path):
    ship(made, tmp_path / "ner")
    network = tmp_path / "ner/model-int8.onnx"
    raw = bytearray(network.read_bytes())
    raw[len(raw) // 2] ^= 1
    network.write_bytes(raw)
    with pytest.raises(BilanError, match=r"model-int8\.onnx: not as it was saved: damaged"):
        load(tmp_path / "ner")


def test_the_package_carries_every_file_that_is_shipped():
    patterns = project()["tool"]["setuptools"]["package-data"]["bilan.models"]
    assert [name for name in FILES if not any(fnmatch(f"ner/{name}", pattern) for pattern in patterns)] == []
    assert reading.PACKAGED.name == "ner"


def test_without_a_path_the_shipped_model_is_read(made, tmp_path, monkeypatch):
    ship(made, tmp_path / "ner")
    monkeypatch.setattr(reading, "PACKAGED", tmp_path / "ner")
    monkeypatch.setattr("bilan.models.__main__.PACKAGED", tmp_path / "ner")
    assert load().read(TEXT).document.spans == load(made / "onnx").read(TEXT).document.spans
    told = CliRunner().invoke(read_app, ["info"]).stdout.splitlines()
    assert told[0] == f"labels       {' '.join(load(made).labels)}"
    assert told[3].startswith("dev F1       0.") and len(told) == 5


def test_nothing_that_is_shipped_names_a_path_of_the_machine(made, tmp_path):
    ship(made, tmp_path / "ner")
    assert [path.name for path in (tmp_path / "ner").iterdir() if str(made.parent).encode() in path.read_bytes()] == []


def test_the_card_is_one_that_a_hub_understands_and_its_code_runs(made, tmp_path, monkeypatch):
    ship(made, tmp_path / "ner")
    check(tmp_path / "ner/README.md")
    assert "license: apache-2.0\n" in card_of(tmp_path / "ner") and "library_name: bilan\n" in card_of(tmp_path / "ner")
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(card_of(tmp_path / "ner").split("```python\n")[1].split("```")[0], names)
    assert names["spans"] == load(made / "onnx").read("À Goma, 12 civils ont été tués.").document.spans


def test_the_card_has_scores_with_intervals_and_what_8_bits_cost(made, tmp_path):
    ship(made, tmp_path / "ner", scores=[f"press={made}/scores-dev.json"])
    text, content = card_of(tmp_path / "ner"), json.loads((made / "scores-dev.json").read_text())
    exported = json.loads((made / "onnx/export.json").read_text())
    micro, bounds = content["schemes"]["strict"]["micro"], content["intervals"]["f1"]["micro"]
    assert "### press\n" in text and "### dev\n" not in text  # one file, under its new name
    assert f"| {100 * micro['f1']:.1f} | {100 * bounds[1]:.1f} to {100 * bounds[2]:.1f} |" in text
    assert f"- press: 5 documents, gold fingerprint `{content['fingerprint']}`, scored by commit" in text
    assert f"In 8 bits, on the 5 documents of dev: F1 {100 * exported['int8']['f1']:.1f}, where PyTorch has" in text


def test_scores_of_the_export_itself_are_told_as_such(made, tmp_path):
    content = json.loads((made / "scores-dev.json").read_text()) | {"name": f"{made}/onnx on x (test)"}
    (tmp_path / "report.json").write_text(json.dumps(content))
    ship(made, tmp_path / "ner", scores=[f"test={tmp_path}/report.json"])
    assert "- test: 5 documents, read in 8 bits" in card_of(tmp_path / "ner")


def test_baselines_stand_in_a_table(run, tmp_path):
    (run / "baselines-test.json").write_text(json.dumps(BASELINES))
    ship(run, tmp_path / "ner")
    lines = card_of(tmp_path / "ner").splitlines()
    assert "| dictionary | test | 52.4 | 50.1 to 54.3 | 64.9 | 17.9 | 65.3 |" in lines
    assert "| fr_core_news_md | test | – |  | – | – | 64.1 |" in lines


def test_tables_of_the_card_are_whole(run, tmp_path):
    (run / "baselines-test.json").write_text(json.dumps(BASELINES))
    ship(run, tmp_path / "ner")
    tables = [block.splitlines() for block in card_of(tmp_path / "ner").split("\n\n") if block.startswith("|")]
    assert [len(table[0].split("|")) - 2 for table in tables] == [4, 6, 7, 3]  # data, scores, baselines, settings
    for head, rule, *body in tables:
        assert set(rule) == set("|:-") and body
        assert {line.count("|") for line in (head, rule, *body)} == {head.count("|")}


def test_energy_is_an_estimate_from_watts_that_are_assumed(run, tmp_path):
    entry = json.loads((run / "run.json").read_text()) | {"seconds": 7384}
    (run / "run.json").write_text(json.dumps(entry))
    ship(run, tmp_path / "ner", watts=65)
    assert "The training took 2 h 3 min.\nEnergy: about 0.13 kWh, if the machine drew 65 W all that time. That is an assumption" in card_of(tmp_path / "ner")
    ship(run, tmp_path / "ner")
    assert "Its energy was neither measured nor estimated." in card_of(tmp_path / "ner")
    with pytest.raises(BilanError, match="--watts: 0 watts; more than 0 is expected"):
        ship(run, tmp_path / "ner", watts=0)


def test_biases_are_those_of_our_corpus_only_where_the_labels_are_ours(made, tmp_path):
    assert about_data({"data": {"labels": list(NAMES)}}, None) == ""
    ship(made, tmp_path / "ner")
    assert "Nobody described the data of this model" in card_of(tmp_path / "ner")
    (tmp_path / "about.md").write_text("- Quatre phrases sur la guerre.\n", encoding="utf-8")
    ship(made, tmp_path / "ner", about=tmp_path / "about.md")
    assert "## Biases\n\n- Quatre phrases sur la guerre.\n" in card_of(tmp_path / "ner")


def test_a_run_without_an_8_bit_export_is_refused(run, tmp_path):
    (run / "onnx/model-int8.onnx").rename(run / "onnx/model.onnx")
    with pytest.raises(BilanError, match=r"no 8-bit export of this run \(no model-int8.onnx\); bilan-train export RUN --onnx --int8"):
        ship(run, tmp_path / "ner")
    with pytest.raises(BilanError, match="no finished run here"):
        ship(tmp_path, tmp_path / "ner")
    assert not (tmp_path / "ner").exists()


def test_an_export_that_is_older_than_the_run_is_neither_shipped_nor_pushed(run, tmp_path):
    content = json.loads((run / "bilan.json").read_text())
    content["cutting"]["temperature"] = 2.5
    (run / "bilan.json").write_text(json.dumps(content))
    for refused in (lambda: ship(run, tmp_path / "ner"), lambda: push(run, "someone/mine", dry_run=True)):
        with pytest.raises(BilanError, match=r"not that of the run as it is now \(bilan.json differs\); bilan-train export"):
            refused()


def test_a_folder_with_anything_else_is_not_replaced(made, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes.md").write_text("to keep")
    with pytest.raises(BilanError, match=r"not a folder of a shipped model \(other files\); choose another --output"):
        ship(made, tmp_path / "mine")
    with pytest.raises(BilanError, match="not a folder of a shipped model"):
        ship(made, made)
    assert (tmp_path / "mine/notes.md").read_text() == "to keep"


def test_a_shipping_that_fails_leaves_the_older_model(made, tmp_path, monkeypatch):
    ship(made, tmp_path / "ner")
    before = {path.name: path.read_bytes() for path in (tmp_path / "ner").iterdir()}

    def refuse(folder):
        raise BilanError("cannot be read")

    monkeypatch.setattr(module, "load", refuse)
    with pytest.raises(BilanError, match="cannot be read"):
        ship(made, tmp_path / "ner", watts=9)
    assert {path.name: path.read_bytes() for path in (tmp_path / "ner").iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["ner"]


@pytest.mark.parametrize("content", ["{}", "[]", '{"schemes": {"strict": 3}}', '{"schemes": 1}'])
def test_files_that_hold_no_scores_are_refused(made, tmp_path, content):
    (tmp_path / "scores-x.json").write_text(content)
    with pytest.raises(BilanError, match=r"scores-x.json: not the file that is expected .* make it again with bilan-eval"):
        ship(made, tmp_path / "ner", scores=[str(tmp_path / "scores-x.json")])
    with pytest.raises(BilanError, match=r"scores-x.json: not the file that is expected"):
        ship(made, tmp_path / "ner", baselines=tmp_path / "scores-x.json")


def test_the_command_prints_files_and_sizes(made, tmp_path):
    result = CliRunner().invoke(app, ["ship", str(made), "--output", str(tmp_path / "ner"), "--watts", "65"])
    assert result.exit_code == 0 and "model-int8.onnx" in result.stdout and result.stdout.endswith(f"{tmp_path}/ner\n")


def test_a_run_goes_up_with_its_export(made, monkeypatch):
    monkeypatch.setattr("huggingface_hub.HfApi", None)  # a call would fail
    found = push(made, "someone/mine", dry_run=True)
    assert {"model.safetensors", "model-int8.onnx", "export.json", "bilan.json", "README.md", "run.json"} <= found.keys()
    assert files(made)["model-int8.onnx"] == made / "onnx/model-int8.onnx"


def test_a_shipped_folder_goes_up_as_it_is(made, tmp_path):
    assert push(ship_to(made, tmp_path / "ner"), "someone/ner", dry_run=True).keys() == set(FILES)


def ship_to(run, folder):
    ship(run, folder)
    return folder
