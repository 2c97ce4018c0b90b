"""The conditional of hearsay (« auraient été tués ») and the words that withhold belief (« présumés »)."""

from __future__ import annotations

import re

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
