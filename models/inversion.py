"""Where the subject of a verb of attribution stands: before it, past an insertion, or after it (*…, a dit X*)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import cues, nouns, sayings

if TYPE_CHECKING:
    from .outline import Outline

FAR = 60  # units that an aside or a relative clause before a verb may have
REACH = 10  # words between a subject and its verb that are looked past


def begins(outline: Outline, k: int, low: int) -> int:
    """Where a verb begins with its auxiliaries, clitics and adverbs."""
    words, start = outline.words, k
    while start > max(low, k - REACH) and (words[start - 1] in cues.BETWEEN or _adverb(words, start - 1)
                                           or sayings.bare(words[start - 1]) in cues.HAVE):
        start -= 1
    return start


def _adverb(words: list[str], i: int) -> bool:
    """*Officiellement*, no *mouvement*."""
    return words[i].endswith("ment") and words[i] not in nouns.STANDS_FOR and (
        i == 0 or words[i - 1] not in cues.DEFINITE | cues.ONE)


def inserted(outline: Outline, start: int, k: int, low: int) -> bool:
    """Whether what stands between the subject and its verb is an insertion (*l’armée, elle, admet*) or *ne*."""
    words = outline.words
    if words[start - 1] == "," and start - 2 > low and words[start - 2] in cues.STRONG and (
            words[start - 3] == ","):
        return True
    if words[start - 1] == "," and start - 3 > low and any(
            ends(outline, start - 1, low) for ends in (_after_relative, _after_person, _after_aside)):
        return True
    return words[start - 1] not in ("que", "comme") and not {"ne", "n’"}.isdisjoint(words[start:k])


def _after_relative(outline: Outline, comma: int, low: int) -> bool:
    """Whether a comma ends a relative clause about an actor (*le ministre X, que l’on disait prêt, évoque*)."""
    words = outline.words
    opening = next((j for j in range(comma - 1, max(low, comma - FAR), -1) if words[j] == ","), low)
    return opening > low and words[opening + 1] in ("qui", "que", "qu’") and outline.units[opening - 1].is_actor and (
        cues.QUOTES.isdisjoint(words[opening:comma]))


def _after_person(outline: Outline, comma: int, low: int) -> bool:
    """Whether a comma ends a name in apposition, or an age after it (*le maire, X, dit*, *Moses, dix ans, décrit*)."""
    units, words = outline.units, outline.words
    return units[comma - 1].text == "<PER>" and words[comma - 2] == "," or comma - 3 >= low and (
        units[comma - 1].text == "<MEASURE>" and units[comma - 3].text == "<PER>")


def _after_aside(outline: Outline, comma: int, low: int) -> bool:
    """Whether a comma ends an aside after the actor that opens the sentence (*New Delhi, plus au nord, compte*)."""
    words = outline.words
    low = next((j + 1 for j in range(comma - 1, max(low, comma - FAR), -1) if words[j] == ";"), low)
    if comma - low > FAR:
        return False
    opening = low + 1 + (words[low] in cues.ARTICLES)
    return opening < comma and words[opening] == "," and outline.units[opening - 1].is_actor and (
        "," not in words[opening + 1:comma]) and not any(unit.is_figure for unit in outline.units[opening:comma])


def helped_before(outline: Outline, at: int, low: int) -> bool:
    """Whether the auxiliary of a participle stands with the one before it (*avait répliqué par X et revendiqué*)."""
    words = outline.words
    for j in range(at - 1, max(low, at - 12), -1):
        if words[j] in cues.CLAUSE_ENDS or words[j] in (",", "que", "qu’", "qui"):
            return False
        if words[j - 1] in cues.HAVE and words[j].endswith(cues.PARTICIPLES):
            return True
    return False


def nicknames(outline: Outline, k: int) -> bool:
    """*Vadym Antonov, dit « Marin »*, *Jimmy Chérizier, dit Barbecue,*."""
    units, words = outline.units, outline.words
    quoted = words[k + 1:k + 2] == ["«"] and "»" in words[k + 2:k + 6]
    named = units[k - 2].text == "<PER>" and words[k + 1:k + 3] == ["", ","]
    return k > 1 and words[k - 1] == "," and (quoted or named)


def alone(words: list[str], k: int) -> bool:
    """Whether the subject after a verb is a mere noun: *…, disent les historiens ;*."""
    return words[k + 1:k + 2] != [] and words[k + 1] in ("le", "la", "les", "l’") and words[k + 3:k + 4] != [] and (
        words[k + 2].isalpha() and words[k + 3] in cues.CLAUSE_ENDS)


def opened(words: list[str], k: int, low: int) -> bool:
    """Whether the verb that governs an infinitive opens an inserted clause: *…, a fini par lâcher X*."""
    while k > low and words[k - 1] in cues.BETWEEN:
        k -= 1
    return k == low or words[k - 1] in cues.OPENING


def goes_on(outline: Outline, k: int, high: int) -> bool:
    """Whether what follows a verb is its object, so that its subject stands before it."""
    if k + 1 >= high:
        return False
    after, second = outline.words[k + 1], outline.units[k + 2].text if k + 2 < high else ""
    if after == "en" and second == "<DATE>" or after == "d’" and second == "abord":
        return False
    if after == "à" and (second in cues.ARTICLES or second in ("<ORG>", "<LOC>", "<DATE>")):
        return False
    if after in ("un", "une") and outline.words[k - 1] not in cues.CLOSING and any(
            outline.words[j] in cues.RECORDING and outline.words[j - 1] not in cues.OF
            and outline.words[j] not in cues.SPOKEN_FOR
            for j in range(k + 2, min(high, k + 6))):
        return True
    then = outline.words[k + 2] if k + 2 < high else ""
    if after == "à" and then in ("voix", "présent") or after == "en" and then.endswith("ant"):
        return False
    if after in ("ce", "cette") and then in cues.TOTALS | {"nombre"}:
        return True
    if after in cues.GIVEN_TO and outline.words[k].startswith(cues.GIVING):
        return True
    if after in cues.THROUGH and any(outline.words[j] in ("que", "qu’") and outline.words[j - 1] not in cues.CLAUSES
                                     for j in range(k + 2, min(high, k + 9))):
        return True
    return after in cues.AFTER_VERB or outline.units[k + 1].is_figure


def after_listener(outline: Outline, k: int, high: int) -> int:
    """Past *à l’AFP*, *à la presse*."""
    while k + 1 < high and (outline.words[k] in cues.STATES or outline.words[k] in cues.AFTERWARDS):
        k += 1
    k += 2 * (outline.words[k:k + 2] == ["à", "présent"])
    k += k < high and outline.units[k].text == "<DATE>"
    k += 2 * (k + 1 < high and outline.words[k] == "en" and outline.words[k + 1].endswith("ant"))  # *dit en riant X*
    if k < high and outline.words[k] in cues.GIVEN_TO:
        k += 1
        while k < high and outline.words[k] in cues.ARTICLES:
            k += 1
        heard = k + 2 < high and outline.units[k + 1].is_actor and not outline.units[k].is_actor
        return k + 1 + (outline.words[k:k + 1] == ["voix"] or heard)  # *à voix basse*, *à la radio RPP*
    return k


def follows_quote(outline: Outline, k: int, low: int) -> bool:
    """Whether a form opens the words after a quotation, so that it is a verb whatever it means: *« … », X-t-il*."""
    units, words, j, reflexive = outline.units, outline.words, k - 1, False
    while j > low and words[j] in cues.BEFORE_VOICE:
        reflexive, j = reflexive or words[j] in ("s’", "se"), j - 1
    j -= words[j] == ","
    if j - low < 5 or units[j].text not in "»”\"" or not all(unit.quoted for unit in units[j - 5:j]):
        return False
    helped = not cues.HAVE.isdisjoint(words[j:k]) or reflexive
    if words[k] in cues.HAVE:
        return False
    formed = words[k].endswith(cues.PARTICIPLES) if helped and not reflexive else (
        words[k].endswith(cues.VERBAL) and words[k] not in cues.AFTER_QUOTE)
    return formed and k + 1 < len(units) and _opened_apart(outline, j, low)


def _opened_apart(outline: Outline, last: int, low: int) -> bool:
    """Whether a quotation is no part of the phrase before it (*le plan « Une paix juste » prévoit*)."""
    first = next((j for j in range(last - 1, low, -1) if outline.units[j].text in cues.QUOTING), low)
    return first == low or outline.words[first - 1] in cues.BEFORE_QUOTE
