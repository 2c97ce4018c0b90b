"""Which verbs attribute where they stand, and which tell an act: *répond par une frappe*, *livre des chars*."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import cues, inversion, nouns, sayings
from .verbs import finite

if TYPE_CHECKING:
    from .outline import Outline

NO_INFINITIVES = frozenset("avoir être quatre hier entre contre notre votre autre outre premier dernier".split())
AGREEING = ("conven", "convien", "convin")  # *convient de rendre 12 captifs*: an act, no admission
INTENDING = ("compt", "espèr", "espér", "pens", "jur")  # with an infinitive an intention


def is_verb(outline: Outline, k: int, low: int) -> bool:
    """Whether a form that may be a verb of attribution is one here, and no act."""
    word, before = outline.words[k], outline.words[k - 1] if k > low else "^"
    if before in cues.NOUN_MARKERS and not (before == "leur" and word.startswith(cues.GIVING)):
        return False
    if word in cues.RECORDS and outline.words[k + 1:k + 2] and outline.words[k + 1].endswith(cues.PARTICIPLES):
        return False
    if word == "communiqué" and outline.words[k + 1:k + 2] == ["par"] or word == "portant" and _raised_to(outline, k):
        return True
    if sayings.bare(word) in cues.ACTS and not word.endswith("-on") and not _tells_yet(outline, k):
        return False
    if word.startswith("ajout") and "s’" in outline.words[max(low, k - 2):k] or _is_act(outline, k):
        return False
    if word in ("riant", "souriant", "pleurant", "soupirant") and before == "en":
        return False
    if word in ("fait", "font", "faisait", "faisaient", "fit", "firent"):
        return not cues.STATES.isdisjoint(outline.words[k + 1:k + 3])
    if before == "le" and outline.words[k - 2] in ("comme", "que"):  # *comme le note X*
        return True
    if before in cues.LATTER and outline.words[k - 2] in ("ce", "cette", "ces"):  # *ce dernier compte*
        return True
    if word.startswith("chiffr") and before not in cues.COUNTED_OFF and any(
            outline.words[j] == "à" and figure_follows(outline, j)
            for j in range(k + 1, min(len(outline.words) - 1, k + 4))):
        return True
    return word not in cues.NOUNS_TOO or not before or before in cues.BEFORE_VERB or (
        before in nouns.STANDS_FOR and word not in cues.RECORDS)


def _raised_to(outline: Outline, k: int) -> bool:
    """*Portant les assaillants à 4 000*."""
    words, units = outline.words, outline.units
    return any(words[j] == "à" and units[j + 1].is_figure for j in range(k + 2, min(len(words) - 1, k + 7)))


def _tells_yet(outline: Outline, k: int) -> bool:
    """Whether a verb of acts tells: *redoute-t-il*, *« … », maintient X*, *a retenu 12 morts*, *retrouve des noms*."""
    word = outline.words[k]
    return (word.startswith(cues.FEARING) and "-" in word or _incised(outline, k)
            or word == "retenu" and _keeps_number(outline, k)
            or word.startswith("retrouv") and not {"nom", "noms"}.isdisjoint(outline.words[k + 1:k + 5]))


def _keeps_number(outline: Outline, k: int) -> bool:
    """*A retenu 12 morts, en a retenu 12, a retenu une fourchette de 9 à 12*, no captives."""
    return figure_follows(outline, k) and (
        outline.units[k + 1].text != "<DETAINED>" or "en" in outline.words[max(0, k - 3):k])


def _incised(outline: Outline, k: int) -> bool:
    """Whether a verb and its subject close a clause: *…, maintient l’armée.*, no act then."""
    words, j = outline.words, inversion.after_listener(outline, k + 1, len(outline.words))
    while j < len(words) and (words[j] in cues.ARTICLES or (
            j + 1 < len(words) and words[j] in nouns.STANDS_FOR and outline.units[j + 1].is_actor)):
        j += 1
    if words[k - 1] in cues.INCISED and j + 2 < len(words) and words[j] in nouns.STANDS_FOR and words[j + 1] == ",":
        return outline.units[j + 2].text == "<PER>"  # *« … », maintient le curé, X*
    return words[k - 1] in cues.INCISED and j < len(words) and outline.units[j].is_actor and (
        j + 1 == len(words) or words[j + 1] in cues.CLAUSE_ENDS)


def denies_or_keeps(outline: Outline, k: int, start: int) -> bool:
    """*12 morts, ce que dément X*, *les 12 soldats que retenait X*: no source."""
    words, word = outline.words, outline.words[k]
    if start < 2 or words[start - 1] not in ("que", "qu’"):
        return False
    held = next((unit.text for unit in outline.units[start - 2:max(0, start - 8):-1] if unit.is_figure), "")
    return held == "<DETAINED>" and word.startswith(cues.KEEPING) or (
        words[start - 2] == "ce" and word.startswith(cues.DENYING))


def reaches(outline: Outline, k: int, high: int) -> bool:
    """*En est à 12*, *s’arrête à 12*, *penche pour 12*, *met en avant 12*."""
    words, word, link = outline.words, outline.words[k], cues.REACHING[outline.words[k]]
    if word in cues.IDIOMS and not link:
        return _idiomatic(outline, k, high)
    if link == "avant":
        return " ".join(words[k + 1:k + 4]).startswith(cues.CREDITED)
    if word in cues.GOING:
        return any(words[j] == link and outline.units[j + 2].is_figure for j in range(k + 1, min(high - 2, k + 4)))
    near = words[max(0, k - 1):k] if word in cues.BE else words[max(0, k - 3):k]
    if near[-1:] == ["se"] or word in cues.BE and "en" not in near:
        return False
    if word in cues.STAYING and "en" not in near and "s’" not in near:
        return False
    return any(words[j] == link and figure_follows(outline, j) for j in range(k + 1, min(high, k + 8)))


def _idiomatic(outline: Outline, k: int, high: int) -> bool:
    """*Place la barre à 12*, *dispose d’une liste de 12*, *a rendu public son pointage : 12*."""
    words, (near, link) = outline.words, cues.IDIOMS[outline.words[k]]
    if link == "en":  # *en a trouvé 12*, no *a trouvé 12 corps*
        return "en" in words[max(0, k - 3):k] and any(unit.is_figure for unit in outline.units[k + 1:min(high, k + 5)])
    at = next((j for j in range(k + 1, min(high, k + 5)) if words[j] in near), None)
    if at is None or not link:
        return at is not None
    return any(words[j] == link and figure_follows(outline, j) for j in range(at + 1, min(high, at + 7)))


def figure_follows(outline: Outline, k: int) -> bool:
    """Whether a figure stands right after a unit, past a quotation mark."""
    at = k + 1 + (outline.words[k + 1:k + 2] != [] and outline.words[k + 1] in cues.QUOTING)
    at += 3 * (outline.words[at:at + 3] == ["une", "fourchette", "de"])
    return at < len(outline.units) and outline.units[at].is_figure


def _is_act(outline: Outline, k: int) -> bool:
    """*Répond par une frappe*, *a revendiqué l’attaque*, *n’a pas confirmé*: what tells no figure."""
    words, word, after = outline.words, outline.words[k], outline.words[k + 1:k + 3]
    if word.startswith(cues.MEETING) and len(after) == 2 and after[0] in cues.MET and outline.units[k + 2].is_figure:
        return True
    if word in ("dit", "disent", "disait", "disaient") and words[k - 1] == "se" and after[:1] and (
            after[0].endswith(("és", "ée", "ées", "é", "is", "t", "ts"))):  # *se disent trahis*
        return True
    if word.startswith(cues.ANSWERING) and after[:1] and after[0] in cues.ACT_BY or _intends(outline, k):
        return True
    if word.startswith(("avan", "donn")) and _advances(outline, k):
        return True
    if word.startswith(("rappel", "post")) and figure_follows(outline, k):  # *rappelle, poste deux brigades*
        return True
    if word.startswith("compt") and after[:1] == ["parmi"] or (
            word.startswith(cues.OF_ITSELF) and words[k - 1] in ("se", "s’")):
        return True
    if word in ("assure", "assurait") and words[k - 1] == "qui" and after[:1] and after[0] in ("le", "la", "l’", "les"):
        return True  # *qui assure l’intérim*
    if after[:1] and after[0] in cues.NOT or words[k - 1] in cues.NOT:
        return bool({"ne", "n’"} & set(words[max(0, k - 4):k]))
    if word.startswith(cues.BRINGING) and after[:1] not in (["pour"], [":"]) and not _tallies(outline, k):
        return True
    if word.startswith("prêt") and figure_follows(outline, k) and {"lui", "leur"}.isdisjoint(words[max(0, k - 2):k]):
        return True
    if word == "tenue" and "en" not in words[max(0, k - 3):k]:
        return True
    return word.startswith(cues.SOLEMN) and _event_follows(outline, k) and not any(
        other.endswith(("rait", "raient")) for other in words[k + 1:k + 12])


def _intends(outline: Outline, k: int) -> bool:
    """*Compte rapatrier six avions*, *compte bien en envoyer 800*: an intention, no count."""
    words, j = outline.words, k + 1
    while j < len(words) and words[j] in ("bien", "en", "y", "se", "s’", "aussi", "désormais", "ne", "pas"):
        j += 1
    if words[k].startswith(("jur", *AGREEING)):
        j += words[j:j + 1] in (["de"], ["d’"])
    return (words[k].startswith((*INTENDING, *AGREEING)) and j < len(words) and not outline.units[j].is_figure
            and words[j].endswith(("er", "ir", "oir", "re")) and words[j] not in NO_INFINITIVES)


def _advances(outline: Outline, k: int) -> bool:
    """*Avancent difficilement*, *a avancé de 10 km*: who moves, and says nothing: no number, tally or *que* follows."""
    words, units = outline.words, outline.units
    end = min(len(words), k + 8)
    end = next((j for j in range(k + 1, end) if words[j] in ("et", ",", ";")), end)
    said = any(units[j].is_figure or words[j] in cues.TALLIES or words[j] in ("que", "qu’", ":", "«")
               or words[j] == "par" and words[k].endswith(cues.PARTICIPLES) for j in range(k + 1, end))
    given = words[k].startswith("donn") and words[k - 1] in ("que", "qu’")  # *le chiffre que donne X*
    said = said or given or words[k - 2:k] in (["ce", "qu’"], ["ce", "que"])
    return not said and words[k - 1] not in cues.INCISED and "-" not in words[k]


def _tallies(outline: Outline, k: int) -> bool:
    """Whether a bilan or *à 12* follows a verb, or what it says: *livre un bilan*, *ramène le total à 12*."""
    words, last = outline.words, min(len(outline.units) - 1, k + 10)
    last = next((j for j in range(k + 1, last) if words[j] == ","), last)
    if words[k].startswith("tien") and "pour" in words[k + 1:k + 9]:
        return True
    return not cues.TALLIES.isdisjoint(words[k + 1:k + 6]) or words[k + 1:k + 2] in (["que"], ["qu’"]) or any(
        words[j] == "à" and figure_follows(outline, j) for j in range(k + 1, last))


def _event_follows(outline: Outline, k: int) -> bool:
    """Whether the object of a verb is an event (*l’attaque*), and no number of them."""
    j = k + 1
    while j < len(outline.units) and outline.words[j] in cues.ARTICLES:
        j += 1
    return j < len(outline.units) and outline.units[j].text == "<EVENT>" and outline.words[j + 1:j + 2] not in (
        ["de"], ["d’"], ["du"], ["des"])


def elided_to(outline: Outline, i: int, high: int) -> int:
    """The figure that an actor without a verb tells, or -1: *Kiev, lui, que 12*, *Kiev avoir tué 12 hommes*."""
    units, words, k = outline.units, outline.words, i + 1
    if k + 1 < high and words[k] == "," and words[k + 1] in cues.ONES:
        k += 1
    elif k < high and words[k] == ",":
        k = next((j for j in range(k + 1, min(high, k + 10)) if words[j] == "," or units[j].is_figure), high)
        told = words[i + 2:i + 3] != [] and words[i + 2] in ("qui", "que", "qu’", "dont")  # of the actor, in a clause
        if k == high or units[k].is_figure or not told and any(
                finite(words[j], words[j - 1]) and words[j] not in cues.STRONG for j in range(i + 2, k) if words[j]):
            return -1
    last = min(high, k + 8)
    while k < last and words[k] in cues.ELIDED_TO:
        k += 1
    if k < last and words[k] in ("avoir", "être"):
        k = next((j for j in range(k, last) if units[j].is_figure or words[j] in cues.STOPS or words[j] == ","), high)
    return k if k < high and units[k].is_figure else -1


def is_preposition(outline: Outline, k: int, low: int) -> bool:
    """Whether a word of the tables is a preposition here: *d’après*, *à lire*, *aux termes de*."""
    word, before = outline.words[k], outline.words[k - 1] if k > low else "^"
    if word in ("après", "apres"):
        return before == "d’" and outline.words[k + 1:k + 2] != [] and outline.words[k + 1] not in cues.PAUSES
    if word == "pour":
        counted = k - low > 1 and outline.units[k - 2].is_figure and before in cues.FALLEN
        return (counted or before in "^,;:(—–»") and k + 1 < len(outline.units)
    if word == "dixit":
        return True
    if word in cues.NOMINAL and outline.words[k + 1:k + 2] and outline.words[k + 1] not in cues.OF:
        return False
    if word == "lire" and before.endswith("-on"):  # *peut-on lire dans un rapport de X*
        return True
    if word in ("dire", "dires", "croire", "lire", "entendre", "aveu", *cues.MORE_SOURCES):
        return before in cues.BEFORE_SOURCE.get(word, ()) or word == "auprès" and not cues.HEARD.isdisjoint(
            outline.words[max(low, k - 5):k])
    if word in ("source", "sources"):
        return before in ("de", "^", ",", "(", "même")
    if word == "suivant":
        return before in "^,;:(—–»" or outline.units[k - 1].is_figure
    return word == "selon" or word == "foi" and before in ("la", ",", "(")
