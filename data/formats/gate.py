"""GATE documents: the XML of GATE Developer and the JSON (bdocjs) of its Python side. Read only.

GATE XML: https://gate.ac.uk/userguide/sec:corpora:formats (the text with numbered nodes, then sets of
annotations between nodes). bdocjs: https://gatenlp.github.io/python-gatenlp/ — one document a file,
or one a line; its `offset_type` says whether offsets count UTF-16 units (`j`) or code points (`p`).

The label is the annotation type, features are attributes, a named set is the attribute `set`.
Tokens, sentences, gazetteer look-ups and the set of original markup are counted and left out.
Coreference (`matches`) and relation sets are relations.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from operator import index
from pathlib import Path
from typing import Any, NamedTuple

from ..document import Document, Span
from ..errors import BilanError
from ..files import parse_json, read_lines, read_text
from ..offsets import ruler
from ..report import Report
from .names import listed
from .records import label
from .tree import children, line_numbers, local, parse_xml, unique
from .tree import head as head_of

SUFFIXES = (".xml", ".bdocjs", ".bdoc", ".json", ".jsonl")
STRUCTURE = {"Token", "SpaceToken", "Split", "Sentence", "Lookup", "DEFAULT_TOKEN", "paragraph", "Document"}
MARKUP = "Original markups"
ANNOTATION = rb"""<Annotation\s[^>]*?\bId\s*=\s*["']([^"']*)["']"""
Key = tuple[str, str]  # set and id: what names an annotation


class Annotation(NamedTuple):
    """An annotation of either form; offsets count code points."""

    id: str
    type: str
    start: int
    end: int
    features: dict[str, str]
    set: str
    where: str


class Content(NamedTuple):
    """A document of either form, before choosing what of it is a span."""

    name: str
    text: str
    meta: dict[str, Any]
    annotations: list[Annotation]
    relations: list[tuple[str, list[str]]]
    where: str


def sniff(path: Path, head: bytes) -> bool:
    """Whether the file is a GateDocument, or JSON with the keys of a bdoc."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        return b"<GateDocument" in head
    if not start.startswith(b"{"):
        return False
    keys = (b'"annotation_sets"', b'"offset_type"', b'"text"')
    return sum(key in head for key in keys) > 1 or (path.suffix == ".bdocjs" and keys[2] in head)


def read(path: Path, *, report: Report, annotator: str | None = None, types: Sequence[str] | None = None,
         sets: Sequence[str] | None = None) -> Iterator[Document]:
    """The documents of a file, or of all GATE files of a folder.

    `types` names the annotation types that are spans instead of all but `STRUCTURE`, `sets` the
    annotation sets (`""` is the default set) instead of all but the original markup; an `annotator`
    is a set.
    """
    sets = [annotator] if annotator is not None else sets
    seen: set[str] = set()
    for file in listed(path, SUFFIXES):
        head = head_of(file)
        if path.is_dir() and not sniff(file, head):
            report.note("skipped: not a GATE document", where=file)
            continue
        is_json = head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
        for content in _from_json(file, report) if is_json else [_from_xml(file, report)]:
            yield unique(_document(content, report, types, sets), file, seen, report)


def _document(content: Content, report: Report, types: Sequence[str] | None,
              sets: Sequence[str] | None) -> Document:
    found: list[Annotation] = []
    for annotation in content.annotations:
        if annotation.set not in sets if sets is not None else annotation.set == MARKUP:
            report.note(f"skipped: annotation set {annotation.set or '(default)'}", where=annotation.where)
        elif annotation.type not in types if types is not None else annotation.type in STRUCTURE:
            report.note(f"skipped: {annotation.type} annotations", where=annotation.where)
        elif not 0 <= annotation.start <= annotation.end <= len(content.text):
            raise BilanError(f"annotation {annotation.id} at {annotation.start}–{annotation.end} leaves the "
                             f"text of {len(content.text)} characters or ends before it starts",
                             where=annotation.where)
        elif annotation.start == annotation.end:
            report.lose("dropped: empty span", example=annotation.type, where=annotation.where)
        else:
            found.append(annotation)
    relations = _relations(content, found, report)
    spans = [Span(a.start, a.end, a.type,
                  {key: value for key, value in a.features.items() if key != "matches"}
                  | ({"set": a.set} if a.set else {}) | relations.get((a.set, a.id), {})) for a in found]
    return Document(content.name, content.text, tuple(spans), content.meta, content.where)


def _relations(content: Content, found: list[Annotation],
               report: Report) -> dict[Key, dict[str, str]]:
    """Attributes that point at other spans, and the `id` of the spans pointed at."""
    times = Counter(a.id for a in found)  # ids are unique in a GATE XML, only within a set in a bdoc
    names = {(a.set, a.id): a.id if times[a.id] == 1 else f"{a.set}.{a.id}" for a in found}
    result: dict[Key, dict[str, str]] = {}
    for start, name, ends in _edges(content, found):
        inside = [end for end in ends if end in names]
        if start not in names or len(inside) < len(ends):
            report.lose("dropped: relation to what is no span", where=content.where, example=name)
        if start in names and inside:
            held = result.setdefault(start, {})
            held[name] = " ".join([*held.get(name, "").split(), *(names[end] for end in inside)])
            for end in inside:
                result.setdefault(end, {})["id"] = names[end]
    return result


