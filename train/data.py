"""What a training learns from: a dataset folder of ours, or any annotated documents.

Documents are shared out by id as `bilan-data build` does, unless `dev` and `test` name their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ..data.dataset import describe, description, documents_at, is_current, is_dataset, load_part, write_dataset
from ..data.document import Document, labels_of
from ..data.errors import BilanError
from ..data.formats import read
from ..data.policies import hull
from ..data.report import Report
from ..data.split import SIDES, split
from .examples import flat
from .settings import Settings

Parts = Mapping[str, Sequence[Document]]


class Data(NamedTuple):
    """The parts of a dataset, what `dataset.json` says of them, and the folder where they lie."""

    parts: Parts
    described: dict[str, Any]
    folder: Path | None


def gathered(settings: Settings, report: Report) -> Data:
    """Read the data that the settings name; `folder` is None when it is no dataset of ours yet.

    What may mislead is counted in the report. Raises BilanError for no data, documents that cannot be
    shared out, a train or dev side without documents or spans, and overlaps that no policy allows.
    """
    _check_exists(settings.data)
    if is_dataset(settings.data) and not settings.dev and not settings.test:
        data = Data({side: load_part(settings.data, side) for side in SIDES}, description(settings.data),
                    Path(settings.data))
    else:
        parts = {side: _held(part, settings.overlaps, report) for side, part in _parts(settings, report).items()}
        data = Data(parts, describe(parts), None)
    _check(data.parts, settings)
    _note(data.parts, report)
    return data


def _check_exists(path: str) -> None:
    place = Path(path)
    if not place.exists() or (place.is_dir() and not any(place.iterdir())):
        raise BilanError("no data here", where=path,
                         mend="name annotated documents, or make the dataset: bilan-data build SOURCE FOLDER")


def _parts(settings: Settings, report: Report) -> dict[str, list[Document]]:
    """The documents of each side, before any check."""
    named = {side: list(documents_at(path, side, report=report))
             for side, path in (("dev", settings.dev), ("test", settings.test)) if path}
    if is_dataset(settings.data):
        parts = {side: load_part(settings.data, side) for side in SIDES}
    else:
        parts = _shared_out(list(read(settings.data, report=report)), set(named), settings.data)
    return {side: named.get(side, parts[side]) for side in SIDES}


def _shared_out(documents: Sequence[Document], named: set[str], where: str) -> dict[str, list[Document]]:
    """The sides by id; what falls to a side that is named elsewhere, or to test without one, is train."""
    if not documents:
        raise BilanError("no document", where=where)
    if "dev" in named:
        return {"train": list(documents), "dev": [], "test": []}
    if len(documents) == 1:
        raise BilanError("one document cannot be shared out between train and dev", where=where,
                         mend="name others for dev: --dev PATH")
    sides = split(documents)
    parts = {side: [document for document in documents if sides[document.id] == side] for side in SIDES}
    if "test" in named:
        parts = {"train": parts["train"] + parts["test"], "dev": parts["dev"], "test": []}
    return parts


def _held(documents: Iterable[Document], overlaps: str, report: Report) -> list[Document]:
    """The documents as a dataset can hold them: a discontinuous span by its hull, if a policy allows."""
    return [document if overlaps == "error" else hull(document, report) for document in documents]


def _check(parts: Parts, settings: Settings) -> None:
    for side, named in (("train", settings.data), ("dev", settings.dev or settings.data)):
        if not parts[side]:
            total = sum(map(len, parts.values()))
            raise BilanError(f"no document falls to {side} (of {total}; look-alikes stay together)", where=named,
                             mend="name documents for dev: --dev PATH" if side == "dev" else "add documents")
        ids = Counter(document.id for document in parts[side])
        if len(ids) < len(parts[side]):
            raise BilanError(f"two documents of {side} have the id {ids.most_common(1)[0][0]!r}", where=named,
                             mend="make the ids unique")
        if not any(document.spans for document in parts[side]):
            raise BilanError(f"no span in the {len(parts[side])} documents of {side}", where=named,
                             mend="annotated documents are expected")
        flat(parts[side], overlaps=settings.overlaps, report=Report())
    fragmented = next((document for document in parts["test"] if any(span.fragments for span in document.spans)), None)
    if fragmented is not None:
        flat([fragmented], overlaps=settings.overlaps, report=Report())


def _note(parts: Parts, report: Report) -> None:
    known = set(labels_of(parts["train"]))
    for document in parts["dev"]:
        for span in document.spans:
            if span.label not in known:
                report.note(f"impossible: dev label {span.label} that train lacks, always missed",
                            where=document.id, example=document.mention(span))
    texts = {document.text: document.id for document in parts["train"]}
    for side in ("dev", "test"):
        for document in parts[side]:
            if document.text in texts:
                report.note(f"seen: {side} document with the text of a train document", where=document.id,
                            example=texts[document.text])


def settled(data: Data, folder: Path) -> Path:
    """The dataset folder of the data: its own, or `folder`, written if it is not there already."""
    if data.folder is not None:
        return data.folder
    if not is_current(folder, data.described):
        write_dataset(data.parts, data.described, folder)
    return folder
