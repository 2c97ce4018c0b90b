"""`bilan-data agree` and `merge`: figures, disagreements side by side, the file to edit, and its result."""

import json

import pytest
import typer
from bilan.data import agreement
from bilan.data.errors import BilanError
from typer.testing import CliRunner

ANNE = "---\nid: d\n---\nL’[armée russe](FORCE) frappe [Kiev](LOC)."
BENOIT = "---\nid: d\n---\nL’[armée](FORCE) russe frappe [Kiev](LOC)."
app = typer.Typer()
app.command()(agreement.agree)
app.command()(agreement.merge)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a command in a folder with `anne.md` and `benoît.jsonl`; exit code and output."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "anne.md").write_text(ANNE, encoding="utf-8")
    (tmp_path / "b.md").write_text(BENOIT, encoding="utf-8")
    from bilan.data.convert import convert
    convert(tmp_path / "b.md", tmp_path / "benoît.jsonl")

    def command(*arguments):
        result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})
        if isinstance(result.exception, BilanError):
            raise result.exception
        return result.exit_code, result.output
    return command


def rows(output):
    return [line.split() for line in output.splitlines()]


def test_figures_are_told_by_pair_and_by_label(run):
    code, output = run("agree", "anne.md", "benoît.jsonl")
    assert code == 0
    assert ["anne", "–", "benoît", "50.0", "75.0"] in rows(output)
    assert ["LOC", "1.000", "100.0"] in rows(output)
    assert "1 documents, alpha 0.617, 1 disagreements, 1 shown" in output


def test_disagreements_stand_side_by_side(run):
    _, output = run("agree", "anne.md", "benoît.jsonl")
    assert ["d", "2", "[armée", "russe](FORCE)", "[armée](FORCE)"] in rows(output)
    assert "[armée](FORCE)" not in run("agree", "anne.md", "benoît.jsonl", "--shown", "0")[1]


def test_three_annotators_make_three_pairs(run):
    _, output = run("agree", "anne.md", "benoît.jsonl", "b.md")
    assert sum("50.0" in row for row in rows(output)) == 2
    assert ["benoît", "–", "b", "100.0", "100.0"] in rows(output)


def test_the_figures_are_written_as_json(run, tmp_path):
    run("agree", "anne.md", "benoît.jsonl", "--output", "figures.json")
    kept = json.loads((tmp_path / "figures.json").read_text("utf-8"))
    assert kept["pairs"][0]["strict"] == 0.5
    assert kept["disagreements"] == [
        {"document": "d", "annotators": {"anne": "[armée russe](FORCE)", "benoît": "[armée](FORCE)"}}]


def test_the_edited_adjudication_is_merged(run, tmp_path):
    _, output = run("agree", "anne.md", "benoît.jsonl", "--adjudication", "places.toml")
    assert "places.toml: 1 of 1 places to decide" in output
    file = tmp_path / "places.toml"
    file.write_text(file.read_text("utf-8").replace('decision = ""', 'decision = "anne"'), encoding="utf-8")
    code, output = run("merge", "places.toml", "merged.md")
    assert (code, "merged.md: 1 documents, 2 spans, 1 places decided" in output) == (0, True)
    assert (tmp_path / "merged.md").read_text("utf-8") == ANNE


def test_an_undecided_adjudication_is_refused_with_its_name(run):
    run("agree", "anne.md", "benoît.jsonl", "--adjudication", "places.toml")
    with pytest.raises(BilanError, match=r"1 places are undecided") as caught:
        run("merge", "places.toml", "merged.jsonl")
    assert caught.value.where == "places.toml, document 'd', 2–13"
    assert run("merge", "places.toml", "merged.jsonl", "--default", "benoît")[0] == 0


def test_a_lost_relation_ends_with_1(run, tmp_path):
    (tmp_path / "anne.md").write_text("---\nid: d\n---\n[Kiev](LOC id=k) : [12](KILLED by=k)", encoding="utf-8")
    (tmp_path / "b.md").write_text("---\nid: d\n---\nKiev : [12](KILLED)", encoding="utf-8")
    run("agree", "anne.md", "b.md", "--adjudication", "places.toml")
    code, output = run("merge", "places.toml", "merged.jsonl", "--default", "b")
    assert code == 1
    assert "dropped: relation to a span that was decided against" in output


def test_files_of_the_same_name_are_told_by_their_paths():
    assert agreement.named(["a/x.md", "b/x.md", "c/y.md"]) == {"a/x.md": "a/x.md", "b/x.md": "b/x.md", "y": "c/y.md"}


def test_the_same_path_twice_is_refused():
    with pytest.raises(BilanError, match=r"x\.md: the same path is named twice"):
        agreement.named(["x.md", "x.md"])


def test_a_target_whose_format_is_not_said_is_refused(run):
    run("agree", "anne.md", "benoît.jsonl", "--adjudication", "places.toml")
    with pytest.raises(BilanError, match="does not say which format to write; name it with --to"):
        run("merge", "places.toml", "merged", "--default", "anne")
