"""The report: one evaluation shown to people, to Markdown and to programs, the same numbers in each."""

import io
import json
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from bilan.data import BilanError, Span, read
from bilan.eval import Pair, evaluate
from bilan.eval import report as reports
from bilan.eval.table import cells, content, rows, terminal
from rich.console import Console

from .made import both, document, random_pairs

VOID = {"meta", "img", "br"}


def scored(pairs):
    return [Pair(p.gold, p.predicted.replace(spans=tuple(s.replace(score=0.8) for s in p.predicted.spans)))
            for p in pairs]


@pytest.fixture(scope="module")
def evaluation():
    return evaluate(scored(random_pairs(30)), name="essai", facts={"data": "aléatoire"}, resamples=200)


@pytest.fixture(scope="module")
def page(evaluation):
    pytest.importorskip("matplotlib")
    return reports.html(evaluation)


class Checker(HTMLParser):
    """Collects tags that do not close, addresses and text."""

    def __init__(self):
        super().__init__()
        self.open, self.addresses, self.text = [], [], ""

    def handle_starttag(self, tag, attrs):
        self.addresses += [value for key, value in attrs if key in ("src", "href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def read_page(page: str) -> Checker:
    checker = Checker()
    checker.feed(page)
    return checker


def test_rows_are_labels_then_groups_then_averages():
    lines = rows(evaluate([both("[Goma](LOC) [12](KILLED)", "[Goma](LOC) 12")], resamples=10))
    assert [(row.kind, row.name) for row in lines] == [
        ("label", "LOC"), ("label", "KILLED"), ("group", "entities"), ("group", "figures"),
        ("average", "micro"), ("average", "macro"), ("average", "weighted")]
    assert cells(lines[1]) == ("KILLED", "1", "0", "–", "0.0", "0.0", "")
    assert cells(lines[4]) == ("micro", "2", "1", "100.0", "50.0", "66.7", "")


def test_the_terminal_shows_labels_that_look_like_markup_as_they_are():
    strange = document("Goma").replace(spans=(Span(0, 4, "[red]\x1b"),))
    screen = io.StringIO()
    Console(width=120, file=screen).print(terminal(rows(evaluate([Pair(strange, strange)], resamples=10))))
    assert "[red]\\x1b" in screen.getvalue()


def test_every_tag_of_the_page_closes_and_nothing_is_fetched(page):
    checker = read_page(page)
    assert checker.open == []
    assert len(checker.addresses) == 3
    assert all(address.startswith("data:image/svg+xml;base64,") for address in checker.addresses)
    assert "<script" not in page and not re.search(r"url\(|@import", page)


def test_the_page_shows_the_scores_and_their_intervals(evaluation, page):
    text = read_page(page).text
    for row in rows(evaluation):
        assert all(cell in text for cell in cells(row))


def test_texts_names_and_labels_are_escaped_in_the_page():
    pytest.importorskip("matplotlib")
    evil = both("<script>[alert](LOC)</script> & [b](KILLED)", "<script>alert</script> & b", id="<i>")
    made = reports.html(evaluate([evil], name="<h1>", facts={"<k>": "<v>"}, resamples=10))
    assert "<script" not in made and "<h1><h1>" not in made and "<i>" not in made.replace("<i style", "")
    assert "&lt;script&gt;" in made and read_page(made).open == []


def test_errors_are_shown_with_their_mentions_marked(page, evaluation):
    error = evaluation.errors[0]
    span = (error.gold or error.predicted)[0]
    assert f'>{error.document.mention(span)}<small>{span.label}</small></mark>' in page


def test_predictions_without_confidence_have_no_reliability():
    pytest.importorskip("matplotlib")
    plain = evaluate(random_pairs(5), resamples=10)
    assert "Expected calibration error" not in reports.html(plain)
    assert content(plain)["calibration"] is None


def test_the_epochs_of_a_run_make_a_learning_curve():
    pytest.importorskip("matplotlib")
    epochs = [{"epoch": 1.0, "f1": 0.5, "loss": 0.9}, {"epoch": 2.0, "f1": 0.75, "loss": 0.4}]
    run, other = (evaluate([both("[Goma](LOC)", "Goma")], resamples=10, epochs=each) for each in (epochs, ()))
    assert "Learning curve" in reports.html(run) and "Learning curve" not in reports.html(other)
    assert content(run)["epochs"] == epochs and content(other)["epochs"] == []


def test_an_evaluation_of_nothing_can_be_shown():
    pytest.importorskip("matplotlib")
    nothing = evaluate([both("rien", "rien")], resamples=10)
    assert read_page(reports.html(nothing)).open == []
    assert "| micro | 0 | 0 | – | – | – |  |" in reports.markdown(nothing)


def test_report_json_holds_the_scores_as_plain_values(evaluation):
    plain = json.loads(json.dumps(content(evaluation), allow_nan=False))
    assert list(plain) == ["name", "facts", "epochs", "documents", "duplicates", "schemes", "intervals", "slices",
                           "calibration", "errors", "confusions", "values", "attribution"]
    micro = evaluation.strict.micro
    assert plain["schemes"]["strict"]["micro"] == {
        "gold": micro.gold, "predicted": micro.predicted, "correct": micro.correct,
        "precision": micro.precision, "recall": micro.recall, "f1": micro.f1}
    assert plain["intervals"]["f1"]["micro"][0] == micro.f1
    assert plain["calibration"]["error"] == pytest.approx(abs(0.8 - micro.precision))
    assert sum(number for gold, _, number in plain["confusions"] if gold) == micro.gold


CLAIM = ("Selon [Kiev](LOC id=k), [au moins 12](KILLED by=k who=s) [soldats](FORCE id=s) et [trois](KILLED) [civils](CIVIL).",
         "Selon [Kiev](LOC id=k), au moins [12](KILLED by=s who=s) [soldats](FORCE id=s) et [trois](INJURED) [civils](CIVIL).")


def test_report_json_holds_how_figures_are_read_and_who_says_so():
    plain = json.loads(json.dumps(content(evaluate([both(*CLAIM)], resamples=10)), allow_nan=False))
    values, attribution = plain["values"], plain["attribution"]
    assert (values["gold"], values["predicted"], values["matched"]) == (2, 2, 2)
    assert values["unreadable"] == {"gold": 0, "predicted": 0}
    assert list(values["rates"]) == ["exact", "partial", "all"]
    assert values["rates"]["partial"] == {
        "value": {"support": 1, "correct": 1, "share": 1.0, "interval": [1.0, None, None]},
        "interval": {"support": 1, "correct": 0, "share": 0.0, "interval": [0.0, None, None]},
        "qualifier": {"support": 1, "correct": 0, "share": 0.0, "interval": [0.0, None, None]},
        "role": {"support": 1, "correct": 1, "share": 1.0, "interval": [1.0, None, None]}}
    assert values["found"]["f1"] == 0.5 and values["roles"] == [["KILLED", "INJURED", 1]]
    assert list(attribution) == ["found"] and list(attribution["found"]) == ["who", "by"]
    assert attribution["found"]["by"] == {
        "gold": 1, "predicted": 1, "correct": 0, "precision": 0.0, "recall": 0.0, "f1": 0.0,
        "interval": [0.0, None, None], "wrong": 0, "missed": 1, "spurious": 1}


def test_the_page_and_markdown_show_figures_and_links():
    pytest.importorskip("matplotlib")
    made = evaluate([both(*CLAIM)], resamples=10)
    text, marked = read_page(reports.html(made)).text, reports.markdown(made)
    for shown in (text, marked):
        assert "2 figures in gold, 2 predicted, 2 matched" in shown
        assert all(heading in shown for heading in ("Figures read as numbers", "Roles confused", "Who is counted"))
    assert "| value | 2 | 100.0 |  | 1 | 100.0 | 1 | 100.0 |" in marked
    assert "| KILLED | INJURED | 1 |" in marked
    assert "| by, end to end | 1 | 0.0 |  | 0 | 1 | 1 | 1 | 0.0 | 0.0 |" in marked


def test_without_figures_nothing_is_said_of_them():
    pytest.importorskip("matplotlib")
    made = evaluate([both("[Goma](LOC)", "[Goma](LOC)")], resamples=10)
    assert "Figures read" not in reports.html(made) + reports.markdown(made)
    assert (content(made)["values"], content(made)["attribution"]) == (None, {})


def test_an_undefined_score_is_null_in_json():
    plain = content(evaluate([both("[Goma](LOC)", "Goma")], resamples=10))
    assert plain["schemes"]["strict"]["labels"]["LOC"]["precision"] is None
    assert plain["intervals"]["precision"]["LOC"] == [None, None, None]


def test_markdown_tables_escape_the_bar(evaluation):
    made = reports.markdown(evaluate([both("[a|b](LOC) c", "a|b c")], resamples=10))
    assert "[a\\|b](LOC)" in made
    assert reports.markdown(evaluation).startswith("# essai\n\n30 documents, strict scores in percent;")


def test_four_files_are_written_and_the_predictions_can_be_read_again(evaluation, tmp_path):
    pytest.importorskip("matplotlib")
    (tmp_path / "model.safetensors").write_bytes(b"kept")
    written = reports.write(evaluation, tmp_path)
    assert [path.name for path in written] == ["report.html", "report.md", "report.json", "predictions.jsonl"]
    assert list(read(tmp_path / "predictions.jsonl")) == [p.predicted for p in evaluation.pairs]
    assert (tmp_path / "model.safetensors").read_bytes() == b"kept"


def test_the_same_evaluation_gives_the_same_page(evaluation, page):
    assert reports.html(evaluation) == page


def test_a_missing_extra_is_named_with_the_line_that_installs_it(monkeypatch):
    monkeypatch.setattr(reports, "find_spec", lambda name: None if name == "matplotlib" else object())
    with pytest.raises(BilanError, match=r"the report needs matplotlib; pip install 'bilan\[report\]'"):
        reports.require()


def test_scoring_needs_neither_matplotlib_nor_torch():
    code = ("import sys, bilan.eval.commands; "
            "sys.exit(bool({'torch', 'transformers', 'matplotlib'} & set(sys.modules)))")
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
