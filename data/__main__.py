"""`bilan-data`: build a dataset, convert, audit, validate and compare annotations."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from . import agreement, commands, console, formats, inspection
from . import dataset as datasets
from .labels import in_order
from .report import Report
from .split import DEV

app = typer.Typer(help=__doc__, no_args_is_help=True, pretty_exceptions_enable=False)


@app.command()
def build(
    source: Annotated[str, typer.Argument(help="annotated documents, any format")] = "data/corpus",
    output: Annotated[str, typer.Argument(help="dataset folder")] = "runs/dataset",
    format: Annotated[str | None, typer.Option("--from", help="format of the source")] = None,
    dev: Annotated[float, typer.Option(help="share of ids that are dev; a smaller one gives the rest to train, "
                                       "for a last training")] = DEV,
) -> None:
    """Build the dataset folder (parquet) that training reads; leave one that is up to date."""
    report = Report()
    described, written = datasets.build(source, output, format=format, dev=dev, report=report)
    out = Console(highlight=False)
    console.show_report(report, out)
    out.print(sizes_table(described), markup=False)
    state = "written" if written else "up to date"
    told = f"{output}: {state}, fingerprint {described['fingerprint']}, guide {described['guide']}"
    out.print(console.safe(told), markup=False)


def sizes_table(described: dict) -> Table:
    """Documents, words and spans per label of each split."""
    splits = described["splits"]
    table = Table("", *splits, box=None, header_style="bold")
    for key in ("documents", "words", "spans"):
        table.add_row(key, *(str(part[key]) for part in splits.values()))
    for label in in_order(described["labels"]):
        table.add_row(console.safe(label), *(str(part["labels"].get(label, 0)) for part in splits.values()))
    return table


for function in (commands.convert, inspection.audit, inspection.stats, inspection.validate,
                 agreement.agree, agreement.merge):
    app.command()(function)


@app.command("formats")
def list_formats() -> None:
    """The annotation formats that are read and written, as a Markdown table."""
    print(formats.markdown_table())


def main() -> None:
    """The console command `bilan-data`."""
    console.run(app)


if __name__ == "__main__":
    main()
