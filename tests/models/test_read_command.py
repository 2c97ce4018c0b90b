"""`bilan read`: tables for people, JSON for machines, clear errors."""

import io
import json
import shutil
import sys

import pytest
from bilan.data import Document, Span
from bilan.models.__main__ import app
from bilan.models.reader import Reading
from bilan.models.show import highlighted, reading_record, span_table
from rich.console import Console
from typer.testing import CliRunner


@pytest.fixture
def model(tiny_model):
    return str(tiny_model)


def read(model, *arguments):
    return CliRunner().invoke(app, ["read", "--model", model, *map(str, arguments)])


def test_each_file_gives_one_line_of_json_in_the_order_named(model, tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"À Goma, 12 morts ({name}).", encoding="utf-8")
    result = read(model, "--json", tmp_path / "b.txt", tmp_path / "a.txt")
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert [record["text"] for record in records] == ["À Goma, 12 morts (b.txt).", "À Goma, 12 morts (a.txt)."]
    assert result.exit_code == 0


def test_json_holds_the_claims_beside_the_document():
    text = "Vendredi, selon Kiev, 12 soldats ont été tués."
    spans = (Span(0, 8, "DATE"), Span(16, 20, "LOC"), Span(22, 24, "KILLED"), Span(25, 32, "FORCE"))
    record = reading_record(Reading(Document("d", text, spans), "2025-02-10"))
    (claim,) = record["claims"]
    assert record["text"] == text and len(record["spans"]) == 4
    assert (claim["best"], claim["who"], claim["by"], claim["date"]) == (12, "soldats", "Kiev", "2025-02-07")


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet", "json", "html"])
def test_the_format_of_an_output_is_that_of_its_ending(model, tmp_path, ending):
    (tmp_path / "a.txt").write_text("À Goma, 12 civils ont été tués.", encoding="utf-8")
    assert read(model, "--output", tmp_path / f"out.{ending}", tmp_path / "a.txt").exit_code == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.txt", f"out.{ending}"]


@pytest.mark.parametrize(("options", "said"), [
    (["--output", "x.doc"], "no format ends like this"),
    (["--profile", "acled"], "a profile is written as rows"),
    (["--profile", "who", "--output", "x.csv"], "unknown profile 'who'; expected acled or ucdp"),
])
def test_an_export_that_cannot_be_written_is_refused_before_reading(options, said):
    error = CliRunner().invoke(app, ["read", "--model", "./nowhere", *options, "a.txt"]).exception
    assert said in str(error)


@pytest.mark.parametrize("format", ["json", "jsonl", "csv", "html", "labelstudio", "conll"])
def test_standard_output_takes_text_formats(model, tmp_path, format):
    (tmp_path / "a.txt").write_text("À Goma, 12 civils ont été tués.", encoding="utf-8")
    result = read(model, "--format", format, tmp_path / "a.txt")
    assert result.exit_code == 0 and result.stdout


