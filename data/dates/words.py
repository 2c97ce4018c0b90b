"""The words of French dates, as tables, and the plain form in which they are looked up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from ..figures import figure

MONTHS = {name: number for number, names in enumerate(
    ("janvier janv jan", "fevrier fevr fev", "mars", "avril avr", "mai", "juin", "juillet juill juil", "aout",
     "septembre sept sep", "octobre oct", "novembre nov", "decembre dec"), 1) for name in names.split()}
WEEKDAYS = {name: number for number, name in enumerate(
    "lundi mardi mercredi jeudi vendredi samedi dimanche".split())}
SEASONS = {"printemps": 21, "ete": 22, "automne": 23, "hiver": 24}  # EDTF numbers
NEAR = {"hier": -1, "avant-hier": -2, "demain": 1, "apres-demain": 2, "aujourd'hui": 0, "jour": 0}
AROUND = {"veille": -1, "avant-veille": -2, "lendemain": 1, "surlendemain": 2, "jour-la": 0, "jour meme": 0,
          "meme jour": 0, "jour suivant": 1, "jour d'apres": 1, "jour precedent": -1, "jour d'avant": -1,
          "journee suivante": 1, "journee-la": 0, "journee precedente": -1}
FEASTS = {"noel": (12, 25), "saint-sylvestre": (12, 31), "nouvel an": (1, 1), "jour de l'an": (1, 1),
          "toussaint": (11, 1), "assomption": (8, 15), "epiphanie": (1, 6), "reveillon de noel": (12, 24),
          "reveillon du nouvel an": (12, 31), "saint-valentin": (2, 14)}
EASTER = {"paques": 0, "dimanche de paques": 0, "lundi de paques": 1, "vendredi saint": -2, "jeudi saint": -3,
          "samedi saint": -1, "rameaux": -7, "dimanche des rameaux": -7, "ascension": 39, "pentecote": 49,
          "dimanche de pentecote": 49, "lundi de pentecote": 50, "mercredi des cendres": -46,
          "mardi gras": -47}
EVES = {"noel": (12, 24), "nouvel an": (12, 31), "saint-sylvestre": (12, 31)}  # their night begins then
EVENTS = {"11-septembre": (2001, 9, 11), "13-novembre": (2015, 11, 13), "7-octobre": (2023, 10, 7)}
ORDINALS = {"premier": 1, "premiere": 1, "1er": 1, "1re": 1, "second": 2, "seconde": 2, "deuxieme": 2,
            "2e": 2, "troisieme": 3, "3e": 3, "quatrieme": 4, "4e": 4, "dernier": -1, "derniere": -1}
THIRDS = {"debut": 0, "mi": 1, "milieu": 1, "fin": 2}
# What a modifier counts from, and how many periods away it points.
MODIFIERS = {"dernier": ("reference", -1), "passe": ("reference", -1), "prochain": ("reference", 1),
             "a venir": ("reference", 1), "qui vient": ("reference", 1), "precedent": ("anchor", -1),
             "d'avant": ("anchor", -1), "suivant": ("anchor", 1), "d'apres": ("anchor", 1),
             "-la": ("anchor", 0), "meme": ("anchor", 0), "-ci": ("reference", 0),
             "en cours": ("reference", 0), "": ("", 0)}
# A unit of counted time in days or months, the precision it gives, and how far back "ces derniers …"
# reaches without a number: vague by nature, the next larger unit.
STEPS = {"heure": (1 / 24, "days", "day", 24), "jour": (1, "days", "day", 7),
         "semaine": (7, "days", "week", 4), "mois": (1, "months", "month", 6),
         "an": (12, "months", "year", 5), "annee": (12, "months", "year", 5),
         "decennie": (120, "months", "decade", 3)}
CUT, DASHES, QUOTES = re.compile(r"-\s*\n\s*"), re.compile("[‐‑–—−]"), re.compile(r'[«»“”"()\[\]]')


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    r"""Lower case without accents, line-break hyphens, quotation marks and repeated spaces.

    >>> plain(" «Mi-dé-\n cembre»")
    'mi-decembre'
    """
    joined = CUT.sub("", text).replace("’", "'").replace("œ", "oe")
    bare = joined.lower()
    if not bare.isascii():
        bare = "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))
    bare = DASHES.sub("-", QUOTES.sub(" ", bare))
    return " ".join(bare.split()).strip(" ,;:.!?")


def one_of(words: Iterable[str]) -> str:
    """A regular expression group of alternatives, the longest first."""
    return "(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")"


OF = r"(?:de la |de l'|du |des |de |d')"
MOD = (rf"(?P<mod> {one_of([*filter(str.isalpha, MODIFIERS)])}e?|-la|-ci| en cours| a venir| qui vient|"
       r" d'avant| d'apres)")


def whole(text: str) -> int | None:
    """The whole number that a plain text says exactly, in digits or words.

    >>> whole("quatre-vingt-dix"), whole("une dizaine"), whole("")
    (90, None, None)
    """
    if text.isdecimal():
        return int(text)  # "08", which no figure is written like
    found = figure(text) if text else None
    if not found or found.qualifier != "exact" or found.unit or not isinstance(found.best, int):
        return None
    return found.best
