"""`bilan read`: files in, readings out in any format; what was finished before an interruption is not read again."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ..data import formats
from ..data.console import safe
from ..data.errors import BilanError
from ..data.files import parse_json, read_bytes, written
from ..data.report import Report
from .batch import read_all, workers
from .checkpoint import locate
from .journal import Journal, Keys, Place, index, least_certain_first, recall
from .outputs import deliver, line, settle
from .reader import Reading, fingerprint, packaged, share, sieve
from .show import show
from .sources import paths, texts


def read(files: Sequence[str], *, model: str | None = None, date: str | None = None, format: str | None = None,
         output: str | None = None, profile: str | None = None, min_confidence: float | None = None,
         jobs: int = 1, review: str | None = None, report: Report | None = None) -> tuple[int, int]:
    """Read files and write what is found; how many were read, and how many could not be.

    `output` appears when all is read; until then `OUTPUT.part` holds what is finished, and a command that
    was interrupted, or of which some files failed, goes on from there. A jsonl `output` is itself looked
    through. `min_confidence` drops spans of a lower score; `review` is written from all of them.
    """
    told = report if report is not None else Report()
    name, writer = settle(format, output, profile)
    if output is not None and review is not None and Path(output).resolve() == Path(review).resolve():
        raise BilanError("--output and --review name the same file", where=output, mend="name two")
    day, least = day_of(date), share("--min-confidence", min_confidence)
    keys = Keys(fingerprint(packaged() if model is None else locate(model)), day, least)
    flowing = output is None and profile is None and name in ("table", "jsonl")
    with ExitStack() as stack:
        part = _part(output, stack)
        journal = stack.enter_context(closing(Journal(part)))
        if output is not None and name == "jsonl" and profile is None and review is None:
            journal.places = index(Path(output))[0] | journal.places
        places, failed = [], 0
        found = _others(paths(files, report=told), [output, review, str(part)], told)
        for place in _places(found, journal, keys, told, stack, model=model, jobs=jobs, bar=output is not None):
            if isinstance(place, BilanError):
                failed += 1
                print(f"error: {safe(str(place))}", file=sys.stderr)
                continue
            places.append(place)
            if flowing:
                _print(_reading(place, keys), name, keys)
        if places and not flowing:
            deliver(writer, (_reading(place, keys) for place in places), output, report=told, key=keys)
        if places and review is not None:
            write_review(places, review, report=told)
        if output is not None and not failed:
            part.unlink(missing_ok=True)
    return len(places), failed


def _others(found: Iterable[str | BilanError], ours: Sequence[str | None], report: Report) -> list[str | BilanError]:
    """The files without those that this command writes: its output may lie in the folder that it reads.

    Raises BilanError where no other is left.
    """
    written_here = [Path(path).resolve() for path in ours if path is not None]
    kept: list[str | BilanError] = []
    for path in found:
        here = Path(path).resolve() if isinstance(path, str) and path != "-" else None
        if here is not None and any(here == mine or mine in here.parents for mine in written_here):
            report.note("skipped: what this command writes", where=path)
        else:
            kept.append(path)
    if not kept:
        raise BilanError("nothing to read but what this command writes", where=ours[0] or "",
                         mend="choose another --output")
    return kept


def _places(found: list[str | BilanError], journal: Journal, keys: Keys, report: Report, stack: ExitStack, *,
            model: str | None, jobs: int, bar: bool) -> Iterator[Place | BilanError]:
    """The places of the files in order, with a bar on a terminal where there are many."""
    executor, work = stack.enter_context(workers(model, jobs=jobs))
    places = read_all(texts(found, report=report), journal, keys=keys, executor=executor, work=work, ahead=2 * jobs)
    console = Console(stderr=True)
    if not (console.is_terminal and len(found) > 1 and (bar or not sys.stdout.isatty())):
        yield from places
        return
    columns = TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, redirect_stdout=False) as progress:
        yield from progress.track(places, total=len(found))


def _print(reading: Reading, name: str, keys: Keys) -> None:
    if name == "table":
        show(reading, Console(highlight=False))
    else:
        print(line(reading, keys), flush=True)


def _part(output: str | None, stack: ExitStack) -> Path:
    """Where finished documents are kept: beside the output, else in a folder that goes away."""
    if output is not None:
        return Path(output.rstrip("/") + ".part")
    return Path(stack.enter_context(TemporaryDirectory())) / "read.part"


def _reading(place: Place, keys: Keys) -> Reading:
    document, kept = recall(place), sieve(keys.min_confidence, None)
    return Reading(document.replace(spans=tuple(kept(list(document.spans)))), keys.date)


def write_review(places: Iterable[Place], path: str, *, report: Report) -> None:
    """Label Studio tasks with pre-annotations, the documents with the least certain spans first.

    A JSON array, which Label Studio imports; one task a line where the path ends in .jsonl.
    """
    documents = (recall(place) for place in least_certain_first(places))
    if not path.endswith(".jsonl"):
        formats.write(documents, path, format="labelstudio", report=report)
        return
    with TemporaryDirectory() as folder, written(Path(path)) as stream:
        file = Path(folder) / "tasks.json"
        formats.write(documents, file, format="labelstudio", report=report)
        for task in parse_json(read_bytes(file), where=file):
            stream.write(orjson.dumps(task).decode() + "\n")


def day_of(date: str | None) -> str | None:
    """A day of the option --date, as 2025-02-07; BilanError for what is none."""
    try:
        return date and datetime.date.fromisoformat(date).isoformat()
    except ValueError as error:
        raise BilanError(f"{date!r} is no day", where="--date", mend="write it as 2025-02-07") from error
