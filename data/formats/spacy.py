"""spaCy's training data: DocBin of version 3 (read and written), JSON and tuples of version 2 (read).

- DocBin (`.spacy`): entities and span groups, which may overlap. Attributes are those of spaCy's
  extensions (`Span.set_extension`), kept in `user_data` with the id and the meta of the document.
- JSON: documents of paragraphs of sentences of tokens with a BILUO tag `ner`; each paragraph becomes
  a document, its text is `raw` or the tokens with spaces between.
- tuples: `[["text", {"entities": [[start, end, "LABEL"], …]}], …]`, also under `annotations`.

Source: https://spacy.io/api/docbin, https://v2.spacy.io/api/annotation#json-input.
The extra `bilan[spacy]` is needed for DocBin only.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ..document import Document, Span, flatten
from ..errors import BilanError
from ..extras import absent
from ..files import parse_json, read_bytes, read_text, replaced
from ..report import Report
from .entries import Entry, contiguous, lose_scores, spans_of
from .names import listed
from .records import Record, at, beginning, label, member, offset, read_head, records, short
from .spaced import spaced
from .tagged import placed, ranges
from .tokens import token_spans

SUFFIXES = (".spacy", ".json")
LARGEST = 2**30  # bytes that a DocBin may unfold to
GROUP = "sc"  # spaCy's default name for a group of overlapping spans
WHAT = 'spaCy training data: [["text", {"entities": [[0, 4, "LABEL"]]}], …] or [{"paragraphs": […]}, …]'


def sniff(path: Path, head: bytes) -> bool:
    """Whether the file is a DocBin, or JSON of paragraphs or of tuples."""
    del path
    if _is_docbin(head):
        return True
    value = beginning(head)
    if isinstance(value, dict):
        value = value.get("annotations") if "classes" in value else [value]
    entries = [entry for entry in value if entry is not None] if isinstance(value, list) else []
    entry = entries[0] if entries else None
    return _is_tuple(entry) or (isinstance(entry, dict) and isinstance(entry.get("paragraphs"), list))


def _is_docbin(head: bytes) -> bool:
    try:
        return b"\xa5attrs" in zlib.decompressobj().decompress(head[:4096], 4096)[:64]
    except zlib.error:
        return False


def _is_tuple(entry: Any) -> bool:
    return isinstance(entry, list) and [type(part) for part in entry] == [str, dict]


def read(path: Path, *, report: Report) -> Iterator[Document]:
    """The documents of a file, or of the `.spacy` and `.json` files of a folder."""
    for file in listed(path, SUFFIXES):
        raw = read_bytes(file)
        if file.suffix == ".spacy" or _is_docbin(raw[:4096]):
            yield from _read_docbin(file, raw, report)
            continue
        for record in _json_records(file, report):
            with at(record.where, WHAT):
                found = list(_from_json(record, report))
            yield from found


def _json_records(file: Path, report: Report) -> Iterator[Record]:
    """The entries of a JSON array; of an object with `annotations`, those; else the object itself."""
    if read_head(file).decode("utf-8-sig", "ignore").lstrip()[:1] == "[":
        yield from records(file, suffixes=SUFFIXES, report=report)
        return
    value = parse_json(read_text(file, report=report), where=file)
    inner = value.get("annotations", [value]) if isinstance(value, dict) else [value]
    for number, entry in enumerate(inner if isinstance(inner, list) else [inner], 1):
        if entry is not None:  # a text that the annotator has not come to
            yield Record(f"{file.stem}-{number}", f"{file}: entry {number}", entry)


def _from_json(record: Record, report: Report) -> Iterator[Document]:
    if _is_tuple(record.value):
        yield _from_tuple(record, report)
        return
    paragraphs = member(record.value, "paragraphs", list)
    for number, paragraph in enumerate(paragraphs):
        part = record.id if len(paragraphs) == 1 else f"{record.id}-{number}"
        yield _from_paragraph(paragraph, part, record.where, report)


def _from_tuple(record: Record, report: Report) -> Document:
    text, marks = record.value
    stored = [*member(marks, "entities", list, []),
              *(span for group in member(marks, "spans", dict, {}).values() for span in group)]
    if not all(isinstance(entry, list) and len(entry) in (3, 4) for entry in stored):
        raise BilanError("entities that are no triples", mend='[start, end, "LABEL"] expected')
    entries = [Entry(offset(entry[0]), offset(entry[1]), label(entry[2])) for entry in stored]
    _lose_categories(marks.get("cats"), record.where, report)
    spans = spans_of(text, entries, where=record.where, report=report)
    return Document(record.name, text, tuple(span for span in spans if span), {}, record.where)


def _from_paragraph(paragraph: Any, name: str, where: str, report: Report) -> Document:
    tokens = [token for sentence in member(paragraph, "sentences", list)
              for token in member(sentence, "tokens", list)]
    words = [member(token, "orth", str) for token in tokens]
    text, offsets = placed(words, paragraph.get("raw"))
    if paragraph.get("raw") not in (None, text):
        report.note("mended: text made of the tokens, which are not in `raw`", where=where)
    tags = [str(token.get("ner") or "O") for token in tokens]
    _lose_categories(paragraph.get("cats"), where, report)
    return Document(name, text, tuple(token_spans(offsets, ranges(tags))), {}, where)


def _lose_categories(categories: Any, where: str, report: Report) -> None:
    if categories:
        report.lose("dropped: label of the whole document", where=where, example=short(categories))


def _spacy() -> Any:
    try:
        import spacy
        import spacy.tokens
    except ImportError as error:
        raise absent(error, "the format spacy") from error
    return spacy


def _read_docbin(file: Path, raw: bytes, report: Report) -> Iterator[Document]:
    spacy = _spacy()
    try:
        _refuse_bomb(raw, file)
        docs = spacy.tokens.DocBin(store_user_data=True).from_bytes(raw).get_docs(spacy.vocab.Vocab())
        for number, doc in enumerate(docs, 1):
            where = f"{file}: document {number}"
            with at(where, WHAT):
                document = _from_doc(doc, f"{file.stem}-{number}", where, report)
            yield document
    except BilanError:
        raise
    except Exception as error:  # spaCy, msgpack and zlib have no common ancestor
        raise BilanError(f"not a DocBin ({' '.join(str(error).split())[:80]})", where=file,
                         mend="the file may be cut short: write it again with DocBin.to_disk") from error


def _refuse_bomb(raw: bytes, file: Path, *, piece: int = 2**20) -> None:
    """Raise BilanError for a DocBin that unfolds to more than LARGEST bytes: spaCy would unfold it all at once."""
    unfolding, waiting, size = zlib.decompressobj(), raw, 0
    while waiting and size <= LARGEST:
        size += len(unfolding.decompress(waiting, piece))
        waiting = unfolding.unconsumed_tail
    if size > LARGEST:
        raise BilanError(f"the DocBin unfolds to more than {LARGEST:,} bytes", where=file,
                         mend="write it in parts, if it is what it should be")


def _from_doc(doc: Any, name: str, where: str, report: Report) -> Document:
    groups = [("", list(doc.ents)), *((key, list(group)) for key, group in doc.spans.items())]
    said, meta = _said(doc.user_data)
    spans: dict[tuple[int, int, str], Span] = {}
    for group, marked in groups:
        for span in marked:
            key = (span.start_char, span.end_char, span.label_ or group or "span")
            spans.setdefault(key, Span(*key, _linguistic(span) | said.get(key[:2], {})))
    _lose_categories(dict(doc.cats), where, report)
    own = meta.pop("meta", {})
    return Document(str(meta.pop("id", None) or name), doc.text, tuple(spans.values()),
                    meta | dict(own), where)


def _said(user_data: dict[Any, Any]) -> tuple[dict[tuple[int, int], dict[str, str]], dict[str, Any]]:
    """Attributes of spans by start and end, and those of the document, from spaCy's extensions.

    Their keys are `("._.", name, start, end)`, with no start and end for the document.
    """
    spans: dict[tuple[int, int], dict[str, str]] = {}
    document: dict[str, Any] = {}
    for key, value in user_data.items():
        if value is None:
            continue
        if not isinstance(key, tuple) or len(key) != 4:
            document[str(key)] = value
        elif key[2] is None:
            document[str(key[1])] = value
        else:
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
            spans.setdefault((key[2], key[3]), {})[str(key[1])] = text
    return spans, document


def _linguistic(span: Any) -> dict[str, str]:
    """The ids that spaCy keeps of a span: of the knowledge base, of the pattern that matched."""
    return {name: value for name, value in (("kb_id", span.kb_id_), ("ent_id", span.ent_id_)) if value}


def write(documents: Iterable[Document], path: Path, *, report: Report) -> None:
    """One DocBin; spans in `doc.ents`, and all in the group `sc` as well where some overlap.

    Tokens are cut at the edges of the spans. Scores and discontinuous spans are counted as lost, and
    so are attributes of several spans with one place, as spaCy keeps them by place.
    """
    spacy = _spacy()
    vocab = spacy.vocab.Vocab()
    bin_ = spacy.tokens.DocBin(store_user_data=True)
    for document in documents:
        bin_.add(_doc(contiguous(document, report), vocab, report))
    with replaced(path) as temporary:
        temporary.write_bytes(bin_.to_bytes())


def _doc(document: Document, vocab: Any, report: Report) -> Any:
    spacy = _spacy()
    lose_scores(document, report)
    tokens = spaced(document)
    doc = spacy.tokens.Doc(vocab, words=[document.text[token.start:token.end] for token in tokens],
                           spaces=[token.space for token in tokens])
    doc.ents = [doc.char_span(*span.key) for span in flatten(document)[0].spans]
    if not document.flat:
        doc.spans[GROUP] = [doc.char_span(*span.key) for span in document.spans]
    doc.user_data |= {"id": document.id} | ({"meta": dict(document.meta)} if document.meta else {})
    doc.user_data |= {("._.", name, span.start, span.end): value
                      for span in _kept(document, report) for name, value in span.attributes.items()}
    return doc


def _kept(document: Document, report: Report) -> list[Span]:
    """The spans whose attributes are those of all spans of their place; those of the others are lost."""
    first: dict[tuple[int, int], Span] = {}
    unlike = {(span.start, span.end) for span in document.spans
              if first.setdefault((span.start, span.end), span).attributes != span.attributes}
    for span in document.spans:
        for name, value in span.attributes.items() if (span.start, span.end) in unlike else ():
            report.lose("dropped: attribute of spans with one place", where=document.source or document.id,
                        example=f"{name}={value}")
    return [span for span in document.spans if (span.start, span.end) not in unlike]
