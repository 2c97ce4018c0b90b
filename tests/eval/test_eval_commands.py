"""`bilan-eval`: which documents are scored against which, with the model as one function."""

import json

import pytest
from bilan.data import BilanError, write
from bilan.data.match import Counts
from bilan.eval import commands

from .made import document

GOLD = [document("[Goma](LOC) et [12](KILLED)", id="1"), document("[Uvira](LOC)", id="2")]
ANSWERS = [document("[Goma](LOC) et 12", id="1"), document("[Uvira](LOC)", id="2")]


@pytest.fixture
def files(tmp_path):
    write(GOLD, tmp_path / "gold.jsonl", format="jsonl")
    write(ANSWERS, tmp_path / "answers.jsonl", format="jsonl")
    return tmp_path


def test_a_file_of_predictions_is_scored_against_gold(files, capsys):
    made = commands.score(gold=str(files / "gold.jsonl"), predicted=str(files / "answers.jsonl"))
    assert made.strict.micro == Counts(3, 2, 2)
    assert "micro" in capsys.readouterr().out


def test_a_run_is_scored_on_the_data_it_names_and_the_model_sees_no_gold(files, monkeypatch):
    (files / "run.json").write_text(json.dumps({"settings": {"data": str(files / "gold.jsonl")}}))
    seen = []

    class Reader:
        def read_many(self, documents):
            for given, answer in zip(documents, ANSWERS, strict=True):
                seen.append(given.spans)
                yield answer

    pytest.importorskip("bilan.models")
    monkeypatch.setattr("bilan.models.load", lambda target: Reader())
    assert commands.score(str(files)).strict.micro == Counts(3, 2, 2)
    assert seen == [(), ()]


@pytest.mark.parametrize(("arguments", "said"), [
    ({}, "name a run folder or --predicted, one of the two"),
    ({"target": "runs/a", "predicted": "b.jsonl"}, "name a run folder or --predicted, one of the two"),
    ({"predicted": "b.jsonl"}, "no gold to score against: b.jsonl names no dataset; name it with --gold"),
])
def test_what_cannot_be_scored_is_refused(arguments, said):
    with pytest.raises(BilanError, match=said):
        commands.score(**arguments)


def test_labels_are_renamed_or_left_out_on_both_sides(files):
    (files / "map.toml").write_text('LOC = "PLACE"\nKILLED = ""\n')
    made = commands.score(gold=str(files / "gold.jsonl"), predicted=str(files / "answers.jsonl"),
                          labels=files / "map.toml")
    assert made.strict.labels == {"PLACE": Counts(2, 2, 2)}


@pytest.mark.parametrize(("content", "said"), [("LOC =", "not TOML"), ("LOC = 3", "label 'LOC' is not")])
def test_a_map_that_is_none_is_refused(tmp_path, content, said):
    (tmp_path / "map.toml").write_text(content)
    with pytest.raises(BilanError, match=said):
        commands.load_map(tmp_path / "map.toml")


def test_two_systems_are_compared_in_one_sentence(files, capsys):
    gold, answers = (str(files / f"{name}.jsonl") for name in ("gold", "answers"))
    found = commands.compare(gold, answers, gold, resamples=100)
    assert found[0].difference.value == pytest.approx(20)
    assert found[0].sentence in capsys.readouterr().out.replace("\n", " ")


def test_data_that_changed_since_the_training_is_told(tmp_path):
    (tmp_path / "dataset.json").write_text(json.dumps({"fingerprint": "new", "splits": {}}))
    told = commands.facts({"data": {"fingerprint": "old"}, "commit": "abc"}, str(tmp_path))
    assert told["commit"] == "abc"
    assert told["note"] == f"trained on data with the fingerprint old, which is not that of {tmp_path}"


def test_the_report_is_written_where_it_is_asked_for(files):
    pytest.importorskip("matplotlib")
    gold, answers = (str(files / f"{name}.jsonl") for name in ("gold", "answers"))
    commands.score(gold=gold, predicted=answers, report=files / "out")
    assert sorted(path.name for path in (files / "out").iterdir()) == [
        "predictions.jsonl", "report.html", "report.json", "report.md"]
