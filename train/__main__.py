"""`bilan-train --recipe NAME --output runs/NAME`: fine-tune a base on annotated documents.

All settings are options: `bilan-train finetune --help`.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from typing import Annotated, Any, get_origin

import typer
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from rich.console import Console
from rich.table import Table

from ..data import console as shared
from ..data.errors import BilanError
from ..data.report import Report
from ..models.checkpoint import saved_f1
from . import card as cards
from . import push as pushing
from . import ranks
from .adapt import Adaptation, settled
from .settings import Settings, recipe_names, settle

app = typer.Typer(help=__doc__, cls=shared.default_command("finetune"), pretty_exceptions_enable=False)


def with_settings(settings: type[BaseModel], panel: str, *,
                  defaults: bool = False) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Gives a function one option for each field of `settings`, collected in its `overrides` (None: not given).

    The help shows the `defaults` where no recipe stands above them.
    """
    options = {name: _option(name, field, panel, defaults=defaults) for name, field in settings.model_fields.items()}

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(function, eval_str=True).parameters
        kept = [parameter for name, parameter in own.items() if name != "overrides"]

        def command(**given: Any) -> None:
            overrides = {name: given.pop(name) for name in options}
            function(**given, overrides=overrides)

        command.__signature__ = inspect.Signature([*kept, *options.values()])  # pyright: ignore
        command.__doc__, command.__name__ = function.__doc__, function.__name__
        return command

    return decorate


def _option(name: str, field: FieldInfo, panel: str, *, defaults: bool) -> inspect.Parameter:
    kind, needed = _plain(field.annotation), field.is_required()
    shown = str(field.default) if defaults and not needed and field.default is not None else False
    told = typer.Option(help=field.description, rich_help_panel=panel, show_default=shown)
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=inspect.Parameter.empty if needed else None,
        annotation=Annotated[kind if needed else kind | None, told])


def _plain(annotation: Any) -> Any:
    """The Python type of an option; choices are checked by the settings, which say them all."""
    if get_origin(annotation) is tuple:
        return list[str]
    parts = (annotation, *getattr(annotation, "__args__", ()))
    return next((kind for kind in (bool, int, float) if kind in parts), str)


@app.callback()
def commands() -> None:
    """Fine-tune a base on annotated documents (`finetune` is meant where no command is named)."""


@app.command("finetune")
@with_settings(Settings, "Settings (each overrides the recipe)")
def finetune(
    *,
    recipe: Annotated[str, typer.Option(help=f"{', '.join(recipe_names())}, or a TOML file")] = "embedded",
    output: Annotated[str, typer.Option(help="run folder")] = "runs/embedded",
    resume: Annotated[bool, typer.Option("--resume", help="go on, or skip a finished run")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="empty a folder with another run")] = False,
    seeds: Annotated[int | None, typer.Option(min=1, help="train with so many seeds, keep the best run")] = None,
    show: Annotated[bool, typer.Option("--show", help="print the settings in force, train nothing")] = False,
    overrides: dict[str, Any],
) -> None:
    """Fine-tune a base; the epoch with the best dev F1 is kept.

    On several GPUs or machines: `torchrun --nproc-per-node N -m bilan.train …`, the same options.
    """
    settings, origin = settle(recipe, overrides)
    out = Console(highlight=False, quiet=not ranks.first())
    if show:
        table = Table("setting", "value", "from", box=None, header_style="bold")
        for key, value in settings.model_dump().items():
            table.add_row(key, str(value), origin[key])
        out.print(table)
        return
    from .stopping import Interrupted

    report = Report()
    try:
        entry = _trained(settings, output, seeds, resume=resume, overwrite=overwrite, report=report)
    except Interrupted as stop:
        out.print(f"{output}: {stop}", markup=False, soft_wrap=True)
        raise typer.Exit(stop.code) from stop
    except BilanError as error:
        if ranks.first():
            raise
        raise typer.Exit(2) from error  # the first process says it
    shared.show_report(report, out)
    done = "up to date" if entry.get("skipped") else f"trained in {entry['seconds']} s"
    out.print(f"{output}: {done}, dev F1 {saved_f1(entry):.4f}{_spread(entry)}, {_best(entry)}", markup=False,
              soft_wrap=True)


def _trained(settings: Settings, output: str, seeds: int | None, **options: Any) -> dict[str, Any]:
    if seeds is None:
        from .finetune import finetune as train

        return train(settings, output, **options)
    from .seeds import finetune_seeds

    return finetune_seeds(settings, output, seeds=seeds, **options)


def _best(entry: dict[str, Any]) -> str:
    best = entry["dev"]["best"]
    return f"best epoch {best['epoch']:g} ({best['f1']:.4f})"


def _spread(entry: dict[str, Any]) -> str:
    """What several seeds say together."""
    found = entry.get("seeds")
    if not found:
        return ""
    deviation = "" if found["deviation"] is None else f" ± {found['deviation']:.4f}"
    return f" (seed {found['best']}; {len(found['runs'])} seeds: {found['mean']:.4f}{deviation})"


