"""The decided cases of the annotation guide that a program can check: `CASES`, rows as in `rules`.

They hang on words: what stands in the mention or right beside it. A case that needs a reader (is this
crew a navy's?) has no rule. The names are those of the table "Decided cases" of `data/GUIDE.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .document import Document
from .mentions import folded
from .rules import Finding, Rule, is_figure

# A type word left out before a name. Letters as they are written: the capital begins the name.
TYPE_WORD = re.compile(
    r"\b(?:ONG|association|collectif|organisation|fondation|agence|chaîne|site|projet|cabinet|observatoire) "
    r"(?:(?!d[eu]s? |de la )[a-zà-ÿ]+ ){0,2}\Z")
FORMER = re.compile(r"\b[Aa]nciens[ \u00a0]\Z")
MADE_IN = re.compile(r" de fabrication ")
ALONE = re.compile(r" seule?s?\Z")
PERHAPS = re.compile(r"peut-être ")
NO_SITE = re.compile(r"(?:positions?|caves?|tranchées?|tentes?)\Z")
LINE_OF_A_MAP = re.compile(r"(?:canal|détroit|rue|avenue|boulevard) ")
LOST = re.compile(r"\bperd(?:u|re|ent|ait|aient|it|irent)?(?: que)?[ \u00a0]\Z")
DEAD = re.compile(r"\b(?:tué|mort|abattu|décéd)")
BETWEEN = re.compile(r"[ \u00a0](?:d['’]|de )?\Z")


def type_word(document: Document) -> Iterator[Finding]:
    """A body marked without the word that says its type: *l'ONG* [Acled], *l'agence* [Tasnim]."""
    for span in document.spans:
        found = TYPE_WORD.search(document.text[max(0, span.start - 40):span.start])
        if span.label == "ORG" and found and document.text[span.start].isupper():
            yield Finding(span.start, span.end, f"take {found[0].strip()!r} in")


def former(document: Document) -> Iterator[Finding]:
    """[anciens combattants] marked without their first word."""
    for span in document.spans:
        if span.label == "FORCE" and FORMER.search(document.text[max(0, span.start - 9):span.start]):
            yield Finding(span.start, span.end, "take 'anciens' into the span")


def maker(document: Document) -> Iterator[Finding]:
    """A weapon marked with *de fabrication turque*."""
    for span in document.spans:
        if span.label == "WEAPON" and MADE_IN.search(folded(document, span)):
            yield Finding(span.start, span.end, "leave 'de fabrication …' out")


def alone(document: Document) -> Iterator[Finding]:
    """A figure that holds *seul* or *peut-être*: [un] *seul mort*, *peut-être* [deux cents]."""
    for span in document.spans:
        mention = folded(document, span)
        if is_figure(span) and (found := ALONE.search(mention) or PERHAPS.match(mention)):
            yield Finding(span.start, span.end, f"leave {found[0].strip()!r} out")


def built(document: Document) -> Iterator[Finding]:
    """As `SITE`: what is none (*positions, caves*), and the named lines of a map, which are `LOC`."""
    for span in document.spans:
        if span.label != "SITE":
            continue
        if NO_SITE.match(folded(document, span)):
            yield Finding(span.start, span.end, "take the mark off: no SITE")
        elif LINE_OF_A_MAP.match(folded(document, span)):
            yield Finding(span.start, span.end, "a canal, a strait or a street by its name is LOC")


def lost(document: Document) -> Iterator[Finding]:
    """Fighters lost (*perdu dix hommes*) as `KILLED` where the text does not say that they died."""
    text = document.text
    for span, other in zip(document.spans, document.spans[1:], strict=False):
        counted = other.label == "FORCE" and BETWEEN.match(text[span.end:other.start])
        before, after = text[max(0, span.start - 16):span.start], text[other.end:other.end + 24]
        if span.label == "KILLED" and counted and LOST.search(before) and not DEAD.search(after):
            yield Finding(span.start, span.end, "fighters lost are LOSSES")


CASES = (
    Rule("type", "a body keeps the type word before its name", type_word),
    Rule("former", "former fighters keep 'anciens'", former),
    Rule("maker", "a weapon has no 'de fabrication'", maker),
    Rule("alone", "a figure has no 'seul' nor 'peut-être'", alone),
    Rule("built", "positions, cellars and lines of a map are no SITE", built),
    Rule("lost", "fighters lost are LOSSES", lost),
)
