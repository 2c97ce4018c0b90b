"""Names to put in the place of others: our own lists, and the names of a training set by their articles.

`gazetteer.json` holds names and common nouns that are alike in grammar: those of one list may take each
other's place. Persons are invented. A name of the training set that no list has joins the list that its
articles point to (« le Jnim », « du Jnim »: masculine), or none when they disagree.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from ..data.document import Document
from ..data.typography import unaccented
from .slots import before

FAMILIES = {"le": "masculine", "du": "masculine", "au": "masculine", "la": "feminine", "les": "plural",
            "des": "plural", "aux": "plural", "a": "town", "l": "unknown", "en": "unknown", "un": "unknown",
            "une": "unknown", "ce": "unknown", "cette": "unknown", "par": "bare", "de": "bare", "avec": "bare",
            "selon": "bare", "contre": "bare", "pour": "bare", "d": "bare"}
KINDS = {  # label → what its articles point to → list
    "LOC": {"town": "town", "masculine": "region masculine", "feminine": "region feminine"},
    **{label: {family: f"name {family}" for family in ("masculine", "feminine", "plural", "bare")}
       for label in ("FORCE", "ORG")},
}


@cache
def table() -> Mapping[str, Any]:
    """What `gazetteer.json` holds."""
    return json.loads((files("bilan.train") / "gazetteer.json").read_text(encoding="utf-8"))


@lru_cache(8192)
def key(mention: str) -> str:
    """The mention as it is looked up: without case, accents and the kind of its apostrophes."""
    return " ".join(unaccented(mention).lower().replace("’", "'").split())


Forms = tuple[str, str, str, str]  # masculine, feminine, and their plurals


def forms(adjective: str) -> Forms:
    """Masculine, feminine, and both in the plural.

    >>> forms("malien")
    ('malien', 'malienne', 'maliens', 'maliennes')
    """
    irregular = {"turc": "turque", "burkinabè": "burkinabè"}
    feminine = irregular.get(adjective) or (
        adjective if adjective.endswith("e") else
        adjective + ("ne" if adjective.endswith(("ien", "éen")) else "e"))
    plurals = [word if word.endswith("s") else f"{word}s" for word in (adjective, feminine)]
    return adjective, feminine, plurals[0], plurals[1]


@cache
def demonyms() -> tuple[dict[str, Forms], tuple[Forms, ...]]:
    """The adjective behind each form, and all adjectives of nationality."""
    every = tuple(forms(adjective) for adjective in table()["demonyms"])
    return {form: four for four in every for form in four}, every


@dataclass(frozen=True)
class Gazetteer:
    """`kinds` says in which list a mention is, by (label, key); `lists` are the mentions by (label, kind)."""

    kinds: Mapping[tuple[str, str], str]
    lists: Mapping[tuple[str, str], Sequence[str]]


def gazetteer(documents: Iterable[Document] = ()) -> Gazetteer:
    """Our lists and the names of the documents, in an order that does not depend on that of the documents."""
    kinds: dict[tuple[str, str], str] = {}
    lists: dict[tuple[str, str], list[str]] = defaultdict(list)
    for label, named in table().items():
        for kind, mentions in named.items() if label.isupper() else ():
            for mention in mentions:
                kinds[label, key(mention)] = kind
                lists[label, kind].append(mention)
    for (label, mention), families in sorted(_families(documents).items()):
        kind = KINDS[label].get(_pointed(label, families), "")
        if kind and (label, key(mention)) not in kinds:
            kinds[label, key(mention)] = kind
            lists[label, kind].append(mention)
    return Gazetteer(kinds, lists)


def _families(documents: Iterable[Document]) -> dict[tuple[str, str], set[str]]:
    """What the words before each proper name point to."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    nations, _ = demonyms()
    for document in documents:
        for span in document.spans:
            mention = document.mention(span)
            if span.label in KINDS and mention[0].isupper() and _ordinary(mention) and mention.lower() not in nations:
                found[span.label, mention].add(FAMILIES.get(before(document.text, span.start), ""))
    for label, mention in list(found):  # « Le Caire » is a name with its article: « au Caire » says nothing
        article, _, rest = mention.partition(" ")
        if article in ("Le", "La", "Les"):
            found.pop((label, rest), None)
            del found[label, mention]
    return found


def _ordinary(mention: str) -> bool:
    """Whether a name is neither in capitals (which hide its accents), nor long, nor a common noun with a number."""
    words = mention.split()
    return ((len(mention) < 6 or not mention.isupper()) and len(words) < 5 and "\n" not in mention
            and (len(words) != 2 or not re.match("[IVX]+e ", mention)))


def _pointed(label: str, families: set[str]) -> str:
    """The one family that all articles point to; nothing when they differ. No article: towns, bare names."""
    said = families - {"", "bare"}
    if label == "LOC" and said:
        return said.pop() if len(said) == 1 else ""
    return said.pop() if len(said) == 1 else "bare" if not said and "bare" in families else ""
