"""What `bilan-eval` does: score a run or a file of predictions, compare two files of predictions.

The model is in one function, `predict`; everything else works on Documents.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from ..data.dataset import description, documents_at
from ..data.document import Document
from ..data.errors import BilanError
from ..data.files import parse_json, read_text
from . import intervals, table
from . import report as reports
from .evaluation import Evaluation, evaluate
from .score import pair

RUN = "run.json"


def score(
    target: Annotated[str | None, typer.Argument(help="run folder or checkpoint to read with")] = None,
    *,
    split: Annotated[str, typer.Option(help="side of a dataset folder: train, dev or test")] = "test",
    gold: Annotated[str | None, typer.Option(help="gold documents (the dataset of the run)")] = None,
    predicted: Annotated[str | None, typer.Option(help="predicted documents, instead of a target")] = None,
    report: Annotated[Path | None, typer.Option(help="folder for the report and the predictions")] = None,
    labels: Annotated[Path | None, typer.Option(help='TOML file, one line a label: OLD = "NEW"')] = None,
) -> Evaluation:
    """Score predictions against gold: the table by label and, on request, the report.

    Raises BilanError when neither target nor predictions are named, when there is no gold, and
    where texts or ids differ.
    """
    if (target is None) == (predicted is None):
        raise BilanError("name a run folder or --predicted, one of the two", mend="bilan-eval runs/embedded")
    if report is not None:
        reports.require()
    run = run_of(target)
    data = gold if gold is not None else run.get("settings", {}).get("data")
    if data is None:
        raise BilanError(f"no gold to score against: {target or predicted} names no dataset",
                         mend="name it with --gold")
    documents = list(documents_at(data, split))
    answers = predict(target, documents) if target is not None else list(documents_at(str(predicted), split))
    mapping = load_map(labels)
    pairs = pair(relabelled(documents, mapping), relabelled(answers, mapping))
    result = evaluate(pairs, name=f"{target or predicted} on {data} ({split})",
                      train=_train(data, run, mapping), facts=facts(run, data))
    out = Console(highlight=False)
    out.print(table.terminal(table.rows(result)))
    for path in reports.write(result, report) if report is not None else ():
        out.print(str(path), markup=False)
    return result


def predict(target: str, documents: Sequence[Document]) -> list[Document]:
    """The documents as the model at `target` reads their texts; their gold spans stay here."""
    from ..models import load

    return list(load(target).read_many(document.replace(spans=()) for document in documents))


def run_of(target: str | None) -> dict[str, Any]:
    """What `run.json` of a run folder says; empty for anything else."""
    file = Path(target or "") / RUN
    return parse_json(read_text(file), where=file) if target is not None and file.is_file() else {}


def facts(run: Mapping[str, Any], data: str) -> dict[str, str]:
    """What the report says of model and data; it tells when the data changed since the training."""
    found = {"data": data} | {key: str(run[key]) for key in ("commit", "finished") if run.get(key)}
    trained = run.get("data", {}).get("fingerprint")
    if trained and _is_dataset(data) and description(data)["fingerprint"] != trained:
        found["note"] = f"trained on data with the fingerprint {trained}, which is not that of {data}"
    return found


def _is_dataset(data: str) -> bool:
    return (Path(data) / "dataset.json").is_file()


def _train(data: str, run: Mapping[str, Any], mapping: Mapping[str, str]) -> list[Document] | None:
    """The training documents, of the run or else beside the gold; None where there are none."""
    source = run.get("settings", {}).get("data", data)
    return relabelled(documents_at(source, "train"), mapping) if _is_dataset(source) else None


def load_map(path: Path | None) -> dict[str, str]:
    """Label → label from a TOML file of strings; empty for None, BilanError for anything else."""
    if path is None:
        return {}
    try:
        mapping = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise BilanError(f"not TOML ({error})", where=path, mend='write lines: PERSON = "PER"') from error
    wrong = [label for label, new in mapping.items() if not isinstance(new, str)]
    if wrong:
        raise BilanError(f"label {wrong[0]!r} is not given a string", where=path, mend='PERSON = "PER"')
    return mapping


def relabelled(documents: Iterable[Document], mapping: Mapping[str, str]) -> list[Document]:
    """The documents with labels replaced; a label mapped to "" is left out, one not named stays."""
    return [document.replace(spans=tuple(
        span.replace(label=new) for span in document.spans if (new := mapping.get(span.label, span.label))))
        for document in documents] if mapping else list(documents)


def compare(
    gold: Annotated[str, typer.Argument(help="gold documents, or a dataset folder")],
    a: Annotated[str, typer.Argument(help="predicted documents of system A")],
    b: Annotated[str, typer.Argument(help="predicted documents of system B")],
    *,
    split: Annotated[str, typer.Option(help="side of a dataset folder: train, dev or test")] = "test",
    scheme: Annotated[str, typer.Option(help="strict, exact, partial or type")] = "strict",
    resamples: Annotated[int, typer.Option(min=100, help="draws of each kind")] = intervals.RESAMPLES,
    seed: Annotated[int, typer.Option(help="seed of the draws")] = 0,
) -> list[intervals.Difference]:
    """Compare two systems on the same documents: is the difference more than chance?"""
    documents, *systems = (list(documents_at(path, split)) for path in (gold, a, b))
    found = intervals.compare(documents, *systems, scheme=scheme, resamples=resamples, seed=seed)
    out = Console(highlight=False)
    out.print(table.compared(found))
    out.print(f"A: {a}\nB: {b}\n{found[0].sentence}", markup=False)
    return found
