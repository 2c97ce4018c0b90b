"""UIMA CAS, as XMI or JSON: what INCEpTION, WebAnno, DKPro, cTAKES and HeidelTime export. Read only.

XMI: https://uima.apache.org/d/uimaj-current/references.html#ugr.ref.xmi. JSON CAS 0.4:
https://github.com/apache/uima-uimaj-io-jsoncas (SPECIFICATION.adoc), and the older JSON of
uimaj-json (`_views`, `_referenced_fss`). Offsets count UTF-16 units. One document a sofa with text.

Every feature structure with an end in a sofa is a span, but for tokens, sentences, parts of speech
and other machinery (`STRUCTURE`), which are counted. Its label is the feature that carries the class
(`CLASSES`), else the short name of its type; the other features are attributes, references to spans
are relations. No type system is needed: XMI alone does not tell a number from a reference, so there
a reference is what points at links, or what the `TypeSystem.xml` beside the file calls one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

from ..document import Document, Span
from ..errors import BilanError
from ..offsets import ruler
from ..report import Report
from .names import listed
from .structures import POSITION, Structure, structures_of
from .tree import head as head_of
from .tree import unique

SUFFIXES = (".xmi", ".xml", ".json")
CLASSES = ("value", "label", "entity", "entitytype", "entity_type", "category", "class", "tag")
NORMALISED = re.compile(r"(?i)(timex|time|date|num|measure|quantity|money)")  # there `value` is no class
GENERIC = {"NamedEntity", "Entity", "Annotation"}  # types that say nothing beside the class
STRUCTURE = re.compile(r"\.(segmentation|lexmorph|syntax|metadata|transform)\.|(^|\.)(Token|Sentence|"
                       r"Paragraph|Lemma|Stem|POS|MorphologicalFeatures|Dependency|DocumentAnnotation|"
                       r"DocumentMetaData|TagsetDescription|SourceDocumentInformation)$")


def sniff(path: Path, head: bytes) -> bool:
    """Whether the file begins like an XMI with UIMA types, or like one of the two JSON forms."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        return b"http://www.omg.org/XMI" in head and b".ecore" in head
    keys = rb'[{\[]\s*(\{\s*)?"(%(TYPES|HEADER|FEATURE_STRUCTURES|VIEWS|ID)|_(context|views|referenced_fss))"'
    return bool(re.match(keys, start))


class Source(NamedTuple):
    """A file being read: its structures by id, where each stands, and what the caller wants of them."""

    file: Path
    structures: dict[str, Structure]
    where: dict[str, str]
    report: Report
    types: Sequence[str] | None
    feature: str | None


def read(path: Path, *, report: Report, annotator: str | None = None, types: Sequence[str] | None = None,
         feature: str | None = None) -> Iterator[Document]:
    """The documents of a file, or of all CAS files of a folder.

    Of a folder, `annotator` keeps the files of that name (INCEpTION names them so). `types` names the
    types that are spans (short or full names) instead of all but `STRUCTURE`; `feature` names the
    feature that is the label instead of `CLASSES`.
    """
    seen: set[str] = set()
    for file in listed(path, SUFFIXES):
        if path.is_dir() and not sniff(file, head_of(file)):
            report.note("skipped: not a CAS", where=file)
            continue
        if path.is_dir() and annotator not in (None, file.stem):
            report.note("skipped: file of another annotator", where=file)
            continue
        structures, where = structures_of(file, report=report)
        for document in _documents(Source(file, structures, where, report, types, feature)):
            yield unique(document, file, seen, report)


def _documents(source: Source) -> Iterator[Document]:
    """One document a sofa that has a text."""
    sofas = {id: s for id, s in source.structures.items() if s.name == "Sofa"}
    if not sofas:
        raise BilanError("no sofa, so no text", where=source.file, mend="export the document with its text")
    groups: dict[str, list[Structure]] = {id: [] for id in sofas}
    for structure in source.structures.values():
        if "end" in structure.features or structure.arc:
            groups[_sofa(structure, sofas, source)].append(structure)
    for id, sofa in sofas.items():
        if "sofaString" in sofa.features:
            yield _document(sofa, groups[id], source)
        elif groups[id]:
            raise BilanError(f"sofa {id} has annotations but no text", where=source.where[id],
                             mend="export the document with its text")
        else:
            source.report.note("skipped: sofa without text", where=source.where[id])


def _sofa(structure: Structure, sofas: dict[str, Structure], source: Source) -> str:
    sofa = structure.features.get("sofa", next(iter(sofas)) if len(sofas) == 1 else "")
    if sofa not in sofas:
        raise BilanError(f"annotation {structure.id} is of sofa {sofa or '(none)'}, which is missing",
                         where=source.where[structure.id], mend=f"sofas of the file: {', '.join(sofas)}")
    return sofa


def _document(sofa: Structure, group: list[Structure], source: Source) -> Document:
    text, view = sofa.features["sofaString"], sofa.features.get("sofaID", "_InitialView")
    meta = _meta(group)
    name = meta.pop("id", source.file.stem) + ("" if view == "_InitialView" else f".{view}")
    mentions = _mentions(group, text, meta, source)
    arcs = [structure for structure in group if structure.arc and _wanted(structure, source.types)]
    relations = _relations(mentions, arcs, source)
    pointed_at = {id for named in relations.values() for ids in named.values() for id in ids}
    spans = [Span(start, end, _label(source.structures[id], source.feature),
                  _plain(source.structures[id], source.feature)
                  | {name: " ".join(ids) for name, ids in relations.get(id, {}).items()}
                  | ({"id": id} if id in pointed_at else {}))
             for id, (start, end) in mentions.items()]
    return Document(name, text, tuple(spans), meta, str(source.file))


