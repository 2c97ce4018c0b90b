"""`bilan-eval runs/NAME --split test`: how good, on what, how sure, and where it fails."""

from __future__ import annotations

import typer

from ..data import console
from . import commands

app = typer.Typer(help=__doc__, cls=console.default_command("score"), pretty_exceptions_enable=False)
app.command("score")(commands.score)
app.command("compare")(commands.compare)
app.command("robustness")(commands.robustness)
app.command("baselines")(commands.baselines)
app.command("calibrate")(commands.calibrate)
app.command("summary")(commands.summary)


def main() -> None:
    """The console command `bilan-eval`."""
    console.run(app)


if __name__ == "__main__":
    main()
