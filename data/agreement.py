"""Commands that `bilan-data` mounts: how far annotators agree, and one annotation out of theirs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from . import adjudicate, console, decisions, formats
from . import agree as agreements
from .agree import Agreement, Between
from .convert import SUFFIXES
from .document import Document
from .errors import BilanError
from .files import written
from .match import Counts
from .report import Report


def agree(
    annotations: Annotated[list[str], typer.Argument(
        metavar="A B [C…]", help="the same texts by each annotator, any format")],
    from_: Annotated[str | None, typer.Option("--from", help="format of all, else by their content")] = None,
    shown: Annotated[int, typer.Option(min=0, help="disagreements to show")] = 20,
    adjudication: Annotated[Path | None, typer.Option(help="write the file to edit for `merge`")] = None,
    output: Annotated[Path | None, typer.Option(help="write the figures to this file, JSON")] = None,
) -> Agreement:
    """Show how far annotations of the same texts agree, and where they do not, side by side.

    F1 by pair, strict (boundaries and label) and partial (an overlap is half right, labels ignored);
    Krippendorff's alpha on characters; both by label too.
    """
    report, out = Report(), Console(highlight=False)
    sources = named(annotations)
    documents = _read(sources, from_, report)
    found = agreements.agree(documents)
    console.show_report(report, out)
    for table in (pair_table(found), label_table(found), *disagreement_table(found, shown)):
        out.print(table)
    out.print(f"{found.documents} documents, alpha {_decimal(found.alpha)}, "
              f"{len(found.disagreements)} disagreements, {min(shown, len(found.disagreements))} shown")
    if adjudication is not None:
        places = tuple(adjudicate.adjudication(documents))
        decisions.write(decisions.Adjudication(sources, places), adjudication)
        out.print(f"{adjudication}: {sum(not place.decision for place in places)} of {len(places)} places to "
                  "decide", markup=False, soft_wrap=True)
    if output is not None:
        _write_json(content(found), output)
    return found


def merge(
    adjudication: Annotated[Path, typer.Argument(help="file that `agree --adjudication` wrote, edited")],
    target: Annotated[str, typer.Argument(metavar="OUT", help="file or folder for the merged documents")],
    to: Annotated[str | None, typer.Option("--to", help="format of OUT, else by its suffix")] = None,
    from_: Annotated[str | None, typer.Option("--from", help="format of the annotations")] = None,
    default: Annotated[str | None, typer.Option(help="annotator who is right where none is decided")] = None,
) -> None:
    """Write the documents with what all annotators marked and what the file decides elsewhere.

    Exit code 1 when something was lost.
    """
    report = Report()
    format = to or SUFFIXES.get(Path(target).suffix)
    if format is None:
        raise BilanError("the name does not say which format to write", where=target,
                         mend=f"name it with --to, or end the file in {', '.join(SUFFIXES)}")
    sources, places = decisions.read(adjudication)
    documents = _read(sources, from_, report)
    try:
        merged = adjudicate.apply(places, documents, default=default, report=report)
    except BilanError as error:
        raise BilanError(error.what, where=f"{adjudication}, {error.where}".rstrip(", "),
                         mend=error.mend) from error
    formats.write(merged, target, format=format, report=report)
    out = Console(highlight=False)
    console.show_report(report, out)
    out.print(f"{target}: {len(merged)} documents, {sum(len(d.spans) for d in merged)} spans, "
              f"{len(places)} places decided", markup=False, soft_wrap=True)
    if report.lost:
        raise typer.Exit(1)


def named(paths: Sequence[str]) -> dict[str, str]:
    """Annotator → path; the name of a file without its ending, or the whole path where two share it.

    >>> named(["round1/anne.jsonl", "benoît/"])
    {'anne': 'round1/anne.jsonl', 'benoît': 'benoît/'}
    """
    stems = [Path(path).stem for path in paths]
    names = [stem if stems.count(stem) == 1 else path for stem, path in zip(stems, paths, strict=True)]
    if len(set(names)) < len(names):
        raise BilanError("the same path is named twice", where=paths[0], mend="name each annotation once")
    return dict(zip(names, paths, strict=True))


def _read(sources: Mapping[str, str], format: str | None, report: Report) -> dict[str, list[Document]]:
    return {name: list(formats.read(path, format=format, report=report)) for name, path in sources.items()}


def pair_table(found: Agreement) -> Table:
    """Strict and partial F1 of each pair of annotators, in percent."""
    return _table(("", "strict F1", "partial F1"),
                  ((_pair(between), _percent(between.strict_f1), _percent(between.partial_f1))
                   for between in found.pairs))


def label_table(found: Agreement) -> Table:
    """Alpha by label, and strict F1 by label of each pair."""
    return _table(("", "alpha", *map(_pair, found.pairs)),
                  ((label, _decimal(alpha),
                    *(_percent(between.strict.get(label, Counts()).f1) for between in found.pairs))
                   for label, alpha in found.alpha_by_label.items()))


def disagreement_table(found: Agreement, shown: int) -> list[Table]:
    """The first disagreements, a column an annotator; no table where there is none to show."""
    rows = [(f"{place.document.id} {min(s.start for spans in place.views.values() for s in spans)}",
             *place.sides.values()) for place in found.disagreements[:shown]]
    return [_table(("", *found.names), rows, justify="left")] if rows else []


def _table(head: Iterable[str], rows: Iterable[Sequence[str]], *, justify: Any = "right") -> Table:
    table = Table(box=None, header_style="bold")
    for number, name in enumerate(head):
        table.add_column(Text(console.safe(name)), justify=justify if number else "left")
    for row in rows:
        table.add_row(*(Text(console.safe(cell)) for cell in row))
    return table


def _pair(between: Between) -> str:
    return f"{between.first} – {between.second}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}"


def _decimal(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def content(found: Agreement) -> dict[str, Any]:
    """The figures as plain values for JSON; scores are 0 to 1, undefined ones null."""
    return {"annotators": list(found.names), "documents": found.documents, "alpha": found.alpha,
            "alpha_by_label": dict(found.alpha_by_label),
            "pairs": [{"first": between.first, "second": between.second, "strict": between.strict_f1,
                       "partial": between.partial_f1,
                       "strict_by_label": {label: counts.f1 for label, counts in between.strict.items()},
                       "partial_by_label": {label: counts.f1 for label, counts in between.partial.items()}}
                      for between in found.pairs],
            "disagreements": [{"document": place.document.id, "annotators": place.sides}
                              for place in found.disagreements]}


def _write_json(content: dict[str, Any], path: Path) -> None:
    with written(path) as stream:
        json.dump(content, stream, ensure_ascii=False, indent=1)
        stream.write("\n")
