"""`bilan-data convert`: arguments, report, exit codes."""

import json

import pytest
import typer
from bilan.data import commands
from bilan.data.errors import BilanError
from typer.testing import CliRunner

NESTED = "---\nid: d\n---\nL’[[armée](PER) russe](FORCE) frappe [Kiev](LOC)."
app = typer.Typer()
app.command()(commands.convert)


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command in a folder with `in.md`; exit code and output."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.md").write_text(NESTED, encoding="utf-8")

    def command(*arguments):
        result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})
        if isinstance(result.exception, BilanError):
            raise result.exception
        return result.exit_code, result.output
    return command


def test_a_conversion_without_loss_ends_with_0_and_a_table_of_counts(run, tmp_path):
    code, output = run("in.md", "out.jsonl")
    assert code == 0
    assert [line.split() for line in output.splitlines() if "spans" in line] == [
        ["spans", "read", "3"], ["spans", "written", "3"]]
    assert json.loads((tmp_path / "out.jsonl").read_text("utf-8"))["id"] == "d"


def test_a_loss_ends_with_1_and_shows_where(run):
    code, output = run("in.md", "out.conll", "--overlaps", "keep")
    assert code == 1
    assert "dropped: overlapping span" in output
    assert "in.md" in output


def test_what_a_named_policy_drops_ends_with_0(run):
    code, output = run("in.md", "out.conll", "--overlaps", "longest")
    assert code == 0
    assert "in.md: armée" in output


def test_a_fault_is_a_bilan_error(run):
    with pytest.raises(BilanError, match="choose --overlaps"):
        run("in.md", "out.conll")


def test_labels_come_from_a_toml_file_with_or_without_a_table(run, tmp_path):
    for content in ('PER = ""\nLOC = "VILLE"\n', '[labels]\nPER = ""\nLOC = "VILLE"\n'):
        (tmp_path / "map.toml").write_text(content)
        assert run("in.md", "out.md", "--labels", "map.toml")[0] == 0
        written = (tmp_path / "out.md").read_text("utf-8")
        assert written.endswith("L’[armée russe](FORCE) frappe [Kiev](VILLE).")


@pytest.mark.parametrize("content", [
    "PER: ORG", "PER = 3", "[labels.more]\nPER = 'ORG'", "labels = 3", "[" * 5000])
def test_a_map_that_is_none_is_refused(run, tmp_path, content):
    (tmp_path / "map.toml").write_text(content)
    with pytest.raises(BilanError, match=r"map\.toml: not .*write `OLD = \"NEW\"`"):
        run("in.md", "out.md", "--labels", "map.toml")


def test_the_report_is_written_as_json(run, tmp_path):
    run("in.md", "out.conll", "--overlaps", "keep", "--report", "report.json")
    told = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert (told["source"], told["target"]) == ("in.md", "out.conll")
    assert told["losses"] == {"dropped: overlapping span": 1}
    assert told["counts"]["spans written"] == 2


def test_strict_and_the_formats_are_passed_on(run):
    with pytest.raises(BilanError, match="not without change"):
        run("in.md", "out", "--from", "markup", "--to", "conll", "--overlaps", "keep", "--strict")


def test_a_policy_that_does_not_exist_is_a_usage_error(run):
    assert run("in.md", "out.md", "--misaligned", "guess")[0] == 2


def test_what_a_hostile_text_holds_is_shown_not_obeyed(run, tmp_path):
    (tmp_path / "in.md").write_text("[[\x1b\\[31mKiev](LOC) \\[red\\]](PER)", encoding="utf-8")
    _, output = run("in.md", "out.conll", "--overlaps", "longest")
    assert "\x1b" not in output
    assert "\\x1b[31mKiev" in output
