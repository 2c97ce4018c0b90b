"""Robustness: F1 under each change, against F1 as written, and the worst."""

import json

import pytest
from bilan.data import BilanError, Span
from bilan.data.match import Counts
from bilan.eval import commands
from bilan.eval.perturb import PERTURBATIONS
from bilan.eval.robustness import content, robustness

from .made import document

GOLD = [document("L’[État](LOC) recule.", id="1"), document("à [Goma](LOC)", id="2")]


def literal(documents):
    """A system that knows two words as they are written here."""
    return [each.replace(spans=tuple(Span(at, at + len(word), "LOC") for word in ("État", "Goma")
                                     if (at := each.text.find(word)) >= 0)) for each in documents]


def test_each_change_has_its_scores_over_all_documents():
    found = robustness(GOLD, literal, changes=["accents dropped", "all capitals", "double spaces"])
    assert found.plain.scores.micro == Counts(2, 2, 2)
    assert [(o.change, o.changed, o.scores.micro) for o in found.outcomes] == [
        ("accents dropped", 2, Counts(2, 1, 1)), ("all capitals", 2, Counts(2, 0, 0)),
        ("double spaces", 2, Counts(2, 2, 2))]


def test_the_worst_is_the_change_that_costs_most():
    found = robustness(GOLD, literal)
    assert found.worst is not None
    assert (found.worst.change, found.drop(found.worst)) == ("all capitals", 1.0)


def test_documents_that_a_change_leaves_alone_are_not_read_again():
    read = []

    def system(documents):
        read.append([each.id for each in documents])
        return literal(documents)

    robustness(GOLD, system, changes=["straight apostrophes", "thousands with a dot"])
    assert read == [["1", "2"], ["1"]]


def test_where_no_change_changes_anything_there_is_no_worst():
    found = robustness([document("[Goma](LOC)")], literal, changes=["guillemets"])
    assert (found.worst, found.outcomes[0].changed, found.outcomes[0].f1) == (None, 0, 1.0)


def test_without_gold_and_answers_no_difference_is_defined():
    found = robustness([document("l’eau")], literal, changes=["straight apostrophes"])
    assert (found.drop(found.outcomes[0]), found.worst) == (None, None)


def test_an_unknown_change_is_refused():
    with pytest.raises(BilanError, match="unknown perturbation 'upside down'"):
        robustness(GOLD, literal, changes=["upside down"])


def test_the_content_for_json_is_plain_values():
    plain = json.loads(json.dumps(content(robustness(GOLD, literal, changes=["all capitals"])), allow_nan=False))
    assert plain["worst"] == "all capitals"
    assert plain["changes"]["all capitals"]["f1"] == 0.0
    assert plain["changes"]["all capitals"]["drop"] == 1.0


def test_a_difference_has_the_bounds_of_a_bootstrap_on_the_same_draws():
    gold = [document("à [Goma](LOC)", id=str(i)) for i in range(6)]
    found = robustness(gold, literal, changes=["all capitals", "double spaces"], resamples=50)
    assert [outcome.difference for outcome in found.outcomes] == [(-1.0, -1.0, -1.0), (0.0, 0.0, 0.0)]
    assert [outcome.interval for outcome in (found.plain, *found.outcomes)] == [(1.0,) * 3, (0.0,) * 3, (1.0,) * 3]
    assert content(found)["changes"]["all capitals"]["difference"] == [-1.0, -1.0, -1.0]


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A run folder whose system is the literal one; its gold lies beside it."""
    from bilan.data import write

    pytest.importorskip("bilan.models")
    write(GOLD, tmp_path / "press.jsonl", format="jsonl")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text(json.dumps({"settings": {"data": str(tmp_path / "press.jsonl")}}))

    class Reader:
        def read_many(self, documents):
            return literal(list(documents))

    monkeypatch.setattr("bilan.models.load", lambda target: Reader())
    return tmp_path / "run"


def test_the_command_keeps_all_changes_in_the_folder_of_the_run_and_says_the_worst(run, capsys):
    commands.robustness(str(run))
    kept = json.loads((run / "robustness-press.json").read_text("utf-8"))
    assert list(kept["changes"]) == list(PERTURBATIONS)
    assert len(kept["fingerprint"]) == 16 and "commit" in kept
    assert ("worst: all capitals, F1 0.0 instead of 100.0 (2 of 2 documents changed)"
            in capsys.readouterr().out.replace("\n", " "))


def test_a_part_of_the_documents_or_changes_is_not_kept(run):
    found = commands.robustness(str(run), change=["all capitals"], limit=1)
    assert found.plain.scores.documents == 1
    assert not (run / "robustness-press.json").exists()
