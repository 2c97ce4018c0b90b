"""File names from document ids and back, and the listing of a folder: shared by the formats."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ..document import Document
from ..errors import BilanError
from ..files import os_error
from ..half import is_half

FORBIDDEN = re.compile(r'[/\\\x00-\x1f<>:"|?*]')  # in file names, on Windows too


def listed(path: Path, suffixes: Sequence[str]) -> list[Path]:
    """The path itself if it is a file, else the files below it with one of the endings, sorted.

    What another command is writing there is passed over. Raises BilanError when there is nothing to read, and for a
    link that leads out of the folder: who unpacks a folder of others does not mean to read their own files with it.
    """
    try:
        if path.is_file():
            return [path]
        if not path.exists():
            raise BilanError("no such file or folder", where=path)
        files = sorted(file for file in path.rglob("*") if file.suffix in suffixes and file.is_file()
                       and not is_half(file.relative_to(path)))
        leading = next((file for file in files if leads_out(file, path)), None)
    except OSError as error:
        raise os_error(error, path) from error
    if leading is not None:
        raise BilanError("this link leads out of the folder", where=leading,
                         mend="name the file itself, or put a copy in the place of the link")
    if not files:
        raise BilanError(f"no file ending in {', '.join(suffixes)}", where=path)
    return files


def leads_out(file: Path, folder: Path) -> bool:
    """Whether a file below a folder is a link, or in a folder that is one, to something outside of it."""
    return os.path.realpath(file) != str(file) and not Path(os.path.realpath(file)).is_relative_to(
        os.path.realpath(folder))


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


def without_nul(documents: Iterable[Document], format: str) -> Iterator[Document]:
    """The documents, for a format that is plain text: a file with a NUL is taken for binary when it is read.

    Raises BilanError for a document that has one.
    """
    for document in documents:
        said = [part for span in document.spans for part in (span.label, *span.attributes, *span.attributes.values())]
        if any("\0" in part for part in (document.id, document.text, *said, *map(str, document.meta.values()))):
            raise BilanError(f"document {document.id!r}: a NUL character cannot be written as {format}",
                             mend="take it out of the text, or write jsonl")
        yield document