def _mentions(group: list[Structure], text: str, meta: dict[str, str],
              source: Source) -> dict[str, tuple[int, int]]:
    """Id → start and end of every span; what is said of the whole document is added to `meta`."""
    mentions: dict[str, tuple[int, int]] = {}
    places = ruler(text, "utf-16")
    for structure in group:
        where = source.where[structure.id]
        if not _wanted(structure, source.types):
            source.report.note(f"skipped: {structure.name} annotations", where=where)
        elif not structure.arc:
            start, end = _offsets(structure, places, where)
            label = _label(structure, source.feature)
            if not label:
                raise BilanError(f"annotation {structure.id} has neither type nor label", where=where,
                                 mend="export the document again")
            if start < end:
                mentions[structure.id] = start, end
            elif start == 0 and label == structure.name:  # INCEpTION anchors these at the first character
                meta |= _plain(structure, source.feature)
                source.report.note("moved: annotation of the whole document to meta", where=where)
            else:
                source.report.lose("dropped: empty span", where=where, example=label)
    return mentions


def _wanted(structure: Structure, types: Sequence[str] | None) -> bool:
    if types is not None:
        return structure.name in types or structure.type in types
    return not STRUCTURE.search(structure.type)


def _meta(group: Iterable[Structure]) -> dict[str, str]:
    """Title and language; the title, the name of the file annotated, is the id when there is one."""
    described = next((s.features for s in group if s.name == "DocumentMetaData"), {})
    title = described.get("documentTitle", "")
    language = described.get("language", "x-unspecified")
    return ({"id": title.replace("/", "_"), "title": title} if title else {}) | (
        {"language": language} if language != "x-unspecified" else {})


def _offsets(structure: Structure, places: Mapping[int, int], where: str) -> tuple[int, int]:
    begin, end = structure.features.get("begin", "0"), structure.features["end"]
    try:
        start, stop = int(begin), int(end)
    except ValueError as error:
        raise BilanError(f"offsets {begin[:20]!r}–{end[:20]!r} are not numbers", where=where) from error
    if not (start in places and stop in places and start <= stop):
        raise BilanError(f"{structure.name} {start}–{stop} leaves the text of {max(places)} UTF-16 units, "
                         "ends before it starts or cuts a character", where=where,
                         mend="export the document again")
    return places[start], places[stop]


def in_lower_case(features: Mapping[str, str]) -> dict[str, str]:
    """The features that have a value, by their names in lower case; of two, `value` comes before `vAlue`."""
    valued = sorted((name for name, value in features.items() if value), key=str.islower)
    return {name.lower(): name for name in valued}


def _class(structure: Structure, feature: str | None) -> str | None:
    """The name of the feature that carries the class, if any has a value."""
    if feature is not None:
        return feature if structure.features.get(feature) else None
    wanted = CLASSES[1:] if NORMALISED.match(structure.name) else CLASSES
    lowered = in_lower_case(structure.features)
    return next((lowered[name] for name in wanted if name in lowered), None)


def _label(structure: Structure, feature: str | None) -> str:
    return structure.features.get(_class(structure, feature) or "", structure.name)


def _plain(structure: Structure, feature: str | None) -> dict[str, str]:
    """The features that are neither position nor label, and the type where the label does not say it."""
    label = _class(structure, feature)
    layer = {"layer": structure.name} if label and structure.name not in GENERIC else {}
    return layer | {name: value for name, value in structure.features.items()
                    if name not in POSITION | {label} and value}


def _relations(mentions: dict[str, tuple[int, int]], arcs: list[Structure],
               source: Source) -> dict[str, dict[str, list[str]]]:
    """Span id → name of the relation → ids of the spans it goes to."""
    relations: dict[str, dict[str, list[str]]] = {}
    for structure, name, start, end in _edges(mentions, arcs, source):
        if start in mentions and end in mentions:
            relations.setdefault(start, {}).setdefault(name, []).append(end)
        else:
            source.report.lose("dropped: relation to what is no span", where=source.where[structure.id],
                               example=name)
    return relations


def _edges(mentions: Iterable[str], arcs: list[Structure],
           source: Source) -> Iterator[tuple[Structure, str, str, str]]:
    """Every relation: the structure that says it, its name, the ids of where it starts and ends."""
    for arc in arcs:
        tail, head = arc.arc or ("", "")
        for start, end in product(arc.references[tail], arc.references[head]):
            yield arc, _label(arc, source.feature), start, end
    for id in mentions:
        structure = source.structures[id]
        for name, ids in structure.references.items():
            for role, end in _targets(name, ids, source.structures):
                yield structure, f"{name}.{role}" if role in structure.features else role, id, end


def _targets(name: str, ids: Iterable[str], by_id: dict[str, Structure]) -> Iterator[tuple[str, str]]:
    """What a feature points at in the end, through arrays and links (whose role names the relation)."""
    waiting, seen = [(name, id) for id in ids], set()
    while waiting:
        role, id = waiting.pop(0)
        structure = by_id.get(id)
        if structure is None or "end" in structure.features or not structure.references:
            yield role, id
        elif id not in seen:
            seen.add(id)
            role = structure.features.get("role", role)
            waiting += [(role, target) for held in structure.references.values() for target in held]
