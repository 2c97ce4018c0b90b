"""What the four commands share: errors as one line, a default sub-command, text made safe to show."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

import typer
from rich.console import Console
from rich.table import Table
from typer.core import TyperGroup

from .errors import BilanError
from .report import Report

CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n"}
HIDDEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # they reorder what is shown


def default_command(name: str) -> type[TyperGroup]:
    """A command group in which `name` is meant where no sub-command is named (`bilan-eval RUN`)."""

    class DefaultGroup(TyperGroup):
        def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:
            if not args or (args[0] not in self.commands and args[0] not in ("--help", *COMPLETION)):
                args = [name, *args]
            return super().parse_args(ctx, args)

    return DefaultGroup


COMPLETION = ("--install-completion", "--show-completion")


def run(app: typer.Typer, arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command line and exit: 0 done, 1 something was lost, 2 an error said in one line."""
    try:
        app(arguments if arguments is None else list(arguments))
    except BilanError as error:
        print(f"error: {safe(str(error))}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(0)
    sys.exit(0)


def safe(text: str) -> str:
    r"""The text with control characters shown, not obeyed, by a terminal; tabs and LF stay.

    >>> safe("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    shown = text.translate(CONTROLS)
    if shown.isascii():
        return shown
    return "".join(f"\\u{ord(character):04x}" if character in HIDDEN else character for character in shown)


def show_report(report: Report, console: Console) -> None:
    """The counts of a report by cause, losses first, each with its first examples."""
    if not report.counts and not report.losses:
        return
    table = Table("cause", "count", "first examples", box=None, header_style="bold")
    for counts, style in ((report.losses, "red"), (report.counts, "")):
        for cause, count in counts.most_common():
            shown = "\n".join(safe(example)[:160] for example in report.examples.get(cause, ()))
            table.add_row(safe(cause), str(count), shown, style=style)
    console.print(table, markup=False)
