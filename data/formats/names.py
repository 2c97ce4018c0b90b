"""File names from document ids and back, and the listing of a folder: shared by the formats."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from ..errors import BilanError
from ..files import os_error

FORBIDDEN = re.compile(r'[/\\\x00-\x1f<>:"|?*]')  # in file names, on Windows too


def listed(path: Path, suffixes: Sequence[str]) -> list[Path]:
    """The path itself if it is a file, else the files below it with one of the endings, sorted.

    Raises BilanError when there is nothing to read.
    """
    try:
        if path.is_file():
            return [path]
        if not path.exists():
            raise BilanError("no such file or folder", where=path)
        files = sorted(file for file in path.rglob("*") if file.suffix in suffixes and file.is_file())
    except OSError as error:
        raise os_error(error, path) from error
    if not files:
        raise BilanError(f"no file ending in {', '.join(suffixes)}", where=path)
    return files


def file_name(document_id: str, suffix: str, folder: Path) -> str:
    """A file name for a document, unique in the folder.

    Ids come from files of unknown origin: one that would leave the folder is refused.
    """
    if document_id in {".", ".."} or FORBIDDEN.search(document_id):
        raise BilanError(f"document id {document_id!r} cannot be a file name",
                         mend="write one file (jsonl), or rename the document")
    if len((document_id + suffix).encode()) > 255:
        raise BilanError(f"document id {document_id[:40]!r}… is too long for a file name")
    if (folder / f"{document_id}{suffix}").exists():
        raise BilanError(f"two documents have the id {document_id!r}", mend="make the ids unique")
    return f"{document_id}{suffix}"
