"""The rules of the annotation guide that a program can check, one function each: `RULES` lists them.

A rule takes a document and yields what breaks it, with how to mend it; it knows nothing of files. The numbers
are those of `data/GUIDE.md`, section "Where a span begins and ends". Decided cases have their rules in `cases`.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from . import figures, wording
from .align import inseparable
from .document import Document, Span, crossing
from .labels import FIGURE, GROUP, NAMES
from .mentions import fold, folded, loose_edges, shortened

FIELDS = ("title", "genre", "conflict", "date")  # of the header, besides the id
TARGETS = {"who": ("FORCE", "CIVIL"), "by": ("PER", "ORG", "LOC", "FORCE", "CIVIL")}
COUNTED = tuple(name for name in NAMES if GROUP[name] == FIGURE and name != "MEASURE")
COUNTABLE = ("FORCE", "CIVIL", "SITE", "WEAPON")
MEASURES = {*figures.UNITS.values(), "share", "ratio", "fois", "points"}


class Finding(NamedTuple):
    """A stretch of a document that breaks a rule, and how to mend it."""

    start: int
    end: int
    mend: str


class Rule(NamedTuple):
    """One row: the name, what it asks, the function that finds what breaks it."""

    name: str
    what: str
    find: Callable[[Document], Iterator[Finding]]


def _at(span: Span, mend: str) -> Finding:
    return Finding(span.start, span.end, mend)


def is_figure(span: Span) -> bool:
    """Whether the label of a span is one of the figures."""
    return GROUP.get(span.label) == FIGURE


def label(document: Document) -> Iterator[Finding]:
    """Labels that the table does not have."""
    for span in document.spans:
        if span.label not in NAMES:
            yield _at(span, f"{span.label!r} is not a label of the guide: {', '.join(NAMES)}")


def overlap(document: Document) -> Iterator[Finding]:
    """Spans that share characters, or are not contiguous."""
    for first, second in crossing(document.spans):
        yield _at(second, f"keep the longest span: it overlaps {shortened(document.mention(first))!r}")
    for span in document.spans:
        if span.fragments:
            yield _at(span, "mark one contiguous mention")


def determiner(document: Document) -> Iterator[Finding]:
    """A determiner at the beginning (1)."""
    for span in document.spans:
        word = _first(folded(document, span))
        if word in wording.DETERMINERS and not _belongs(document, span, word):
            yield _at(span, f"leave {word!r} out")


def preposition(document: Document) -> Iterator[Finding]:
    """A preposition at the beginning, a function word at the end (1)."""
    for span in document.spans:
        mention = folded(document, span)
        word = _first(mention)
        if word in wording.PREPOSITIONS and not _belongs(document, span, word):
            yield _at(span, f"leave {word!r} out")
        last = wording.LAST_WORD.search(mention)
        if last and last[0] != mention and last[0] in wording.FUNCTION_WORDS and not _ends(document, span):
            yield _at(span, f"leave {last[0]!r} out")


def _first(mention: str) -> str:
    found = wording.FIRST_WORD.match(mention)
    return found[0] if found else ""


def _belongs(document: Document, span: Span, word: str) -> bool:
    """Whether a function word at the beginning is part of the mention: [La Haye], [une vingtaine]."""
    mention = folded(document, span)
    if is_figure(span) or span.label == "DURATION":
        qualified = wording.QUALIFIED.match(mention) or wording.SPREAD.match(mention)
        return word in wording.ARTICLES or bool(qualified)
    if span.label == "DATE":
        return bool(wording.THESE_DAYS.match(mention))
    telling = document.text[span.start].isupper() and not wording.begins_sentence(document.text, span.start)
    return telling or bool(wording.NAMED.match(mention))


def _ends(document: Document, span: Span) -> bool:
    """Whether a function word at the end is part of the mention: [trente et un], [Lanao del Sur]."""
    if is_figure(span):
        return folded(document, span).endswith(("un", "une"))
    named = wording.CAPITAL_WORD_LAST.search(document.mention(span))
    return bool(named or wording.DAY_BEFORE.search(folded(document, span)))


def quotation(document: Document) -> Iterator[Finding]:
    """Quotation marks at the edges or inside (1)."""
    for span in document.spans:
        if found := wording.QUOTATION.search(document.mention(span)):
            yield _at(span, f"leave {found[0]} out, or make two spans")


def edge(document: Document) -> Iterator[Finding]:
    """White space or punctuation at the edges (1)."""
    for span in document.spans:
        mention = document.mention(span)
        loose = loose_edges(mention)
        if mention != mention.strip() or loose:
            yield _at(span, f"leave {loose} out" if loose else "leave the white space out")


def cut(document: Document) -> Iterator[Finding]:
    """A mention cut inside a word or a number."""
    for span in document.spans:
        if inseparable(document.text, span.start) or inseparable(document.text, span.end):
            yield _at(span, "mark whole words and whole numbers")


def figure(document: Document) -> Iterator[Finding]:
    """A figure that is no number, or holds what it counts (3)."""
    for span in document.spans:
        if not is_figure(span):
            continue
        mention = document.mention(span)
        found = figures.figure(mention) or figures.figure(wording.QUALIFIED.sub("", fold(mention), count=1))
        if found is None:
            yield _at(span, "mark the number with its qualifier, and nothing else")
        elif found.unit and span.label != "MEASURE":
            yield _at(span, f"leave out what is counted ({found.unit})")
        elif found.unit and found.unit not in MEASURES:
            yield _at(span, f"a measure keeps its unit, not a counted noun: leave out {found.unit!r}")


def qualifier(document: Document) -> Iterator[Finding]:
    """A qualifier left outside a figure or a duration (4)."""
    starts = {span.start for span in document.spans}
    for span in document.spans:
        if not is_figure(span) and span.label != "DURATION":
            continue
        before = fold(document.text[max(0, span.start - 40):span.start]) + _gap(document.text, span.start)
        after = document.text[span.end:span.end + 40].replace("’", "'")
        found = wording.QUALIFIER_AFTER.match(after)
        if found and starts.intersection(range(span.end, span.end + found.end() + 2)):
            found = None  # it qualifies the figure that follows
        if found := wording.QUALIFIER_BEFORE.search(before) or found:
            yield _at(span, f"take {found[0].strip(' ,')!r} into the span")


def _gap(text: str, place: int) -> str:
    return " " if text[place - 1:place].isspace() else ""


def spread(document: Document) -> Iterator[Finding]:
    """A range marked as two figures (4), or days from … to … as two dates."""
    for first, second in zip(document.spans, document.spans[1:], strict=False):
        if first.label != second.label:
            continue
        before = fold(document.text[max(0, first.start - 12):first.start])
        between = fold(document.text[first.end:second.start])
        if is_figure(first) and (between == "et" and before.endswith("entre")
                                 or between == "à" and not re.search(r"\b(?:de|d')\Z", before)):
            yield Finding(first.start, second.end, "mark the range as one figure")
        days = all(wording.DAY.match(folded(document, span)) for span in (first, second))
        if first.label == "DATE" and days and wording.DAYS_FROM.search(before) and between in wording.DAYS_TO:
            yield Finding(first.start, second.end, "from day to day is one date")


def number(document: Document) -> Iterator[Finding]:
    """A counted group that holds its number (3)."""
    for span in document.spans:
        if span.label in COUNTABLE and wording.NUMBERED.match(document.mention(span)):
            yield _at(span, "mark the number as a figure of its own")


def title(document: Document) -> Iterator[Finding]:
    """A person marked with a title or a function."""
    for span in document.spans:
        if span.label == "PER" and (found := wording.TITLED.match(document.mention(span))):
            yield _at(span, f"leave {found[0].strip()!r} out")


def nationality(document: Document) -> Iterator[Finding]:
    """An adjective (*russe*) as a place: one word without a capital."""
    for span in document.spans:
        mention = document.mention(span)
        if span.label == "LOC" and mention == mention.lower() and wording.LONE_WORD.fullmatch(mention):
            yield _at(span, "adjectives are never LOC: take the mark off")


def attribute(document: Document) -> Iterator[Finding]:
    """Attributes that the guide does not have, or on what is no figure."""
    for span in document.spans:
        for name in span.attributes:
            if name not in (*TARGETS, "id"):
                yield _at(span, f"{name!r} is not an attribute of the guide: who, by, id")
            elif name in TARGETS and span.label not in COUNTED:
                yield _at(span, f"take {name!r} off: only figures have it, and not MEASURE")


def relation(document: Document) -> Iterator[Finding]:
    """`who` and `by` that point nowhere, or at a label that they may not point at."""
    named = document.by_id()
    for span in document.spans:
        for name, target in _pointers(span):
            if target not in named:
                yield _at(span, f"no span has id={target}: mend {name}={target}")
            elif named[target].label not in TARGETS[name]:
                yield _at(span, f"{name}={target} points at {named[target].label}; "
                                f"allowed are {', '.join(TARGETS[name])}")


def _pointers(span: Span) -> Iterator[tuple[str, str]]:
    for name in TARGETS:
        for target in span.attributes.get(name, "").split():
            yield name, target


def identity(document: Document) -> Iterator[Finding]:
    """An id given twice in one article, or one that nothing points at."""
    counts = Counter(span.attributes["id"] for span in document.spans if "id" in span.attributes)
    pointed = {target for span in document.spans for _, target in _pointers(span)}
    for span in document.spans:
        key = span.attributes.get("id")
        if key is not None and counts[key] > 1:
            yield _at(span, f"id={key} is given {counts[key]} times: make it unique in the article")
        elif key is not None and key not in pointed:
            yield _at(span, f"nothing points at id={key}: take it off")


def header(document: Document) -> Iterator[Finding]:
    """Header fields that are missing, a date that is not an ISO day."""
    missing = [field for field in FIELDS if not document.meta.get(field)]
    if missing:
        yield Finding(0, 0, f"give the header {', '.join(missing)}")
    day = str(document.meta.get("date", ""))
    if day and not _is_day(day):
        yield Finding(0, 0, f"write the date {day!r} as 2025-02-07")


def _is_day(written: str) -> bool:
    try:
        return datetime.date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


def file(document: Document) -> Iterator[Finding]:
    """An article whose id is not the name of its file."""
    source = Path(document.source)
    if source.suffix == ".md" and source.stem != document.id:
        yield Finding(0, 0, f"name the file {document.id}.md, or the article {source.stem}")


def notation(document: Document) -> Iterator[Finding]:
    """Square brackets that make no link: they do not otherwise occur."""
    for bracket in re.finditer(r"[\[\]]", document.text):
        yield Finding(bracket.start(), bracket.end(), "write [text](LABEL), or take the bracket off")


RULES = (
    Rule("label", "labels are those of the table", label),
    Rule("overlap", "spans are flat and contiguous", overlap),
    Rule("determiner", "no determiner at the edge", determiner),
    Rule("preposition", "no preposition at the edge", preposition),
    Rule("quotation", "no quotation mark at the edge or inside", quotation),
    Rule("edge", "no white space or punctuation at the edge", edge),
    Rule("cut", "words and numbers are whole", cut),
    Rule("figure", "a figure is a number without what it counts", figure),
    Rule("qualifier", "a figure takes its qualifier", qualifier),
    Rule("range", "a range is one figure, a period of days one date", spread),
    Rule("number", "a number is never inside an entity", number),
    Rule("title", "a person has no title", title),
    Rule("nationality", "an adjective is no place", nationality),
    Rule("attribute", "attributes are who, by and id, the first two on figures", attribute),
    Rule("relation", "who and by point at a span of the right label", relation),
    Rule("identity", "an id is unique in its article and pointed at", identity),
    Rule("header", "the header is whole", header),
    Rule("file", "an article is named as its file", file),
    Rule("notation", "the notation is balanced", notation),
)
