"""For whom a pronoun beside a mark stands: the nearest actor before it that agrees with it."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from . import cues, nouns
from .actors import WIDE, person_or_body, stranger, subjects
from .mark import Mark

if TYPE_CHECKING:
    from .antecedents import Memory
    from .outline import Outline

BODIES = frozenset(("<ORG>", "<FORCE>", "<LOC>"))  # for which a spokesman speaks
PLURALS = frozenset("les des ces aux ses leurs".split())
ARRIVING = frozenset("vient arrive suit paraît entre passe survient".split())  # *Vient un démographe ; il …*
FIRST_PERSON = frozenset("j’ je moi nous nos notre ma mon mes".split())
FAR = 250  # units before *selon elle* in which its clause may begin


def of_pronoun(outline: Outline, mark: Mark, low: int, memory: Memory) -> Mark:
    """The mark with the nearest actor that agrees with its pronoun, none where it stands for nobody named."""
    head, here, told = mark.head, _here(outline, mark, low, memory), memory.said.source if memory.said else None
    goes_on = mark.word.startswith(cues.GOING_ON) and memory.before is None and told is not None
    if head in ("il", "elle") and goes_on and (mark.kind == "V" or not here):
        return mark._replace(source=told)  # *L’Iswap en a perdu 4, ajoute-t-il*
    if head in ("il", "elle") and not here:
        unnamed = _unnamed(outline, memory.said)
        if (told is None or not unnamed) and (memory.stranger or opens_strange(outline, low)):
            return mark
        if unnamed:
            return mark._replace(source=told)  # *Un responsable de X parle. Il précise*
    if not here and mark.word == "croire" and head == "son" and memory.said:
        return mark._replace(source=told)  # *à l’en croire*
    order = _order(outline, mark, low, memory, here)
    chosen = next((i for i in order if _agrees(outline, i, nouns.PRONOUNS[head])), None)
    if head == "son" and chosen is not None and outline.units[chosen].sentence < outline.units[low].sentence - 1:
        chosen = _spokesman(outline, mark, low, chosen)
    return mark._replace(source=_spoken_for(outline, chosen))


def _unnamed(outline: Outline, said: Mark | None) -> bool:
    """Whether a mark has an unnamed person, or the body that he speaks for."""
    if said is None or nouns.STANDS_FOR.get(said.head, ("",))[0] != "<PER>":
        return False
    return said.source is None or outline.units[said.source].text in BODIES


def _here(outline: Outline, mark: Mark, low: int, memory: Memory) -> list[int]:
    """The actors before a mark in its sentence for which its pronoun may stand."""
    here = _before(outline, mark, low)
    if mark.head in ("il", "elle"):  # the pronoun before an actor stands for an earlier one
        here = [i for i in here if mark.head not in outline.words[max(low, i - FAR):i]]
    if mark.kind == "V":
        here = [i for i in here if not outline.units[i].quoted or i > mark.at]
    if mark.head != "son" or mark.kind not in "AaV":
        return here
    said = memory.before.source if memory.before is not None else None  # *Ceux-ci nient ; leur porte-parole affirme*
    return [i for i in [*([] if said is None else [said]), *here] if outline.units[i].text in BODIES][:1]


def _order(outline: Outline, mark: Mark, low: int, memory: Memory, here: list[int]) -> list[int]:
    """The actors for which a pronoun may stand, the likeliest first."""
    head, recent = mark.head, memory.recent
    near, marked = here + [memory.subject] * (memory.subject is not None), memory.marked[:-5:-1]
    if mark.word.startswith(cues.GOING_ON) and not here:
        near, marked = marked, near
    subject_first = mark.kind in "AaV" or memory.fresh and head in ("elle", "lui", "elles", "eux")
    order = [*(near + marked if subject_first else here + marked + near), *recent]
    if head == "son" and mark.kind in "AaV" and not here:
        order = [*(i for i in recent if outline.units[i].text in ("<ORG>", "<FORCE>")
                   and outline.mention(i)[:1].isupper()), *order]
    if head in cues.NEAREST:
        order = [*(i for i in recent if gender(outline.mention(i), outline.units[i].text) == nouns.PRONOUNS[head]),
                 *recent, *order]
    if mark.kind == "S" and head != "son" or mark.kind == "V" and head in ("il", "elle"):  # no town speaks so
        said = memory.before.source if memory.before is not None else None
        order = [i for i in order if outline.units[i].text != "<LOC>" or outline.words[i - 1] in cues.ARTICLES
                 or mark.kind == "S" and i == said]
    told = memory.said.source if memory.said is not None else None
    if mark.kind == "V" and memory.before is None and told is not None and outline.units[told].text == "<PER>":
        order = [*here, told, *order]
    if mark.kind in "Aa" and head in ("il", "elle"):  # a person or a body rather than a bare capital
        order.sort(key=lambda i: outline.units[i].text == "<LOC>" and outline.words[i - 1] not in cues.ARTICLES
                   and i not in memory.marked[-1:] and (memory.before is None or i != memory.before.source))
    if mark.kind == "V" and not FIRST_PERSON.isdisjoint(
            outline.words[max(low, mark.at - FAR):mark.at + 9]):
        order.sort(key=lambda i: outline.units[i].text not in ("<PER>", "<CIVIL>"))
    return order


def _spokesman(outline: Outline, mark: Mark, low: int, body: int) -> int:
    """The spokesman himself, named before his verb, where his body was named long before."""
    at = bisect_left(outline.actors, mark.at)
    named = at > 0 and outline.actors[at - 1] >= low and outline.units[outline.actors[at - 1]].text == "<PER>"
    return outline.actors[at - 1] if named else body


def opens_strange(outline: Outline, low: int) -> bool:
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


def many(outline: Outline, i: int) -> bool:
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
    mention, plural = outline.mention(i), many(outline, i)
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
    return (gender(mention, units[i].text, before) or _titled(outline, i)) in ("", *wanted)


def _titled(outline: Outline, i: int) -> str:
    """`m` or `f` where the title of a person tells it: *la ministre X*, *le général X*, *Mme X*."""
    if outline.units[i].text != "<PER>" or not i:
        return ""
    title, article = outline.words[i - 1], outline.words[i - 2] if i > 1 else ""
    if title in ("mme", "m", "mgr"):
        return "f" if title == "mme" else "m"
    if title not in nouns.STANDS_FOR:
        return ""
    return "m" if article in ("le", "du", "au", "un") else "f" if article in ("la", "une") else ""


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
