"""WebAnno TSV 3, the format of WebAnno and INCEpTION with one token a line (`tsv3.py` has its lines).

Every annotation of a span layer is a span, but for parts of speech, lemmas and their like. As in
`cas.py`, the label is the feature that carries the class, else the name of the layer; the other
features are attributes, relations between spans are attributes that hold an id. Slots and chains are
counted as lost, and so are annotations of no character.

Written: one file a document; tokens are our words, a span that cuts one makes a sub-token, spans may
nest and cross. Without attributes the layer is DKPro's NamedEntity, which INCEpTION has; with some it
is `webanno.custom.Entity` with a feature for each, which must be made there before the import. The
format cannot hold what stands before the first token, other than spaces: a header line of ours does.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from ..document import Document, Span
from ..errors import BilanError
from ..files import read_lines, replaced
from ..offsets import ruler
from ..report import Report
from ..sentences import sentences
from .cas import CLASSES, GENERIC, NORMALISED, STRUCTURE, in_lower_case
from .names import file_name, listed, without_nul
from .tokens import Offsets, gap, words
from .tsv3 import (
    BEFORE,
    NONE,
    NULL,
    Layer,
    Places,
    Unit,
    escape,
    escape_text,
    parse,
    stacked,
    text_of,
    unescape,
)

NER = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
CUSTOM = "webanno.custom.Entity"
FEATURE = re.compile(r"[^\W\d]\w*")
Rows = dict[Offsets, list[tuple[Span, str]]]


@dataclass
class Annotation:
    """One annotation of a span layer: where it is, the features that have a value."""

    layer: Layer
    start: int
    end: int
    features: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)


class Sheet(NamedTuple):
    """What is written of a document: its columns, tokens, parts of tokens and the spans on them."""

    text: str
    names: Sequence[str]
    offsets: Sequence[Offsets]
    rows: Rows
    parts: Sequence[Offsets]
    units: dict[int, int]  # code points → UTF-16 units


def sniff(path: Path, head: bytes) -> bool:
    """Whether the first line names the format."""
    return head.removeprefix(b"\xef\xbb\xbf").startswith(b"#FORMAT=WebAnno TSV")


def read(path: Path, *, report: Report) -> Iterator[Document]:
    """One document a file; of a folder, every `.tsv`, whose id is its name below the folder.

    Raises BilanError for malformed lines and for offsets that do not fit the text.
    """
    folder = path if path.is_dir() else path.parent
    for file in listed(path, (".tsv",)):
        lines = list(read_lines(file, report=report))
        if not lines:
            raise BilanError("empty file", where=file)
        layers, blocks = parse(lines, where=file)
        text, places = text_of(blocks, where=file, report=report)
        spans = _spans(layers, [unit for block in blocks for unit in block.units], places, file, report)
        name = "_".join(file.relative_to(folder).with_suffix("").parts)
        yield Document(name, text, tuple(spans), {}, str(file))


def _spans(layers: Iterable[Layer], units: Sequence[Unit], places: Places, file: Path,
           report: Report) -> list[Span]:
    """The spans of all span layers, with their relations."""
    at: dict[tuple[str, str, str], Annotation] = {}  # type of the layer, unit ("": any), number
    annotations: list[Annotation] = []
    relations: list[tuple[Layer, Unit, dict[str, tuple[str, str]]]] = []
    for layer in layers:
        for unit in units:
            for rank, values in enumerate(_stack(layer, unit)):
                if layer.kind == "T_CH":
                    report.lose("dropped: element of a chain", where=f"{file}:{unit.line}", example=unit.form)
                elif STRUCTURE.search(layer.type):
                    report.note(f"skipped: {layer.name} annotations", where=f"{file}:{unit.line}")
                elif layer.kind == "T_RL":
                    relations.append((layer, unit, values))
                else:
                    annotation = _annotation(layer, unit, rank, values, at, places)
                    if annotation:
                        annotations.append(annotation)
                    _count_slots(values, f"{file}:{unit.line}", report)
    ranks = {id(annotation): rank for rank, annotation in enumerate(annotations, 1)}
    for layer, unit, values in relations:
        _relate(layer, unit, values, at, ranks, f"{file}:{unit.line}", report)
    return [span for annotation in annotations for span in _span(annotation, file, report)]


def _stack(layer: Layer, unit: Unit) -> Iterator[dict[str, tuple[str, str]]]:
    """The annotations of a layer on a unit: feature → value, still escaped, and number."""
    cells = {name: stacked(cell) for name, cell in
             zip(layer.columns, unit.cells[layer.first:layer.first + len(layer.columns)], strict=True)}
    for rank in range(max(map(len, cells.values()))):
        yield {name: values[rank] for name, values in cells.items() if rank < len(values)}


def _annotation(layer: Layer, unit: Unit, rank: int, values: dict[str, tuple[str, str]],
                at: dict[tuple[str, str, str], Annotation], places: Places) -> Annotation | None:
    """The annotation when it begins on this unit; one that goes on is only made longer."""
    number = next((number for _, number in values.values() if number), "")
    start, end = places[unit.line]
    known = at.get((layer.type, "", number)) if number else None
    annotation = known or Annotation(layer, start, end)
    annotation.end = end
    annotation.features |= {name: unescape(value) for name, (value, _) in values.items()
                            if name and value != NULL and "." not in name}
    if number:
        at[layer.type, "", number] = at[layer.type, unit.id, number] = annotation
    at.setdefault((layer.type, unit.id, "0"), annotation)  # a reference without number means the first
    return None if known else annotation


def _count_slots(values: dict[str, tuple[str, str]], where: str, report: Report) -> None:
    for name, (value, _) in values.items():
        if name.startswith("ROLE_") and value not in (NULL, NONE):
            count = len(re.findall(r"(?<!\\);", value)) + 1
            report.lose("dropped: slot", where=where, example=value, count=count)


def _relate(layer: Layer, unit: Unit, values: dict[str, tuple[str, str]],
            at: dict[tuple[str, str, str], Annotation], ranks: dict[int, int], where: str,
            report: Report) -> None:
    """Turn a relation into an attribute of the span that it comes from."""
    base, (place, numbers) = next(((name, value) for name, value in values.items() if name.startswith("BT_")),
                                  ("", ("", "")))
    tail, _, head = (numbers or "0_0").partition("_")
    source = at.get((base.removeprefix("BT_"), place, tail))
    target = at.get((base.removeprefix("BT_"), unit.id, head))
    named = [unescape(value) for name, (value, _) in values.items() if name != base and value != NULL]
    if source is None or target is None:
        report.lose("dropped: relation to what is no span", where=where, example=" ".join(named))
        return
    name = named[0] if named else layer.name
    called = target.attributes.setdefault("id", f"a{ranks[id(target)]}")
    source.attributes[name] = " ".join(filter(None, [source.attributes.get(name), called]))


def _span(annotation: Annotation, file: Path, report: Report) -> list[Span]:
    lowered = in_lower_case(annotation.features)
    classes = CLASSES[1:] if NORMALISED.match(annotation.layer.name) else CLASSES
    carrier = next((lowered[name] for name in classes if name in lowered), None)
    label = annotation.features[carrier] if carrier else annotation.layer.name
    if annotation.start >= annotation.end:
        report.lose("dropped: empty span", where=file, example=label)
        return []
    layer = {"layer": annotation.layer.name} if carrier and annotation.layer.name not in GENERIC else {}
    rest = {name: value for name, value in annotation.features.items() if name != carrier}
    return [Span(annotation.start, annotation.end, label, layer | rest | annotation.attributes)]


def write(documents: Iterable[Document], path: Path, *, report: Report) -> None:
    """One file a document in a folder, or a single document in a file whose name ends in .tsv.

    Discontinuous spans, scores and headers are lost and reported, and so is white space at the edge
    of a span.
    """
    documents = without_nul(documents, "webanno")
    if path.suffix == ".tsv":
        one = list(documents)
        if len(one) != 1:
            raise BilanError(f"{len(one)} documents for one file", where=path,
                             mend="give a folder name, without .tsv")
        with replaced(path) as temporary:
            temporary.write_text(render(one[0], report=report), encoding="utf-8", newline="")
        return
    with replaced(path) as folder:
        folder.mkdir()
        for document in documents:
            target = folder / file_name(document.id, ".tsv", folder)
            target.write_text(render(document, report=report), encoding="utf-8", newline="")


def render(document: Document, *, report: Report | None = None) -> str:
    """The lines of a document."""
    report = report if report is not None else Report()
    names = _feature_names(document, report)
    header = f"#FORMAT=WebAnno TSV 3.3\n#T_SP={'|'.join([CUSTOM if names[1:] else NER, *names])}\n\n"
    offsets = words(document.text)
    rows = _rows(document, offsets, report)
    units = {place: unit for unit, place in ruler(document.text, "utf-16").items()}
    sheet = Sheet(document.text, names, offsets, rows, sorted(rows.keys() - set(offsets)), units)
    return header + "".join(_sentence(sheet, rank, tokens)
                            for rank, tokens in enumerate(_sentences(document.text, offsets), 1))


def _feature_names(document: Document, report: Report) -> list[str]:
    """The columns: the label as `value`, then the attributes; those that cannot be features are lost."""
    where = document.source or document.id
    names = {name: bool(FEATURE.fullmatch(name)) and name != "value"
             for span in document.spans for name in span.attributes}
    for span in document.spans:
        for name, value in span.attributes.items():
            if not names[name]:
                report.lose("dropped: attribute that cannot be a feature", where=where,
                            example=f"{name}={value}")
        if span.score is not None:
            report.lose("dropped: score", where=where, example=document.mention(span))
    if document.meta:
        report.lose("dropped: header of the document", where=where, example=", ".join(document.meta))
    return ["value", *sorted(name for name, fits in names.items() if fits)]


def _rows(document: Document, offsets: Sequence[Offsets], report: Report) -> Rows:
    """Where each token or part of one stands → the spans on it, with the number that tells them apart."""
    where = document.source or document.id
    on: dict[Offsets, list[int]] = {place: [] for place in offsets}
    for rank, span in enumerate(document.spans):
        first = bisect_right(offsets, span.start, key=lambda place: place[1])
        stop = bisect_left(offsets, span.end, key=lambda place: place[0])
        pieces = [(max(start, span.start), min(end, span.end)) for start, end in offsets[first:stop]]
        shown = repr(document.mention(span))
        if gap(document.text, span) or not pieces:
            cause = "discontinuous span" if pieces else "span of white space"
            report.lose(f"dropped: {cause}", where=where, example=shown)
            continue
        if (pieces[0][0], pieces[-1][1]) != (span.start, span.end):
            report.note("moved: white space left out at the edge of a span", where=where, example=shown)
        for piece in pieces:
            on.setdefault(piece, []).append(rank)
    units = Counter(rank for ranks in on.values() for rank in ranks)
    alone = {ranks[0] for ranks in on.values() if len(ranks) == 1 and units[ranks[0]] == 1}
    numbers = {rank: f"[{number}]" for number, rank in enumerate(sorted(units.keys() - alone), 1)}
    return {place: [(document.spans[rank], numbers.get(rank, "")) for rank in ranks]
            for place, ranks in on.items()}


def _sentences(text: str, offsets: Sequence[Offsets]) -> list[range]:
    """The tokens of each sentence; one sentence without tokens when the text shows none."""
    starts = [start for start, _ in offsets]
    breaks = sorted({bisect_left(starts, start) for start, _ in sentences(text)} | {0, len(offsets)})
    return [range(a, b) for a, b in pairwise(breaks)] or [range(0)]


def _sentence(sheet: Sheet, rank: int, tokens: range) -> str:
    """The text of a sentence, up to the first token of the next, and its tokens with their parts."""
    begin = sheet.offsets[tokens.start][0] if tokens else 0
    last = tokens.stop == len(sheet.offsets)
    body = sheet.text[begin:] if last else sheet.text[begin:sheet.offsets[tokens.stop][0]].removesuffix("\n")
    lines = ["", *(f"#Text={escape_text(line)}" for line in body.split("\n"))]
    if rank == 1 and sheet.text[:begin].strip(" "):
        lines.insert(1, BEFORE + escape_text(sheet.text[:begin]))
    for number, place in enumerate((sheet.offsets[i] for i in tokens), 1):
        parts = sheet.parts[bisect_left(sheet.parts, (place[0], 0)):bisect_left(sheet.parts, (place[1], 0))]
        for part, piece in enumerate([place, *parts]):
            id = f"{rank}-{number}" + f".{part}" * bool(part)
            at = f"{sheet.units[piece[0]]}-{sheet.units[piece[1]]}"
            cells = [_cell(sheet.rows[piece], name) for name in sheet.names]
            lines.append("\t".join([id, at, sheet.text[slice(*piece)], *cells, ""]))
    return "".join(f"{line}\n" for line in lines)


def _cell(spans: Sequence[tuple[Span, str]], name: str) -> str:
    values = [span.label if name == "value" else span.attributes.get(name) for span, _ in spans]
    return "|".join((NULL if value is None else escape(value)) + number
                    for value, (_, number) in zip(values, spans, strict=True)) or NONE
