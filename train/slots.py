"""The place of a mention in its sentence: what the words before it ask of whatever stands there.

« l’ » and « d’ » want a vowel after them, « de », « le » and « du » none; « la », « aux », « en » say gender
and number. A mention that is put in another's place must agree, or the sentence is French no more.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..data.typography import unaccented

BEFORE = re.compile(r"(?:\b(?P<elided>[dlnsmtjc]|qu|lorsqu|puisqu|jusqu)['’]|(?<![\w'’-])(?P<word>[^\W\d_]+)\s)"
                    r"[«“\"]?\s?\Z", re.IGNORECASE)
CONSONANT = frozenset("de le la du au ce que ne se me te sa ma ta jusque nouveau beau vieux".split())
ASPIRATED = re.compile(r"(?:houthi|hutu|haut|heros|hameau|onz|huit|[yY][aeiou])")
AGREES = {  # the words that may stand right before a name of each kind
    "masculine": frozenset("le du au ce l d".split()), "feminine": frozenset("la l d".split()),
    "plural": frozenset("les des aux ces leurs ses".split()), "bare": frozenset("d"), "town": frozenset("d a".split())}
ARTICLES = frozenset("le la l les du des au aux en a ce cette ces un une son sa ses leur leurs".split())


@lru_cache(8192)
def vowel(mention: str) -> bool:
    """Whether French elides before it: « l’homme », « d’Odessa », not « le onze », « de Homs ».

    >>> vowel("habitants"), vowel("Homs"), vowel("Yémen")
    (True, False, False)
    """
    plain = unaccented(mention).lower()
    if not plain or ASPIRATED.match(plain):
        return False
    return plain[0] in "aeiouyœæ" or (plain[0] == "h" and mention[0] == "h")  # h of foreign names counts as one


def before(text: str, start: int) -> str:
    """The word before a mention, in lower case without accents; an elided one without its apostrophe.

    >>> before("à l’ONU", 4), before("— Kiev", 2)
    ('l', '')
    """
    found = BEFORE.search(text, max(0, start - 24), start)
    return unaccented(found["elided"] or found["word"]).lower() if found else ""


def wanted(text: str, start: int) -> bool | None:
    """Whether the place wants a vowel (True), wants none (False) or takes both (None)."""
    found = BEFORE.search(text, max(0, start - 24), start)
    if found is None:
        return None
    return True if found["elided"] else False if found["word"].lower() in CONSONANT else None


def fits(text: str, start: int, mention: str, kind: str) -> bool:
    """Whether a mention of that kind (`country feminine`, `name bare` …) may stand at the place."""
    want, word = wanted(text, start), before(text, start)
    if want is not None and vowel(mention) != want:
        return False
    family = kind.rpartition(" ")[2]
    if word == "en":  # en Syrie, en Irak, but « dans la Bekaa »
        return kind == "country feminine" or (kind == "country masculine" and vowel(mention))
    if family not in AGREES:
        return True
    return word not in ARTICLES or word in AGREES[family]
