"""For whom the pronouns and nouns of marks stand: *elle affirme*, *selon lui*, *ajoute l’ONG*, *même source*."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from . import cues, nouns
from .mark import Mark
from .phrases import WIDE, person_or_body, stranger, subjects

if TYPE_CHECKING:
    from .outline import Outline

THIS = frozenset("ce cet cette ces".split())  # with *communiqué*, *bilan* …: the document of the last source
DOCUMENTS = frozenset("texte document communiqué rapport bulletin".split())  # *le texte ajoute*: the last source’s
PLURALS = frozenset("les des ces aux ses leurs".split())
ARRIVING = frozenset("vient arrive suit paraît entre passe survient".split())  # *Vient un démographe ; il …*
BODIES = frozenset(("<ORG>", "<FORCE>", "<LOC>"))
DASHES = frozenset("–—")
FAR = 250  # units before *selon elle* in which its clause may begin


class Memory:
    """Whom the text so far named as source, its last subject, and the actors of the sentence before."""

    def __init__(self) -> None:
        self.paragraph = -1
        self.marked: list[int] = []  # sources, the latest last
        self.last: int | None = None  # the source of the last mark, None where it is no span
        self.told: int | None = None  # that of the sentence before
        self.spoke = False  # whether that sentence has a mark
        self.person = False  # whether that is an unnamed person, or the body that he speaks for
        self.subject: int | None = None
        self.fresh = False  # whether it is the subject of the sentence before, which has no mark
        self.recent: list[int] = []  # the latest first
        self.before: Mark | None = None  # the mark before in the same sentence
        self.pair: list[int] = []  # whom *les premiers* and *les seconds* stand for
        self.stranger = False  # whether the subject of the sentence before is nobody named


def resolved(outline: Outline, mark: Mark, low: int, memory: Memory) -> Mark:
    """The mark with the source that its pronoun or noun stands for."""
    if mark.source is not None or not mark.head:
        return mark
    head, last = mark.head, memory.before
    if mark.kind == "V" and last is not None and last.kind in "Aa" and last.head not in ("j’", "je") and (
            head in nouns.PRONOUNS and head in cues.WEAK):
        return mark._replace(source=last.source)
    if head == "même":
        return mark._replace(source=memory.last)
    if head in nouns.ORDINALS:
        return _of_two(outline, mark, low, memory)
    if head in DOCUMENTS and mark.kind in "Aa" and outline.words[mark.at - 1] != "que":
        return mark._replace(source=memory.last)
    if head.startswith("derni") or head in cues.RECORDING and mark.kind == "S":
        if THIS.isdisjoint(outline.words[max(low, mark.at - 6):mark.at + 5]):  # *selon le dernier bilan*
            return mark
        if not head.startswith("derni"):
            return mark._replace(source=memory.last)
    if head in nouns.PRONOUNS:
        return _of_pronoun(outline, mark, low, memory)
    labels = nouns.STANDS_FOR.get(head)
    if labels is None:
        return mark
    near = [*memory.marked[:-5:-1], *([] if memory.subject is None else [memory.subject]), *memory.recent]
    found = next((i for i in near if outline.units[i].text in labels and not (
        outline.units[i].text in ("<CIVIL>", "<FORCE>") and _many(outline, i) and not head.endswith("s")
        and (outline.units[i].text == "<CIVIL>" or outline.mention(i)[:1].islower()))), None)
    if found is None and head in cues.SPOKEN_FOR:
        found = next((i for i in near if outline.units[i].text in ("<ORG>", "<FORCE>")), None)
    if found is None and "<CIVIL>" not in labels:
        at = bisect_left(outline.actors, mark.at)
        found = next((i for i in outline.actors[max(0, at - 4):at][::-1] if i >= low and outline.units[i].text in labels), None)
    return mark._replace(source=found)


def _of_two(outline: Outline, mark: Mark, low: int, memory: Memory) -> Mark:
    """The mark with the one of two actors that *les premiers* or *les seconds* is."""
    which, here = nouns.ORDINALS[mark.head], subjects(outline, low, mark.at)
    if not which or len(memory.pair) < 2:
        memory.pair = here[-2:] if len(here) > 1 else memory.recent[:2][::-1]
    return mark._replace(source=memory.pair[which]) if len(memory.pair) == 2 else mark


def _of_pronoun(outline: Outline, mark: Mark, low: int, memory: Memory) -> Mark:
    """The mark with the nearest actor that agrees with its pronoun, none where it stands for nobody named."""
    head = mark.head
    here = [i for i in _before(outline, mark, low) if head not in ("il", "elle") or head not in outline.words[low:i]]
    if head == "son" and mark.kind in "AaV":
        said = memory.before.source if memory.before is not None else None  # *Ceux-ci nient ; leur porte-parole affirme*
        here = [i for i in [*([] if said is None else [said]), *here] if outline.units[i].text in BODIES][:1]
    if mark.kind == "V":
        here = [i for i in here if not outline.units[i].quoted or i > mark.at]
    if head in ("il", "elle") and not here and (memory.stranger or _opens_strange(outline, low)):
        return mark
    if head in ("il", "elle") and not here and memory.person:
        return mark._replace(source=memory.told)
    if mark.kind == "S" and head == "son" and not here and memory.spoke:
        return mark._replace(source=memory.told)  # *à l’en croire*
    near, marked = here + [memory.subject] * (memory.subject is not None), memory.marked[:-5:-1]
    if mark.word.startswith(cues.GOING_ON) and not here:
        if memory.before is None and memory.told is not None and head in ("il", "elle"):
            return mark._replace(source=memory.told)
        near, marked = marked, near
    order = [*(near + marked if mark.kind in "AaV" else here + marked + near), *memory.recent]
    if mark.kind == "S" and head in ("elle", "lui", "elles", "eux") and memory.fresh:
        order = [*here, *near, *marked, *memory.recent]
    if head == "son" and mark.kind in "AaV" and not here:
        order = [*(i for i in memory.recent if outline.units[i].text in ("<ORG>", "<FORCE>") and (
            outline.mention(i)[:1].isupper())), *order]
    if head in cues.NEAREST:
        order = [*(i for i in memory.recent if gender(outline.mention(i), outline.units[i].text) == (
            nouns.PRONOUNS[head])), *memory.recent, *order]
    if mark.kind == "S" and head != "son":  # no town, which is no *lui*
        order = [i for i in order if outline.units[i].text != "<LOC>" or outline.words[i - 1] in cues.ARTICLES]
        if {"j’", "je", "moi"} & set(outline.words[low:mark.at + 9]):
            order.sort(key=lambda i: outline.units[i].text not in ("<PER>", "<CIVIL>"))
    if mark.kind == "V" and head in ("il", "elle"):  # a voice: the person rather than the town
        order = [i for i in order if outline.units[i].text != "<LOC>" or outline.words[i - 1] in cues.ARTICLES]
    chosen = next((i for i in order if _agrees(outline, i, nouns.PRONOUNS[head])), None)
    if head == "son" and chosen is not None and outline.units[chosen].sentence < outline.units[low].sentence - 1:
        at = bisect_left(outline.actors, mark.at)  # a body named long before: the spokesman himself
        chosen = next((i for i in outline.actors[max(0, at - 1):at] if i >= low and outline.units[i].text == "<PER>"), chosen)
    return mark._replace(source=_spoken_for(outline, chosen))


def _opens_strange(outline: Outline, low: int) -> bool:
    """Whether a sentence opens with a noun for a person that names nobody (*Un élu est venu ; il*)."""
    words, units = outline.words, outline.units
    low += low + 3 < len(units) and words[low] in ARRIVING
    if low + 2 >= len(units) or words[low] not in cues.ARTICLES or any(
            unit.text == "<PER>" for unit in units[low:low + 9]):
        return False
    person = nouns.STANDS_FOR.get(words[low + 1], ("",))[0] == "<PER>"
    return person and (words[low] in cues.ONE or stranger(outline, low + 1))


def _spoken_for(outline: Outline, i: int | None) -> int | None:
    """An actor, or the body whose spokesman he was named as."""
    if i is None or outline.units[i].text != "<PER>":
        return i
    low = i
    while low and i - low < WIDE and outline.units[low - 1].sentence == outline.units[i].sentence:
        low -= 1
    return person_or_body(outline, i, low)


def _before(outline: Outline, mark: Mark, low: int) -> list[int]:
    """The subjects of its sentence, of its clause for *selon elle*, that stand before a mark."""
    if mark.kind in "AaV":
        return subjects(outline, low, mark.at)
    start = next((i + 1 for i in range(mark.at - 1, max(low, mark.at - FAR), -1) if outline.words[i] == ";"), low)
    return subjects(outline, start, mark.at)[:1] or subjects(outline, low, mark.at)[:1]


def _many(outline: Outline, i: int) -> bool:
    """Whether a mention is plural, by its article or as a common noun by its ending."""
    mention = outline.mention(i)
    if _heads(outline, i):
        return True
    common = mention[:1].islower() and mention.split(" ", 1)[0].endswith(("s", "x"))
    return common or i > 0 and outline.words[i - 1] in PLURALS


def _heads(outline: Outline, i: int) -> bool:
    """Whether an actor is the first of several that share a verb (*MSF, Oxfam et Care*)."""
    words, units = outline.words, outline.units
    for j in range(i + 1, min(len(units) - 2, i + 9)):
        if words[j] == "et":
            return units[j + 1].is_actor or words[j + 1] in cues.ARTICLES and units[j + 2].is_actor
        if words[j] != "," and words[j] not in cues.ARTICLES and not units[j].is_actor:
            return False
    return False


def _agrees(outline: Outline, i: int, wanted: str) -> bool:
    """Whether an actor may be masculine (`m`), feminine (`f`) or plural (`p`), by its article and its ending."""
    units, before = outline.units, outline.words[i - 1] if i else ""
    mention, plural = outline.mention(i), _many(outline, i)
    if wanted == "mfp":
        return True
    if "p" in wanted:
        return plural or units[i].text == "<LOC>" and outline.mention(i).endswith("s")
    if plural:
        return False
    if before in ("«", "“") and i > 1 and outline.words[i - 2] in nouns.FEMININE | nouns.MASCULINE:
        return gender(outline.words[i - 2], "") in wanted
    if before in ("le", "un", "du", "au", "ce"):
        return "m" in wanted
    if before in ("la", "une", "cette"):
        return "f" in wanted
    return gender(mention, units[i].text, before) in ("", *wanted)


def gender(mention: str, label: str, before: str = "") -> str:
    """`m` or `f` where the first word of a mention tells it, of a country after *l’* where its ending does; else "".

    >>> gender("armée israélienne", "<FORCE>"), gender("Israël", "<LOC>"), gender("Inde", "<LOC>", "l’")
    ('f', 'm', 'f')
    """
    first = mention.split(" ", 1)[0].lower()
    if label == "<PER>":
        return ""
    if label == "<LOC>":
        return ("f" if first.endswith("e") else "m") if before == "l’" else "m" * (first == "israël")
    return "f" if first in nouns.FEMININE or first.endswith(nouns.FEMININE_ENDINGS) else (
        "m" if first in nouns.MASCULINE else "")


def remember(outline: Outline, low: int, high: int, found: list[Mark], memory: Memory) -> None:
    """Take up the sources and the subject of a sentence."""
    paragraph = outline.units[low].paragraph
    if paragraph > memory.paragraph:
        memory.marked = memory.marked[-2:]
        memory.paragraph = paragraph
    spokesmen = {person_or_body(outline, i, low): i for i in outline.actors[
        bisect_left(outline.actors, low):bisect_left(outline.actors, high)] if outline.units[i].text == "<PER>"}
    for mark in found:
        if mark.source is not None:  # *il* is the spokesman, though the body states
            memory.marked += [*([spokesmen[mark.source]] if mark.source in spokesmen else []), mark.source]
    memory.before, memory.stranger = None, _opens_strange(outline, low)
    memory.told, memory.spoke = found[-1].source if found else None, bool(found)
    memory.person = bool(found) and nouns.STANDS_FOR.get(found[-1].head, ("",))[0] == "<PER>" and (
        memory.told is None or outline.units[memory.told].text in BODIES)
    if found:
        memory.last = found[-1].source
    named = next((mark.source for mark in found[::-1] if mark.kind in "AaNCV" and mark.source is not None), None)
    open_ = [i for i in subjects(outline, low, min(high, low + 24)) if not outline.units[i].quoted]
    if open_ and open_[0] == low and outline.units[low].text == "<LOC>" and not DASHES.isdisjoint(
            outline.words[low:min([*open_[1:2], low + 14])]):
        del open_[0]  # the place from where the news comes
    first = open_[0] if open_ and (open_[0] - low < 8 or named is None) else named
    memory.fresh = first is not None and not found
    if first is not None:
        memory.subject = first
    at = bisect_left(outline.actors, high)
    memory.recent = [i for i in outline.actors[max(0, at - 3):at][::-1] if i >= low]
