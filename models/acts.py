"""Which verbs attribute where they stand, and which tell an act: *répond par une frappe*, *livre des chars*."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import cues

if TYPE_CHECKING:
    from .outline import Outline


def is_verb(outline: Outline, k: int, low: int) -> bool:
    """Whether a form that may be a verb of attribution is one here, and no act."""
    word, before = outline.words[k], outline.words[k - 1] if k > low else "^"
    if before in cues.NOUN_MARKERS and not (before == "leur" and word.startswith(cues.GIVING)):
        return False
    if cues.bare(word) in cues.ACTS or before == "s’" and word.startswith("ajout") or _is_act(outline, k):
        return False
    if word in ("fait", "font", "faisait", "faisaient"):
        return not cues.STATES.isdisjoint(outline.words[k + 1:k + 3])
    return word not in cues.NOUNS_TOO or not before or before in cues.BEFORE_VERB


def reaches(outline: Outline, k: int, high: int) -> bool:
    """*En est à 12*, *s’arrête à 12*, *penche pour 12*, *met en avant 12*."""
    words, word, link = outline.words, outline.words[k], cues.REACHING[outline.words[k]]
    if link == "avant":
        return words[k + 1:k + 3] == ["en", "avant"]
    near = words[max(0, k - 1):k] if word in cues.BE else words[max(0, k - 3):k]
    if near[-1:] == ["se"] or word in cues.BE and "en" not in near:
        return False
    if word in cues.STAYING and "en" not in near and "s’" not in near:
        return False
    return any(words[j] == link and outline.units[j + 1].is_figure for j in range(k + 1, min(high - 1, k + 8)))


def _is_act(outline: Outline, k: int) -> bool:
    """*Répond par une frappe*, *a revendiqué l’attaque*, *n’a pas confirmé*: what tells no figure."""
    words, word, after = outline.words, outline.words[k], outline.words[k + 1:k + 3]
    if word.startswith(cues.ANSWERING) and after[:1] and after[0] in cues.ACT_BY:
        return True
    if after[:1] and after[0] in cues.NOT or words[k - 1] in cues.NOT:
        return bool({"ne", "n’"} & set(words[max(0, k - 4):k]))
    if word.startswith(cues.BRINGING) and not _tallies(outline, k):
        return True
    if word == "tenue" and "en" not in words[max(0, k - 3):k]:
        return True
    return word.startswith(cues.SOLEMN) and _event_follows(outline, k) and not any(
        other.endswith(("rait", "raient")) for other in words[k + 1:k + 12])


def _tallies(outline: Outline, k: int) -> bool:
    """Whether a bilan or *à 12* follows a verb, or what it says: *livre un bilan*, *ramène le total à 12*."""
    units, words, last = outline.units, outline.words, min(len(outline.units) - 1, k + 10)
    return not cues.TALLIES.isdisjoint(words[k + 1:k + 6]) or words[k + 1:k + 2] in (["que"], ["qu’"]) or any(
        words[j] == "à" and units[j + 1].is_figure for j in range(k + 1, last))


def _event_follows(outline: Outline, k: int) -> bool:
    """Whether the object of a verb is an event (*l’attaque*), and no number of them."""
    j = k + 1
    while j < len(outline.units) and outline.words[j] in cues.ARTICLES:
        j += 1
    return j < len(outline.units) and outline.units[j].text == "<EVENT>" and outline.words[j + 1:j + 2] not in (
        ["de"], ["d’"], ["du"], ["des"])


def inserted(outline: Outline, start: int, k: int, low: int) -> bool:
    """Whether what stands between the subject and its verb is an insertion (*l’armée, elle, admet*) or *ne*."""
    words = outline.words
    if words[start - 1] == "," and start - 2 > low and words[start - 2] in cues.STRONG and (
            words[start - 3] == ","):
        return True
    return words[start - 1] not in ("que", "comme") and not {"ne", "n’"}.isdisjoint(words[start:k])
