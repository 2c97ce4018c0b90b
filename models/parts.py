"""What a cluster writes: for each partition the Parquet of its claims and of its documents, whole or absent.

`claims-00012.parquet` has the columns of `bilan read --format parquet`, `documents-00012.parquet` those of
`--format huggingface` and `error`. A partition is finished when its documents are there, which come last.
`plan.json` says what the partitions are, so that those of other input are never taken for these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from ..data import formats
from ..data.errors import BilanError
from ..data.files import parse_json
from ..data.report import Report
from .exports import record, write_parquet
from .reader import Reading
from .rows import Row
from .slices import Slice, from_json
from .stores import exists, mark, names, opened, put, remove

PLAN = "plan.json"
PART = re.compile(r"(?:claims|documents)-(\d+)\.parquet")
TEMPORARY = re.compile(rf"\.(?:{PART.pattern}|plan\.json|tried-\d+)\.[0-9a-f]+")  # what a killed process left
TRIES = 3  # of a partition: Ray would try one that kills every process for ever
OPENED = 16  # files opened at once, as an object store answers slowly


def file_name(kind: str, number: int) -> str:
    """The name of a file of a partition.

    >>> file_name("claims", 12)
    'claims-00012.parquet'
    """
    return f"{kind}-{number:05}.parquet"


def settle(output: str, slices: Sequence[Slice], *, options: Mapping[str, Any], report: Report) -> list[int]:
    """The numbers of the partitions that are to be read, when `output` says what they all are.

    Finished partitions of input that has changed are removed. Raises BilanError for a folder of other files
    and one that was read with other options (model, date, …).
    """
    found = names(output)
    kept = _kept(output, found, options)
    lines = [each.to_json() for each in slices]
    for name in sorted(found):
        number = int(match[1]) if (match := PART.fullmatch(name)) else None
        if number is not None and (number >= len(lines) or kept.get(number) != lines[number]):
            report.note("removed: file of a partition whose input has changed", where=name)
            remove(output, name)
            found.discard(name)
        elif TEMPORARY.fullmatch(name):
            remove(output, name)
    _write_plan(output, lines, options)
    return [number for number in range(len(lines)) if file_name("documents", number) not in found]


def _kept(output: str, found: set[str], options: Mapping[str, Any]) -> dict[int, str]:
    """The slices of the plan that is there, by their numbers."""
    where = f"{output}/{PLAN}"
    if PLAN not in found:
        if strange := sorted(name for name in found if not TEMPORARY.fullmatch(name)):
            raise BilanError(f"this folder holds other files ({strange[0]})", where=output,
                             mend="name a new folder with --output")
        return {}
    with opened(where) as stream:
        plan = parse_json(stream.read(), where=where)
    try:
        before, slices = plan["options"], plan["slices"]
        other = next((name for name in options if before[name] != options[name]), None)
        kept = {number: from_json(orjson.dumps(each)).to_json() for number, each in enumerate(slices)}
    except (KeyError, TypeError) as error:
        raise BilanError("not a plan of ours", where=where, mend="name a new folder with --output") from error
    if other is not None:
        raise BilanError(f"this folder was read with {other} {before[other]}, not {options[other]}", where=output,
                         mend="name a new folder with --output, or the same options")
    return kept


def _write_plan(output: str, lines: Sequence[str], options: Mapping[str, Any]) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / PLAN
        header = orjson.dumps(dict(options)).decode()
        file.write_text(f'{{"options": {header},\n"slices": [\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8")
        put(file, output, PLAN)


@contextmanager
def attempt(output: str, number: int, part: Slice) -> Iterator[None]:
    """One try at a partition, marked beside it until it ends; BilanError where as many as allowed never ended."""
    marks = [f".tried-{number:05}.{time}" for time in range(TRIES)]
    unused = next((place for place, name in enumerate(marks) if not exists(output, name)), None)
    if unused is None:
        raise BilanError(f"the process that reads partition {number} died {TRIES} times (out of memory?)",
                         where=f"{part.names[0]}:{part.first}",
                         mend="start the same command again: finished partitions stay; fewer --jobs need less memory")
    mark(output, marks[unused])
    try:
        yield
    finally:  # which a killed process does not reach
        for name in marks[:unused + 1]:
            remove(output, name)


def write(rows: Sequence[Row], output: str, number: int, *, date: str | None = None) -> None:
    """Write the claims and the documents of a partition; a document whose claims fail gets the error."""
    settled = [_claimed(row, date) for row in rows]
    with TemporaryDirectory() as folder:
        claims, documents = Path(folder) / "claims.parquet", Path(folder) / "documents.parquet"
        write_parquet((claim for _, found in settled for claim in found), claims)
        formats.write([row.document for row, _ in settled], documents, format="huggingface")
        _add_errors(documents, [row.error or None for row, _ in settled])
        put(claims, output, file_name("claims", number))
        put(documents, output, file_name("documents", number))


def _claimed(row: Row, date: str | None) -> tuple[Row, list[Any]]:
    if row.error:
        return row, []
    try:
        return row, [record(claim) for claim in Reading(row.document, date).claims]
    except BilanError as error:
        return Row(row.document, str(error)), []


def _add_errors(file: Path, errors: Sequence[str | None]) -> None:
    import pyarrow
    from pyarrow import parquet

    table = parquet.read_table(file).append_column("error", pyarrow.array(errors, pyarrow.string()))
    parquet.write_table(table, file)


def tally(output: str, slices: Sequence[Slice], *, report: Report) -> tuple[int, int]:
    """How many documents were read, and how many not, counted in what is written; ids that come twice are told.

    Raises BilanError for a partition that has not one row for each document.
    """
    read = failed = 0
    seen: set[int] = set()
    with ThreadPoolExecutor(OPENED) as pool:
        for number, (ids, errors) in enumerate(pool.map(lambda number: _ids(output, number), range(len(slices)))):
            where = f"{output}/{file_name('documents', number)}"
            if len(ids) != slices[number].count:
                raise BilanError(f"{len(ids)} rows for {slices[number].count} documents", where=where,
                                 mend="remove this file and start the same command again")
            for id, error in zip(ids, errors, strict=True):
                if error is not None:
                    report.lose("documents not read", where=where, example=error)
                if hash(id) in seen:
                    report.note("documents with the id of another: their claims cannot be told apart", where=id)
                seen.add(hash(id))
            failed += sum(error is not None for error in errors)
            read += sum(error is None for error in errors)
    return read, failed


def _ids(output: str, number: int) -> tuple[list[str], list[str | None]]:
    from pyarrow import parquet

    with opened(f"{output}/{file_name('documents', number)}", compression=None) as stream:
        table = parquet.read_table(stream, columns=["id", "error"])
    return table["id"].to_pylist(), table["error"].to_pylist()
