"""brat standoff: one text file a document, its annotations beside it (.txt and .ann, or .a1 and .a2).

Read from https://brat.nlplab.org/standoff.html: text-bound annotations (T), attributes (A, M),
relations (R, *), events (E), notes (#), normalisations (N). A binary attribute has the value `true`,
an AnnotatorNotes note is the attribute `note`; relations, equivalences and event roles are attributes
whose value is the `id` of another span, and an event whose type differs from the label of its trigger
is the attribute `event`. brat cuts a span at each line break: such fragments are joined again when
read, and spans are cut so when written. Offsets may follow any convention of `data/offsets.py`, as
long as the mentions stored beside them tell which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..document import Document, Span
from ..errors import BilanError
from ..files import read_bytes, read_lines, read_text, replaced
from ..offsets import OURS, Mention, best_convention, ruler, shows
from ..report import Report
from .names import file_name, listed, without_nul
from .standoff import ID, LINES, NOTE, Bound, Line, bounds_of, facts_of, split_bound

ANNOTATIONS = (".ann", ".a1", ".a2")
LINE_BREAK = re.compile(r"\s*[\r\n]\s*")
HELD = re.compile(rf"(?!.*\s{ID})\S+(?: \S+)*")  # the names of attributes that a line can hold


def sniff(path: Path, head: bytes) -> bool:
    """Whether it is an annotation file, a text with one beside it, or a folder that holds some."""
    if path.is_dir():
        return any(file.suffix == ".ann" for file in path.rglob("*.ann"))
    if path.suffix in ANNOTATIONS:
        first = head.decode("utf-8", "replace").lstrip("\ufeff\r\n").split("\n", 1)[0]
        return not first or bool(re.match(r"([TREAMN]\d\S*|#\d*|\*)\t", first))
    return path.suffix == ".txt" and path.with_suffix(".ann").is_file()


def read(path: Path, *, report: Report) -> Iterator[Document]:
    """One document a text file, in order of name; ids are the names below the folder.

    Raises BilanError for annotations without text, malformed lines and offsets outside the text.
    """
    folder = path if path.is_dir() else path.parent
    stems = dict.fromkeys(file.with_suffix("") for file in listed(path, (".txt", *ANNOTATIONS)))
    for stem in stems:
        text_file = stem.with_name(stem.name + ".txt")
        if not text_file.is_file():
            raise BilanError("annotations without their text", where=path if path.is_file() else stem,
                             mend=f"put {text_file.name} beside it")
        yield _document(text_file, "_".join(stem.relative_to(folder).parts), report)


def _document(text_file: Path, document_id: str, report: Report) -> Document:
    text = read_text(text_file, report=report)
    beside = [file for end in ANNOTATIONS if (file := text_file.with_suffix(end)).is_file()]
    if not beside:
        report.note("told: text without annotation file", where=text_file)
    lines = [(f"{file}:{number}", line) for file in beside
             for number, line in read_lines(file, report=report) if line.strip()]
    for where, line in lines:
        if "\0" in line:  # marks references below
            raise BilanError("binary file (NUL byte), text expected", where=where)
    bounds = bounds_of(lines, report)
    marked = read_bytes(text_file).startswith(b"\xef\xbb\xbf")
    _settle_offsets(text, marked, bounds.values(), text_file, report)
    _settle_attributes(bounds, lines, report)
    spans = [span for bound in bounds.values() for span in _span(bound, text, report)]
    return Document(document_id, text, tuple(spans), {}, str(text_file))


def _settle_offsets(text: str, marked: bool, bounds: Iterable[Bound], where: Path, report: Report) -> None:
    """Turn the parts of all annotations into code points; `marked`: the file begins with a BOM."""
    bounds = list(bounds)
    whole = [bound for bound in bounds if bound.mention and len(bound.parts) == 1]
    mentions = [(*bound.parts[0], bound.mention) for bound in whole]
    convention = best_convention(text, mentions) or OURS
    places, shift = ruler(text, convention), 0
    if marked and not _all_shown(text, places, 0, mentions):
        other = best_convention(f"\ufeff{text}", mentions) or OURS
        if _all_shown(text, (longer := ruler(f"\ufeff{text}", other)), 1, mentions):
            convention, places, shift = other, longer, 1
            report.note("mended: offsets count the byte-order mark", where=where)
    if convention != OURS:
        report.note(f"mended: offsets count {convention}", where=where)
    for bound in bounds:
        bound.parts = [(_place(places, a, text, bound) - shift, _place(places, b, text, bound) - shift)
                       for a, b in bound.parts]
        shown = "".join(text[a:b] for a, b in bound.parts)
        if bound.mention and "".join(bound.mention.split()) != "".join(shown.split()):
            report.note("differs: the mention in the .ann is not the text at its offsets", where=bound.where,
                        example=f"{bound.mention!r} in the .ann, {shown!r} in the text")


def _all_shown(text: str, places: dict[int, int], shift: int, mentions: Iterable[Mention]) -> bool:
    return all(start in places and end in places
               and shows(text, places[start] - shift, places[end] - shift, mention)
               for start, end, mention in mentions)


def _place(places: dict[int, int], offset: int, text: str, bound: Bound) -> int:
    if offset not in places:
        raise BilanError(f"offset {offset} of {bound.label!r} is not a character of the text "
                         f"({len(text)} characters)", where=bound.where,
                         mend="check that the .txt is the one that was annotated")
    return places[offset]


def _settle_attributes(bounds: dict[str, Bound], lines: Iterable[Line], report: Report) -> None:
    """Give each span the attributes that the other lines state."""
    triggers = {line.split("\t")[0]: match["owner"] for _, line in lines
                if line[0] == "E" and (match := LINES["E"].fullmatch(line))}
    for where, line in lines:
        for fact in facts_of(line, where, report) if line[0] != "T" else ():
            key = triggers.get(fact.value, fact.value) if fact.points else ""
            owner = bounds.get(triggers.get(fact.owner, fact.owner))
            if owner is None or (fact.points and key not in bounds):
                report.lose("dropped: attribute of or to what is no span", where=where,
                            example=f"{fact.owner} {fact.name} {fact.value}")
            elif fact.points:
                _add(owner, fact.name, f"\0{key}", " ")
            elif (line[0], fact.value) != ("E", owner.label):
                _add(owner, fact.name, fact.value, ";")
    for bound in bounds.values():  # ids only now: the line that names one may come last
        for name, value in list(bound.attributes.items()):  # what points at itself gets an id on the way
            bound.attributes[name] = re.sub("\0(\\S+)", lambda match: _id_of(bounds, match[1]), value)


def _add(bound: Bound, name: str, value: str, joint: str) -> None:
    present = bound.attributes.get(name)
    if present is None:
        bound.attributes[name] = value
    elif value not in present.split(joint):
        bound.attributes[name] = f"{present}{joint}{value}"


def _id_of(bounds: dict[str, Bound], key: str) -> str:
    return bounds[key].attributes.setdefault("id", key)


def _span(bound: Bound, text: str, report: Report) -> list[Span]:
    """The span of an annotation, none when it is empty; fragments cut at a line break are joined."""
    parts: list[tuple[int, int]] = []
    for start, end in sorted(part for part in bound.parts if part[0] != part[1]):
        if parts and LINE_BREAK.fullmatch(text, parts[-1][1], start):
            report.note("mended: fragments cut at a line break joined", where=bound.where,
                        example=bound.mention)
            start = parts.pop()[0]
        parts.append((start, end))
    if not parts:
        report.lose("dropped: empty span", where=bound.where, example=bound.label)
        return []
    try:
        return [Span(parts[0][0], parts[-1][1], bound.label, bound.attributes,
                     fragments=tuple(parts) if len(parts) > 1 else ())]
    except BilanError as error:
        raise BilanError(error.what, where=bound.where, mend="mend the offsets of this line") from error


def write(documents: Iterable[Document], path: Path, *, report: Report) -> None:
    """A .txt and an .ann a document in a folder; or one pair, when the path ends in .ann or .txt."""
    documents = without_nul(documents, "brat")
    if path.suffix in (".ann", ".txt"):
        _write_pair(list(documents), path, report)
        return
    with replaced(path) as folder:
        folder.mkdir()
        for document in documents:
            target = folder / file_name(document.id, ".txt", folder)
            _save(target, _text(document))
            _save(target.with_name(document.id + ".ann"), render(document, report=report))


def _write_pair(documents: list[Document], path: Path, report: Report) -> None:
    if len(documents) != 1:
        raise BilanError(f"{len(documents)} documents for one pair of files", where=path,
                         mend="give a folder name, without .ann or .txt")
    contents = {".txt": _text(documents[0]), ".ann": render(documents[0], report=report)}
    for suffix, content in contents.items():
        with replaced(path.with_suffix(suffix)) as temporary:
            _save(temporary, content)


def _save(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8", newline="")


def _text(document: Document) -> str:
    # Readers take one byte-order mark off: a text that begins with that character needs a second.
    return "\ufeff" * document.text.startswith("\ufeff") + document.text


def render(document: Document, *, report: Report | None = None) -> str:
    r"""The content of the .ann file of a document.

    >>> render(Document("d", "l’armée russe", (Span(2, 13, "FORCE"),)))
    'T1\tFORCE 2 13\tarmée russe\n'
    """
    report = report if report is not None else Report()
    where = document.source or document.id
    numbers = {span.attributes["id"]: f"T{rank}" for rank, span in enumerate(document.spans, 1)
               if "id" in span.attributes}
    bound = [_bound_line(rank, span, document) for rank, span in enumerate(document.spans, 1)]
    stated = [line for rank, span in enumerate(document.spans, 1) for name, value in span.attributes.items()
              for line in _attribute_lines(f"T{rank}", name, value, numbers, where, report)]
    for span in document.spans:
        if span.score is not None:
            report.lose("dropped: score", where=where, example=document.mention(span))
    if document.meta:
        report.lose("dropped: header of the document", where=where, example=", ".join(document.meta))
    return "".join(f"{line}\n" for line in
                   [*bound, *(f"{line[0]}{rank}{line[1:]}" for rank, line in enumerate(stated, 1))])


def _bound_line(rank: int, span: Span, document: Document) -> str:
    wholes = span.fragments or ((span.start, span.end),)
    parts = [part for start, end in wholes for part in _cut(document.text, start, end)]
    mention = " ".join(re.sub(r"\r\n|[\r\n\t]", " ", document.text[start:end]) for start, end in parts)
    line = f"{span.label} {';'.join(f'{start} {end}' for start, end in parts)}\t{mention}"
    if not re.fullmatch(r"\S+(?: \S+)*", span.label) or split_bound(line) != (span.label, parts, mention):
        raise BilanError(f"document {document.id!r}: label {span.label!r} cannot be written as brat",
                         mend="rename it with --labels map.toml")
    return f"T{rank}\t{line}"


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The parts between line breaks; one part when the span begins or ends with white space."""
    if text[start].isspace() or text[end - 1].isspace():
        return [(start, end)]
    breaks = [match.span() for match in LINE_BREAK.finditer(text, start, end)]
    return list(zip([start, *(b for _, b in breaks)], [*(a for a, _ in breaks), end], strict=True))


def _attribute_lines(owner: str, name: str, value: str, numbers: dict[str, str], where: str,
                     report: Report) -> list[str]:
    targets = value.split(" ")
    if not HELD.fullmatch(name) or not re.fullmatch(r"(?s:(?=.*\S))[^\r\n]*", value):
        report.lose("dropped: attribute that a line of brat cannot hold", where=where,
                    example=f"{name}={value!r}")
        return []
    if name == "note":
        return [f"#\t{NOTE} {owner}\t{value}"]
    if name != "id" and all(target in numbers for target in targets):
        return [f"R\t{name} Arg1:{owner} Arg2:{numbers[target]}" for target in targets]
    return [f"A\t{name} {owner}{'' if value == 'true' else f' {value}'}"]
