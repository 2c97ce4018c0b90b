"""What to do with labels, fragments, word edges and overlaps that a target cannot hold.

Pure functions of one document: each returns a document and tells the report what it dropped or
moved. A policy `error` raises BilanError, which names the document, the mention and the choice.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence

from .document import Document, Span, flatten
from .errors import BilanError
from .report import Report

OVERLAPS = ("error", "longest", "first", "keep")
DISCONTINUOUS = ("error", "hull", "split")
MISALIGNED = ("error", "expand", "drop")

Policy = Callable[[Document, Report], Document]


def map_labels(document: Document, labels: Mapping[str, str], report: Report) -> Document:
    """Old labels to new ones: a label that is not in the map stays, one mapped to `""` goes.

    >>> map_labels(Document("d", "Kiev", (Span(0, 4, "CITY"),)), {"CITY": "LOC"}, Report()).spans[0].label
    'LOC'
    """
    if not any(span.label in labels for span in document.spans):
        return document
    for span in document.spans:
        if labels.get(span.label):
            report.note(f"mapped: {span.label} → {labels[span.label]}")
        elif span.label in labels:
            report.note(f"mapped: {span.label} → (dropped)", where=_where(document),
                        example=document.mention(span))
    document = _without(document, [span for span in document.spans if labels.get(span.label) == ""], report)
    return document.replace(spans=tuple(span.replace(label=labels.get(span.label, span.label))
                                        for span in document.spans))


def refuse_fragments(document: Document, report: Report) -> Document:
    """The document itself, if none of its spans is discontinuous."""
    del report
    span = next((span for span in document.spans if span.fragments), None)
    if span is None:
        return document
    raise _refused(document, f"discontinuous span {_shown(document, span)}", "--discontinuous hull or split")


def hull(document: Document, report: Report) -> Document:
    """Discontinuous spans from their first to their last character."""
    return _moved(document, lambda span: span.replace(fragments=()) if span.fragments else span,
                  "moved: discontinuous span to its hull", report)


def split(document: Document, report: Report) -> Document:
    """Each fragment a span; the first keeps the `id`, so that relations still find one."""
    if not any(span.fragments for span in document.spans):
        return document
    spans: list[Span] = []
    for span in document.spans:
        if not span.fragments:
            spans.append(span)
            continue
        report.note("moved: discontinuous span split into its fragments", where=_where(document),
                    example=document.mention(span))
        unnamed = {key: value for key, value in span.attributes.items() if key != "id"}
        spans += [Span(start, end, span.label, unnamed if rank else span.attributes, span.score)
                  for rank, (start, end) in enumerate(span.fragments)]
    return document.replace(spans=tuple(spans))


def refuse_misaligned(document: Document, report: Report) -> Document:
    """The document itself, if every span is whole words without white space at its edges."""
    del report
    span = next((span for span in document.spans if _aligned(document.text, span) != span), None)
    if span is None:
        return document
    raise _refused(document, f"span {_shown(document, span)} cuts a word or has white space at an edge",
                   "--misaligned expand or drop")


def expand(document: Document, report: Report) -> Document:
    """Spans grown to whole words and freed of white space at their edges."""
    blank = [span for span in document.spans if _aligned(document.text, span) is None]
    document = _dropped(document, blank, "dropped: span of white space only", report)
    return _moved(document, lambda span: _aligned(document.text, span) or span,
                  "moved: span to whole words", report)


def drop_misaligned(document: Document, report: Report) -> Document:
    """The document without spans that cut a word or have white space at an edge."""
    gone = [span for span in document.spans if _aligned(document.text, span) != span]
    return _dropped(document, gone, "dropped: span that cuts a word or has white space at an edge", report)


def refuse_overlaps(document: Document, report: Report) -> Document:
    """The document itself, if no two spans share a character."""
    del report
    return _refuse_pair(document, _overlapping(document, nested=False), "--overlaps longest, first or keep")


def refuse_crossing(document: Document, report: Report) -> Document:
    """The document itself, if its spans nest or are apart."""
    del report
    return _refuse_pair(document, _overlapping(document, nested=True), "--overlaps longest, first or keep")


def longest(document: Document, report: Report) -> Document:
    """Of overlapping spans, the longest."""
    return _flat(document, "longest", report)


def first(document: Document, report: Report) -> Document:
    """Of overlapping spans, the first to begin."""
    return _flat(document, "first", report)


def _flat(document: Document, prefer: str, report: Report) -> Document:
    if _overlapping(document, nested=False) is None:
        return document
    _, gone = flatten(document, prefer=prefer)
    return _dropped(document, gone, f"dropped: overlapping span, not the {prefer}", report)


def _overlapping(document: Document, *, nested: bool) -> tuple[Span, Span] | None:
    """The first two spans that overlap; with `nested`, that overlap without one holding the other."""
    around: list[Span] = []
    for span in document.spans:
        while around and around[-1].end <= span.start:
            around.pop()
        if around and (not nested or span.end > around[-1].end):
            return around[-1], span
        around.append(span)
    return None


def _refuse_pair(document: Document, pair: tuple[Span, Span] | None, choices: str) -> Document:
    if pair is None:
        return document
    one, other = pair
    raise _refused(document, f"spans {_shown(document, one)} and {_shown(document, other)} overlap", choices)


def _refused(document: Document, what: str, choices: str) -> BilanError:
    return BilanError(f"document {document.id!r}: {what}", where=document.source, mend=f"choose {choices}")


def _shown(document: Document, span: Span) -> str:
    return f"{document.mention(span)[:60]!r} ({span.label})"


def _where(document: Document) -> str:
    return document.source or document.id


def _moved(document: Document, change: Callable[[Span], Span], cause: str, report: Report) -> Document:
    changed = tuple(change(span) for span in document.spans)
    for old, new in zip(document.spans, changed, strict=True):
        if new != old:
            report.note(cause, where=_where(document), example=document.mention(old))
    return document.replace(spans=changed) if changed != document.spans else document


def _dropped(document: Document, gone: Sequence[Span], cause: str, report: Report) -> Document:
    for span in gone:
        report.note(cause, where=_where(document), example=document.mention(span))
    return _without(document, gone, report)


def _without(document: Document, gone: Sequence[Span], report: Report) -> Document:
    """The document without some of its spans, nor the relations that point at them."""
    dropped = {id(span) for span in gone}
    ids = document.by_id()
    lost = {name for name, span in ids.items() if id(span) in dropped}
    kept = [span for span in document.spans if id(span) not in dropped]
    if lost:
        related = [_unlinked(span, lost, ids) for span in kept]
        cut = sum(old != new for old, new in zip(kept, related, strict=True))
        if cut:
            report.note("dropped: relation to a dropped span", where=_where(document), count=cut)
        kept = related
    return document.replace(spans=tuple(kept)) if dropped else document


def _unlinked(span: Span, lost: set[str], ids: Mapping[str, Span]) -> Span:
    """The span without its relations to lost ids: attributes all of whose words are ids are relations."""
    attributes: dict[str, str] = {}
    for name, value in span.attributes.items():
        words = value.split()
        is_relation = name != "id" and bool(words) and ids.keys() >= set(words)
        left = [word for word in words if word not in lost] if is_relation else [value]
        attributes |= {name: " ".join(left)} if left else {}
    return span.replace(attributes=attributes) if attributes != span.attributes else span


def _aligned(text: str, span: Span) -> Span | None:
    """The span on whole words, itself if it is; None when it holds white space only."""
    parts = span.fragments or ((span.start, span.end),)
    grown = [part for part in (_whole_words(text, *part) for part in parts) if part[0] < part[1]]
    if grown == list(parts):
        return span
    merged: list[tuple[int, int]] = []
    for start, end in grown:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    if not merged:
        return None
    return span.replace(start=merged[0][0], end=merged[-1][1],
                        fragments=tuple(merged) if len(merged) > 1 else ())


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The offsets without white space at their edges, then out to the edges of the words there.

    >>> _whole_words("l’armée russe", 3, 8)
    (2, 7)
    """
    mention = text[start:end]
    start, end = start + len(mention) - len(mention.lstrip()), end - len(mention) + len(mention.rstrip())
    while 0 < start < end and _in_word(text[start - 1]) and _in_word(text[start]):
        start -= 1
    while start < end < len(text) and _in_word(text[end - 1]) and _in_word(text[end]):
        end += 1
    return start, end


def _in_word(character: str) -> bool:
    """Letters, digits and the accents that combine with them: an apostrophe or hyphen ends a word."""
    return character.isalnum() or unicodedata.category(character)[0] == "M"
