"""What `bilan-eval` does: score systems, compare two, change the typography, train baselines, calibrate a run.

What a system is, a run or a file of predictions or another model, says `bilan.eval.systems`; what a run
keeps of its scores says `bilan.eval.runs`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console

from ..data.calibration import Fit
from ..data.commands import label_map
from ..data.dataset import documents_at, is_dataset
from ..data.document import Document
from ..data.errors import BilanError
from ..data.files import write_json
from . import baselines as models
from . import beside, claims, intervals, runs, systems, table, temperature
from . import report as reports
from . import robustness as trials
from . import summary as summaries
from .attribution import Linker
from .evaluation import Evaluation, evaluate
from .perturb import PERTURBATIONS
from .score import only as narrowed
from .score import pair

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
    values: Annotated[bool, typer.Option(help="read the figures and score who is counted, who says so")] = True,
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
    data = gold or runs.data_of(targets)
    documents = list(documents_at(data, split))
    mapping = label_map(labels) if labels else {}
    found = [_evaluated(target, documents, data=data, split=split, mapping=mapping, values=values,
                        only=(only or "").replace(",", " ").split()) for target in targets]
    out = Console(highlight=False)
    _print_scores(out, targets, found)
    if not labels and not only:
        name, origin = f"scores-{runs.side_of(data, split)}.json", runs.origin(data, documents)
        _print_paths(out, *(runs.keep(name, target, table.content(each) | origin)
                            for target, each in zip(targets, found, strict=True)))
    _print_paths(out, *(reports.write(found[0], report) if report is not None else ()))
    return found


def _check_report(targets: Sequence[str]) -> None:
    if len(targets) > 1:
        raise BilanError(f"a report is of one system, {len(targets)} are named", where="--report",
                         mend="name one at a time")
    reports.require()


def _evaluated(target: str, documents: Sequence[Document], *, data: str, split: str,
               mapping: Mapping[str, str], only: Sequence[str], values: bool) -> Evaluation:
    run = runs.run_of(target)
    answers = systems.answers(target, documents, split=split)
    pairs = pair(relabelled(documents, mapping), relabelled(answers, mapping))
    return evaluate(narrowed(pairs, only) if only else pairs, name=f"{target} on {data} ({split})",
                    train=_train(runs.dataset_of(target, run) or data, mapping),
                    facts=runs.facts(run, data), values=values, epochs=run.get("dev", {}).get("epochs", ()),
                    link=None if only or mapping or not values else _linker())


def _linker() -> Linker:
    from ..models.links import link

    return link


def _print_paths(out: Console, *paths: Path | None) -> None:
    for path in filter(None, paths):
        out.print(str(path), markup=False, soft_wrap=True)


def _print_scores(out: Console, targets: Sequence[str], found: Sequence[Evaluation]) -> None:
    if len(found) == 1:
        out.print(table.terminal(table.rows(found[0])))
        head, body = claims.short(found[0])
        if body:
            out.print(beside.grid(head, body))
        return
    out.print(beside.grid(*beside.systems(found)))
    for letter, target in zip(beside.letters(len(targets)), targets, strict=True):
        out.print(f"{letter}: {target}", markup=False)


def _train(data: str, mapping: Mapping[str, str]) -> list[Document] | None:
    """The training documents of a dataset; None where it is none of ours."""
    return relabelled(documents_at(data, "train"), mapping) if is_dataset(data) else None


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
    data = gold or runs.data_of([target])
    documents = list(documents_at(data, split))[:limit]
    found = trials.robustness(documents, systems.reader(target), changes=change or tuple(PERTURBATIONS))
    out = Console(highlight=False)
    out.print(beside.grid(*beside.changes(found)))
    out.print(beside.worst(found), markup=False)
    if not change and limit is None:
        content = trials.content(found) | {"facts": runs.facts(runs.run_of(target), data)}
        _print_paths(out, runs.keep(f"robustness-{runs.side_of(data, split)}.json", target,
                                    content | runs.origin(data, documents)))
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
    """Train the baselines and score them, in one table; one that lacks its extra is told and left out.

    The runs of ours that are set beside them keep the table (`baselines-SPLIT.json`).
    """
    for each in name or ():
        models.named(each)  # refuse a wrong name before any training
    golds = {runs.side_of(path, split): list(documents_at(path, split)) for path in (data, *(gold or ()))}
    out = Console(highlight=False)
    found = [result for each in name or models.BASELINES for result in _baseline(each, data, golds, out)]
    found += [result for target in targets or ()
              for result in models.results(target, systems.reader(target), golds)]
    out.print(beside.grid(*beside.baselines(found)))
    name_of = f"baselines-{runs.side_of(data, split)}.json"
    content = {"data": data, "systems": models.content(found)} | runs.origin(data, golds[runs.side_of(data, split)])
    _print_paths(out, *(runs.keep(name_of, target, content) for target in targets or ()),
                 write_json(output, content) if output is not None else None)
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


def calibrate(
    run: Annotated[Path, typer.Argument(help="run folder")],
    *,
    split: Split = "dev",
    gold: Annotated[str | None, typer.Option(help="gold documents (the dataset of the run)")] = None,
) -> Fit:
    """Fit the temperature of a run's scores on its dev side and store it with the model; spans stay the same.

    The temperature stays 1 where no other makes the confidence better. Scores that the run keeps are those
    of before: score it again.
    """
    data = gold or runs.data_of([str(run)])
    found = temperature.calibrate(run, list(documents_at(data, split)))
    out = Console(highlight=False)
    out.print(beside.grid(*beside.calibrated(found)))
    out.print(f"{run}: temperature {found.temperature:g}" + (f" ({found.kept})" if found.kept else ""), markup=False,
              soft_wrap=True)
    return found


def summary(
    run: Annotated[str, typer.Argument(help="run folder")],
    *,
    split: Split = "test",
    press: Annotated[str | None, typer.Option(help="more gold that the run was scored on, name or path")] = None,
    baselines: Annotated[Path | None, typer.Option(help="JSON of `bilan-eval baselines` (in the run folder)")] = None,
) -> str:
    """Print the tables of a README in Markdown from what the other commands left in the run folder."""
    made = summaries.summary(run, split=split, press=press, baselines=baselines)
    print(made, end="")
    return made
