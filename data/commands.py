"""Commands that `bilan-data` mounts: each parses, calls the function of its name, shows its report."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from . import console
from . import convert as converter
from .errors import BilanError
from .files import read_text, written


def convert(
    source: Annotated[str, typer.Argument(metavar="IN", help="file or folder, any format that is read")],
    target: Annotated[str, typer.Argument(metavar="OUT", help="file or folder to write")],
    from_: Annotated[str | None, typer.Option("--from", help="format of IN, else by its content")] = None,
    to: Annotated[str | None, typer.Option("--to", help="format of OUT, else by its suffix")] = None,
    labels: Annotated[str | None, typer.Option(help='TOML file, `OLD = "NEW"` a line; "" drops')] = None,
    overlaps: Annotated[Literal["error", "longest", "first", "keep"] | None, typer.Option(
        help="of spans that overlap (default: kept if OUT can hold them, else error)")] = None,
    discontinuous: Annotated[Literal["error", "hull", "split"] | None, typer.Option(
        help="of spans in fragments (default: kept if OUT can hold them, else error)")] = None,
    misaligned: Annotated[Literal["error", "expand", "drop"] | None, typer.Option(
        help="of spans that cut words (default: kept)")] = None,
    annotator: Annotated[str | None, typer.Option(help="which one, where IN has several")] = None,
    scheme: Annotated[str | None, typer.Option(help="tags of a conll OUT: IOB2 (default) or BILOU")] = None,
    strict: Annotated[bool, typer.Option(
        "--strict", help="write nothing if anything is lost or mended")] = False,
    report: Annotated[str | None, typer.Option(help="write the counts as JSON to this file")] = None,
) -> None:
    """Convert annotations from any format to another; exit code 1 when something was lost.

    What a named policy drops is counted but allowed.
    """
    told = converter.convert(source, target, from_=from_, to=to, labels=label_map(labels) if labels else None,
                             overlaps=overlaps, discontinuous=discontinuous, misaligned=misaligned,
                             annotator=annotator, scheme=scheme, strict=strict)
    if report:
        with written(Path(report)) as stream:
            json.dump({"source": source, "target": target} | told.as_dict(), stream,
                      ensure_ascii=False, indent=1)
    console.show_report(told, Console(highlight=False))
    if told.lost:
        raise typer.Exit(1)


def label_map(path: str) -> dict[str, str]:
    """Old label → new label, from the top of a TOML file or its table `[labels]`.

    Raises BilanError when the file is anything else.
    """
    mend = 'write `OLD = "NEW"`, a line a label'
    try:
        table: Any = tomllib.loads(read_text(Path(path)))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BilanError(f"not TOML ({error})", where=path, mend=mend) from error
    table = table.get("labels", table)
    if not isinstance(table, dict) or not all(isinstance(new, str) for new in table.values()):
        raise BilanError("not a map of labels", where=path, mend=mend)
    return table
