"""The frame of the commands: exit codes, errors in one line, nothing obeyed by the terminal."""

from io import StringIO

import pytest
import typer
from bilan.data import BilanError
from bilan.data.console import default_command, run, safe, show_report
from bilan.data.report import Report
from rich.console import Console


def app_that(action) -> typer.Typer:
    app = typer.Typer(cls=default_command("main"))

    @app.command("main")
    def main(name: str) -> None:
        action(name)

    @app.command("other")
    def other() -> None:
        print("other")

    return app


def raising(error):
    def action(name):
        raise error

    return action


@pytest.mark.parametrize(("error", "code", "said"), [
    (BilanError("bad\x1b[31m", where="f:1", mend="so"), 2, "error: f:1: bad\\x1b[31m; so\n"),
    (KeyboardInterrupt(), 130, ""), (BrokenPipeError(), 0, ""),
])
def test_errors_become_one_line_and_an_exit_code(capsys, error, code, said):
    with pytest.raises(SystemExit) as caught:
        run(app_that(raising(error)), ["x"])
    assert (caught.value.code, capsys.readouterr().err) == (code, said)


def test_a_word_that_is_no_command_goes_to_the_default_one(capsys):
    with pytest.raises(SystemExit) as caught:
        run(app_that(print), ["runs/a"])
    assert (caught.value.code, capsys.readouterr().out) == (0, "runs/a\n")


def test_a_named_command_is_run(capsys):
    with pytest.raises(SystemExit):
        run(app_that(print), ["other"])
    assert capsys.readouterr().out == "other\n"


@pytest.mark.parametrize(("text", "shown"), [
    ("é\tà\n", "é\tà\n"), ("a\rb", "a\\x0db"), ("\x9b2J", "\\x9b2J"), ("a\u202eb", "a\\u202eb"), ("👨\u200d👩", "👨\u200d👩"),
])
def test_control_characters_are_shown_and_letters_kept(text, shown):
    assert safe(text) == shown


def test_a_report_shows_losses_first_with_their_examples():
    report = Report()
    report.note("documents", count=2)
    report.lose("dropped: empty span", where="a.ann:3", example="T1")
    console = Console(width=80, file=StringIO())
    show_report(report, console)
    lines = console.file.getvalue().splitlines()  # pyright: ignore[reportAttributeAccessIssue]
    assert [line.split() for line in lines[1:]] == [
        ["dropped:", "empty", "span", "1", "a.ann:3:", "T1"], ["documents", "2"]]


def test_a_report_keeps_few_examples_and_counts_all():
    report = Report()
    for number in range(100):
        report.lose("dropped", where=f"line {number}")
    assert (report.lost, report.examples["dropped"]) == (100, ["line 0", "line 1", "line 2"])
