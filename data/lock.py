"""A file that one process at a time may write: a lock that its owner's death opens (flock)."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import IO, Any

from .errors import BilanError

try:
    import fcntl
except ImportError:  # Windows: files are used without a lock
    fcntl = None

UNSUPPORTED = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS)  # some network file systems


def open_alone(path: Path, mode: str, *, busy: BilanError) -> IO[Any]:
    """Open a file, made if absent; `busy` is raised while another process has it open this way.

    The kernel gives the lock back when the stream is closed or the process ends, however it ends. A file system
    without locks is used without one. Raises OSError where the system refuses, and for a link: what it points at
    would be written over.
    """
    while True:
        stream = open(path, mode, opener=_no_link)  # noqa: SIM115 - held until the caller closes it
        try:
            if fcntl is not None:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            stream.close()
            raise busy from error
        except OSError as error:
            if error.errno not in UNSUPPORTED:
                stream.close()
                raise
        if _is_still(stream, path):
            return stream
        stream.close()  # its owner left between our open and our lock, and took the file away


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o666)


def _is_still(stream: IO[Any], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(stream.fileno()), path.stat())
    except FileNotFoundError:
        return False
