"""Escapes, HTML, markup and formulas in texts, labels, ids and file names: shown, never obeyed, everywhere."""

import csv
import html
import io
import json
import os
import re
import sys

import pytest
from bilan.data import Document, Span, write
from bilan.data.__main__ import app as data_app
from bilan.data.console import json_text, run, safe
from bilan.models import highlight
from bilan.models.exports import write_csv
from bilan.models.outputs import OUTPUTS, deliver, line
from bilan.models.reader import Reading
from bilan.models.show import show
from rich.console import Console

# What a terminal would obey: CSI in seven and in eight bits, a window title, a bell, a carriage return, reordered text.
OBEYED = "\x1b[31m\x9b2J\x1b]0;x\x07\x08\r\u202e\u2066\x7f"
OBEYS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
HTML = "<img src=x onerror=alert(1)>\"'&lt;![](http://x/y.png)"
MARKUP = "[/b] [red]x[/i]"  # rich's
HOSTILE = f"{OBEYED}{HTML}{MARKUP}$\\x$"


def reading(hostile: str = HOSTILE) -> Reading:
    """A text with a claim, with hostile words in each of its spans, its id, its title and a label."""
    parts = [("Selon ", ""), (f"Kiev{hostile}", "LOC"), (", ", ""), ("12", "KILLED"), (" ", ""), (f"soldats{hostile}", "FORCE"),
             (" ont été tués ", ""), ("vendredi", "DATE"), (" à ", ""), (f"Koursk{hostile}", "LOC"), (". ", ""), ("a", hostile)]
    text, spans = "", []
    for words, label in parts:
        if label:
            spans.append(Span(len(text), len(text) + len(words), label, score=0.9))
        text += words
    return Reading(Document(f"d{hostile}", text, tuple(spans), {"title": hostile}), "2025-02-07")


def key(document):
    return "k"


def shown() -> str:
    console = Console(file=io.StringIO(), width=100, highlight=False)
    show(reading(), console)
    return console.file.getvalue()  # pyright: ignore[reportAttributeAccessIssue]


def test_the_terminal_shows_them():
    output = shown()
    assert OBEYS.search(output) is None
    for part in ("\\x1b[31m", "\\x9b2J", "\\u202e", MARKUP, "<img"):
        assert part in output


@pytest.mark.parametrize("format", ["table", "json", "jsonl"])
def test_what_is_read_by_people_or_piped_to_a_terminal_shows_them(tmp_path, format):
    OUTPUTS[format].write([reading()], tmp_path / "out", report=None, key=key)
    content = (tmp_path / "out").read_bytes().decode()
    assert OBEYS.search(content) is None
    if format != "table":
        back = json.loads(content) if format == "jsonl" else json.loads(content)[0]
        assert back["text"] == reading().document.text and back["id"] == f"d{HOSTILE}"


@pytest.mark.parametrize("format", ["csv", "json", "jsonl", "html", "doccano", "labelstudio", "prodigy"])
def test_any_format_on_a_terminal_shows_them(monkeypatch, format):
    from bilan.data.report import Report

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stdout", Terminal())
    deliver(OUTPUTS[format], [reading()], None, report=Report(), key=key)
    assert OBEYS.search(sys.stdout.getvalue()) is None  # pyright: ignore[reportAttributeAccessIssue]


def test_the_page_shows_them_as_boxes_and_has_no_tag_of_theirs(tmp_path):
    from bilan.data.report import Report

    highlight.write([reading()], tmp_path / "o.html", report=Report())
    page = (tmp_path / "o.html").read_text(encoding="utf-8")
    assert OBEYS.search(page) is None and "<img" not in page
    assert html.escape(HTML) in page and "\ufffd[31m" in page and "Content-Security-Policy" in page
    assert not re.search(r"<[a-z]+[^>]*\son\w+\s*=", page)


def test_the_report_of_an_evaluation_shows_them(tmp_path):
    pytest.importorskip("matplotlib", reason="the extra report is not installed")
    from bilan.eval.evaluation import evaluate
    from bilan.eval.report import write as write_report
    from bilan.eval.score import pair

    gold = reading().document
    predicted = gold.replace(spans=(gold.spans[0].replace(end=gold.spans[0].end - 1), *gold.spans[1:-1]))
    write_report(evaluate(pair([gold], [predicted]), name=f"r{HTML}"), tmp_path)
    page, tables = ((tmp_path / name).read_text(encoding="utf-8") for name in ("report.html", "report.md"))
    assert "<img src=x" not in page and html.escape(HTML)[:8] in page
    assert not re.search(r"(?<!\\)<img|!\[", tables.partition("\n")[2]) and "\x1b" not in tables and "\x9b" not in tables


