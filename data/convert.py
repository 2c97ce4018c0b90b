"""Any annotation format to any other, one document at a time, every change counted.

Reader → label map → discontinuous → misaligned → overlaps (`policies`) → writer. What is dropped or
moved by a policy that the caller chose is noted; what is lost otherwise, by the reader or because the
target cannot hold it, is a loss.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from . import formats, policies
from .document import Document
from .errors import BilanError
from .report import Report

SUFFIXES = {".md": "markup", ".jsonl": "jsonl", ".conll": "conll", ".spacy": "spacy",
            ".parquet": "huggingface", ".ann": "brat"}
LOST_SPAN = re.compile(r"dropped: (?!relation|attribute|score|note).*\bspan\b")  # how writers say it

DISCONTINUOUS = {"keep": None, "error": policies.refuse_fragments, "hull": policies.hull,
                 "split": policies.split}
MISALIGNED = {"keep": None, "error": policies.refuse_misaligned, "expand": policies.expand,
              "drop": policies.drop_misaligned}
OVERLAPS = {"keep": None, "error": policies.refuse_overlaps, "crossing": policies.refuse_crossing,
            "longest": policies.longest, "first": policies.first}


class Holds(NamedTuple):
    """What a target can hold: overlaps (`none`, `nested`, `any`), and spans in fragments.

    Spans that cut a word need no entry: every writer cuts its tokens at the edges of spans.
    """

    overlaps: str
    discontinuous: bool


TARGETS = {
    "jsonl": Holds("any", True),
    "markup": Holds("nested", False),
    "brat": Holds("any", True),
    "conll": Holds("none", False),
    "webanno": Holds("any", False),
    "doccano": Holds("any", False),
    "labelstudio": Holds("any", False),
    "prodigy": Holds("any", False),
    "spacy": Holds("any", False),
    "huggingface": Holds("any", True),
}


def convert(source: str | Path, target: str | Path, *, from_: str | None = None, to: str | None = None,
            labels: Mapping[str, str] | None = None, overlaps: str | None = None,
            discontinuous: str | None = None, misaligned: str | None = None,
            annotator: str | None = None, scheme: str | None = None, strict: bool = False) -> Report:
    """Read `source`, write `target`; the report counts documents, spans and every change by cause.

    The formats default to what the content of `source` and the suffix of `target` say. `labels` maps
    old labels to new ones (`""` drops the spans; labels that are not in it stay). A policy left at
    None keeps what the target can hold and raises on the rest; named, it applies to every document:

    - `overlaps`: `error`; `longest` or `first` to begin stays; `keep` (the writer counts its losses)
    - `discontinuous`: `error`; `hull` from first to last character; `split` into one span a fragment
    - `misaligned`, a span that cuts a word or has white space at an edge: `error`; `expand` to whole
      words, without the white space; `drop`

    `annotator` chooses one where the source has several; `scheme` is that of the tags of a conll
    target (IOB2, or BILOU). `strict` raises if anything is lost or
    mended, for which it converts twice, first into a temporary folder. Raises BilanError, and then
    leaves `target` as it was.

    >>> convert("articles/", "articles.jsonl").counts["documents read"]      # doctest: +SKIP
    694
    """
    source, target = Path(source), Path(target)
    to = to or _named_by(target)
    _check_target(target, to)
    if scheme and to != "conll":
        raise BilanError(f"format {to!r} has no tag scheme", where=target, mend="leave --scheme out")
    options = {"scheme": scheme} if scheme else {}
    from_ = from_ or formats.detect(source)
    steps = _steps(to, labels or {}, overlaps, discontinuous, misaligned)

    def write(path: Path) -> Report:
        reading, writing = Report(), Report()
        documents = _changed(_read(source, from_, annotator, reading), steps, reading)
        formats.write(documents, path, format=to, report=writing, **options)
        return _total(reading, writing)

    if strict:
        _refuse_changes(_rehearsed(write, target))
    report = write(target)
    _note_unused(labels or {}, report)
    return report


def _named_by(target: Path) -> str:
    if target.suffix not in SUFFIXES:
        raise BilanError("the name does not say which format to write", where=target,
                         mend=f"name it with --to, or end the file in {', '.join(SUFFIXES)}")
    return SUFFIXES[target.suffix]


def _check_target(target: Path, to: str) -> None:
    if not any(row.name == to and row.writes for row in formats.FORMATS):
        raise BilanError(f"format {to!r} cannot be written",
                         mend=f"written: {', '.join(row.name for row in formats.FORMATS if row.writes)}")
    if target.is_dir() and any(target.iterdir()):
        raise BilanError("the folder exists and is not empty", where=target,
                         mend="give another name, or remove it first")


def _read(source: Path, name: str, annotator: str | None, report: Report) -> Iterator[Document]:
    reader = formats.module(name).read
    if annotator is None:
        return reader(source, report=report)
    if "annotator" not in inspect.signature(reader).parameters:
        raise BilanError(f"format {name!r} has no annotators", where=source, mend="leave --annotator out")
    return reader(source, report=report, annotator=annotator)


def _steps(to: str, labels: Mapping[str, str], overlaps: str | None, discontinuous: str | None,
           misaligned: str | None) -> list[policies.Policy]:
    """What is done to each document, in order; nothing where the target holds everything as it is."""
    _check_policies(overlaps=overlaps, discontinuous=discontinuous, misaligned=misaligned)
    holds = TARGETS.get(to, Holds("none", False))
    refuse = {"none": "error", "nested": "crossing", "any": "keep"}[holds.overlaps]
    chosen = (DISCONTINUOUS[discontinuous or ("keep" if holds.discontinuous else "error")],
              MISALIGNED[misaligned or "keep"],
              OVERLAPS[overlaps or refuse])
    mapping = [lambda document, report: policies.map_labels(document, labels, report)] if labels else []
    return [*mapping, *(step for step in chosen if step is not None)]


def _check_policies(**chosen: str | None) -> None:
    for name, value in chosen.items():
        known = getattr(policies, name.upper())
        if value is not None and value not in known:
            raise BilanError(f"unknown policy {value!r}", where=f"--{name}",
                             mend=f"expected {', '.join(known)}")


def _changed(documents: Iterable[Document], steps: Sequence[policies.Policy],
             report: Report) -> Iterator[Document]:
    for document in documents:
        report.note("documents read")
        report.note("spans read", count=len(document.spans))
        for step in steps:
            document = step(document, report)
        report.note("documents written")
        report.note("spans written", count=len(document.spans))
        yield document


def _rehearsed(write: Callable[[Path], Report], target: Path) -> Report:
    """The report of a conversion into a folder that is thrown away."""
    with TemporaryDirectory() as folder:
        try:
            return write(Path(folder) / target.name)
        except BilanError as error:
            where = target if error.where.startswith(folder) else error.where
            raise BilanError(error.what, where=where, mend=error.mend) from error


def _refuse_changes(report: Report) -> None:
    mended = {cause: count for cause, count in report.counts.items() if cause.startswith("mended:")}
    changes = {**report.losses, **mended}
    if changes:
        shown = next((shown for cause in changes for shown in report.examples.get(cause, [])), "")
        raise BilanError(f"not without change: {', '.join(f'{cause} ({n})' for cause, n in changes.items())}",
                         where=shown, mend="leave --strict out to accept it")


def _note_unused(labels: Mapping[str, str], report: Report) -> None:
    for label in labels:
        if not any(cause.startswith(f"mapped: {label} → ") for cause in report.counts):
            report.note("unused: label of the map that no span has", example=label)


def _total(reading: Report, writing: Report) -> Report:
    """Both reports in one; spans that the writer lost are not written."""
    total = Report()
    for report in (reading, writing):
        total.counts.update(report.counts)
        total.losses.update(report.losses)
        for cause, shown in report.examples.items():
            total.examples[cause] = [*total.examples.get(cause, []), *shown][:total.keep]
    total.counts["spans written"] -= sum(count for cause, count in writing.losses.items()
                                         if LOST_SPAN.match(cause))
    return total
