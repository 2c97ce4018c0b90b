"""Commands that `bilan-data` mounts to look at annotations: audit, stats and validate write nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from . import audit as auditor
from . import console
from . import stats as statistics
from . import validate as validator
from .formats import read
from .report import Report

SHOWN = 20  # mentions with several labels that the table shows; --json has them all

Source = Annotated[str, typer.Argument(metavar="IN", help="file or folder, any format that is read")]
Format = Annotated[str | None, typer.Option("--from", help="format of IN, else by its content")]
Json = Annotated[bool, typer.Option("--json", help="print JSON instead of tables")]


def audit(source: Source = "data/corpus", from_: Format = None, as_json: Json = False) -> None:
    """Tell what annotations hold and what may be wrong with them; exit code 1 if reading stopped."""
    found = auditor.audit(source, format=from_)
    if as_json:
        _print_json(found.as_dict())
    else:
        _show_audit(found, Console(highlight=False))
    if found.stopped:
        raise typer.Exit(1)


def stats(source: Source = "data/corpus", from_: Format = None, as_json: Json = False) -> None:
    """Documents, words, spans and mentions by label, genre and conflict."""
    report = Report()
    told = statistics.stats(read(source, format=from_, report=report))
    if as_json:
        _print_json(told)
        return
    out = Console(highlight=False)
    console.show_report(report, out)
    _show_stats(told, out)


def validate(
    source: Source = "data/corpus", from_: Format = None, as_json: Json = False,
    rules: Annotated[bool, typer.Option("--rules", help="list the rules and stop")] = False,
) -> None:
    """Hold annotations against the guide, one line a problem; exit code 1 when there are any."""
    out = Console(highlight=False, soft_wrap=True)
    if rules:
        _show(out, _table(("rule", "what it asks"), ((rule.name, rule.what) for rule in validator.CHECKED)))
        return
    report = Report()
    documents = list(read(source, format=from_, report=report))
    problems = validator.validate(documents)
    if as_json:
        _print_json([problem.as_dict() for problem in problems])
    else:
        console.show_report(report, out)
        _show_problems(problems, len(documents), out)
    if problems:
        raise typer.Exit(1)


def _show_problems(problems: list[validator.Problem], documents: int, out: Console) -> None:
    for problem in problems:
        out.print(console.safe(str(problem)), markup=False)
    by_rule = Counter(problem.rule for problem in problems)
    counted = f": {_listed(dict(by_rule.most_common()))}" if by_rule else ""
    out.print(f"{documents} documents, {len(problems)} problems{counted}", markup=False)


def _show_audit(found: auditor.Audit, out: Console) -> None:
    """The audit as tables: what it is, what was found, mentions with several labels, labels."""
    rows = {"path": found.path, "format": found.format, "documents": found.documents, "spans": found.spans,
            "offsets": " ".join(filter(None, (_listed(found.offsets), f"({found.settled})"))),
            "attributes": _listed(found.attributes), "relations": _listed(found.relations)}
    _show(out, _table(("", ""), rows.items()))
    things = [thing for thing in (found.empty, *found.findings) if thing.count]
    _show(out, _table(("found", "count", "first examples"),
                      ((thing.what, thing.count, _examples(thing.examples)) for thing in things)))
    _show(out, _table(("reader", "count", "first examples"),
                      ((cause, count, "\n".join(found.told.get(cause, ())))
                       for cause, count in (found.losses | found.counts).items())))
    _show(out, _table((f"labelled in several ways ({len(found.ambiguous)})", "labels", "examples"),
                      ((each.mention, _listed(each.labels), _examples(each.examples.values()))
                       for each in found.ambiguous[:SHOWN])))
    _show(out, _table(("label", "spans"), found.labels.items()))
    if found.stopped:
        out.print(f"stopped: {console.safe(found.stopped)}", style="red", markup=False)


def _show_stats(told: Mapping[str, Any], out: Console) -> None:
    """The figures as tables: the whole, by label, by genre, by conflict."""
    spread = ", ".join(f"{name} {value}" for name, value in told["spans_per_document"].items())
    rows = {name: told[name] for name in ("documents", "words", "characters", "spans")}
    _show(out, _table(("", ""), (rows | {"spans a document": spread,
                                         "attributes": _listed(told["attributes"])}).items()))
    for key, head in (("labels", "label"), ("genres", "genre"), ("conflicts", "conflict")):
        columns = list(dict.fromkeys(name for row in told[key].values() for name in row))
        _show(out, _table((head, *(name.replace("_", " ") for name in columns)),
                          ((name, *row.values()) for name, row in told[key].items())))


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def _examples(examples: Iterable[auditor.Example]) -> str:
    return "\n".join(f"{where}: {context}" for where, context in examples)


def _table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> Table:
    table = Table(*head, box=None, header_style="bold", show_header=any(head))
    for row in rows:
        table.add_row(*(console.safe(str(cell)) for cell in row))
    return table


def _show(out: Console, table: Table) -> None:
    """Print a table that has rows, and a line after it."""
    if table.row_count:
        out.print(table, markup=False)
        out.print()


def _print_json(value: object) -> None:
    print(console.json_text(value, indent=1))
