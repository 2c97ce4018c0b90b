"""A run folder has one training at a time: a lock that its owner's death opens (flock)."""

from __future__ import annotations

import errno
import fcntl
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from ..data.errors import BilanError
from ..data.files import os_error

LOCK = ".lock"
UNSUPPORTED = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS)  # some network file systems


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a run folder, made if absent; BilanError when another training holds it.

    The kernel gives the lock back when the process ends, however it ends. A file system without
    locks is used without one.
    """
    path = folder / LOCK
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stream = _taken(path)
    except OSError as error:
        raise os_error(error, path) from error
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        stream.close()
        with suppress(OSError):
            folder.rmdir()  # goes only if nothing was written into it


def _taken(path: Path) -> TextIO:
    while True:
        stream = open(path, "a+", encoding="utf-8")  # noqa: SIM115 - held until the training ends
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            stream.seek(0)
            owner = stream.read().strip() or "unknown process"
            stream.close()
            raise BilanError(f"another training is at work in this folder ({owner})", where=path.parent,
                             mend="wait for it, stop it, or choose another --output") from error
        except OSError as error:
            if error.errno not in UNSUPPORTED:
                raise
        if _is_still(stream, path):
            stream.truncate(0)
            stream.write(f"process {os.getpid()} on {platform.node()}")
            stream.flush()
            return stream
        stream.close()  # its owner left between our open and our lock, and took the file away


def _is_still(stream: TextIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(stream.fileno()), path.stat())
    except FileNotFoundError:
        return False
