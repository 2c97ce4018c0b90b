"""`bilan read FILE…`: entities and figures of French articles, from the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ..data import console as shared
from ..data.errors import BilanError
from ..data.labels import LABELS
from .profiles import check_output, export_claims
from .reader import load
from .show import colour, reading_record, show
from .sources import texts

app = typer.Typer(help=__doc__, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=True)
MODEL = "runs/embedded"


@app.callback()
def commands() -> None:
    """Read French war reporting: entities and figures."""


@app.command()
def read(
    files: Annotated[list[str], typer.Argument(help="text files; - is standard input", metavar="FILE…")],
    model: Annotated[str, typer.Option(help="run folder or hub id", envvar="BILAN_MODEL")] = MODEL,
    date: Annotated[str | None, typer.Option(help="day of the articles, 2025-02-07: resolves dates")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document a line, with claims")] = False,
    output: Annotated[str | None, typer.Option(help="claims to a .csv, .jsonl or .parquet file")] = None,
    profile: Annotated[str | None, typer.Option(help="acled or ucdp: deaths for their coders")] = None,
) -> None:
    """Print the spans of each file, the article in colour, and its claims side by side.

    A file that cannot be read is reported and the rest goes on (exit code 1; 2 if none could be read).
    """
    check_output(output, profile)
    out, failed, claims = Console(highlight=False), 0, []
    reader = load(model)
    for text in texts(files):
        if isinstance(text, BilanError):
            failed += 1
            print(f"error: {shared.safe(str(text))}", file=sys.stderr)
            continue
        reading = reader.read(text, date=date)
        claims += reading.claims
        if as_json:
            print(json.dumps(reading_record(reading), ensure_ascii=False))
        elif output is None:
            show(reading, out)
    if output is not None:
        export_claims(claims, output, profile=profile)
    raise typer.Exit(0 if not failed else 2 if failed == len(files) else 1)


@app.command()
def labels() -> None:
    """The labels of the annotation guide, with definition and example."""
    out = Console(highlight=False)
    for label in LABELS:
        out.print(f"[{colour(label.name)}]{label.name:<10}[/] {label.definition} ({label.example})")


@app.command()
def info(run: Annotated[Path, typer.Argument(help="run folder or hub id")]) -> None:
    """What a checkpoint finds, what it was trained on and how it scored on dev."""
    reader = load(str(run))
    file = run / "run.json"
    print(f"labels       {' '.join(reader.labels)}")
    print(f"window       {reader.cutting.window} tokens, {reader.cutting.overlap} shared")
    print(f"fingerprint  {reader.fingerprint or 'unknown'}")
    if file.is_file():
        entry = json.loads(file.read_text(encoding="utf-8"))
        print(f"dev F1       {entry['dev']['best']['f1']:.4f} (epoch {entry['dev']['best']['epoch']:g})")
        print(f"commit       {entry['commit']}")


def main() -> None:
    """The console command `bilan`."""
    shared.run(app)


if __name__ == "__main__":
    main()
