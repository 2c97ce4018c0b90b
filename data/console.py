"""What the four commands share: errors as one line, a default sub-command, text made safe to show."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from typer.core import TyperGroup

from .errors import BilanError
from .extras import EXTRAS, absent, library
from .files import os_error
from .report import Report

CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n"}
# What reorders the text that is shown, and halves of UTF-16 pairs (file names that are no UTF-8), which break outputs.
HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
UNSAFE = re.compile(f"[\x7f-\x9f]|{HIDDEN.pattern}")  # in JSON, which escapes the other control characters itself


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
    except ImportError as error:
        if library(error) not in EXTRAS:
            raise
        print(f"error: {safe(str(absent(error)))}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(0)
    except OSError as error:  # where no reader or writer was at work to say what it is about
        print(f"error: {safe(str(os_error(error, error.filename or '')))}", file=sys.stderr)
        sys.exit(2)
    except MemoryError:
        print("error: out of memory; give less at once, or free some", file=sys.stderr)
        sys.exit(2)
    sys.exit(0)


def safe(text: str) -> str:
    r"""The text with control characters shown, not obeyed, by a terminal; tabs and LF stay.

    >>> safe("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    shown = text.translate(CONTROLS)
    return shown if shown.isascii() else HIDDEN.sub(_escaped, shown)


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def json_text(value: object, **options: Any) -> str:
    r"""JSON with its letters as they are and what a terminal might obey as escapes: the values stay the same.

    >>> json_text("é\x9b2J")
    '"é\\u009b2J"'
    """
    return UNSAFE.sub(_escaped, json.dumps(value, ensure_ascii=False, **options))


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
