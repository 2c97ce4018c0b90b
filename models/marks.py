"""The marks that make a source (guide, sentence 1): *selon X*, *X affirme*, *…, a dit X*, *X :*, *(X)*, *bilan de X*.

A mark is read from its word outwards: a preposition has its source on the right, a verb its subject on the left
or, inverted, on the right. What it finds is an actor, or a pronoun or noun that stands for one (`head`), or none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import acts, cues, inversion, nouns, sayings, turns
from .actors import WIDE, governed, person_or_body, subjects
from .mark import Mark
from .nominal import of_bracket, of_colon, of_origin, of_record
from .phrases import Found, antecedent, at_home, housed, main_subject, to_left, to_right

if TYPE_CHECKING:
    from .outline import Outline

TRIGGERS = (cues.SOURCES | frozenset(cues.REACHING) | cues.MORE_SOURCES | cues.RECORDING | cues.BELIEVED
            | cues.LETTING | cues.ORIGINS | {":", "("})  # words that may make a mark, beside verbs


def marks(outline: Outline, low: int, high: int) -> list[Mark]:
    """The marks of the sentence that holds the units from `low` to `high`, in reading order."""
    found: list[Mark] = []
    words, units = outline.words, outline.units
    for k in range(low, high):
        word, made = words[k], None
        if not word:
            made = _elided(outline, k, low, high, found) if units[k].is_actor else None
        elif word in TRIGGERS or sayings.attributes(word) or inversion.follows_quote(outline, k, low):
            made = _of_word(outline, k, low, high, found)
        if made is not None:
            found.append(made)
    return found


def _of_word(outline: Outline, k: int, low: int, high: int, found: list[Mark]) -> Mark | None:
    word = outline.words[k]
    if (word in cues.SOURCES or word in cues.MORE_SOURCES) and acts.is_preposition(outline, k, low):
        return _of_preposition(outline, k, low, high, found)
    if word in cues.BELIEVED and turns.trusts(outline, k, low):
        return Mark(k, "S", word, *to_right(outline, turns.trusted(outline, k, high), high))
    if word in cues.REACHING and acts.reaches(outline, k, high):
        return _of_reaching(outline, k, low, _of_verb(outline, k, low, high, found))
    if word in cues.LETTING and k > low and outline.words[k - 1].startswith("laiss"):
        return _inverted_or_not(outline, k, k - 1, low, high)
    if word in cues.RECORDING and k > low and outline.words[k - 1] in cues.ASIDE and k + 1 < high and (
            outline.words[k + 1] in cues.OF or outline.words[k - 1] == "(" and outline.units[k + 1].is_actor):
        return of_record(outline, k, high)
    if word == "vu" and outline.words[k - 1] == "ai" and "j’" in outline.words[max(low, k - 4):k]:
        return Mark(k, "A", word, None, "j’")
    name = sayings.attributes(word)
    if word in ("dit", "dite") and inversion.nicknames(outline, k):
        return None
    if word.startswith("cit") and k > low and outline.words[k - 1] in ("que", "qu’"):
        return None
    if name and word.endswith(cues.INFINITIVES):
        return _infinitive(outline, k, low, high, found)
    spoken = not name and word not in TRIGGERS and inversion.follows_quote(outline, k, low)
    if name and acts.is_verb(outline, k, low) or spoken:
        made = _of_verb(outline, k, low, high, found)
        if made is not None or word not in cues.RECORDING:
            return made
    if word in cues.RECORDING:
        return of_record(outline, k, high)
    if word in cues.ORIGINS:
        return of_origin(outline, k, low, high)
    if word == ":":
        return of_colon(outline, k, low, high, found)
    return of_bracket(outline, k, low, high) if word == "(" else None


def _of_reaching(outline: Outline, k: int, low: int, made: Mark | None) -> Mark | None:
    """*En est à 12*, *penche pour 12*: a mark of whom it names or resumes."""
    word = outline.words[k]
    if made is None or word in cues.WAITING and "s’" in outline.words[max(low, k - 2):k]:
        return None
    if word.startswith(("élèv", "élev")):  # *le bilan de X s’élève à 12*; without X it ends no other mark
        return made if made.source is not None and made.head in cues.RECORDING else None
    known = (word in cues.IDIOMS or made.head in cues.TALLYING or made.head in nouns.PRONOUNS
             or made.head in ("on", "nous") or made.source is not None and not made.head)
    return made if known or made.kind in "Aa" and cues.REACHING[word] == "pour" else None  # nobody's count ends a mark


def _of_preposition(outline: Outline, k: int, low: int, high: int, found: list[Mark]) -> Mark | None:
    """*Selon X*; *même source* and *à l’en croire* stand for a source named before; *pour X,* only with its comma."""
    word, before = outline.words[k], outline.words[max(low, k - 2):k]
    if word == "dires" and before[-1:] in (["ses"], ["leurs"]):
        return Mark(k, "S", word, None, "son")
    if word == "bouche" and outline.words[k - 3:k] == [",", "par", "la"] and outline.units[k - 4].is_actor:
        return None  # *Kiev, par la bouche de X, dit*
    if word == "bouche" and outline.words[k - 2:k] == ["par", "la"] and (near := subjects(outline, low, k)):
        return Mark(k, "S", word, near[0])
    if word in ("aveu", "avis") and before[-1:] != ["l’"]:
        return Mark(k, "S", word, None, "son")
    if before[-1:] == ["même"] or turns.again(outline.words[k + 1:k + 4]):
        return Mark(k, "S", word, None, "même")
    if before in (["à", "l’"], ["à", "les"], ["l’", "en"], ["les", "en"]):
        return Mark(k, "S", word, None, "son")
    if k + 1 < high and outline.words[k + 1] in cues.WHO:
        whom = antecedent(outline, k + 1, low, far=True)
        if outline.words[k - 1] == "," and k - 2 >= low and outline.units[k - 2].is_actor and (
                governed(outline, k - 2, low) in ("", "de", "d’")):
            whom = k - 2
        return Mark(k, "A", word, whom) if word in ("selon", "pour", "après") else None
    colon = word in ("source", "sources") and outline.words[k + 1:k + 2] == [":"]
    inside = word == "lire" and outline.words[k + 1:k + 2] in (["dans"], ["sur"])
    ahead = to_right(outline, k + 1 + (colon or inside), high)
    if word != "pour" or ahead.head in nouns.PRONOUNS and outline.words[k + 2:k + 3] == [","]:
        return Mark(k, "S", word, *ahead)
    return _of_pour(outline, k, low, high, found, ahead)


def _of_pour(outline: Outline, k: int, low: int, high: int, found: list[Mark], ahead: Found) -> Mark | None:
    """*12 pour la police, 30 pour la rue*, *pour X, 12 morts*; *pour Goma* tells a goal."""
    word, last = outline.words[k], ahead.source
    if ahead.head in nouns.ORDINALS and outline.words[k + 3:k + 4] in ([","], [";"], ["."], ["et"]):
        return Mark(k, "p", word, *ahead)
    if last is None and found and found[-1].kind == "p" and outline.units[k - 1].is_figure:
        return Mark(k, "p", word, None, "?")
    if last is None or last > k + 4 or ahead.head and outline.units[last].text != "<PER>":
        return None
    counted = k - 1 - (outline.words[k - 1] in cues.FALLEN)
    linked = found and found[-1].kind == "p" or turns.chains_on(outline, last, high)
    dead = outline.units[counted].text in ("<KILLED>", "<INJURED>", "<LOSSES>")
    if k > low and outline.units[last].text == "<LOC>" and outline.words[k - 1] not in (";", ":") and not (
            linked and dead):
        return None
    if outline.units[counted].is_figure and k > low:
        known = outline.units[last].text in ("<ORG>", "<PER>") or dead and outline.units[last].text != "<FORCE>"
        return Mark(k, "p", word, *ahead) if known or linked else None
    told = outline.words[last + 2] not in ("que", "qu’", "où", "dont") if last + 2 < high else False
    return Mark(k, "p", word, *ahead) if told and outline.words[last + 1] == "," else None


def _of_verb(outline: Outline, k: int, low: int, high: int, found: list[Mark]) -> Mark | None:
    """The mark of a verb of attribution, by its form and by what stands before it."""
    words, word, start = outline.words, outline.words[k], inversion.begins(outline, k, low)
    clitic = next((words[j] for j in range(start, k + 1) if "-" in words[j] and sayings.CLITIC.search(words[j])), "")
    if clitic:
        return _of_clitic(outline, k, high, clitic.rpartition("-")[2])
    helped = any(words[j] in cues.HAVE or words[j] in cues.WAS and words[j - 1] in ("s’", "se")
                 for j in range(start, k))
    helped = helped or start > low and words[start - 1] == "et" and inversion.helped_before(outline, start - 1, low)
    if word.endswith(cues.PARTICIPLES) and not helped:
        return _of_participle(outline, k, high)
    before = words[start - 1] if start > low else "^"
    if before == "^" and word.endswith("ant") and word != "citant":  # *Reprochant à Kiev la mort de 12 civils, l’ONU …*
        return Mark(k, "A", word, main_subject(outline, k, high))
    apart = found and before == "," and found[-1].word.startswith("cit") and words[found[-1].at - 1] == "qui"
    apart = apart or start == low and words[low] == "lui" or inversion.goes_on(outline, k, high) or (
        inversion.inserted(outline, start, k, low))
    if "-même" in words[start] and before in ("^", ";", ",") or words[start] in ("lui", "eux") and before in (";", ":"):
        return Mark(k, "A", word, None, words[start])
    if before in cues.OPENING and not apart:
        ahead = to_right(outline, inversion.after_listener(outline, k + 1, high), high)
        if words[k + 1:k + 2] == [","] and "," in words[k + 2:k + 10]:  # *corrige, joint par téléphone, un élu*
            ahead = to_right(outline, k + 3 + words[k + 2:k + 10].index(","), high)
        if acts.denies_or_keeps(outline, k, start):
            return None
        named = ahead.source is not None or ahead.head in nouns.STANDS_FOR or (
            ahead.head in nouns.PRONOUNS and (ahead.head != "son" or not nouns.OFFICES.isdisjoint(words[k + 1:k + 5])))
        if named or words[k + 1:k + 2] in cues.INDEFINITE or inversion.alone(words, k):
            return Mark(k, "V", word, *ahead)
    name = sayings.attributes(word)
    if (name == "voice" or not name and word not in cues.REACHING) and not (
            name and k + 1 < high and turns.voiced(outline, k, high)):
        return None
    if word == "citant" or word in ("cite", "citait", "citent") and before == "qui":
        return Mark(k, "S", word, *to_right(outline, k + 1, high))
    return Mark(k, "a" if word.startswith(cues.COUNTING) else "A", word, *_of_subject(
        outline, k, start, (low, high), found))


def _of_clitic(outline: Outline, k: int, high: int, pronoun: str) -> Mark | None:
    """*Dit-elle*; *dit-on* at the place of a body; *précise-t-on de source militaire* has its mark in *source*."""
    words = outline.words
    if pronoun == "on" and (words[k + 1:k + 3] == ["de", "source"] or "auprès" in words[k + 1:k + 3]):
        return None
    j = k + 1 + (words[k + 1:k + 2] in (["savoir"], ["valoir"], ["remarquer"]))
    home = pronoun == "on" and j < high and (
        words[j] in cues.AT_HOME or words[k].startswith("appre") and words[j] in cues.OF)
    return Mark(k, "V", words[k], housed(outline, j, high) if home else None, pronoun)


def _of_subject(outline: Outline, k: int, start: int, bounds: tuple[int, int], found: list[Mark]) -> Found:
    """The subject of a verb that begins at `start`, which may be that of the mark before it."""
    words, (low, high) = outline.words, bounds
    before = words[start - 1] if start > low else "^"
    if found and (found[-1].word == "citant" or before == "," and found[-1].word.startswith("cit")
                  and outline.words[found[-1].at - 1] == "qui"):
        return Found(found[-1].source)
    left = Found() if before in ("et", "mais", "puis", "en") else to_left(outline, start - 1, low)
    if before == "," and left.head and (left.head == "son" or inversion.inserted(outline, start, k, low)):
        return left
    if left.head == "on" and (home := at_home(outline, start - 1, low)) is not None:
        return Found(home)
    if words[k - 1] == "en" and words[k].endswith("ant"):
        if not found and k <= low + 2:
            return Found(main_subject(outline, k, high))
        if words[k - 2] == "tout":
            return Found(next(iter(subjects(outline, low, k)), None))
    if before in ("et", "mais", "puis", ",", "en") and left.source is None:
        if found and (found[-1].kind in "AaVS" or found[-1].word.startswith("cit")):
            return Found(found[-1].source, found[-1].head)
        first = next(iter(subjects(outline, low, k)), None)
        if first is not None and outline.units[first].text == "<PER>":
            first = person_or_body(outline, first, low)
        return Found(first, words[low] if first is None and words[low] in cues.WEAK else "")
    if left.source is None and left.head not in nouns.PRONOUNS and found and found[-1].word.startswith("cit"):
        return Found(found[-1].source)  # *un responsable cité par X affirme*
    return left


def _of_participle(outline: Outline, k: int, high: int) -> Mark | None:
    """*Recensés par X*, *porté à 12 par X*; *accusé par X d’avoir tué 12* holds no figure before it."""
    words, word = outline.words, outline.words[k]
    accuses = word.startswith(cues.ACCUSING)
    if sayings.attributes(word) != "count" and not word.startswith(cues.COUNTED_BY) and not accuses:
        return None
    if word.startswith("diffus") and words[k - 1].startswith(("vidéo", "image", "photo")):
        return None  # *une vidéo diffusée par X montre 12 captifs*
    reach = words[k + 1:min(high, k + 9)]
    if word.startswith("cit") and words[k - 1] == "," and outline.units[k - 2].is_actor:
        return None  # *selon X, cité par l’AFP*: the medium
    agent = k + 1 + reach.index("par") if "par" in reach and "," not in reach[:reach.index("par")] else 0
    if not agent or word.startswith("port") and "à" not in words[k + 1:agent]:
        return None
    return Mark(k, "A" if accuses else "P", word, *to_right(outline, agent + 1, high))


def _infinitive(outline: Outline, k: int, low: int, high: int, found: list[Mark]) -> Mark | None:
    """*S’est borné à dire X*, *X vient d’annoncer*, *X a pu vérifier*; other infinitives are no marks."""
    words, name = outline.words, sayings.attributes(outline.words[k])
    at = k - (k > low and words[k - 1] == "l’")  # *a fini par l’avouer*
    before, link = words[at - 2] if at - 1 > low else "", words[at - 1] if at > low else ""
    if before == "avant" and link in ("de", "d’"):
        if found:
            return Mark(k, "A", words[k], found[-1].source, found[-1].head)
        return Mark(k, "A", words[k], next(iter(subjects(outline, low, k)), None))
    if name in ("say", "admit") and link == "pour" and not found and k - low > 2:
        first = next(iter(subjects(outline, low, k)), None)
        return Mark(k, "A", words[k], first) if first is not None else None
    if link in cues.MODAL and name in cues.MODAL[link]:
        if inversion.opened(words, k - 1, low) and (ahead := to_right(outline, k + 1, high)).source is not None:
            return Mark(k, "V", words[k], *ahead)
        return Mark(k, "A", words[k], *_of_subject(
            outline, k, inversion.begins(outline, k - 1, low), (low, high), found))
    if before not in cues.ENDING or link not in ("à", "par", "de", "d’") or (
            words[k].startswith("port") and words[k + 1:k + 2] != ["à"]):
        return None
    if link != "d’":
        ahead = to_right(outline, k + 1, high)
        start = inversion.begins(outline, k - 2, low)
        if ahead.source is not None and inversion.opened(words, k - 2, low) and not (
                inversion.goes_on(outline, k, high) or inversion.inserted(outline, start, k, low)):
            return Mark(k, "V", words[k], *ahead)
    return Mark(k, "A", words[k], *to_left(outline, inversion.begins(outline, k - 2, low) - 1, low))


def _inverted_or_not(outline: Outline, k: int, governor: int, low: int, high: int) -> Mark:
    """The mark of an infinitive with its governor: *laisse entendre X* after a clause, *X laisse entendre* before."""
    ahead = to_right(outline, k + 1, high)
    if inversion.opened(outline.words, governor, low) and ahead.source is not None:
        return Mark(k, "V", outline.words[k], *ahead)
    return Mark(k, "A", outline.words[k], *to_left(outline, inversion.begins(outline, governor, low) - 1, low))


def _elided(outline: Outline, i: int, low: int, high: int, found: list[Mark]) -> Mark | None:
    """*…, Kiev de 12 000*: an actor after a mark of the sentence, right before a figure; *L’OMS, 21 morts*."""
    words, units = outline.words, outline.units
    j, after = i - 1, i + 1
    j -= 2 * (j > low + 1 and words[j].isalpha() and words[j - 1] in cues.ARTICLES)  # *l’association X*
    while j > low and words[j] in cues.DETERMINERS:
        j -= 1
    while after < high and after < i + 4 and (words[after] in cues.ELIDED or words[after] in cues.QUOTING):
        after += 1
    j -= words[j] == "et" and words[j - 1] == ","
    apart = words[i + 1:i + 3] in ([",", "de"], [",", "d’"])  # *un prêtre, de 12*
    shared = words[i - 1] == "et" and outline.mention(i)[:1].islower()  # *248 soldats et miliciens, 111 civils*
    if units[i].text == "<CIVIL>" and not apart or shared or governed(outline, i, low):
        return None
    tells = after < high and units[after].is_figure
    if found and found[-1].kind in "AaE" and words[j] in (",", ";") and not tells and (
            found[-1].source != i and words[i - 1] not in ("des", "un", "une")
            and acts.elided_to(outline, i, high) > 0):
        return Mark(i, "E", words[i + 1], i)
    if not tells:
        return None
    if found and found[-1].kind in "AaE" and found[-1].source != i and words[j] in (",", ";", "et", ":", "mais"):
        bare = after == i + 1 and (words[j] not in (",", ";") or not any(
            units[n].is_figure for n in range(max(found[-1].at, i - WIDE), i)))
        return None if bare else Mark(i, "E", words[i + 1], i)
    opens = (not found and words[i + 1] == "," and low > 0 and units[i].text in ("<ORG>", "<LOC>")
             and (i == low or i == low + 1 and words[low] in cues.ARTICLES))
    return Mark(i, "E", "^", i) if opens else None
