"""The feature structures of a UIMA CAS, read from XMI or from either JSON form (see `cas`)."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import BilanError
from ..files import parse_json, read_text
from ..report import Report
from .tree import children, line_numbers, local, parse_xml
from .tree import head as head_of

ARCS = (("governor", "dependent"), ("source", "target"))
ALWAYS = {"governor", "dependent", "target", "elements"}  # features that are references in XMI
POSITION = {"sofa", "begin", "end"}
XMI_ID = rb"""xmi:id\s*=\s*["']([^"']*)["']"""
JSON_ID = rb'"%ID"\s*:\s*(-?\d+)'


class Structure(NamedTuple):
    """One feature structure: plain features as strings, references by the ids they point at."""

    id: str
    type: str
    features: dict[str, str]
    references: dict[str, list[str]]

    @property
    def name(self) -> str:
        """The type without its package."""
        return self.type.rpartition(".")[2]

    @property
    def arc(self) -> tuple[str, str] | None:
        """The names of the features that hold the two ends, when this is a relation."""
        names = {name.lower(): name for name in self.references}
        return next(((names[a], names[b]) for a, b in ARCS if a in names and b in names), None)


def structures_of(file: Path, *, report: Report) -> tuple[dict[str, Structure], dict[str, str]]:
    """All feature structures of a file by their ids, and where each stands (`file:line`)."""
    start = head_of(file).removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        root, raw = parse_xml(file, report=report)
        if local(root.tag) != "XMI":
            raise BilanError(f"root element <{local(root.tag)}>, <xmi:XMI> expected", where=file)
        found = [_from_element(element, rank) for rank, element in enumerate(root)]
        found = _with_references(found, _ranges(file, report))
        lines = line_numbers(raw, XMI_ID)
    else:
        text = read_text(file, report=report)
        found, lines = _from_json(parse_json(text, where=file), file), line_numbers(text.encode(), JSON_ID)
    where = {s.id: f"{file}:{lines[s.id]}" if s.id in lines else str(file) for s in found}
    if len(where) < len(found):
        twice = next(id for id, times in Counter(s.id for s in found).items() if times > 1)
        raise BilanError(f"two feature structures have the id {twice!r}", where=where[twice],
                         mend="export the document again")
    return {s.id: s for s in found}, where


# -- XMI ---------------------------------------------------------------------------------------------

def _from_element(element: Any, rank: int) -> Structure:
    """An XMI element; which features are references is not known yet. Arrays of strings are children."""
    namespace, _, name = element.tag.removeprefix("{").rpartition("}")
    package = re.sub(r"^http:///|\.ecore$", "", namespace).replace("/", ".")
    features = {local(key): value for key, value in element.attrib.items()}
    for child in element:
        value = child.text or ""
        features[local(child.tag)] = " ".join(filter(None, (features.get(local(child.tag)), value)))
    full = name if package in {"", "uima.noNamespace"} else f"{package}.{name}"
    return Structure(features.pop("id", f"#{rank}"), full, features, {})


def _with_references(structures: list[Structure], ranges: dict[str, dict[str, str]]) -> list[Structure]:
    """Move the features that point at structures to `references`.

    Where no type system tells, a feature is one if every value that it has points at links or arrays.
    """
    known = {s.id for s in structures}
    links = {s.id for s in structures
             if s.type == "uima.cas.FSArray" or ("target" in s.features and "end" not in s.features)}
    values: dict[tuple[str, str], list[str]] = {}
    for structure in structures:
        for name in structure.features.keys() - POSITION:
            values.setdefault((structure.type, name), []).extend(structure.features[name].split() or [""])
    pointing = {key for key, ids in values.items() if known.issuperset(ids) and (
        _refers(ranges[key[0]][key[1]]) if key[1] in ranges.get(key[0], {})
        else key[1].lower() in ALWAYS or links.issuperset(ids))}
    for structure in structures:
        for name in [name for name in structure.features if (structure.type, name) in pointing]:
            structure.references[name] = structure.features.pop(name).split()
    return structures


def _refers(range_type: str) -> bool:
    """Whether a declared range is a structure (or an array of them), not a string or number."""
    return (not range_type.startswith("uima.cas.") or "FS" in range_type
            or range_type in ("uima.cas.TOP", "uima.cas.AnnotationBase"))


def _ranges(file: Path, report: Report) -> dict[str, dict[str, str]]:
    """Type → feature → range, inherited ones too, from the type system beside an XMI file."""
    described = next((f for f in sorted(file.parent.glob("*.xml")) if "typesystem" in f.name.lower()), None)
    if described is None:
        return {}
    own: dict[str, dict[str, str]] = {}
    parents: dict[str, str] = {}
    for node in parse_xml(described, report=report)[0].iter():
        if local(node.tag) == "typeDescription":
            name, parents[name] = _text(node, "name"), _text(node, "supertypeName")
            own[name] = {_text(f, "name"): _text(f, "rangeTypeName") for part in children(node, "features")
                         for f in children(part, "featureDescription")}
    return {name: {feature: range_type for ancestor in reversed(_ancestry(name, parents))
                   for feature, range_type in own.get(ancestor, {}).items()} for name in own}


def _ancestry(name: str, parents: dict[str, str]) -> list[str]:
    line = [name]
    while line[-1] in parents and parents[line[-1]] not in line:
        line.append(parents[line[-1]])
    return line


def _text(node: Any, name: str) -> str:
    return next((child.text or "" for child in children(node, name)), "").strip()


# -- JSON --------------------------------------------------------------------------------------------

def _from_json(value: Any, file: Path) -> list[Structure]:
    """The structures of a JSON CAS, 0.4 or older; BilanError for any other JSON."""
    try:
        old = isinstance(value, dict) and ("_views" in value or "_referenced_fss" in value)
        return _from_old_json(value) if old else _from_new_json(value)
    except (TypeError, AttributeError, KeyError, ValueError, IndexError, RecursionError) as error:
        raise BilanError(f"not a JSON CAS: {type(error).__name__} {error}", where=file,
                         mend="%FEATURE_STRUCTURES with %ID and %TYPE are expected") from error


def _from_new_json(value: Any) -> list[Structure]:
    """JSON CAS 0.4; its structures are a list, a map by id, or the whole file."""
    entries = value if isinstance(value, list) else value["%FEATURE_STRUCTURES"]
    if isinstance(entries, dict):
        entries = [{"%ID": id, **entry} for id, entry in entries.items()]
    arrays = {str(entry["%ID"]): entry["%ELEMENTS"] for entry in entries
              if entry["%TYPE"] != "uima.cas.FSArray" and isinstance(entry.get("%ELEMENTS"), list)
              and str(entry["%TYPE"]).startswith("uima.cas.")}
    return [_from_entry(str(entry["%ID"]), str(entry["%TYPE"]), entry, arrays) for entry in entries]


def _from_entry(id: str, type_name: str, entry: dict[str, Any], arrays: dict[str, list[Any]]) -> Structure:
    """A structure of JSON CAS 0.4: `@` marks references, `^` anchors, `#` special numbers.

    A reference to one of the `arrays` of strings or numbers is a feature with these words.
    """
    pointed = {key[1:]: str(value) for key, value in entry.items() if key[0] == "@" and value}
    references = {name: [target] for name, target in pointed.items() if target not in arrays}
    if id not in arrays and entry.get("%ELEMENTS"):
        references["elements"] = [str(element) for element in entry["%ELEMENTS"] if element]
    features = {key.lstrip("^#"): plain(value) for key, value in entry.items()
                if key[0] not in "@%" and value is not None}
    features |= {name: " ".join(plain(word) for word in arrays[target] if word is not None)
                 for name, target in pointed.items() if target in arrays}
    if "sofa" in references:
        features["sofa"] = references.pop("sofa")[0]
    return Structure(id, type_name, features, references)


def _from_old_json(value: dict[str, Any]) -> list[Structure]:
    """uimaj-json: types are keys, ids stand only where something refers to them, zeros are left out."""
    long_names = {short: entry["_id"] for short, entry in value.get("_context", {}).get("_types", {}).items()}
    entries = [(id, entry["_type"], entry) for id, entry in value.get("_referenced_fss", {}).items()]
    for view in value.get("_views", {}).values():
        entries += [(f"{name}-{rank}", name, entry) for name, members in view.items()
                    for rank, entry in enumerate(members) if isinstance(entry, dict)]
    structures: list[Structure] = []
    for id, name, entry in entries:  # which grows: structures inside others are appended
        inner = {key: [v for v in (given if isinstance(given, list) else [given]) if isinstance(v, dict)]
                 for key, given in entry.items()}
        references = {key: [f"{id}.{key}.{rank}" for rank in range(len(held))]
                      for key, held in inner.items() if held}
        entries += [(f"{id}.{key}.{rank}", part.get("_type", key), part)
                    for key, held in inner.items() for rank, part in enumerate(held)]
        features = {key: " ".join(map(plain, given)) if isinstance(given, list) else plain(given)
                    for key, given in entry.items() if key[:1] != "_" and key not in references}
        structures.append(Structure(str(id), str(long_names.get(name, name)), features, references))
    return _with_references(structures, {})


def plain(value: Any) -> str:
    """A JSON scalar as UIMA writes it.

    >>> plain(True)
    'true'
    """
    return str(value).lower() if isinstance(value, bool) else str(value)
