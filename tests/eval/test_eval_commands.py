"""`bilan-eval`: which documents are scored against which, with the model as one function."""

import json
from pathlib import Path

import pytest
from bilan.data import BilanError, write
from bilan.data.match import Counts
from bilan.eval import commands, runs

from .made import document

GOLD = [document("[Goma](LOC) et [12](KILLED)", id="1"), document("[Uvira](LOC)", id="2")]
ANSWERS = [document("[Goma](LOC) et 12", id="1"), document("[Uvira](LOC)", id="2")]


@pytest.fixture
def files(tmp_path):
    write(GOLD, tmp_path / "gold.jsonl", format="jsonl")
    write(ANSWERS, tmp_path / "answers.jsonl", format="jsonl")
    return tmp_path


def test_a_file_of_predictions_is_scored_against_gold(files, capsys):
    (made,) = commands.score([str(files / "answers.jsonl")], gold=str(files / "gold.jsonl"))
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
    (made,) = commands.score([str(files)])
    assert made.strict.micro == Counts(3, 2, 2)
    assert seen == [(), ()]
    kept = json.loads((files / "scores-gold.json").read_text("utf-8"))
    assert kept["schemes"]["strict"]["micro"]["correct"] == 2
    assert len(kept["fingerprint"]) == 16 and "commit" in kept


def test_scores_of_some_labels_only_are_not_kept_in_the_run(files, monkeypatch):
    (files / "run.json").write_text(json.dumps({"settings": {"data": str(files / "gold.jsonl")}}))
    monkeypatch.setattr(commands.systems, "answers", lambda target, documents, split: ANSWERS)
    (made,) = commands.score([str(files)], only="LOC, PER")
    assert made.strict.labels == {"LOC": Counts(2, 2, 2)}
    assert not (files / "scores-gold.json").exists()


def test_the_fingerprint_of_the_gold_follows_its_documents():
    one, two = (runs.origin("gold.jsonl", documents)["fingerprint"] for documents in (GOLD, ANSWERS))
    assert one != two and one == runs.origin("elsewhere.jsonl", GOLD)["fingerprint"]


def test_figures_and_links_follow_the_labels_unless_they_are_left_out(tmp_path, capsys):
    gold = [document("Selon [Kiev](LOC id=k), [12](KILLED by=k who=s) [soldats](FORCE id=s) sont morts.")]
    write(gold, tmp_path / "gold.jsonl", format="jsonl")
    paths = {"targets": [str(tmp_path / "gold.jsonl")], "gold": str(tmp_path / "gold.jsonl")}
    (made,) = commands.score(**paths)
    assert made.attribution["found"]["by"].rate.counts == Counts(1, 1, 1)
    assert "by, end to end, F1" in capsys.readouterr().out
    (made,) = commands.score(**paths, values=False)
    assert (made.values, made.attribution) == (None, {})
    assert "value of matched figures" not in capsys.readouterr().out


def test_several_systems_stand_side_by_side_in_one_table(files, capsys):
    found = commands.score([str(files / "answers.jsonl"), str(files / "gold.jsonl")], gold=str(files / "gold.jsonl"))
    assert [made.strict.micro.correct for made in found] == [2, 3]
    shown = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["gold", "A", "B"] in shown
    assert ["KILLED", "1", "0.0", "100.0"] in shown
    assert ["micro", "3", "80.0", "100.0"] in shown


def test_the_scores_of_a_dataset_are_called_by_their_side_and_others_by_their_path(tmp_path):
    (tmp_path / "dataset.json").touch()
    assert runs.side_of(str(tmp_path), "dev") == "dev"
    assert runs.side_of("press/real-dev", "dev") == "real-dev"


@pytest.mark.parametrize(("arguments", "said"), [
    ({}, "nothing to score; name a run folder"),
    ({"targets": ["b.jsonl"]}, "no gold to score against: b.jsonl names no dataset; name it with --gold"),
    ({"targets": ["a", "b"], "report": Path("out")}, "--report: a report is of one system, 2 are named"),
])
def test_what_cannot_be_scored_is_refused(arguments, said):
    with pytest.raises(BilanError, match=said):
        commands.score(**arguments)


def test_labels_are_renamed_or_left_out_on_both_sides(files):
    (files / "map.toml").write_text('LOC = "PLACE"\nKILLED = ""\n')
    (made,) = commands.score([str(files / "answers.jsonl")], gold=str(files / "gold.jsonl"),
                             labels=str(files / "map.toml"))
    assert made.strict.labels == {"PLACE": Counts(2, 2, 2)}


def test_two_systems_are_compared_in_one_sentence(files, capsys):
    gold, answers = (str(files / f"{name}.jsonl") for name in ("gold", "answers"))
    found = commands.compare(gold, answers, gold, resamples=100)
    assert found[0].difference.value == pytest.approx(20)
    assert found[0].sentence in capsys.readouterr().out.replace("\n", " ")


def test_data_that_changed_since_the_training_is_told(tmp_path):
    (tmp_path / "dataset.json").write_text(json.dumps({"fingerprint": "new", "splits": {}}))
    told = runs.facts({"data": {"fingerprint": "old"}, "commit": "abc"}, str(tmp_path))
    assert told["commit"] == "abc"
    assert told["note"] == f"trained on data with the fingerprint old, which is not that of {tmp_path}"


def test_the_report_is_written_where_it_is_asked_for(files):
    pytest.importorskip("matplotlib")
    gold, answers = (str(files / f"{name}.jsonl") for name in ("gold", "answers"))
    commands.score([answers], gold=gold, report=files / "out")
    assert sorted(path.name for path in (files / "out").iterdir()) == [
        "predictions.jsonl", "report.html", "report.json", "report.md"]
