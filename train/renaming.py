"""Other names in the place of those of a document: persons, places, forces, bodies, nationalities.

One name is replaced by one other throughout a document, whole or in part (« Zelensky » follows « Volodymyr
Zelensky »), by one that its article and preposition allow; where there is none, it stays.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random

from ..data.document import Document, Span
from ..data.rewrite import Replacement
from .gazetteer import Forms, Gazetteer, demonyms, key
from .slots import fits

WOMAN = re.compile(r"\b(?:Mme|elle|née|veuve|mère|sœur|fille|la (?:ministre|présidente|porte-parole|procureure|"
                   r"colonelle|maire|juge)|[a-zé]{3,}(?:ière|trice|ienne|euse))\b", re.IGNORECASE)
NEAR = 60  # characters around a name in which a word may say that it is a woman's
ADJECTIVE_LABELS = ("FORCE", "ORG", "CIVIL", "WEAPON")
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
Places = Mapping[str, Sequence[Span]]


def renamed(document: Document, names: Gazetteer, rng: Random, *, chance: float) -> list[Replacement]:
    """The replacements of the names of a document, each name with the given chance."""
    taken = {key(document.mention(span)) for span in document.spans}
    edits: list[Replacement] = []
    for (label, mention), spans in _by_name(document).items():
        kind = names.kinds.get((label, mention))
        if label == "PER" or kind is None or rng.random() >= chance:
            continue
        known = names.lists[label, kind]
        allowed = all(fits(document.text, span.start, document.mention(span), kind) for span in spans)
        chosen = next((name for name in rng.sample(known, len(known)) if allowed and key(name) not in taken
                       and all(fits(document.text, span.start, name, kind) for span in spans)), None)
        if chosen is not None:
            taken.add(key(chosen))
            edits += [_edit(document, span, chosen, loud=document.mention(span) not in known) for span in spans]
    edits += _persons(document, names, rng, chance)
    done = {start for start, _, _ in edits}
    return edits + _nationalities(document, rng, done) if rng.random() < chance else edits


def _by_name(document: Document) -> dict[tuple[str, str], list[Span]]:
    found: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for span in document.spans:
        found[span.label, key(document.mention(span))].append(span)
    return found


def _edit(document: Document, span: Span, new: str, *, loud: bool = True) -> Replacement:
    """The mention by another one with the apostrophe of the document, in capitals if it was in them (`loud`)."""
    mention = document.mention(span)
    if loud and mention.isupper() and len(mention) > 1:
        new = new.upper()
    elif mention[0].isupper():
        new = new[0].upper() + new[1:]
    typewriter = document.text.count("'") > document.text.count("’")
    return span.start, span.end, new.replace("’", "'") if typewriter else new


def _persons(document: Document, names: Gazetteer, rng: Random, chance: float) -> list[Replacement]:
    edits: list[Replacement] = []
    people = {mention: spans for (label, mention), spans in _by_name(document).items() if label == "PER"}
    used: set[str] = set()
    for owner, places in _owned(people).items():
        if rng.random() >= chance or any(char in owner for char in ".0123456789"):
            continue
        woman = any(_is_woman(document, span) for spans in places.values() for span in spans)
        pool = names.lists["PER", "feminine" if woman else "masculine"]
        name = next((name for name in rng.sample(pool, len(pool)) if name not in used and all(
            fits(document.text, span.start, _part(name, owner, mention), "")
            for mention, spans in places.items() for span in spans)), None)
        if name is not None:
            used.add(name)
            edits += [_edit(document, span, _part(name, owner, mention))
                      for mention, spans in places.items() for span in spans]
    return edits


def _owned(people: Places) -> dict[str, dict[str, Sequence[Span]]]:
    """The mentions of each person: a single word belongs to the first longer name that begins or ends with it."""
    full = [mention for mention in people if " " in mention]
    owned: dict[str, dict[str, Sequence[Span]]] = defaultdict(dict)
    for mention, spans in people.items():
        whose = [name for name in full if mention in (name.split()[0], name.split(" ", 1)[1], name.split()[-1])]
        owned[whose[0] if whose and mention not in full else mention][mention] = spans
    return owned


def _part(name: str, owner: str, mention: str) -> str:
    """What of the new name stands where `mention` of the old name `owner` stood: all, first, last."""
    if " " in mention and mention == owner:
        return name
    first, last = name.split(" ", 1)
    return first if " " in owner and owner.split()[0] == mention else last


def _is_woman(document: Document, span: Span) -> bool:
    around = document.text[max(0, span.start - NEAR):span.start], document.text[span.end:span.end + NEAR]
    return any(WOMAN.search(part) for part in around)


def _nationalities(document: Document, rng: Random, done: Iterable[int]) -> list[Replacement]:
    """Adjectives of nationality within mentions, each by another one of the same forms."""
    known, every = demonyms()
    found: dict[Forms, list[tuple[Span, re.Match[str]]]] = defaultdict(list)
    for span in document.spans:
        if span.label in ADJECTIVE_LABELS and span.start not in done and _common(document.mention(span)):
            for word in WORD.finditer(document.text, span.start, span.end):
                if word[0].lower() in known:
                    found[known[word[0].lower()]].append((span, word))
    edits: list[Replacement] = []
    free = [four for four in every if four not in found]
    for four, places in found.items():
        able = [other for other in free if all(_agrees(document, four, other, *place) for place in places)]
        if able:
            other = rng.choice(able)
            free.remove(other)
            edits += [(word.start(), word.end(), _cased(_as(four, other)(word[0].lower()), word[0]))
                      for _, word in places]
    return edits


def _common(mention: str) -> bool:
    """Whether a mention is a common noun, or a noun of nationality alone: names keep their adjectives."""
    return mention[0].islower() or " " not in mention


def _as(four: Forms, other: Forms) -> Callable[[str], str]:
    return lambda word: other[four.index(word)]


def _agrees(document: Document, four: Forms, other: Forms, span: Span, word: re.Match[str]) -> bool:
    """Whether every form that the word may be is one and the same in the other adjective."""
    possible = {other[place] for place, form in enumerate(four) if form == word[0].lower()}
    return len(possible) == 1 and (word.start() > span.start or fits(document.text, span.start, possible.pop(), ""))


def _cased(new: str, old: str) -> str:
    return new.upper() if old.isupper() else new[0].upper() + new[1:] if old[0].isupper() else new