def test_what_was_mended_is_told_on_standard_error(model, tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfGoma")
    result = read(model, "--json", tmp_path / "a.txt")
    assert "byte-order mark taken off" in result.stderr and json.loads(result.stdout)["text"] == "Goma"


def test_a_command_with_a_bad_file_says_where_the_rest_is_kept(model, tmp_path):
    (tmp_path / "a.txt").write_text("Goma", encoding="utf-8")
    result = read(model, "--output", tmp_path / "o.csv", tmp_path / "a.txt", tmp_path / "none.txt")
    assert result.exit_code == 1 and "1 not read, 1 read and kept in" in result.stderr
    assert (tmp_path / "o.csv").is_file() and (tmp_path / "o.csv.part").is_file()


def test_help_tells_how_to_complete_in_the_shell():
    assert "--install-completion" in CliRunner().invoke(app, ["--help"]).stdout


def test_standard_input_is_a_dash(model, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Goma".encode())))
    result = CliRunner().invoke(app, ["read", "--model", model, "--json", "-"], input="Goma")
    assert json.loads(result.stdout)["id"] == "stdin"


def test_a_table_and_the_article_are_shown(model, tmp_path):
    (tmp_path / "a.txt").write_text("À Goma, 12 morts.", encoding="utf-8")
    output = read(model, tmp_path / "a.txt").stdout
    assert "label" in output and output.rstrip().endswith("À Goma, 12 morts.")


@pytest.mark.parametrize(("content", "said"), [
    (None, "no such file"), (b"", "the text is empty"), (b" \n", "the text is empty"), (b"a\0b", "binary file"),
    (b"d\xe9j\xe0", "not UTF-8"), (b"PK\x03\x04", "a zip archive"),
])
def test_a_file_that_cannot_be_read_is_said_and_the_rest_goes_on(model, tmp_path, content, said):
    (tmp_path / "good.txt").write_text("Goma", encoding="utf-8")
    if content is not None:
        (tmp_path / "bad.txt").write_bytes(content)
    result = read(model, "--json", tmp_path / "bad.txt", tmp_path / "good.txt")
    assert said in result.stderr and json.loads(result.stdout)["text"] == "Goma" and result.exit_code == 1


def test_nothing_read_is_exit_code_two(model, tmp_path):
    assert read(model, tmp_path / "none.txt").exit_code == 2


def shown(renderable) -> str:
    console = Console(width=100, file=io.StringIO())
    console.print(renderable)
    return console.file.getvalue()  # pyright: ignore[reportAttributeAccessIssue]


def test_the_table_gives_label_text_line_and_score():
    document = Document("d", "À\nGoma\u202f:\n12 morts", (Span(2, 6, "LOC", score=0.987), Span(9, 11, "KILLED")))
    assert [line.split() for line in shown(span_table(document)).splitlines()[2:]] == [
        ["LOC", "Goma", "2", "0.99"], ["KILLED", "12", "3"]]


def test_escape_sequences_in_a_text_are_shown_not_obeyed():
    document = Document("d", "a\x1b[31m Goma", (Span(1, 10, "LOC"),))
    assert "\x1b" not in shown(span_table(document)) and "\x1b" not in shown(highlighted(document))
    assert highlighted(document).plain == "a\\x1b[31m Goma"


def test_line_ends_of_windows_are_line_ends():
    document = Document("d", "À\r\nGoma\f\r\n12", (Span(3, 7, "LOC"), Span(10, 12, "KILLED")))
    assert highlighted(document).plain == "À\nGoma\\x0c\n12"
    assert [line.split()[2] for line in shown(span_table(document)).splitlines()[2:]] == ["2", "3"]


def test_escape_sequences_in_a_label_are_shown_not_obeyed():
    assert "\x1b" not in shown(span_table(Document("d", "Goma", (Span(0, 4, "\x1b[2J"),))))


def test_markup_in_a_text_is_text():
    assert "[bold]x[/bold]" in shown(highlighted(Document("d", "[bold]x[/bold]", (Span(0, 3, "LOC"),))))


def test_labels_are_listed_with_their_definitions():
    output = CliRunner().invoke(app, ["labels"]).stdout
    assert "KILLED" in output and "number of dead" in output


def test_info_says_what_a_checkpoint_finds(model):
    output = CliRunner().invoke(app, ["info", model]).stdout
    assert "LOC KILLED" in output and "32 tokens" in output


def test_info_says_what_a_training_reached(model, tmp_path):
    run = shutil.copytree(model, tmp_path / "run")
    (run / "run.json").write_text('{"dev": {"best": {"f1": 0.4, "epoch": 3}, "saved": {"f1": 0.5}}, "commit": "abc"}',
                                  encoding="utf-8")
    assert CliRunner().invoke(app, ["info", str(run)]).stdout.splitlines()[-2:] == [
        "dev F1       0.5000 (best epoch 3)", "commit       abc"]
    (run / "run.json").write_text('{"dev": {"best": null}}', encoding="utf-8")
    assert "not the record of a training" in str(CliRunner().invoke(app, ["info", str(run)]).exception)
