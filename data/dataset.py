"""The dataset that training reads: three parquet files of documents, and what they are made of.

| column | type | what |
|---|---|---|
| `id` | string | document id |
| `text` | string | the article to the letter |
| `spans` | list of {start, end, label, attributes} | half-open character offsets; attributes as JSON |
| `tokens` | list of string | words of the text, for tools that want tokens |
| `ner_tags` | list of ClassLabel | IOB2 tag of each word; spans that words cannot carry are counted |
| `meta` | string | the article's header as JSON |

`dataset.json` beside them holds labels, fingerprint, guide version, sizes and spans per label and split;
`complete.json` the digests of all, by which a damaged file is known.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from .document import Document, Span, labels_of
from .errors import BilanError
from .extras import absent
from .files import os_error, parse_json, replaced
from .formats import read
from .formats.jsonl import to_record
from .formats.tokens import words
from .half import sweep
from .labels import in_order, tags_of
from .report import Report
from .seal import harmed, seal, whole
from .split import DEV, SIDES, split

LAYOUT = 1  # of the folder; raised when its columns change, so that an old one is built again


def build(source: str | Path, output: str | Path, *, format: str | None = None, dev: float = DEV,
          report: Report | None = None) -> tuple[dict[str, Any], bool]:
    """Build the dataset of the documents at `source`; its description, and whether it was written.

    `dev` is the share of ids that are dev, 0.15 or less; what leaves it joins train. A dataset at `output` with
    the same fingerprint is left as it is. Raises BilanError for unreadable documents, two with one id, none at all.
    """
    documents = list(read(source, format=format, report=report))
    if not documents:
        raise BilanError("no document", where=source)
    sides = split(documents, dev=dev)
    parts = {side: [d for d in documents if sides[d.id] == side] for side in SIDES}
    described = describe(parts)
    if is_current(output, described):
        sweep(Path(output))
        return described, False
    write_dataset(parts, described, output)
    return described, True


def describe(parts: Mapping[str, Sequence[Document]]) -> dict[str, Any]:
    """What `dataset.json` says of the parts of a dataset."""
    documents = [document for part in parts.values() for document in part]
    return {
        "layout": LAYOUT,
        "fingerprint": fingerprint(parts),
        "guide": guide_version(),
        "labels": in_order(labels_of(documents)),
        "splits": {side: sizes(part) for side, part in parts.items()},
    }


def sizes(documents: Sequence[Document]) -> dict[str, Any]:
    """Documents, words, spans and spans per label, and the spans that words cannot carry."""
    counts = Counter(span.label for document in documents for span in document.spans)
    return {
        "documents": len(documents),
        "words": sum(len(document.text.split()) for document in documents),
        "spans": counts.total(),
        "labels": {label: counts[label] for label in in_order(counts)},
        "cut_words": sum(len(word_tags(document)[1]) for document in documents),
    }


def fingerprint(parts: Mapping[str, Sequence[Document]]) -> str:
    """SHA-256 of the documents, their sides, the layout and the guide's version; 16 hex digits."""
    digest = hashlib.sha256(f"{LAYOUT} {guide_version()}".encode())
    for side, documents in parts.items():
        for document in sorted(documents, key=lambda document: document.id):
            digest.update(f"{side} {json.dumps(to_record(document), sort_keys=True)}\n".encode())
    return digest.hexdigest()[:16]


def guide_version() -> str:
    """The version that the annotation guide states of itself."""
    guide = (files("bilan.data") / "GUIDE.md").read_text(encoding="utf-8")
    return found[1] if (found := re.search(r"^Version ([\d.]+\d)", guide, re.M)) else ""


def word_tags(document: Document) -> tuple[list[str], list[Span]]:
    """The IOB2 tag of each word of a document, and the spans whose edges no word has."""
    offsets = words(document.text)
    starts = {start: row for row, (start, _) in enumerate(offsets)}
    ends = {end: row for row, (_, end) in enumerate(offsets)}
    tags = ["O"] * len(offsets)
    lost: list[Span] = []
    for span in document.spans:
        first, last = starts.get(span.start), ends.get(span.end)
        if first is None or last is None or any(tag != "O" for tag in tags[first:last + 1]):
            lost.append(span)
        else:
            tags[first:last + 1] = [f"B-{span.label}"] + [f"I-{span.label}"] * (last - first)
    return tags, lost


