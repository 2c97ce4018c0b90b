"""`bilan`: entities and figures of French articles, on the command line and as a service.

For example: bilan read articles/ --date 2025-02-07 --output claims.csv
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ..data import console as shared
from ..data.errors import BilanError
from ..data.files import parse_json, read_text
from ..data.labels import LABELS
from ..data.report import Report
from . import cluster, reading
from .checkpoint import locate, saved_f1
from .outputs import OUTPUTS
from .profiles import PROFILES
from .reader import PACKAGED, load, packaged
from .show import colour

app = typer.Typer(help=__doc__, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=True)
ENGINES = ("plain", "ray")
TRAINED = "runs/embedded"  # what `make train` makes
WHICH = f"run folder or hub id; by default the packaged model, else {TRAINED}"


@app.command()
def read(
    files: Annotated[list[str], typer.Argument(
        help="files (text, HTML, PDF, each also .gz), folders, patterns; - is standard input", metavar="FILE…")],
    model: Annotated[str | None, typer.Option(help=WHICH, envvar="BILAN_MODEL")] = None,
    date: Annotated[str | None, typer.Option(help="day of the articles, 2025-02-07: resolves dates")] = None,
    format: Annotated[str | None, typer.Option(
        help=f"{', '.join(OUTPUTS)}; by default what --output ends in, else table",
        autocompletion=lambda: list(OUTPUTS))] = None,
    as_json: Annotated[bool, typer.Option("--json", help="the same as --format jsonl")] = False,
    output: Annotated[str | None, typer.Option(
        help="write to this file or folder; OUTPUT.part holds what is finished until then")] = None,
    profile: Annotated[str | None, typer.Option(
        help="acled or ucdp: rows of deaths for their coders", autocompletion=lambda: list(PROFILES))] = None,
    min_confidence: Annotated[float | None, typer.Option(help="drop spans of a lower score, 0 to 1")] = None,
    jobs: Annotated[int, typer.Option(min=1, max=256, help="processes, each with its model in memory")] = 1,
    review: Annotated[str | None, typer.Option(
        help="Label Studio tasks with pre-annotations, least certain documents first: .json or .jsonl")] = None,
    engine: Annotated[str, typer.Option(
        help="plain: this machine; ray: a cluster (also JSONL, Parquet, URLs), to a folder of Parquet",
        autocompletion=lambda: list(ENGINES))] = ENGINES[0],
    rows: Annotated[int, typer.Option(min=1, help="documents of one partition of --engine ray")] = 1000,
) -> None:
    """Print the spans of each file, the article in colour, and its claims side by side, or write them.

    A file that cannot be read is reported and the rest goes on (exit code 1; 2 if none could be read). The same
    command started again goes on after an interruption. Completion for your shell: bilan --install-completion.
    """
    report = Report()
    chosen = format or ("jsonl" if as_json else None)
    if _on_ray(engine, output, {"--format": chosen not in (None, "parquet"), "--profile": profile, "--review": review}):
        done, failed = cluster.read(files, model=model or _default(), date=date, output=str(output), jobs=jobs,
                                    min_confidence=min_confidence, rows=rows, report=report)
        raise _ended(report, done, failed)
    done, failed = reading.read(files, model=model or _default(), date=date, format=chosen, output=output,
                                profile=profile, min_confidence=min_confidence, jobs=jobs, review=review,
                                report=report)
    end = _ended(report, done, failed)
    if failed and done and output is not None:
        print(f"{failed} not read, {done} read and kept in {output}.part: mend, then start the same command again",
              file=sys.stderr)
    raise end


def _ended(report: Report, done: int, failed: int) -> typer.Exit:
    """Show the report; the exit: 0 if all were read, 1 if some, 2 if none."""
    shared.show_report(report, Console(stderr=True, highlight=False))
    return typer.Exit(0 if not failed else 1 if done else 2)


def _on_ray(engine: str, output: str | None, others: dict[str, object]) -> bool:
    """Whether the engine is Ray; BilanError for one that there is not and for what Ray's cannot do."""
    if engine not in ENGINES:
        raise BilanError(f"unknown engine {engine!r}", where="--engine", mend=f"expected {' or '.join(ENGINES)}")
    if engine == "ray" and output is None:
        raise BilanError("--engine ray writes a folder of Parquet", mend="name it with --output")
    if engine == "ray" and (name := next((name for name, value in others.items() if value), None)):
        raise BilanError(f"--engine ray writes Parquet of documents and claims, without {name}",
                         mend=f"leave out {name}, or make it from the documents afterwards")
    return engine == "ray"


@app.command()
def serve(
    model: Annotated[str | None, typer.Option(help=WHICH, envvar="BILAN_MODEL")] = None,
    host: Annotated[str, typer.Option(help="address to listen on; only this machine by default")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="port to listen on")] = 8000,
    max_bytes: Annotated[int, typer.Option(min=1, help="largest request; larger ones get 413")] = 1_000_000,
    timeout: Annotated[float, typer.Option(min=0.01, help="seconds for one request; then 503")] = 60,
    concurrency: Annotated[int, typer.Option(min=1, help="readings at once; 4 times as many wait, more get 429")] = 2,
) -> None:
    """Serve the page, POST /read and /read_many, /health, and the description of it all at /docs.

    Nothing is stored and no text is logged.
    """
    from . import service

    service.serve(model=model or _default(), host=host, port=port, max_bytes=max_bytes, timeout=timeout,
                  concurrency=concurrency)


@app.command()
def labels() -> None:
    """The labels of the annotation guide, with definition and example."""
    out = Console(highlight=False)
    for label in LABELS:
        out.print(f"[{colour(label.name)}]{label.name:<10}[/] {label.definition} ({label.example})")


@app.command()
def info(run: Annotated[str | None, typer.Argument(help=WHICH, envvar="BILAN_MODEL")] = None) -> None:
    """What a checkpoint finds, what it was trained on and how it scored on dev."""
    named = run or _default()
    folder = packaged() if named is None else locate(named)
    reader = load(folder)
    file = folder / "run.json"
    print(f"labels       {shared.safe(' '.join(reader.labels))}")
    print(f"window       {reader.cutting.window} tokens, {reader.cutting.overlap} shared")
    print(f"fingerprint  {reader.fingerprint or 'unknown'}")
    if file.is_file():
        for name, value in _trained(file).items():
            print(f"{name:<12} {shared.safe(value)}")


def _trained(file: Path) -> dict[str, str]:
    """What the record of a training says; BilanError for a file that is none."""
    entry = parse_json(read_text(file), where=file)
    try:
        best = entry["dev"]["best"]["epoch"]
        return {"dev F1": f"{saved_f1(entry):.4f} (best epoch {best:g})", "commit": str(entry["commit"])}
    except (KeyError, TypeError, ValueError) as error:
        raise BilanError(f"not the record of a training ({type(error).__name__} {error})", where=file,
                         mend="train again, or take the file away") from error


def _default() -> str | None:
    return TRAINED if not PACKAGED.is_dir() and Path(TRAINED).is_dir() else None


def main() -> None:
    """The console command `bilan`."""
    shared.run(app)


if __name__ == "__main__":
    main()
