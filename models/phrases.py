"""The noun phrases beside a mark: the actor on its right, the subject on its left, and what stands for an actor.

Where the phrase holds no actor that can be the source, its pronoun or noun is told instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from . import cues, nouns, sayings
from .actors import WIDE, first_named, governed, named_after, opens, person_or_body, stranger, subjects

if TYPE_CHECKING:
    from .outline import Outline


class Found(NamedTuple):
    """Whom a search came upon, and by which noun or pronoun."""

    source: int | None = None
    head: str = ""


def to_right(outline: Outline, k: int, high: int) -> Found:
    """The source that begins at `k`: the actor of the noun phrase, a person in apposition, or the noun."""
    units, words, first, head, last = outline.units, outline.words, None, "", min(high, k + WIDE)
    if k < last and words[k] in cues.STRONG:
        return Found(None, words[k])
    for j in range(k, last):
        unit, word = units[j], words[j]
        if word == "." and words[j - 1] in nouns.TITLES:
            continue
        if word in ("«", "“") and first is None and not head and j > k:
            continue
        if unit.is_figure or word in cues.STOPS or first is None and word in ("que", "qui"):
            break
        if word == "," and first is None:
            first = _after_noun(outline, j, last) if head else None
            if first is not None:
                return Found(_speaking(outline, first, k), head)
            break
        if unit.is_actor and first is None and _names_him(outline, j, k, head):
            break
        if unit.is_actor:
            if first is not None and unit.text == "<PER>":
                return Found(person_or_body(outline, j, k), head)
            if first is None:
                first = j
                if unit.text == "<PER>" or not head and not named_after(outline, j, last):
                    break
        elif first is None and word in cues.LATTER and words[j - 1] in ("ce", "cette", "ces"):
            return Found(None, word)
        elif word in ("et", "ou") and head and first is None and head not in cues.TALLYING:
            break  # of two sources the first, which is none
        elif first is None and word.replace("-", "").isalpha() and word not in cues.NO_NOUNS:
            head = head or word
        elif first is not None and sayings.verb(word):
            break
    first = None if first is None else _speaking(outline, first, k)
    if first is not None and head and units[first].text == "<LOC>" and head not in cues.OF_PLACES:
        named = words[first + 1:first + 2] == [","] and first + 2 < high and units[first + 2].text == "<ORG>"
        first = first + 2 if named else None  # *un cabinet de Lagos, X*; *un maire de la région*
    return _right_of(outline, k, last, first, head)


def _speaking(outline: Outline, i: int, low: int) -> int:
    """An actor, or the body for which a person speaks."""
    return person_or_body(outline, i, low) if outline.units[i].text == "<PER>" else i


def _after_noun(outline: Outline, comma: int, last: int) -> int | None:
    """The name in apposition to a noun: *un élu, le maire X*, *son service de presse, l’ISPR.*"""
    units, words = outline.units, outline.words
    named = comma + 1 + (comma + 2 < last and words[comma + 1] in cues.ARTICLES)
    named += named + 1 < last and words[named] in nouns.STANDS_FOR
    if named < last and units[named].text == "<PER>":
        return named
    body = named + 1 < last and units[named].text == "<ORG>" and words[named + 1] in cues.PAUSES
    return named if body else None


def _names_him(outline: Outline, i: int, low: int, head: str) -> bool:
    """Whether an actor is who named the person before: *du gouverneur nommé par X*."""
    return nouns.STANDS_FOR.get(head, ("",))[0] == "<PER>" and governed(outline, i, low) == "par"


def _right_of(outline: Outline, k: int, last: int, first: int | None, head: str) -> Found:
    """What a search to the right came upon: the actor, else whose noun it is, or nobody."""
    words = outline.words
    if first is None and k < last and words[k] in cues.POSSESSIVES:
        return Found(None, "son")
    return Found(first, head if first is not None or k < last and words[k] in cues.DEFINITE else "?" * bool(head))


def to_left(outline: Outline, k: int, low: int) -> Found:
    """The subject of a verb that begins after `k`: pronoun, antecedent, actor, or the noun that is no actor."""
    words = outline.words
    if k < low:
        return Found(None, "lui" if words[low] == "lui" else "")
    if words[k] in cues.WEAK:
        return Found(None, words[k])
    if words[k] in cues.WHO:
        known = antecedent(outline, k, low)
        own = _in_apposition(outline, k - 1, low) if words[k - 1] == "," and k > low else None
        if known is not None:
            return own if own is not None and own.head == "son" else Found(known)
        k -= 2 if k > low and words[k - 1] == "," else 1
    elif words[k] == ",":
        named = _in_apposition(outline, k, low)
        if named is not None:
            return named
        k = _before_insertion(outline, k, low)
    return _noun_phrase(outline, k, low)


def _noun_phrase(outline: Outline, k: int, low: int) -> Found:
    """The actor of the noun phrase that ends at `k`, its complement, or its noun."""
    units, words = outline.units, outline.words
    complement, agent, depth, noun, vague = None, None, 0, "", False
    for j in range(k, max(low, k - WIDE) - 1, -1):
        word = words[j]
        depth += (word == ")") - (word == "(")
        if depth > 0 or depth == 0 and word == "(":
            continue
        if units[j].is_actor:
            preposition = governed(outline, j, low)
            if not preposition:
                return Found(_speaking(outline, first_named(outline, j, low), low), noun)
            if preposition in cues.OF or preposition in cues.GIVEN_TO and (
                    units[j].text in ("<ORG>", "<FORCE>") and not nouns.OFFICES.isdisjoint(words[max(low, j - 4):j])):
                complement = j
            elif preposition == "par" and complement is None:
                agent = j
        elif word in cues.STOPS or word in ("que", "qu’"):
            break
        elif word == "," and (complement is not None or noun):
            if complement is not None and units[j - 1].text == "<PER>" and j > low:
                return Found(person_or_body(outline, j - 1, low), noun)
            break
        elif word in cues.STRONG and word not in cues.ARTICLES:
            return Found(None, word)
        elif word in ("nos", "notre") and words[j - 1] != "par":
            return Found(None, "nous")
        elif word in cues.POSSESSIVES and j < k and (words[j + 1] in cues.RECORDS or words[j + 1] in nouns.OFFICES):
            return Found(None, "son")
        elif j < k and words[j + 1].replace("-", "").isalpha() and word in cues.DETERMINERS and (
                word not in cues.OF or word == "des" and opens(words, j, low)):
            if j > low and words[j - 1] in ("de", "d’") and (word == "l’" or complement is None):
                complement = None  # *la police de l’État de Borno*, *un médecin de la ville*
                continue
            noun, vague = words[j + 1], word in cues.ONE or stranger(outline, j + 1)
            if complement is not None or word in cues.DEFINITE or word in ("un", "une", "des"):
                break
    if agent is not None and (noun in cues.RECORDING or noun in nouns.EVIDENCE):  # *le bilan établi par X*
        return Found(_speaking(outline, agent, low), noun)
    return _complemented(outline, complement, noun, vague=vague)


def _complemented(outline: Outline, complement: int | None, noun: str, *, vague: bool) -> Found:
    """The complement of a noun as its source, but for a mere place (*un maire de X*) and kin (*des proches de X*)."""
    label = outline.units[complement].text if complement is not None else ""
    near = label == "<PER>" and noun in nouns.NEAR_ONES
    if complement is None or near or label == "<LOC>" and noun and noun not in cues.OF_PLACES:
        return Found(None, noun if noun and not vague and not near else "?")
    return Found(complement, noun)


def main_subject(outline: Outline, k: int, high: int) -> int | None:
    """The subject of the main clause after a gerund: *En annonçant 12 morts, Kiev a surpris*."""
    comma = next((j for j in range(k, high) if outline.words[j] == ","), high)
    return next((i for i in subjects(outline, comma, high) if i < comma + 4), None)


def housed(outline: Outline, k: int, high: int) -> int | None:
    """The body at whose place *dit-on* is said: *chez les rebelles*, *à l’état-major*."""
    home = to_right(outline, k + 1, high).source
    return home if home is not None and (
        outline.words[k] == "chez" or outline.units[home].text in ("<ORG>", "<FORCE>")) else None


def at_home(outline: Outline, on: int, low: int) -> int | None:
    """The actor at whose place *on* speaks: *chez X, on parle de*, *à l’ONU, on avance*."""
    units, words, i = outline.units, outline.words, on - 2
    if i < low or words[on - 1] != "," or not units[i].is_actor:
        return None
    near = words[max(low, i - 3):i]
    if "chez" in near or "côté" in near:
        return i
    return i if units[i].text in ("<ORG>", "<FORCE>") and governed(outline, i, low) in cues.GIVEN_TO else None


def antecedent(outline: Outline, k: int, low: int, *, far: bool = False) -> int | None:
    """The actor right before a relative pronoun, or `far` from it; no place where something is."""
    units, words, j = outline.units, outline.words, k - 1
    if far:
        j = next((i for i in range(k - 1, max(low, k - WIDE) - 1, -1) if units[i].is_actor and not (
            units[i].text == "<LOC>" and governed(outline, i, low) in cues.PLACING)), -1)
    elif j > low and words[j] == ",":
        j -= 1
    if not far and j > low + 2 and words[j] == ")":
        j -= 3
    if j < low or not units[j].is_actor or (
            units[j].text == "<LOC>" and governed(outline, j, low) in cues.PLACING):
        return None
    first = j - 1
    while first > low and words[first] in cues.DETERMINERS:
        first -= 1
    if first < j - 1 and units[first].is_actor and words[first + 1] in cues.OF:  # *le projet X de l’université Y, qui*
        j = first
    if units[j].text in ("<ORG>", "<FORCE>") and governed(outline, j, low) in cues.OF:
        person = next((i for i in range(j - 3, max(low, j - 6), -1) if units[i].text == "<PER>"), None)
        if person is not None and words[person + 1] == "," and "," not in words[person + 2:j]:
            return person_or_body(outline, person, low)  # *X, coordinatrice de MSF, qui*
    return _speaking(outline, j, low)


def _in_apposition(outline: Outline, comma: int, low: int) -> Found | None:
    """*Le maire, X, dit*; *une association, X, dit*; for *leur porte-parole, X, dit* those that he speaks for."""
    units, words = outline.units, outline.words
    opening = next((j for j in range(comma - 1, max(low, comma - 4 * WIDE), -1) if words[j] == ","), comma)
    if "par" in words[opening + 2:opening + 3] and opening < comma:
        if units[opening - 1].is_actor:
            return None  # *une commission, nommée par X, conclut*
        if words[opening - 1] in nouns.EVIDENCE and units[comma - 1].is_actor:
            return Found(comma - 1, words[opening - 1])  # *des images, examinées par X, confirment*
    if opening < comma and words[opening + 1] in ("que", "qu’", "dont") and units[opening - 1].is_actor:
        return Found(opening - 1)  # *les familles, que représente X, disent*
    if comma - 4 >= low and words[comma - 2] in ("dit", "dite") and (
            units[comma - 4].text == units[comma - 1].text == "<PER>"):
        return Found(person_or_body(outline, comma - 4, low))  # *Jimmy Chérizier, dit Barbecue, affirme*
    if comma > low and units[comma - 1].text == "<PER>":
        person, first = person_or_body(outline, comma - 1, low), max(low + 1, comma - 6)
        own = person == comma - 1 and any(words[n] in cues.SPOKEN_FOR and words[n - 1] in cues.POSSESSIVES
                                          for n in range(first, comma))
        return Found(None, "son") if own else Found(person)
    if comma - 4 >= low and words[comma - 1] in cues.SPOKEN_FOR and words[comma - 2] in cues.POSSESSIVES and (
            units[comma - 4].text == "<PER>" and words[comma - 3] == ","):
        return Found(None, "son")  # *X, leur porte-parole, dit*
    before = comma - 2 - (words[comma - 2] in cues.ARTICLES)
    if before > low and units[comma - 1].is_actor and words[before] == ",":
        return Found(comma - 1)
    return None


def _before_insertion(outline: Outline, comma: int, low: int) -> int:
    """Where the subject ends when an insertion between commas, a relative clause first, parts it from its verb."""
    words, found = outline.words, comma - 1
    for j in range(comma - 1, max(low, comma - 2 * WIDE), -1):
        if words[j] == "," and words[j + 1] in cues.RELATIVE:
            return j - 1
        if words[j] == "," and found == comma - 1:
            found = j - 1
        if words[j] in cues.CLAUSE_ENDS:
            break
    return found
