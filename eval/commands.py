"""What `bilan-eval` does: score systems, compare two, change the typography, train baselines.

What a system is, a run or a file of predictions or another model, says `bilan.eval.systems`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer
from rich.console import Console

from ..data.commands import label_map
from ..data.dataset import description, documents_at
from ..data.document import Document
from ..data.errors import BilanError
from ..data.files import parse_json, read_text, written
from . import baselines as models
from . import beside, intervals, systems, table
from . import report as reports
from . import robustness as trials
from .evaluation import Evaluation, evaluate
from .perturb import PERTURBATIONS
from .score import only as narrowed
from .score import pair

RUN = "run.json"
Split = Annotated[str, typer.Option(help="side of a dataset folder: train, dev or test")]


def score(
    targets: Annotated[list[str] | None, typer.Argument(
        help="runs, checkpoints, hub ids, spacy:NAME, or predicted documents")] = None,
    *,
    split: Split = "test",
    gold: Annotated[str | None, typer.Option(help="gold documents (the dataset of the run)")] = None,
    predicted: Annotated[list[str] | None, typer.Option(help="predicted documents, as a target")] = None,
    report: Annotated[Path | None, typer.Option(help="folder for the report and the predictions")] = None,
    labels: Annotated[str | None, typer.Option(help='TOML file, `OLD = "NEW"` a line; "" drops')] = None,
    only: Annotated[str | None, typer.Option(help='labels that count: "PER LOC ORG" (all)')] = None,
) -> list[Evaluation]:
    """Score systems against gold: a table by label, side by side for several, and a report of one.

    A run of ours keeps its scores in its folder (`scores-SPLIT.json`) if all labels count as they
    are. Raises BilanError when nothing is named, when there is no gold, and where texts or ids differ.
    """
    targets = [*(targets or ()), *(predicted or ())]
    if not targets:
        raise BilanError("nothing to score", mend="name a run folder: bilan-eval runs/embedded")
    if report is not None:
        _check_report(targets)
    data = gold or _data_of(targets)
    documents = list(documents_at(data, split))
    mapping = label_map(labels) if labels else {}
    found = [_evaluated(target, documents, data=data, split=split, mapping=mapping,
                        only=(only or "").replace(",", " ").split()) for target in targets]
    out = Console(highlight=False)
    _print_scores(out, targets, found)
    if not labels and not only:
        name = f"scores-{side_of(data, split)}.json"
        _print_paths(out, *(_keep(name, target, table.content(each))
                            for target, each in zip(targets, found, strict=True)))
    _print_paths(out, *(reports.write(found[0], report) if report is not None else ()))
    return found


def _check_report(targets: Sequence[str]) -> None:
    if len(targets) > 1:
        raise BilanError(f"a report is of one system, {len(targets)} are named", where="--report",
                         mend="name one at a time")
    reports.require()


def _data_of(targets: Sequence[str]) -> str:
    """The dataset that the first run among the targets names."""
    named = (run_of(target).get("settings", {}).get("data") for target in targets)
    data = next(filter(None, named), None)
    if data is None:
        raise BilanError(f"no gold to score against: {targets[0]} names no dataset",
                         mend="name it with --gold")
    return data


def _evaluated(target: str, documents: Sequence[Document], *, data: str, split: str,
               mapping: Mapping[str, str], only: Sequence[str]) -> Evaluation:
    run = run_of(target)
    answers = systems.answers(target, documents, split=split)
    pairs = pair(relabelled(documents, mapping), relabelled(answers, mapping))
    return evaluate(narrowed(pairs, only) if only else pairs, name=f"{target} on {data} ({split})",
                    train=_train(data, run, mapping), facts=facts(run, data))


def _print_paths(out: Console, *paths: Path | None) -> None:
    for path in filter(None, paths):
        out.print(str(path), markup=False, soft_wrap=True)


def _print_scores(out: Console, targets: Sequence[str], found: Sequence[Evaluation]) -> None:
    if len(found) == 1:
        out.print(table.terminal(table.rows(found[0])))
        return
    out.print(beside.grid(*beside.systems(found)))
    for letter, target in zip(beside.letters(len(targets)), targets, strict=True):
        out.print(f"{letter}: {target}", markup=False)


def side_of(data: str, split: str) -> str:
    """What the scores on some data are called: the split of a dataset, else the name of the path."""
    return split if _is_dataset(data) else Path(data).stem


def _keep(name: str, target: str, content: Any) -> Path | None:
    """Write a result into the folder of a run of ours; nothing for any other system."""
    return _write(Path(target) / name, content) if (Path(target) / RUN).is_file() else None


def _write(path: Path, content: Any) -> Path:
    with written(path) as stream:
        json.dump(content, stream, ensure_ascii=False, indent=1)
        stream.write("\n")
    return path


def run_of(target: str) -> dict[str, Any]:
    """What `run.json` of a run folder says; empty for anything else."""
    file = Path(target) / RUN
    return parse_json(read_text(file), where=file) if file.is_file() else {}


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


def relabelled(documents: Iterable[Document], mapping: Mapping[str, str]) -> list[Document]:
    """The documents with labels replaced; a label mapped to "" is left out, one not named stays."""
    return [document.replace(spans=tuple(
        span.replace(label=new) for span in document.spans if (new := mapping.get(span.label, span.label))))
        for document in documents] if mapping else list(documents)


def compare(
    gold: Annotated[str, typer.Argument(help="gold documents, or a dataset folder")],
    a: Annotated[str, typer.Argument(help="system A: a run, spacy:NAME, predicted documents …")],
    b: Annotated[str, typer.Argument(help="system B")],
    *,
    split: Split = "test",
    scheme: Annotated[str, typer.Option(help="strict, exact, partial or type")] = "strict",
    resamples: Annotated[int, typer.Option(min=100, help="draws of each kind")] = intervals.RESAMPLES,
    seed: Annotated[int, typer.Option(help="seed of the draws")] = 0,
) -> list[intervals.Difference]:
    """Compare two systems on the same documents: is the difference more than chance?"""
    documents = list(documents_at(gold, split))
    answers = (systems.answers(system, documents, split=split) for system in (a, b))
    found = intervals.compare(documents, *answers, scheme=scheme, resamples=resamples, seed=seed)
    out = Console(highlight=False)
    out.print(table.compared(found))
    out.print(f"A: {a}\nB: {b}\n{found[0].sentence}", markup=False)
    return found


def robustness(
    target: Annotated[str, typer.Argument(help="run, checkpoint, hub id or spacy:NAME")],
    *,
    split: Split = "test",
    gold: Annotated[str | None, typer.Option(help="gold documents (the dataset of the run)")] = None,
    change: Annotated[list[str] | None, typer.Option(help="one of the changes, repeatable (all)")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="the first documents only")] = None,
) -> trials.Robustness:
    """Score a system on the same documents in other typographies: F1 under each, and the worst.

    A run of ours keeps the result in its folder (`robustness-SPLIT.json`) if nothing is left out.
    """
    data = gold or _data_of([target])
    documents = list(documents_at(data, split))[:limit]
    found = trials.robustness(documents, systems.reader(target), changes=change or tuple(PERTURBATIONS))
    out = Console(highlight=False)
    out.print(beside.grid(*beside.changes(found)))
    out.print(beside.worst(found), markup=False)
    if not change and limit is None:
        _print_paths(out, _keep(f"robustness-{side_of(data, split)}.json", target, trials.content(found)))
    return found


def baselines(
    targets: Annotated[list[str] | None, typer.Argument(help="systems to set beside them")] = None,
    *,
    data: Annotated[str, typer.Option(help="dataset folder to train on")] = "runs/dataset",
    split: Split = "test",
    gold: Annotated[list[str] | None, typer.Option(help="more gold documents, repeatable")] = None,
    name: Annotated[list[str] | None, typer.Option(
        help=f"one of {', '.join(models.BASELINES)}; repeatable (all)")] = None,
    output: Annotated[Path | None, typer.Option(help="write the scores to this file, JSON")] = None,
) -> list[models.Result]:
    """Train the baselines and score them, in one table; one that lacks its extra is told and left out."""
    for each in name or ():
        models.named(each)  # refuse a wrong name before any training
    golds = {side_of(path, split): list(documents_at(path, split)) for path in (data, *(gold or ()))}
    out = Console(highlight=False)
    found = [result for each in name or models.BASELINES for result in _baseline(each, data, golds, out)]
    found += [result for target in targets or ()
              for result in models.results(target, systems.reader(target), golds)]
    out.print(beside.grid(*beside.baselines(found)))
    if output is not None:
        _print_paths(out, _write(output, models.content(found)))
    return found


def _baseline(name: str, data: str, golds: Mapping[str, Sequence[Document]],
              out: Console) -> Iterator[models.Result]:
    """The results of one baseline; none, and a line that says why, where it lacks what it needs."""
    begun = perf_counter()
    try:
        read = models.trained(name, list(documents_at(data, "train")))
    except BilanError as error:
        out.print(f"left out: {name}: {error}", markup=False, soft_wrap=True)
        return
    out.print(f"{name}: {models.named(name).what}, ready in {perf_counter() - begun:.0f} s", markup=False)
    yield from models.results(name, read, golds, names_only=models.named(name).names_only)