def write_dataset(parts: Mapping[str, Sequence[Document]], described: Mapping[str, Any],
                  output: str | Path) -> None:
    """Write the folder whole or not at all."""
    try:
        from datasets import Dataset
        from datasets.utils.logging import disable_progress_bar
    except ImportError as error:
        raise absent(error, "building a dataset", where=output) from error

    disable_progress_bar()
    features = _features(described["labels"])
    with replaced(Path(output)) as folder:
        folder.mkdir()
        for side, documents in parts.items():
            rows = [_row(document) for document in documents]
            columns = {name: [row[name] for row in rows] for name in features}
            Dataset.from_dict(columns, features=features).to_parquet(folder / f"{side}.parquet")
        text = json.dumps(described, ensure_ascii=False, indent=1)
        (folder / "dataset.json").write_text(text + "\n", encoding="utf-8")
        seal(folder)


def _features(labels: Sequence[str]) -> Any:
    from datasets import ClassLabel, Features, List, Value

    span = {"start": Value("int32"), "end": Value("int32"), "label": Value("string"),
            "attributes": Value("string")}
    return Features({"id": Value("string"), "text": Value("string"), "spans": List(span),
                     "tokens": List(Value("string")), "ner_tags": List(ClassLabel(names=tags_of(labels))),
                     "meta": Value("string")})


def _row(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "text": document.text,
        "spans": [{"start": span.start, "end": span.end, "label": span.label,
                   "attributes": json.dumps(dict(span.attributes), ensure_ascii=False)}
                  for span in document.spans],
        "tokens": [document.text[start:end] for start, end in words(document.text)],
        "ner_tags": word_tags(document)[0],
        "meta": json.dumps(dict(document.meta), ensure_ascii=False),
    }


def is_current(output: str | Path, described: Mapping[str, Any]) -> bool:
    """Whether a whole dataset with this description is already there, every file as it was written."""
    folder = Path(output)
    try:
        present = json.loads((folder / "dataset.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return present == described and whole(folder)


def is_dataset(path: str | Path) -> bool:
    """Whether the path is a dataset folder of ours."""
    return (Path(path) / "dataset.json").is_file()


def description(folder: str | Path) -> dict[str, Any]:
    """What `dataset.json` of a dataset folder says; BilanError when it is not one."""
    path = Path(folder) / "dataset.json"
    try:
        return parse_json(path.read_text(encoding="utf-8"), where=path)
    except OSError as error:
        raise BilanError("not a dataset of ours (no dataset.json)", where=folder,
                         mend="make one: bilan-data build SOURCE FOLDER") from error


def load_part(folder: str | Path, side: str) -> list[Document]:
    """The documents of one split of a dataset folder; BilanError where its file is damaged.

    >>> len(load_part("runs/dataset", "test"))      # doctest: +SKIP
    93
    """
    path = Path(folder) / f"{side}.parquet"
    if harmed(path):
        raise BilanError("damaged parquet file (not as it was written)", where=path, mend="build the dataset again")
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise absent(error, "reading a dataset", where=path) from error
    try:
        table = parquet.read_table(path, columns=["id", "text", "spans", "meta"])
    except ArrowException as error:
        raise BilanError(f"damaged parquet file ({error})", where=path,
                         mend="build the dataset again") from error
    except OSError as error:
        raise os_error(error, path) from error
    try:
        return [_document(row, path) for row in table.to_pylist()]
    except (UnicodeDecodeError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise BilanError(f"damaged parquet file ({error})", where=path, mend="build the dataset again") from error


def _document(row: Mapping[str, Any], path: Path) -> Document:
    spans = (Span(span["start"], span["end"], span["label"], json.loads(span["attributes"]))
             for span in row["spans"])
    return Document(row["id"], row["text"], tuple(spans), json.loads(row["meta"]), f"{path}:{row['id']}")


def documents_at(path: str | Path, side: str, *, report: Report | None = None) -> Iterable[Document]:
    """One side of a dataset folder, or every document of any other annotated path."""
    if is_dataset(path):
        return load_part(path, side)
    return list(read(path, report=report))