@app.command("adapt")
@with_settings(Adaptation, "Settings", defaults=True)
def adapt(
    *,
    output: Annotated[str, typer.Option(help="folder of the new base")],
    resume: Annotated[bool, typer.Option("--resume", help="go on, or skip a finished adaptation")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="empty a folder with something else")] = False,
    overrides: dict[str, Any],
) -> None:
    """Go on with a base's masked-language-model training on raw French text; the output is a base."""
    from .adapt import adapt as run
    from .stopping import Interrupted

    settings = settled(**{name: value for name, value in overrides.items() if value is not None})
    report, out = Report(), Console(highlight=False)
    try:
        entry = run(settings, output, resume=resume, overwrite=overwrite, report=report)
    except Interrupted as stop:
        out.print(f"{output}: {stop}", markup=False, soft_wrap=True)
        raise typer.Exit(stop.code) from stop
    shared.show_report(report, out)
    found = entry["perplexity"]
    done = "up to date" if entry.get("skipped") else f"{entry['steps']} steps in {entry['seconds']} s"
    told = f"perplexity {found['before']:.2f} → {found['after']:.2f}"
    out.print(f"{output}: {done}, {told}", markup=False, soft_wrap=True)


@app.command("average")
def average(
    runs: Annotated[list[str], typer.Argument(help="run folders; the first one gives labels, cutting and record")],
    *,
    output: Annotated[str, typer.Option(help="run folder of the mean")],
    data: Annotated[str | None, typer.Option(help="dataset with dev (the first run's own)")] = None,
) -> None:
    """Average the weights of runs that began from the same weights: a run, and others that went on from it."""
    from .soup import average as run

    entry = run(runs, output, data=data)
    each = ", ".join(f"{one['f1']:.4f}" for one in entry["averaged"])
    Console(highlight=False).print(f"{output}: mean of {len(runs)} runs, dev F1 {saved_f1(entry):.4f} ({each})",
                                   markup=False, soft_wrap=True)


@app.command("card")
def card(
    run: Annotated[str, typer.Argument(help="run folder")],
    name: Annotated[str | None, typer.Option(help="what readers load: a hub id (the folder's name)")] = None,
    license: Annotated[str | None, typer.Option(help="licence of the weights (the base's own)")] = None,
) -> None:
    """Write the model card (README.md) of a run again, with the scores that bilan-eval left there."""
    print(cards.card(run, name=name, license=license))


@app.command("push")
def push(
    run: Annotated[str, typer.Argument(help="run folder")],
    hub_id: Annotated[str, typer.Argument(help="OWNER/NAME on the model hub")],
    private: Annotated[bool, typer.Option("--private", help="a repository that others do not see")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="check everything, list the files, send nothing")] = False,
) -> None:
    """Upload a finished run to a model hub: weights, tokenizer, configuration, card and record."""
    found = pushing.push(run, hub_id, private=private, dry_run=dry_run)
    out = Console(highlight=False)
    out.print(_files(found))
    out.print(f"{hub_id}: {'nothing sent (dry run)' if dry_run else 'uploaded'}", markup=False)


def _files(found: dict[str, int]) -> Table:
    table = Table("file", "bytes", box=None, header_style="bold")
    table.columns[1].justify = "right"
    for name, size in found.items():
        table.add_row(shared.safe(name), f"{size:,}".replace(",", " "))
    return table


@app.command("ship")
def ship(
    run: Annotated[str, typer.Argument(help="run folder with an 8-bit export")],
    output: Annotated[str, typer.Option(help="folder of the model, models/ner for the package")],
    *,
    onnx: Annotated[str | None, typer.Option(help="the export (RUN/onnx)")] = None,
    scores: Annotated[list[str] | None, typer.Option(
        help="scores for the card beside the run's own: FILE or NAME=FILE (several times)")] = None,
    baselines: Annotated[str | None, typer.Option(help="JSON of `bilan-eval baselines` (the run's own)")] = None,
    watts: Annotated[float | None, typer.Option(help="power that the machine is assumed to have drawn")] = None,
    about: Annotated[str | None, typer.Option(help="Markdown on data and biases (that of bilan's own corpus)")] = None,
    license: Annotated[str, typer.Option(help="licence of the weights")] = "apache-2.0",
    name: Annotated[str | None, typer.Option(help="what readers load: a hub id (the folder's name)")] = None,
) -> None:
    """Write a run's 8-bit export with its model card as the folder that goes into the package."""
    from .ship import ship as run_ship

    found = run_ship(run, output, onnx=onnx, scores=scores or (), baselines=baselines, watts=watts, about=about,
                     license=license, name=name)
    out = Console(highlight=False)
    out.print(_files(found))
    out.print(output, markup=False, soft_wrap=True)


@app.command("export")
def export(
    run: Annotated[str, typer.Argument(help="run folder")],
    onnx: Annotated[bool, typer.Option("--onnx", help="to ONNX, the one format there is")] = False,
    int8: Annotated[bool, typer.Option("--int8", help="in 8 bits, unless they lose 0.5 points of dev F1")] = False,
    output: Annotated[str | None, typer.Option(help="folder of the model (RUN/onnx)")] = None,
    data: Annotated[str | None, typer.Option(help="dataset whose dev verifies it (the run's own)")] = None,
) -> None:
    """Export a run as a folder that is read without torch, verified on dev (exit code 1: 8 bits refused)."""
    from .export import export as run_export
    from .export import told

    if not onnx:
        raise BilanError("no format is named", mend="bilan-train export RUN --onnx")
    entry = run_export(run, output, int8=int8, data=data)
    table = Table("network", "dev F1", "spans as PyTorch", "largest difference", "tokens/s", "MB", box=None,
                  header_style="bold")
    for row in told(entry):
        table.add_row(*row)
    out = Console(highlight=False)
    out.print(table)
    out.print(f"{output or f'{run}/onnx'}: {entry['model']}", markup=False, soft_wrap=True)
    if "refused" in entry:
        print(f"refused: {entry['refused']}; the 32-bit model is kept", file=sys.stderr)
        raise typer.Exit(1)


def main() -> None:
    """The console command `bilan-train`."""
    shared.run(app)


if __name__ == "__main__":
    main()
