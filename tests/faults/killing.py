"""Kill a job at each of its writes in turn: a process that forks one child a kill point, and one to start again.

Run as `python -c "from tests.faults.killing import main; main()" JOB FOLDER`; prints one JSON line a point.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from bilan.data import Document, Span, read, write
from bilan.data.convert import convert
from bilan.data.dataset import build

EVENTS = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree")  # audit events of what writes
DOCUMENTS = [Document(f"d{number}", f"À Goma, {number} morts, selon {word}.", (Span(2, 6, "LOC"),))
             for number, word in enumerate("alpha bravo charlie delta echo foxtrot".split())]


def dataset(folder: Path) -> None:
    build(folder / "in" / "source.jsonl", folder / "in" / "out")


def conversion(folder: Path) -> None:
    convert(folder / "in" / "source.jsonl", folder / "in" / "out.conll")


def brat(folder: Path) -> None:
    write(DOCUMENTS[:2], folder / "in" / "out", format="brat")


JOBS = {"dataset": dataset, "conversion": conversion, "brat": brat}


def main() -> None:
    """Every kill point of a job: what the killed one left, and what the next one made."""
    job, folder = JOBS[sys.argv[1]], Path(sys.argv[2])
    if job is dataset:  # once, not in each child
        import datasets
        import datasketch
        import pyarrow.parquet

        del datasets, datasketch, pyarrow
    (folder / "in").mkdir(parents=True)
    write(DOCUMENTS, folder / "in" / "source.jsonl", format="jsonl")
    point = 0
    for old in (None, "older"):  # without an older output in the place; with one, the last steps, which put it aside
        point, code = max(0, point - 6) if old else 0, signal.SIGKILL
        while code == signal.SIGKILL:
            _clean(folder, old, job)
            code = _forked(lambda at=point: (_kill_at(at, folder), job(folder)))
            killed = _state(folder)
            again = _forked(lambda: job(folder))
            print(json.dumps({"point": point, "old": bool(old), "code": code, "killed": killed, "again": again,
                              "after": _state(folder), "left": sorted(os.listdir(folder / "in"))}))
            point += 1


def _clean(folder: Path, old: str | None, job: Callable[[Path], None]) -> None:
    import shutil

    for name in os.listdir(folder / "in"):
        path = folder / "in" / name
        if name != "source.jsonl":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    if old:
        write([DOCUMENTS[0].replace(id=old)], folder / "in" / "source.jsonl", format="jsonl")
        _forked(lambda: job(folder))
        write(DOCUMENTS, folder / "in" / "source.jsonl", format="jsonl")


def _forked(work: Callable[[], object]) -> int:
    """Do it in a child; 0, or the number of the signal that ended it, or −1 for an exception."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status)


def _kill_at(point: int, folder: Path) -> None:
    seen = 0

    def hook(event: str, arguments: tuple) -> None:
        nonlocal seen
        if event not in EVENTS or not isinstance(arguments[0], str | bytes | Path) or str(folder) not in str(arguments[0]):
            return
        if event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            return
        if seen == point:
            os.kill(os.getpid(), signal.SIGKILL)
        seen += 1

    sys.addaudithook(hook)


def _state(folder: Path) -> dict[str, object]:
    """What a reader finds: the content of the output, and the ids that the folder around it gives."""
    out = next((path for path in (folder / "in").iterdir() if path.name in ("out", "out.conll")), None)
    files = sorted(path for path in (out.rglob("*") if out and out.is_dir() else [out] if out else []) if path.is_file())
    ids = sorted({document.id for document in read(folder / "in" / "source.jsonl")}
                 | {document.id for document in read(folder / "in", format="jsonl")})
    return {"files": {path.name: path.read_bytes().hex() for path in files}, "ids": ids}
