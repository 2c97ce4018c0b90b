"""The texts that the command line reads: files, and standard input as `-`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..data.document import Document
from ..data.errors import BilanError
from ..data.files import read_text, text_of


def texts(paths: Iterable[str]) -> Iterator[Document | BilanError]:
    """A Document without spans for each path, or the error that it gave instead.

    Missing, binary, empty and otherwise encoded files give an error, and the next file is read.
    """
    for path in paths:
        try:
            yield _text(path)
        except BilanError as error:
            yield error


def _text(path: str) -> Document:
    name = "stdin" if path == "-" else path
    text = text_of(sys.stdin.buffer.read(), "standard input") if path == "-" else read_text(Path(path))
    if not text.strip():
        raise BilanError("nothing to read: the text is empty", where=name)
    return Document(name, text, source=name)
