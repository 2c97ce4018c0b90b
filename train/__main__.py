"""`bilan-train --recipe NAME --output runs/NAME`: fine-tune a base on a dataset."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from ..data import console as shared
from ..data.report import Report
from .settings import Settings, recipe_names, settle

app = typer.Typer(help=__doc__, cls=shared.default_command("finetune"), pretty_exceptions_enable=False)
PANEL = "Settings (each overrides the recipe)"


def with_settings(function: Callable[..., None]) -> Callable[..., None]:
    """The function with one option for each field of Settings, collected in its `overrides`."""
    own = inspect.signature(function, eval_str=True).parameters
    options = {
        name: inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[
            _plain(field.annotation) | None, typer.Option(help=field.description, rich_help_panel=PANEL)])
        for name, field in Settings.model_fields.items()}

    def command(**given: Any) -> None:
        overrides = {name: given.pop(name) for name in options}
        function(**given, overrides=overrides)

    kept = [parameter for name, parameter in own.items() if name != "overrides"]
    command.__signature__ = inspect.Signature([*kept, *options.values()])  # pyright: ignore
    command.__doc__, command.__name__ = function.__doc__, function.__name__
    return command


def _plain(annotation: Any) -> Any:
    """The Python type of an option; choices are checked by Settings, which says them all."""
    parts = (annotation, *getattr(annotation, "__args__", ()))
    return next((kind for kind in (int, float) if kind in parts), str)


@app.callback()
def commands() -> None:
    """Fine-tune a base on a dataset (`finetune` is meant where no command is named)."""


@app.command("finetune")
@with_settings
def finetune(
    *,
    recipe: Annotated[str, typer.Option(help=f"{', '.join(recipe_names())}, or a TOML file")] = "embedded",
    output: Annotated[str, typer.Option(help="run folder")] = "runs/embedded",
    resume: Annotated[bool, typer.Option("--resume", help="go on, or skip a finished run")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="empty a folder with another run")] = False,
    show: Annotated[bool, typer.Option("--show", help="print the settings in force, train nothing")] = False,
    overrides: dict[str, Any],
) -> None:
    """Fine-tune a base; the epoch with the best dev F1 is kept."""
    settings, origin = settle(recipe, overrides)
    out = Console(highlight=False)
    if show:
        table = Table("setting", "value", "from", box=None, header_style="bold")
        for key, value in settings.model_dump().items():
            table.add_row(key, str(value), origin[key])
        out.print(table)
        return
    from .finetune import finetune as train

    report = Report()
    entry = train(settings, output, resume=resume, overwrite=overwrite, report=report)
    shared.show_report(report, out)
    best = entry["dev"]["best"]
    done = "up to date" if entry.get("skipped") else f"trained in {entry['seconds']} s"
    out.print(f"{output}: {done}, dev F1 {best['f1']:.4f} at epoch {best['epoch']:g}")


def main() -> None:
    """The console command `bilan-train`."""
    shared.run(app)


if __name__ == "__main__":
    main()