def _edges(content: Content, found: list[Annotation]) -> Iterator[tuple[Key, str, list[Key]]]:
    """Where each relation starts, its name and where it ends: coreference, then relation sets."""
    for a in found:
        if "matches" in a.features:
            others = [id for id in a.features["matches"].split() if id != a.id]
            yield (a.set, a.id), "matches", [(a.set, id) for id in others]
    sets = {a.id: a.set for a in found}
    for name, members in content.relations:
        keys = [(sets.get(member, ""), member) for member in members]
        yield keys[0], name, keys[1:]


# -- XML ---------------------------------------------------------------------------------------------

def _from_xml(file: Path, report: Report) -> Content:
    root, raw = parse_xml(file, report=report)
    if local(root.tag) != "GateDocument":
        raise BilanError(f"root element <{local(root.tag)}>, <GateDocument> expected", where=file)
    lines = line_numbers(raw, ANNOTATION)
    text, nodes = _text_and_nodes(root, file)
    found = [_from_element(element, holder.get("Name", ""), nodes,
                           f"{file}:{lines.get(element.get('Id'), 1)}")
             for holder in children(root, "AnnotationSet") for element in children(holder, "Annotation")]
    meta = {name: value for holder in children(root, "GateDocumentFeatures")
            for name, value in _features(holder).items()}
    relations = [(relation.get("Type", "relation"), re.split(r"[;,\s]+", relation.get("Members", "")))
                 for holder in children(root, "RelationSet") for relation in children(holder, "Relation")]
    return Content(file.stem, text, meta, found, relations, str(file))


def _text_and_nodes(root: Any, file: Path) -> tuple[str, dict[str, int]]:
    """The text, and where each node stands in it: node ids are names, only mostly offsets."""
    holder = next(children(root, "TextWithNodes"), None)
    if holder is None:
        raise BilanError("no <TextWithNodes>", where=file, mend="save the document again as GATE XML")
    pieces, nodes = [holder.text or ""], {}
    length = len(pieces[0])
    for node in holder:
        nodes[node.get("id", "")] = length
        pieces.append(node.tail or "")
        length += len(pieces[-1])
    return "".join(pieces), nodes


def _from_element(element: Any, set_name: str, nodes: dict[str, int], where: str) -> Annotation:
    edges = [element.get("StartNode"), element.get("EndNode")]
    missing = [edge for edge in edges if edge not in nodes]
    if missing or not element.get("Type"):
        raise BilanError(f"annotation {element.get('Id')} has no type or points at node {missing[:1]}, which "
                         "the text does not hold", where=where, mend="save the document again as GATE XML")
    return Annotation(element.get("Id", ""), element.get("Type"), nodes[edges[0]], nodes[edges[1]],
                      _features(element), set_name, where)


def _features(holder: Any) -> dict[str, str]:
    """Feature values as strings; a wrapped Java collection is the words in it."""
    features: dict[str, str] = {}
    for feature in children(holder, "Feature"):
        name, value = (next((child for child in children(feature, part)), None) for part in ("Name", "Value"))
        if name is not None and name.text and value is not None and value.text:
            wrapped = "ObjectWrapper" in value.get("className", "")
            words = re.sub(r"<[^>]*>", " ", value.text).split()
            features[name.text] = " ".join(words) if wrapped else value.text
    return features


# -- bdocjs ------------------------------------------------------------------------------------------

def _from_json(file: Path, report: Report) -> Iterator[Content]:
    """The document of a file, or of each line where the first line is a whole object."""
    first = next((line for _, line in read_lines(file) if line.strip()), "")
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        yield _from_record(parse_json(read_text(file, report=report), where=file), file.stem, str(file))
        return
    lines = ((number, line) for number, line in read_lines(file, report=report) if line.strip())
    for rank, (number, line) in enumerate(lines):
        where = f"{file}:{number}"
        yield _from_record(parse_json(line, where=where), f"{file.stem}-{rank}" if rank else file.stem, where)


def _from_record(record: Any, name: str, where: str) -> Content:
    try:
        text, sets = "".join(record["text"]), record.get("annotation_sets") or {}
        places = ruler(text, "utf-16" if record.get("offset_type", "j") == "j" else "code-points")
        found = [Annotation(str(entry["id"]), label(entry["type"]), *_offsets(entry, places),
                            _strings(entry.get("features") or {}), key, where)
                 for key, held in sets.items() for entry in held["annotations"]]
        meta = dict(record.get("features") or {})
        return Content(record.get("name") or name, text, meta, found, [], where)
    except BilanError as error:
        raise BilanError(error.what, where=where, mend=error.mend) from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BilanError(f"not a bdoc: {type(error).__name__} {error}", where=where,
                         mend="text, offset_type and annotation_sets are expected") from error


def _offsets(entry: dict[str, Any], places: dict[int, int]) -> tuple[int, int]:
    start, end = index(entry["start"]), index(entry["end"])
    if start not in places or end not in places:
        raise BilanError(f"annotation {entry['id']} at {start}–{end} leaves the text of {max(places)} or "
                         "cuts a character", mend="`offset_type`: j counts UTF-16 units, p code points")
    return places[start], places[end]


def _strings(features: dict[str, Any]) -> dict[str, str]:
    """Feature values as strings: scalars as JSON writes them, flat lists as words, the rest as JSON."""
    def string(value: Any) -> str:
        if isinstance(value, list) and not any(isinstance(v, list | dict) for v in value):
            return " ".join(map(string, value))
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return {key: string(value) for key, value in features.items() if value is not None}
