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
from ..data.formats.jsonl import to_record
from ..data.labels import LABELS
from .reader import load
from .show import colour, highlighted, span_table
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
    as_json: Annotated[bool, typer.Option("--json", help="one JSON document a line")] = False,
) -> None:
    """Print a table of the spans of each file and the article with highlights."""
    out, failed = Console(highlight=False), 0
    reader = load(model)
    for text in texts(files):
        if isinstance(text, BilanError):
            failed += 1
            print(f"error: {shared.safe(str(text))}", file=sys.stderr)
            continue
        document = next(reader.read_many([text]))
        if as_json:
            print(json.dumps(to_record(document), ensure_ascii=False))
        else:
            out.print(span_table(document))
            out.print(highlighted(document), soft_wrap=True)
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
