"""For whom the pronouns and nouns of marks stand: *elle affirme*, *selon lui*, *ajoute l’ONG*, *même source*."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from . import cues, nouns
from .actors import person_or_body, subjects
from .mark import Mark
from .pronouns import many, of_pronoun, opens_strange

if TYPE_CHECKING:
    from .outline import Outline

THIS = frozenset("ce cet cette ces".split())  # with *communiqué*, *bilan* …: the document of the last source
DOCUMENTS = frozenset("texte document communiqué rapport bulletin".split())  # *le texte ajoute*: the last source’s
DASHES = frozenset("–—")  # after the place from where the news comes


class Memory:
    """Whom the text so far named as source, its last subject, and the actors of the sentence before."""

    def __init__(self) -> None:
        self.paragraph = -1
        self.marked: list[int] = []  # sources, the latest last
        self.last: int | None = None  # the source of the last mark, None where it is no span
        self.said: Mark | None = None  # the last mark of the sentence before
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
    quoted = last is not None and last.head in ("j’", "je")
    if mark.kind == "V" and last is not None and not quoted and last.kind in "AaV" and (
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
            if head in DOCUMENTS and outline.words[mark.at + 1:mark.at + 3] == ["le", head]:  # *d’après le communiqué*
                return mark._replace(source=memory.last)
            return mark
        if not head.startswith("derni"):
            return mark._replace(source=memory.last)
    if head in nouns.PRONOUNS:
        return of_pronoun(outline, mark, low, memory)
    labels = nouns.STANDS_FOR.get(head)
    if labels is None:
        return mark
    near = [*memory.marked[:-5:-1], *([] if memory.subject is None else [memory.subject]), *memory.recent]
    if head in nouns.OFFICIALS:
        near = [i for i in near if _holds(outline, i, head)]
    found = next((i for i in near if outline.units[i].text in labels and not (
        outline.units[i].text in ("<CIVIL>", "<FORCE>") and many(outline, i) and not head.endswith("s")
        and (outline.units[i].text == "<CIVIL>" or outline.mention(i).lower().startswith(cues.COUNTED)))), None)
    if found is None and head in cues.SPOKEN_FOR:
        found = next((i for i in near if outline.units[i].text in ("<ORG>", "<FORCE>")), None)
    if found is None and "<CIVIL>" not in labels:  # *12 membres de MSF tués, dit l’ONG*
        at = bisect_left(outline.actors, mark.at)
        found = next((i for i in outline.actors[max(0, at - 4):at][::-1]
                      if i >= low and outline.units[i].text in labels), None)
    return mark._replace(source=found)


def _holds(outline: Outline, i: int, title: str) -> bool:
    """Whether a title stands beside the name of a person; common nouns hold none."""
    if outline.units[i].text != "<PER>":
        return outline.units[i].text != "<CIVIL>"
    return title in outline.words[max(0, i - 4):i + 5]


def _of_two(outline: Outline, mark: Mark, low: int, memory: Memory) -> Mark:
    """The mark with the one of two actors that *les premiers* or *les seconds* is."""
    which, here = nouns.ORDINALS[mark.head], subjects(outline, low, mark.at)
    if not which or len(memory.pair) < 2:
        memory.pair = here[-2:] if len(here) > 1 else memory.recent[:2][::-1]
    return mark._replace(source=memory.pair[which]) if len(memory.pair) == 2 else mark


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
    memory.before, memory.stranger = None, opens_strange(outline, low)
    memory.said = found[-1] if found else None
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
    memory.recent = [i for i in outline.actors[max(0, at - 5):at][::-1] if i >= low]
