"""The tables of a README come from files that the other commands left, to the digit."""

import json

import pytest
from bilan.data import BilanError, write
from bilan.eval import commands

from .made import document

TEXT = "Selon [Kiev](LOC id=k), [12](KILLED by=k who=s) [soldats](FORCE id=s) sont morts."
GOLD = [document(TEXT, id=str(i)) for i in range(5)]
ANSWERS = [GOLD[0].replace(spans=GOLD[0].spans[:1]), *GOLD[1:]]
PRESS = [document("à [Goma](LOC)", id="p")]


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A run whose scores on test, on press, baselines and robustness were left by the commands."""
    from bilan.data.dataset import build

    pytest.importorskip("bilan.models")
    sides = {"train": [each.replace(id=f"t{each.id}") for each in GOLD], "dev": [GOLD[0].replace(id="v")], "test": GOLD}
    write([each.replace(meta={"split": side}) for side, part in sides.items() for each in part],
          tmp_path / "all.jsonl", format="jsonl")
    build(tmp_path / "all.jsonl", tmp_path / "dataset")
    write(PRESS, tmp_path / "press.jsonl", format="jsonl")
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "run.json").write_text(json.dumps({
        "settings": {"data": str(tmp_path / "dataset")}, "commit": "abc", "finished": "2026-11-26T18:20:37+00:00",
        "seconds": 735, "dev": {"best": {"epoch": 2, "f1": 0.83}, "epochs": [{}, {}]},
        "temperature": {"temperature": 1.6}}))

    class Reader:
        def read_many(self, documents):
            known = {each.id: each for each in ANSWERS}
            for each in documents:
                yield each.replace(spans=known[each.id].spans if each.text == GOLD[0].text else ())

    monkeypatch.setattr("bilan.models.load", lambda target: Reader())
    monkeypatch.setattr(commands.runs, "commit", lambda: "def")
    commands.score([str(folder)])
    commands.score([str(folder)], gold=str(tmp_path / "press.jsonl"))
    return folder


def lines(made: str) -> dict[str, str]:
    return {line.split(" | ")[0].removeprefix("| "): line for line in made.splitlines() if line.startswith("| ")}


def test_a_line_a_label_with_the_test_side_left_and_press_right(run, capsys):
    made = commands.summary(str(run), press="press")
    assert capsys.readouterr().out == made
    assert made.startswith("|  | precision | recall | F1 | 95 % | gold | F1, press | 95 % | gold |\n"
                           "|:--|--:|--:|--:|--:|--:|--:|--:|--:|\n")
    found = lines(made)
    assert found["`LOC`"] == "| `LOC` | 100.0 | 100.0 | 100.0 | 100.0 to 100.0 | 5 | 0.0 |  | 1 |"
    assert found["`KILLED`"].startswith("| `KILLED` | 100.0 | 80.0 | 88.9 | ")
    assert found["`KILLED`"].endswith(" | 5 | – |  | 0 |")
    assert found["**micro**"].endswith(" | 15 | 0.0 |  | 1 |")
    assert found["**macro**"].endswith(" |  | 0.0 |  |  |")


def test_figures_and_links_have_a_table_of_their_own(run):
    found = lines(commands.summary(str(run), press="press"))
    assert found["figures and claims"] == (
        "| figures and claims | right, test | 95 % | gold | right, press | 95 % | gold |")
    assert found["value of matched figures"] == (
        "| value of matched figures | 100.0 |  | 4 | – |  | 0 |")
    assert found["`by`, end to end, F1"].startswith("| `by`, end to end, F1 | 88.9 | ")


def test_press_may_be_named_by_the_path_of_its_gold(run):
    assert commands.summary(str(run), press="some/where/press.jsonl") == commands.summary(str(run), press="press")


def test_where_the_numbers_come_from_stands_last(run):
    gold = json.loads((run / "scores-test.json").read_text("utf-8"))["fingerprint"]
    assert commands.summary(str(run)).endswith(
        f"\n\nScored at commit `def`; gold fingerprint `{gold}`; trained at commit `abc` on 2026-11-26; "
        "2 epochs in 12 min 15 s, dev F1 83.0; temperature 1.6.\n")


def test_what_was_not_measured_is_named_with_the_command_that_would_measure_it(run):
    made = commands.summary(str(run))
    assert f"<!-- no baselines-test.json: bilan-eval baselines {run} -->" in made
    assert f"<!-- no robustness-test.json: bilan-eval robustness {run} -->" in made


def test_baselines_and_the_run_stand_in_one_table(run, tmp_path):
    commands.baselines([str(run)], data=str(tmp_path / "dataset"), gold=[str(tmp_path / "press.jsonl")],
                       name=["dictionary"])
    found = lines(commands.summary(str(run), press="press"))
    assert found["system"] == "| system | F1, test | 95 % | F1, press | 95 % | entities | figures | PER LOC ORG |"
    assert found["dictionary"] == "| dictionary | 100.0 | 100.0 to 100.0 | 0.0 |  | 100.0 | 100.0 | 100.0 |"
    assert found[str(run)].startswith(f"| {run} | 92.9 | ")


def test_baselines_may_come_from_another_file(run, tmp_path):
    commands.baselines(data=str(tmp_path / "dataset"), name=["dictionary"], output=tmp_path / "b.json")
    assert "| dictionary | 100.0 |" in commands.summary(str(run), baselines=tmp_path / "b.json")


def test_a_system_of_names_only_has_dashes(run):
    (run / "baselines-test.json").write_text(json.dumps({"systems": [
        {"system": "x", "gold": "test", "micro": None, "groups": None, "names": {"f1": 0.5}}]}))
    assert lines(commands.summary(str(run)))["x"] == "| x | – |  | – | – | 50.0 |"


def test_changes_stand_with_what_they_cost(run):
    commands.robustness(str(run))
    found = lines(commands.summary(str(run)))
    assert found["change"] == "| change | documents changed | F1 | difference | 95 % |"
    assert found["as written"] == "| as written |  | 92.9 |  |  |"
    assert found["all capitals"].startswith("| all capitals | 5 | 0.0 | -92.9 | ")


def test_scores_that_were_not_made_are_asked_for(run):
    with pytest.raises(BilanError, match=r"no scores-dev.json; make it: bilan-eval .*run --split dev"):
        commands.summary(str(run), split="dev")
    with pytest.raises(BilanError, match="no scores-other.json; make it: bilan-eval .*run --gold some/other"):
        commands.summary(str(run), press="some/other")


@pytest.mark.parametrize("content", ["{}", "[]", '{"schemes": 1}', '{"schemes": {"strict": []}}'])
def test_files_of_another_making_are_refused(run, content):
    (run / "scores-test.json").write_text(content)
    with pytest.raises(BilanError, match="is not as bilan-eval writes it"):
        commands.summary(str(run))
