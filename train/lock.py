"""A run folder has one training at a time: a lock that its owner's death opens (`bilan.data.lock`)."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..data.errors import BilanError
from ..data.files import os_error
from ..data.lock import open_alone

LOCK = ".lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a run folder, made if absent; BilanError when another training holds it.

    The kernel gives the lock back when the process ends, however it ends. A file system without
    locks is used without one.
    """
    path = folder / LOCK
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stream = open_alone(path, "a+", busy=_busy(path))
        stream.truncate(0)
        stream.write(f"process {os.getpid()} on {platform.node()}")
        stream.flush()
    except OSError as error:
        raise os_error(error, path) from error
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        stream.close()
        with suppress(OSError):
            folder.rmdir()  # goes only if nothing was written into it


def _busy(path: Path) -> BilanError:
    """What is said when the lock is held, with its owner as the file names it."""
    try:
        owner = path.read_text(encoding="utf-8").strip()
    except OSError:
        owner = ""
    return BilanError(f"another training is at work in this folder ({owner or 'unknown process'})", where=path.parent,
                      mend="wait for it, stop it, or choose another --output")
