"""Files of a cluster: local paths, or URLs of any file system that fsspec knows (s3://, gs://, hdfs://, …)."""

from __future__ import annotations

import os
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..data.errors import BilanError

ABOUT_A_FILE = (FileNotFoundError, PermissionError, IsADirectoryError)  # other refusals are of the system


def system(url: str, *, root: str = "") -> tuple[Any, str]:
    """The file system of a path or URL and the path on it; a local path that is not absolute begins at `root`.

    Raises BilanError for an unknown protocol and where the library for it is missing.
    """
    from fsspec.core import url_to_fs

    try:
        return url_to_fs(url if "://" in url else os.path.join(root or os.getcwd(), url))
    except (ImportError, ValueError) as error:  # both say what is missing
        raise BilanError(str(error), where=url, mend="pip install what reads such addresses, or name a path") from error


@contextmanager
def told(name: str) -> Iterator[None]:
    """What is wrong with a file as BilanError; what is wrong with its system (network, disk) as it comes."""
    import pyarrow

    try:
        yield
    except ABOUT_A_FILE as error:
        raise BilanError((error.strerror or type(error).__name__).lower(), where=name,
                         mend="check the path and its permissions") from error
    except (OSError, EOFError, zlib.error, pyarrow.ArrowException) as error:
        if getattr(error, "errno", None):
            raise
        raise BilanError(f"damaged file ({' '.join(str(error).split())[:120]})", where=name,
                         mend="fetch or write it again") from error


@contextmanager
def opened(name: str, *, root: str = "", compression: str | None = "infer") -> Iterator[Any]:
    """The bytes of a file as a stream that can seek, unpacked where its name says that it is packed."""
    where, path = system(name, root=root)
    with told(name), where.open(path, "rb", compression=compression) as stream:
        yield stream


@contextmanager
def at_hand(name: str, *, root: str = "") -> Iterator[str]:
    """A local path of the file: its own, or that of a copy that goes away."""
    if "://" not in name:
        yield os.path.join(root, name)
        return
    where, path = system(name)
    with TemporaryDirectory() as folder:
        copy = os.path.join(folder, os.path.basename(path) or "file")
        with told(name):
            where.get_file(path, copy)
        yield copy


def names(folder: str) -> set[str]:
    """The names of the files in a folder, none where there is no such folder."""
    where, path = system(folder)
    where.invalidate_cache()
    return {str(found).rstrip("/").rsplit("/", 1)[-1] for found in where.ls(path, detail=False)} if where.exists(
        path) else set()


def put(file: Path, folder: str, name: str) -> None:
    """Copy a local file into a folder, where it appears under its name only when it is complete."""
    where, path = system(folder)
    temporary = f"{path}/.{name}.{uuid.uuid4().hex}"  # of two who write the same part neither disturbs the other
    try:
        where.makedirs(path, exist_ok=True)
        where.put_file(str(file), temporary)
        where.mv(temporary, f"{path}/{name}")
    except OSError as error:
        raise BilanError(f"cannot be written ({error.strerror or error})", where=f"{folder}/{name}",
                         mend="mend it and start the same command again: it goes on") from error


def mark(folder: str, name: str) -> None:
    """Put a file of one byte into a folder: some stores do not keep empty ones."""
    where, path = system(folder)
    where.pipe_file(f"{path}/{name}", b"1")


def exists(folder: str, name: str) -> bool:
    """Whether a folder holds a file of this name."""
    where, path = system(folder)
    where.invalidate_cache()
    return where.exists(f"{path}/{name}")


def remove(folder: str, name: str) -> None:
    """Take a file out of a folder."""
    where, path = system(folder)
    where.rm_file(f"{path}/{name}")
