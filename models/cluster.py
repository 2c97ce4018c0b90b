"""`bilan read --engine ray`: more texts than one machine reads, on a Ray cluster (or on a Ray of this machine).

The input is cut into slices; Ray Data hands each to an actor that holds a reader and writes the Parquet of its
documents and claims (`parts`). Texts never pass through the machine that started the command. Ray starts a
killed process again and gives it its slice again; a command started again skips finished partitions.

`ray.data.read_json` is not used: one line that is no JSON fails its whole block, and how blocks are cut is no promise.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from ..data.document import Document
from ..data.errors import BilanError
from ..data.extras import absent
from ..data.report import Report
from .batch import portions, read_portion
from .checkpoint import locate
from .parts import attempt, settle, tally, write
from .reader import Reader, Sieve, fingerprint, packaged, share, sieve
from .reader import load as load_reader
from .reading import day_of
from .rows import Row, rows_of, unread
from .slices import File, Slice, cut, files, from_json, plan

AGAIN = "start the same command again: finished partitions stay"


@dataclass(frozen=True, slots=True)
class Job:
    """What every actor is told."""

    model: str | None
    fingerprint: str
    output: str
    root: str
    date: str | None
    min_confidence: float | None
    load: Callable[..., Reader]


class Actor:
    """A process of the cluster with its reader; faults come back in the receipt, as Ray would wrap them."""

    def __init__(self, job: Job) -> None:
        self.job = job
        try:
            self.reader = job.load(job.model, threads=1)
            self.fault = _other_model(self.reader, job)
        except BilanError as error:
            self.fault = error

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[str]]:
        """Read and write one slice; its receipt."""
        report, fault = Report(), self.fault
        if fault is None:
            try:
                self._read(from_json(str(batch["slice"][0])), int(batch["number"][0]), report)
            except BilanError as error:
                fault = error
        told = [fault.what, fault.where, fault.mend] if fault else None
        return {"receipt": [orjson.dumps({"fault": told, "report": report.as_dict()}).decode()]}

    def _read(self, part: Slice, number: int, report: Report) -> None:
        with attempt(self.job.output, number, part):
            given = rows_of(part, root=self.job.root, report=report)
            write(read_rows(self.reader, given, self.job.min_confidence), self.job.output, number, date=self.job.date)


def _other_model(reader: Reader, job: Job) -> BilanError | None:
    if reader.fingerprint == job.fingerprint:
        return None
    return BilanError("the model on a machine of the cluster is not that of this one", where=job.model or "packaged",
                      mend="put the same folder on all, or install the same release")


def read_rows(reader: Reader, given: Sequence[Row], min_confidence: float | None) -> list[Row]:
    """The rows with predicted spans, or with the error of the reader."""
    kept = sieve(min_confidence, None)
    texts = [row.document for row in given if not row.error]
    found = (result for portion in portions(texts) for result in read_portion(reader, portion))  # pyright: ignore
    done = (_read_row(*pair, kept) for pair in zip(texts, found, strict=True))
    return [row if row.error else next(done) for row in given]


def _read_row(text: Document, result: Document | BilanError, kept: Sieve) -> Row:
    if isinstance(result, BilanError):
        return unread(text.id, str(result), text=text.text)
    return Row(result.replace(spans=tuple(kept(list(result.spans)))))


def read(arguments: Sequence[str], *, output: str, model: str | None = None, date: str | None = None,
         min_confidence: float | None = None, jobs: int = 1, rows: int = 1000, report: Report | None = None,
         load: Callable[..., Reader] = load_reader) -> tuple[int, int]:
    """Read files with `jobs` actors and write partitions of `rows` documents; how many were read, and how many not.

    Needs the extra `ray`. The cluster is that of RAY_ADDRESS, or the one this machine belongs to, or a Ray that
    is started here. `model`, input and `output` are seen by all its machines. Raises BilanError, with what is
    finished in place, when the cluster gives up.
    """
    told = report if report is not None else Report()
    folder = packaged() if model is None else locate(model)
    options = {"model": fingerprint(folder), "date": day_of(date), "rows": rows,
               "min_confidence": share("--min-confidence", min_confidence)}
    place = output.rstrip("/") if "://" in output else os.path.abspath(output)
    known = str(folder.resolve()) if model is not None and Path(model).is_dir() else model
    job = Job(known, options["model"], place, os.getcwd(), options["date"], min_confidence, load)
    with connected() as ray:
        slices = plan(files(arguments, output=output, report=told), rows=rows, cuts=lambda many: _cut(ray, many, rows))
        todo = settle(job.output, slices, options=options, report=told)
        if len(todo) < len(slices):
            told.note("skipped: partition that is finished", count=len(slices) - len(todo))
        for receipt in _receipts(ray, job, [(number, slices[number]) for number in todo], jobs):
            _merge(told, receipt)
    return tally(job.output, slices, report=told)


def _merge(report: Report, receipt: dict[str, Any]) -> None:
    if receipt["fault"]:
        what, where, mend = receipt["fault"]
        raise BilanError(what, where=where, mend=mend)
    told = receipt["report"]
    for cause, count in told["counts"].items():
        report.note(cause, count=count)
        for example in told["examples"].get(cause, ()):
            report.note(cause, count=0, example=example)


def _cut(ray: Any, many: Sequence[File], rows: int) -> list[list[Slice]]:
    """The slices of each file: counting lines is work for the cluster too."""
    task = ray.remote(num_cpus=1)(cut)
    with _given_up(ray):
        return ray.get([task.remote(file, rows=rows, root=os.getcwd()) for file in many])


def _receipts(ray: Any, job: Job, todo: Sequence[tuple[int, Slice]], jobs: int) -> Iterator[dict[str, Any]]:
    """What each slice gave, as soon as it is written."""
    if not todo:
        return
    import ray.data as data  # pyright: ignore[reportMissingImports]

    context = data.DataContext.get_current()
    context.enable_progress_bars = os.isatty(2)
    logging.getLogger("ray.data").setLevel(logging.WARNING)  # else it tells of each execution
    given = data.from_items([{"number": number, "slice": part.to_json()} for number, part in todo],
                            override_num_blocks=len(todo))  # one task a slice
    size = min(jobs, len(todo))
    done = given.map_batches(Actor, fn_constructor_args=(job,), batch_size=1, num_cpus=1,
                             compute=data.ActorPoolStrategy(size=size, max_tasks_in_flight_per_actor=1))
    with _given_up(ray):
        for row in done.iter_rows():
            yield orjson.loads(row["receipt"])


@contextmanager
def _given_up(ray: Any) -> Iterator[None]:
    try:
        yield
    except ray.exceptions.RayError as error:
        reason = str(error).strip().split("\n")[-1][:300]
        raise BilanError(f"the cluster gave up ({type(error).__name__}: {reason})", mend=AGAIN) from error


@contextmanager
def connected() -> Iterator[Any]:
    """Ray, started on this machine where there is no cluster, and then stopped at the end."""
    try:
        import ray  # pyright: ignore[reportMissingImports]
    except ImportError as error:
        raise absent(error, "--engine ray") from error
    if ray.is_initialized():
        yield ray
        return
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # it would send statistics of use to its makers
    try:
        ray.init(logging_level=logging.WARNING, log_to_driver=False)
    except Exception as error:  # Ray raises Exception itself
        raise BilanError(f"no Ray cluster ({' '.join(str(error).split())[:300]})",
                         mend="check RAY_ADDRESS and the logs in /tmp/ray/session_latest/logs") from error
    try:
        yield ray
    finally:
        ray.shutdown()
