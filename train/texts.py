"""Raw texts for masked-language-model training: plain files, annotated documents without their spans, datasets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..data.dataset import documents_at
from ..data.document import Document
from ..data.errors import BilanError
from ..data.files import read_text
from ..data.formats.names import listed
from ..data.report import Report
from ..data.split import digest


def texts(paths: Sequence[str | Path], report: Report) -> list[Document]:
    """The documents at the paths, each text once, without spans.

    A path is a `.txt` file, a folder of them, annotated documents in any format that `bilan.data` reads, or a
    dataset folder, of which only the train side is taken. Raises BilanError where there is nothing to read.
    """
    found: dict[str, Document] = {}
    for path in map(Path, paths):
        for document in _read(path, report):
            if not document.text.strip():
                report.note("skipped: document without text", where=document.id)
            elif document.text in found:
                report.note("skipped: text that was read already", where=document.id)
            else:
                found[document.text] = document.replace(spans=())
    if not found:
        raise BilanError("no text", where=", ".join(map(str, paths)),
                         mend="name .txt files, a folder of them, or annotated documents")
    return list(found.values())


def _read(path: Path, report: Report) -> Iterator[Document]:
    if not path.exists():
        raise BilanError("no such file or folder", where=path, mend="check the path")
    files = _plain(path)
    if not files:
        yield from documents_at(path, "train", report=report)
    for file in files:
        name = str(file.relative_to(path)) if path.is_dir() else file.name
        yield Document(name, read_text(file, report=report), source=str(file))


def _plain(path: Path) -> list[Path]:
    """The text files of a path; none where they belong to stand-off annotations (brat)."""
    if not path.is_dir():
        return [path] if path.suffix == ".txt" else []
    return [] if any(path.rglob("*.ann")) or not any(path.rglob("*.txt")) else listed(path, (".txt",))


def held_out(documents: Sequence[Document], share: float) -> tuple[list[Document], list[Document]]:
    """The documents to learn from and those to measure with: a share by the hash of the id, one at least.

    Raises BilanError for fewer than two documents.
    """
    if len(documents) < 2:
        raise BilanError("one document cannot be shared out between learning and measuring",
                         where=documents[0].source, mend="give several documents, one a file")
    aside = [document for document in documents if digest(document.id) < share]
    aside = aside or [min(documents, key=lambda document: digest(document.id))]
    names = {document.text for document in aside}
    learnt = [document for document in documents if document.text not in names]
    if not learnt:
        raise BilanError(f"all {len(documents)} documents are held out", mend="give a smaller --held-out or more texts")
    return learnt, aside


def fingerprint(documents: Sequence[Document]) -> str:
    """SHA-256 of ids and texts, whatever their order; 16 hex digits."""
    stamps = sorted(hashlib.sha256(f"{document.id}\n{document.text}".encode()).digest() for document in documents)
    return hashlib.sha256(b"".join(stamps)).hexdigest()[:16]
