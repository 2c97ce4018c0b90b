"""The report of an evaluation: a page for people, a table for Markdown, values for programs.

`report.html` is one self-contained file (no script, no network), `report.md` the tables,
`report.json` what `table.content` documents, `predictions.jsonl` the predicted documents.
"""

from __future__ import annotations

import base64
import json
from importlib.util import find_spec
from pathlib import Path

from ..data.errors import BilanError
from ..data.files import written
from ..data.formats import jsonl
from ..data.labels import group_of
from ..data.report import Report
from . import claims, plots, table
from .evaluation import Evaluation

LISTED = 300  # errors that the page shows in full
EXTRAS = ("jinja2", "matplotlib")


def require() -> None:
    """Raise BilanError when what the page needs is not installed."""
    missing = [name for name in EXTRAS if find_spec(name) is None]
    if missing:
        raise BilanError(f"the report needs {' and '.join(missing)}", mend="pip install 'bilan[report]'")


def write(evaluation: Evaluation, folder: str | Path) -> list[Path]:
    """Write the four files into a folder, made if absent; each appears whole. Their paths.

    Raises BilanError when the extra `report` is not installed or the folder cannot be written.
    """
    require()
    folder = Path(folder)
    contents = {"report.html": html(evaluation), "report.md": markdown(evaluation),
                "report.json": json.dumps(table.content(evaluation), ensure_ascii=False, indent=1) + "\n"}
    for name, content in contents.items():
        with written(folder / name) as stream:
            stream.write(content)
    predictions = folder / "predictions.jsonl"
    jsonl.write((both.predicted for both in evaluation.pairs), predictions, report=Report())
    return [*(folder / name for name in contents), predictions]


def html(evaluation: Evaluation) -> str:
    """The page; what comes from texts and labels is escaped."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    page = environment.from_string(Path(__file__).with_name("report.html.j2").read_text(encoding="utf-8"))
    lines = table.rows(evaluation)
    return page.render(
        evaluation=evaluation, rows=lines, micro=next(row for row in lines if row.name == "micro"),
        claims=claims, head=table.HEAD, cells=table.cells, slice_cells=table.slice_cells, percent=table.percent,
        bounds=table.bounds, width=lambda share: f"{100 * share:.2f}%", group_of=group_of,
        pictures=pictures(evaluation), listed=evaluation.errors[:LISTED])


def pictures(evaluation: Evaluation) -> dict[str, str]:
    """Name → picture as a data address; "" where there is nothing to draw."""
    drawn = {"confusion": plots.confusion(evaluation.confusions) if evaluation.confusions else "",
             "reliability": plots.reliability(evaluation.bins) if evaluation.bins else "",
             "coverage": plots.coverage(evaluation.coverage) if evaluation.coverage else "",
             "learning": plots.learning(evaluation.epochs) if evaluation.epochs else ""}
    head = "data:image/svg+xml;base64,"
    return {name: head + base64.b64encode(picture.encode()).decode() if picture else ""
            for name, picture in drawn.items()}


def markdown(evaluation: Evaluation) -> str:
    """The tables as Markdown: labels and averages, figures and claims, slices, the costliest error patterns."""
    facts = "".join(f"- {key}: {value}\n" for key, value in evaluation.facts.items())
    parts = [
        f"# {evaluation.name}\n\n{evaluation.strict.documents} documents, strict scores in percent; "
        f"95 % intervals by bootstrap over documents.\n\n{facts}".rstrip(),
        table.markdown(table.HEAD, map(table.cells, table.rows(evaluation))), *_told(evaluation),
        "## Slices", table.markdown(("slice", "value", "documents", "gold", "F1", "95 %"),
                                    map(table.slice_cells, evaluation.slices)),
        "## The costliest errors", table.markdown(("cause", "label", "count", "points", "gold", "predicted"),
                                                  map(table.pattern_cells, evaluation.patterns))]
    return "\n\n".join(parts) + "\n"


def _told(evaluation: Evaluation) -> list[str]:
    """The tables of values and claims, as far as there are any."""
    parts = []
    if values := evaluation.values:
        parts += ["## Figures read as numbers", claims.sentence(values), table.markdown(*claims.read(values))]
        parts += ["### Roles confused", table.markdown(*claims.roles(values))] if values.roles else []
    if evaluation.attribution:
        parts += ["## Who is counted, who says so", table.markdown(*claims.links(evaluation.attribution))]
    return parts
