"""The conditional of hearsay (« auraient été tués »), words that withhold belief (« présumés »), ties of sentences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .verbs import finite

if TYPE_CHECKING:
    from .outline import Outline

# The conditional of hearsay (« auraient été tués ») and words that withhold belief. Imperfects in -rait
# (tirait, montrait, opérait) are kept out: only -erait with a plain e and the stems listed are taken.
STEMS_IN_R = ("au se fe pour dev sau ver mour cour vaud faud voud tiend viend détiend retiend reviend "
              "prend rend perd")
OBLIGED = frozenset("dev faud voud".split())  # *devrait, faudrait, voudrait* tell no hearsay
# Stems before -ait, -aient of verbs that are not in -er; imperfects such as *livrait, montrait, tirait* have others.
CONDITIONAL = ("eindr|aindr|oindr|prendr|rendr|perdr|tendr|fendr|cendr|pondr|iendr|aîtr|mettr|battr|vivr|suivr|cevr|"
               "mourr|courr|subir|périr|réunir|fournir|finir|partir|sortir|servir|agir|fuir|duir|truir|remplir|"
               "franchir|envahir|saisir|choisir|grandir|grossir|établir|ressortir|aboutir|surgir")
HEDGES = re.compile(
    rf"\b(?:(?:{'|'.join(STEMS_IN_R.split())})rai(?:t|ent)|\w+[^\W\déè]erai(?:t|ent)|atteindrai(?:t|ent)|"
    r"présumée?s?|supposée?s?|prétendue?s?|soi-disant|non (?:confirm|vérifi)ée?s?|invérifiables?|"
    r"à confirmer)\b", re.IGNORECASE)
DOUBTFUL = "|".join(stem for stem in STEMS_IN_R.split() if stem not in OBLIGED)
HEARSAY = re.compile(rf"(?:(?:{DOUBTFUL})rai(?:t|ent)|[a-zà-ÿ’]+[^\W\dé-ê]erai(?:t|ent)|"
                     rf"[a-zà-ÿ’]*(?:{CONDITIONAL})ai(?:t|ent))")


def tie(outline: Outline, low: int, high: int) -> str:
    """What ties a sentence without a mark to the one before: the conditional of hearsay, no finite verb."""
    words = outline.words[low:high]
    if any(HEARSAY.fullmatch(word) for word in words if word.endswith(("rait", "raient"))):
        return "hearsay"
    for i in range(len(words) - 2):
        if words[i:i + 3] == ["il", "y", "a"] and (words[i - 1] == "qu’" and i or outline.units[min(
                low + i + 3, high - 1)].text == "<DURATION>"):  # *il y a un an* has no verb
            words[i:i + 3] = [""] * 3
    return "" if any(finite(word, before, after) for before, word, after in zip(
        ["^", *words], words, [*words[1:], ""], strict=False) if word) else "verbless"
