"""One token a line with its tag: CoNLL-2003, CoNLL-U Plus, HIPE TSV, spaCy's one sentence a line.

Specifications: CoNLL-2003 (https://aclanthology.org/W03-0419), CoNLL-U Plus
(https://universaldependencies.org/ext-format.html), PARSEME (http://multiword.sourceforge.net/cupt-format),
HIPE-2022 (https://github.com/hipe-eval/HIPE-2022-data), CoNLL-2012
(https://aclanthology.org/W12-4501). Columns are found by their names where the file has some. The
scheme is found out from the tags. Texts are rebuilt from `# text = …`, from the marks of a missing
space, or with single spaces; sentences are then parted by a line break.

Written: token and tag, parted by a tab, in sentences, with the comments of CoNLL-U Plus; one more,
`# bilan:text = "…"`, holds the text of the document to the letter as a JSON string, so that it survives.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ..document import Document, Span
from ..errors import BilanError
from ..files import parse_json, written
from ..report import Report
from ..sentences import sentences
from . import schemes
from .columns import COMMENT, Sentence, Table, joined, located, parse, table
from .names import listed, without_nul
from .tokens import Offsets, flat, tokenised

SUFFIXES = (".conll", ".conll03", ".conllu", ".conllup", ".cupt", ".iob", ".iob1", ".iob2", ".bio", ".bioes",
            ".bilou", ".ner", ".col", ".tsv", ".txt", ".data")
ENTITY_NAMES = re.compile(r"(?:.*[^a-z])?(?:ner?|tags?|entit(?:y|ies)|iob2?|bio)(?:[^a-z].*)?", re.I)
CHUNKS = set("NP VP PP ADJP ADVP SBAR PRT CONJP INTJ LST UCP PNP NC PC VC".split())
NEW_DOCUMENT = re.compile(r"newdoc|newdoc id|docstart|begin document|.*document_id")
TEXT, META = "bilan:text", "bilan:meta"
Part = tuple[list[Offsets], str]  # first and last tokens of a mention, and its label


class Column(NamedTuple):
    """The tags that are read: which column, its scheme."""

    index: int
    scheme: str


def sniff(path: Path, head: bytes) -> bool:
    """Whether the file has columns of which one is tags (a folder is judged by its files)."""
    if not head.strip() or b"\0" in head or head.startswith(b"#FORMAT=WebAnno"):
        return False
    lines = head.decode("utf-8", "replace").removeprefix("\ufeff").split("\n")
    try:
        found = parse(enumerate(line.removesuffix("\r") for line in lines[:-1] or lines), where=path)
        return bool(found.names) or _candidates(found, named=False) != []
    except BilanError:
        return False


def read(path: Path, *, report: Report, column: str | None = None) -> Iterator[Document]:
    """The documents of a file, or of all files of a folder that end in one of SUFFIXES.

    `column` names the column of the tags; else it is the first whose name says entity, or, without
    names, the last of tags, unless an earlier one has labels of it as well (the gold before what is
    predicted, the outer mentions before those inside). A file without document marks is one document. Raises
    BilanError for empty and ragged files, unknown schemes and files without tags.
    """
    for file in listed(path, SUFFIXES):
        found = table(file, report=report)
        chosen = _column(found, column, file, report)
        groups = _documents(found.sentences)
        for rank, group in enumerate(groups, 1):
            name = file.stem if len(groups) == 1 else f"{file.stem}-{rank:04d}"
            yield _document(group, chosen, name, file, report)


def _column(found: Table, wanted: str | None, file: Path, report: Report) -> Column:
    """The column of the tags and its scheme; the mentions of the other tag columns are lost."""
    if wanted is not None and wanted not in found.names:
        raise BilanError(f"no column {wanted!r}", where=file,
                         mend=f"columns: {', '.join(found.names) or 'unnamed'}")
    if not any(sentence.rows for sentence in found.sentences):
        return Column(-1, "IOB2")
    candidates = [found.names.index(wanted)] if wanted else _candidates(found, named=True)
    if not candidates:
        raise BilanError("no column of tags", where=f"{file}:{_first_line(found)}",
                         mend=f"tags are B-PER, I-PER, O …; columns: {', '.join(found.names) or 'unnamed'}")
    scheme, misfits = _detect(found, candidates[0], file)
    report.note(f"scheme: {scheme}", where=file)
    if misfits:
        report.note(f"mended: tags that {scheme} does not allow", where=file, count=misfits)
    for other in candidates[1:]:
        count = sum(len(_parts(tags, _detect(found, other, file)[0])) for tags in found.column(other))
        name = found.names[other] if found.names else f"number {other + 1}"
        if _labels_in(found, other) <= CHUNKS:
            report.note("skipped: column of syntactic chunks", where=file, example=name)
        elif count:
            report.lose(f"dropped: mentions of the tag column {name}", where=file, count=count)
    return Column(candidates[0], scheme)


def _detect(found: Table, index: int, file: Path) -> tuple[str, int]:
    try:
        return schemes.detect(found.column(index))
    except BilanError as error:
        rows = [row for sentence in found.sentences for row in sentence.rows]
        line = next((row.line for row in rows if repr(row.cells[index]) in error.what), rows[0].line)
        raise BilanError(error.what, where=f"{file}:{line}", mend=error.mend) from error


def _first_line(found: Table) -> int:
    return next(row.line for sentence in found.sentences for row in sentence.rows)


def _candidates(found: Table, *, named: bool) -> list[int]:
    """The columns that may hold the tags, the best first."""
    if named and found.names:
        by_name = [i for i, name in enumerate(found.names) if ENTITY_NAMES.fullmatch(name)]
        if by_name:
            return by_name
    rows = [row.cells for sentence in found.sentences for row in sentence.rows]
    width = len(rows[0]) if rows else 0
    tags = [i for i in range(1, width) if all(schemes.is_tag(cells[i]) for cells in rows)]
    inside = {i: _labels_in(found, i) for i in tags}
    filled = [i for i in tags if inside[i]]
    entities = [i for i in filled if not inside[i] <= CHUNKS] or filled
    outside = [i for i in reversed(tags) if not inside[i] and {cells[i] for cells in rows} == {"O"}]
    if not entities:
        return outside[:1] or _labels(rows)
    best = next(i for i in entities if inside[i] & inside[entities[-1]])
    return [best, *(i for i in filled if i != best)]


def _labels_in(found: Table, index: int) -> set[str]:
    return {schemes.split(tag)[1] for tags in found.column(index) for tag in tags} - {""}


def _labels(rows: Sequence[Sequence[str]]) -> list[int]:
    """The last column, when it holds `O` and labels or prefixes without the other part."""
    last = {cells[-1] for cells in rows}
    plain = len(last) > 1 and "O" in last and all(re.fullmatch(r"[A-Za-z][\w.-]*", value) for value in last)
    return [len(rows[0]) - 1] if plain or any(value.startswith("(") for value in last) else []


def _documents(found: Sequence[Sentence]) -> list[list[Sentence]]:
    """The sentences by document: one begins at each document mark."""
    groups: list[list[Sentence]] = []
    for sentence in found:
        begins = any(NEW_DOCUMENT.fullmatch(key) for key, _ in sentence.comments)
        if groups and not begins:
            groups[-1].append(sentence)
        else:
            groups.append([sentence])
    return [group for group in groups if any(sentence.rows for sentence in group)
            or any(NEW_DOCUMENT.fullmatch(key) for key, _ in group[0].comments)]


def _document(group: Sequence[Sentence], chosen: Column, name: str, file: Path, report: Report) -> Document:
    comments = [comment for sentence in group for comment in sentence.comments]
    where = f"{file}:{next((row.line for sentence in group for row in sentence.rows), 1)}"
    text, offsets = _text(group, where, report)
    spans = [span for sentence, places in zip(group, offsets, strict=True)
             for span in _spans(sentence, places, chosen, file)]
    return Document(_id(comments, name), text, tuple(spans), _meta(comments, where), where)


def _spans(sentence: Sentence, places: Sequence[Offsets], chosen: Column, file: Path) -> list[Span]:
    if not sentence.rows:
        return []
    try:
        mentions = _parts([row.cells[chosen.index] for row in sentence.rows], chosen.scheme)
    except BilanError as error:
        raise BilanError(error.what, where=f"{file}:{sentence.rows[0].line}", mend=error.mend) from error
    spans: list[Span] = []
    for parts, label in mentions:
        pieces = tuple((places[a][0], places[b][1]) for a, b in parts)
        spans.append(Span(pieces[0][0], pieces[-1][1], label, fragments=pieces if len(pieces) > 1 else ()))
    return spans


def _parts(tags: Sequence[str], scheme: str) -> list[Part]:
    if scheme == "numbers":
        return schemes.decode_numbers(tags)
    chunks = schemes.decode_brackets(tags) if scheme == "brackets" else schemes.decode(tags)
    return [([(first, last)], label) for first, last, label in chunks]


def _text(group: Sequence[Sentence], where: str, report: Report) -> tuple[str, list[list[Offsets]]]:
    """The text of a document and the offsets of its words, by sentence."""
    kept = next((value for sentence in group for key, value in sentence.comments if key == TEXT), None)
    if kept is None:
        return joined(group, where=where, report=report)
    text = str(parse_json(kept, where=where))
    places = located(text, [row for sentence in group for row in sentence.rows])
    if places is None:
        raise BilanError("the tokens are not those of the text in the comment", where=where,
                         mend=f"delete the line `# {TEXT} = …` to rebuild the text from the tokens")
    rest = iter(places)
    return text, [[next(rest) for _ in sentence.rows] for sentence in group]


def _id(comments: Iterable[tuple[str, str]], name: str) -> str:
    """The id that a document mark names, else the name made from that of the file."""
    key, value = next(((k, v) for k, v in comments if NEW_DOCUMENT.fullmatch(k) and k != "docstart" and v),
                      ("", name))
    if key == "begin document":
        return "_".join(re.findall(r"[\w.-]+", value))
    return str(parse_json(value, where=name)) if value.startswith('"') else value


def _meta(comments: Iterable[tuple[str, str]], where: str) -> dict[str, Any]:
    """What the comments say of the document: ours, the fields of HIPE, the name in a -DOCSTART-."""
    meta: dict[str, Any] = {}
    for key, value in comments:
        if key == META:
            kept = parse_json(value, where=where)
            meta |= kept if isinstance(kept, dict) else {"meta": kept}
        elif key == "docstart" and value:
            meta["docstart"] = value
        elif re.match(r"hipe\d+:", key) and not NEW_DOCUMENT.fullmatch(key) and "columns" not in key:
            meta[key.partition(":")[2]] = value
    return meta


def write(documents: Iterable[Document], path: Path, *, report: Report, scheme: str = "IOB2") -> None:
    """One file, in any of the schemes; span edges inside a word cut the token.

    Overlapping and discontinuous spans, attributes and scores are lost and reported. Raises
    BilanError on an unknown scheme and on labels that cannot stand in a column.
    """
    schemes.encode(0, [], scheme)
    with written(path) as stream:
        stream.write("# global.columns = FORM NER\n")
        for document in without_nul(documents, "conll"):
            stream.write(render(document, scheme=scheme, report=report))


def render(document: Document, *, scheme: str = "IOB2", report: Report | None = None) -> str:
    """The lines of a document, with its comments and a blank line after each sentence."""
    report = report if report is not None else Report()
    offsets, placed = tokenised(flat(document, report=report), cut=True, report=report)
    chunks = [(first, last, _label(span, document)) for first, last, span in placed]
    tags = schemes.encode(len(offsets), chunks, scheme)
    breaks = _breaks(document.text, offsets, chunks)
    lines = [f"# newdoc id = {_one_line(document.id)}\n", f"# {TEXT} = {_json(document.text)}\n"]
    if document.meta:
        lines.append(f"# {META} = {_json(dict(document.meta))}\n")
    for i, ((start, end), tag) in enumerate(zip(offsets, tags, strict=True)):
        lines.append("\n" * (i in breaks) + _row(document.text[start:end], tag, document) + "\n")
    return "".join([*lines, "\n"])


def _row(token: str, tag: str, document: Document) -> str:
    row = f"{token}\t{tag}"
    if COMMENT.fullmatch(row):
        raise BilanError(f"document {document.id!r}: the tag {tag!r} of the token {token!r} would be read as a comment",
                         mend="rename the label with --labels map.toml")
    return row


def _breaks(text: str, offsets: Sequence[Offsets], chunks: Iterable[schemes.Chunk]) -> set[int]:
    """The tokens that begin a sentence, but not inside a mention."""
    starts = [start for start, _ in offsets]
    found = {bisect_left(starts, start) for start, _ in sentences(text)} - {0, len(offsets)}
    return found - {i for first, last, _ in chunks for i in range(first + 1, last + 1)}


def _label(span: Span, document: Document) -> str:
    if not re.fullmatch(r"\S+(?: \S+)*", span.label):
        raise BilanError(f"document {document.id!r}: label {span.label!r} cannot be written as a tag",
                         mend="rename it with --labels map.toml")
    return span.label


def _one_line(value: str) -> str:
    return value if re.fullmatch(r'(?!")\S+(?: \S+)*', value) and value.isprintable() else _json(value)


def _json(value: Any) -> str:
    """JSON on one line also for readers that take U+2028 and its like for line ends."""
    dumped = json.dumps(value, ensure_ascii=False, default=str)
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff]", lambda match: f"\\u{ord(match[0]):04x}", dumped)
