"""Every annotation format becomes Documents at the door: one file a format, one table of them.

Each module has `read(path, *, report) -> Iterator[Document]`, `sniff(path, head) -> bool` and, where
the format is written, `write(documents, path, *, report)`. `read` and `write` here choose among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from ..document import Document
from ..errors import BilanError
from ..files import os_error
from ..half import is_half
from ..report import Report

HEAD = 65_536  # bytes that a sniffer sees of a file


class Format(NamedTuple):
    """One row of the table: name, what it is, whether it can be written, where it is specified."""

    name: str
    what: str
    writes: bool
    source: str


# Ordered: the first whose `sniff` accepts a file is its format, so the strictest come first.
FORMATS = (
    Format("prodigy", "Prodigy tasks, JSONL", True, "https://prodi.gy/docs/api-interfaces"),
    Format("jsonl", "one Document a line, lossless (ours)", True, "data/formats/jsonl.py"),
    Format("labelstudio", "Label Studio tasks, JSON and JSON_MIN", True, "https://labelstud.io/guide/task_format"),
    Format("gliner", "GLiNER training data, JSON", False, "https://github.com/urchade/GLiNER"),
    Format("popcorn", "POPCORN reports, JSON", False, "https://github.com/Emvista/popcorn-dataset"),
    Format("spacy", "spaCy DocBin (v3), JSON and tuples (v2)", True, "https://spacy.io/api/docbin"),
    Format("huggingface", "Hugging Face dataset folder, parquet", True, "https://huggingface.co/docs/datasets"),
    Format("doccano", "doccano JSONL, old and new", True, "https://github.com/doccano/doccano"),
    Format("cas", "UIMA CAS: XMI and JSON (INCEpTION, DKPro, cTAKES)", False,
           "https://github.com/apache/uima-uimaj-io-jsoncas/blob/main/SPECIFICATION.adoc"),
    Format("gate", "GATE XML and bdocjs", False, "https://gate.ac.uk/userguide/sec:corpora:formats"),
    Format("tei", "TEI P5: persName, placeName, date, num … in the text", False,
           "https://tei-c.org/release/doc/tei-p5-doc/en/html/ND.html"),
    Format("webanno", "WebAnno TSV 3 (INCEpTION, WebAnno)", True,
           "https://github.com/inception-project/inception/tree/main/inception/inception-io-webanno-tsv"),
    Format("brat", "brat standoff: .txt and .ann", True, "https://brat.nlplab.org/standoff.html"),
    Format("conll", "CoNLL-2003, CoNLL-U Plus, HIPE TSV: one token a line with its tag", True,
           "https://aclanthology.org/W03-0419"),
    Format("markup", "links in the text: \\[text](LABEL key=value) (ours, EDS-NLP)", True, "data/GUIDE.md"),
)
NAMES = tuple(format.name for format in FORMATS)


def markdown_table() -> str:
    """The table of formats as Markdown, for the README.

    >>> markdown_table().splitlines()[0]
    '| format | what | read | written |'
    """
    rows = [f"| `{row.name}` | [{row.what}]({row.source}) | yes | {'yes' if row.writes else 'no'} |" for row in FORMATS]
    return "\n".join(["| format | what | read | written |", "|---|---|---|---|", *rows])


def module(name: str) -> ModuleType:
    """The module that reads a format; BilanError lists the names when it is unknown."""
    if name not in NAMES:
        raise BilanError(f"unknown format {name!r}", mend=f"formats: {', '.join(NAMES)}")
    return import_module(f".{name.replace('-', '_')}", __name__)


def read(path: str | Path, *, format: str | None = None, report: Report | None = None) -> Iterator[Document]:
    """The documents of a file or folder, one at a time, in the given or the detected format.

    >>> next(read("data/corpus/seed-0001.md")).id      # doctest: +SKIP
    'seed-0001'
    """
    path = Path(path)
    yield from module(format or detect(path)).read(path, report=report if report is not None else Report())


def write(documents: Iterable[Document], path: str | Path, *, format: str,
          report: Report | None = None, **options: str) -> None:
    """Write documents in a format; nothing appears at `path` unless all of them were written.

    `options` are the format's own (conll: `scheme`).
    """
    row = next((row for row in FORMATS if row.name == format), None)
    if row is not None and not row.writes:
        raise BilanError(f"format {format!r} is read only",
                         mend=f"written: {', '.join(f.name for f in FORMATS if f.writes)}")
    told = report if report is not None else Report()
    module(format).write(documents, Path(path), report=told, **options)


def detect(path: str | Path) -> str:
    """The name of the format of a file or folder, decided by content; BilanError when none fits."""
    path = Path(path)
    probes = _probes(path)
    for name in NAMES:
        sniff = module(name).sniff
        if any(sniff(probe, head) for probe, head in probes):
            return name
    raise BilanError("no known annotation format", where=path,
                     mend=f"name it with --from ({', '.join(NAMES)})")


def _probes(path: Path) -> list[tuple[Path, bytes]]:
    """The file with its first bytes, or some files of the folder, README files last."""
    try:
        if not path.is_dir():
            return [(path, _head(path))]
        files = sorted((file for file in path.rglob("*")
                        if file.is_file() and not is_half(file.relative_to(path))),
                       key=lambda file: (file.stem.upper() == "README", file.name.startswith("."), file))
        if not files:
            raise BilanError("empty folder", where=path)
        return [(path, b""), *((file, _head(file)) for file in files[:20])]
    except OSError as error:
        raise os_error(error, path) from error


def _head(path: Path) -> bytes:
    with open(path, "rb") as stream:
        return stream.read(HEAD)
