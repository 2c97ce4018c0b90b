"""Folders in which something is being written: nobody takes their files for whole, and those of the dead go.

A writer makes such a folder beside its target, holds a lock on it (flock), and moves what it made out of it at the
end. A killed writer leaves it behind: readers of folders pass it over, and the next writer there takes it away.
"""

from __future__ import annotations

import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: what a killed writer left stays
    fcntl = None

ENDING, OLD = ".half", ".old"


def is_half(path: Path) -> bool:
    """Whether a path lies in a folder of which the writer is at work, or dead.

    >>> is_half(Path("articles/.out.html.k3x9.half/out.html"))
    True
    """
    return any(part.startswith(".") and part.endswith(ENDING) for part in path.parts)


@contextmanager
def half(target: Path) -> Iterator[Path]:
    """A locked folder beside `target`, which must have a parent, for what is to take its name; it goes at the end.

    Raises OSError where the system refuses.
    """
    sweep(target)
    holder, lock = _made(target)
    try:
        yield holder
    finally:
        shutil.rmtree(holder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def _prefix(target: Path) -> str:
    return f".{target.name[:40]}."


def _made(target: Path) -> tuple[Path, int | None]:
    while True:
        holder = Path(tempfile.mkdtemp(prefix=_prefix(target), suffix=ENDING, dir=target.parent))
        try:
            lock = _locked(holder)
        except OSError:  # no locks here, or another writer took it for a dead one's
            lock = None
        if holder.is_dir():
            return holder, lock
        if lock is not None:
            os.close(lock)


def _locked(holder: Path) -> int | None:
    """The descriptor that holds the lock; OSError where another process has it, or the file system has none."""
    if fcntl is None:
        return None
    descriptor = os.open(holder, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def sweep(target: Path) -> None:
    """Take away what dead writers of this target left; the older folder that one had put aside comes back."""
    for found in glob.glob(f"{glob.escape(_prefix(target))}*{ENDING}", root_dir=target.parent, include_hidden=True):
        holder = target.parent / found
        try:
            lock = _locked(holder)
        except OSError:
            continue
        if lock is None:
            continue
        aside = holder / f"{target.name}{OLD}"
        if aside.exists() and not target.exists():
            aside.rename(target)
        shutil.rmtree(holder, ignore_errors=True)
        os.close(lock)