@pytest.mark.parametrize(("cell", "expected"), [
    ("=1+1", "'=1+1"), ("+33 1", "'+33 1"), ("-2+3", "'-2+3"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"), ("\r=1", "'\r=1"),
    ("a=1", "a=1"), (-3, "-3"), (-1.5, "-1.5"), (None, "")])
def test_a_cell_of_csv_is_no_formula_and_a_negative_number_stays_one(tmp_path, cell, expected):
    write_csv([{"a": cell}], tmp_path / "o.csv", columns={"a": str})
    with open(tmp_path / "o.csv", encoding="utf-8", newline="") as stream:
        assert list(csv.reader(stream))[1:] == ([[expected]] if expected else [[""]])


def test_claims_of_a_text_of_formulas_hold_none(tmp_path):
    for hostile in ("=HYPERLINK(1)", "@x", "\t=1"):
        text = f"{hostile} affirme que 12 soldats ont été tués à Koursk."
        spans = (Span(0, len(hostile), "ORG"), Span(text.index("12"), text.index("12") + 2, "KILLED"),
                 Span(text.index("soldats"), text.index("soldats") + 7, "FORCE"))
        OUTPUTS["csv"].write([Reading(Document(hostile, text, spans))], tmp_path / "o.csv", report=None, key=key)
        with open(tmp_path / "o.csv", encoding="utf-8", newline="") as stream:
            cells = [cell for row in csv.reader(stream) for cell in row]
        assert f"'{hostile}" in cells and not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in cells)


def command(capsys, *arguments):
    """Exit code, standard output and standard error of `bilan-data`."""
    with pytest.raises(SystemExit) as caught:
        run(data_app, list(map(str, arguments)))
    return caught.value.code, *capsys.readouterr()


@pytest.mark.parametrize("name", ["audit", "stats", "validate", "build", "convert"])
def test_the_commands_on_data_show_them(tmp_path, capsys, name):
    documents = [reading().document.replace(id=f"{number}{HOSTILE}") for number in range(4)]
    write(documents, tmp_path / "in.jsonl", format="jsonl")
    target = {"build": [tmp_path / "out"], "convert": [tmp_path / "out[/b].conll"]}.get(name, [])
    code, out, err = command(capsys, name, tmp_path / "in.jsonl", *target)
    assert code in (0, 1, 2) and OBEYS.search(out + err) is None and "Traceback" not in err


@pytest.mark.parametrize("name", ["audit", "stats"])
def test_json_on_standard_output_holds_them_as_escapes(tmp_path, capsys, name):
    write([reading().document], tmp_path / "in.jsonl", format="jsonl")
    _, out, _ = command(capsys, name, tmp_path / "in.jsonl", "--json")
    assert OBEYS.search(out) is None and f"a{HOSTILE}"[1:] in json.loads(out)["labels"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such names")
@pytest.mark.parametrize("name", [b"\x1b[31m.md", b"\xe9.md", b"[red][x].md", b"[b]\x9b.md"])
def test_names_of_files_are_shown_in_errors_and_reports(tmp_path, capsys, name):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / os.fsdecode(name)).write_text("---\nid: d\n---\n[Kiev](LOC)")
    (tmp_path / "in" / "z.md").write_bytes(b"\xef\xbb\xbf---\nid: e\n---\n[Kiev](LOC a=\"\\q\")")
    code, out, err = command(capsys, "convert", tmp_path / "in", tmp_path / "out.jsonl")
    assert code == 2 and err.startswith("error: ") and err.count("\n") == 1 and OBEYS.search(out + err) is None


def test_halves_of_pairs_in_examples_reach_every_output(tmp_path, capsys):
    (tmp_path / "a.json").write_text('[["Kiev", {"entities": [[0, 4, "LOC"]], "cats": {"\\ud83d": 1}}]]')
    code, out, _ = command(capsys, "convert", tmp_path / "a.json", tmp_path / "o.jsonl", "--report", tmp_path / "r.json")
    assert code == 1 and "dropped: label" in out
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["losses"] == {"dropped: label of the whole document": 1}


@pytest.mark.parametrize("text", ["a\x9bb\u202ec", "é\u2069", "\ud83d", "plain"])
def test_json_with_escapes_has_the_same_values(text):
    assert json.loads(json_text(text)) == text and OBEYS.search(json_text(text)) is None


def test_what_is_safe_for_a_terminal_can_be_printed_in_any_case():
    assert safe("\udce9\u202e\x1b") == "\\udce9\\u202e\\x1b" and safe("é\t\n") == "é\t\n"


def test_a_system_error_and_a_lack_of_memory_are_one_line_too(capsys):
    import typer

    for error, said in ((OSError(28, "x", "f\x1b"), "error: f\\x1b: no space left on device; free some space, then start the same "
                         "command again\n"), (MemoryError(), "error: out of memory; give less at once, or free some\n")):
        app = typer.Typer(pretty_exceptions_enable=False)

        @app.command()
        def main(error=error) -> None:
            raise error

        with pytest.raises(SystemExit) as caught:
            run(app, [])
        assert (caught.value.code, capsys.readouterr().err) == (2, said)


def test_a_line_of_jsonl_is_one_line_whatever_the_text_holds():
    made = line(Reading(Document("d", "a\u2028b\x85c\n\r\x0bd")), key)
    assert len(made.split("\n")) == 1 and json.loads(made)["text"] == "a\u2028b\x85c\n\r\x0bd"
