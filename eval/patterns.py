"""Figures, dates and durations by regular expressions: what can be had without a model or training.

A number, with its qualifier and its range, is a `MEASURE` before a unit; else it is labelled by the
nearest key word after it in the sentence, else before it, and is nothing where there is none. Other
entities are not looked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from ..data.document import Document, Span
from ..data.sentences import sentences
from .perturb import LETTERS

AFTER, BEFORE = 60, 40  # characters of the sentence in which the noun counted is looked for
SPACE = "[ \u00a0\u202f]"
NUMERAL = (rf"(?:\d{{1,3}}(?:[ \u00a0\u202f.]\d{{3}})+|\d+(?:,\d+)?|{LETTERS.pattern})"
           rf"(?:{SPACE}(?:millions?|milliards?|milliers?)\b)?")
COLLECTIVE = r"une?\s(?:di|dou|quin|ving|tren|quaran|cinquan|soixan|cen)\w*aine\b|un millier\b|" \
             r"des (?:dizaines|centaines|milliers|millions)(?: de (?:milliers|millions))?\b"
QUALIFIER = r"(?:(?:au moins|au total|plus de|moins de|plus d['’]|près de|près d['’]|environ|quelque|" \
            r"jusqu['’]à|aux alentours de|autour de|pas moins de|presque)\s*)"
FIGURE = re.compile(rf"\b(?:entre {NUMERAL} et {NUMERAL}|de {NUMERAL} à {NUMERAL}|"
                    rf"{QUALIFIER}?(?:{COLLECTIVE}|{NUMERAL}(?: (?:à|ou) {NUMERAL})?))", re.IGNORECASE)
CUES = {label: re.compile(key, re.IGNORECASE) for label, key in {
    "LOSSES": r"victimes|pertes|hors de combat|tués (?:ou|et) blessés|neutralisés",
    "KILLED": r"\bmorts?\b|\btu[éa]|décès|cadavres?|\bcorps\b|abattus|exécuté|massacré|péri\b",
    "INJURED": r"\bbless[éa]",
    "DETAINED": r"otages?|prisonniers?|détenus?|captur|arrêt[éa]|enlev[éa]|disparus?|interpell|captifs?",
    "DISPLACED": r"déplacé|réfugié|évacu|ont fui|fuyant",
    "MATERIEL": r"drones?|missiles?|\bchars?\b|blindés?|véhicules?|roquettes?|\bobus|bombes?|avions?",
    "TROOPS": r"soldats?|militaires?|\bhommes|combattants?|mercenaires?|brigades?|bataillons?|casques bleus",
    "MEASURE": r"villages?|localités|\bvilles|\bpays\b|familles|bâtiments|maisons|immeubles",
}.items()}
UNIT = re.compile(rf"{SPACE}*(?:%|pour cent|(?:kilo)?mètres?(?: carrés)?|km²?|m\b|tonnes?|hectares?|"
                  r"(?:d['’]|de )?(?:euros|dollars))", re.IGNORECASE)
WEEKDAY = "(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
MONTH = "(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
DATE = re.compile(
    rf"\b(?:nuit (?:de|du) {WEEKDAY} (?:à|au) {WEEKDAY}|"
    rf"(?:{WEEKDAY} )?(?:1er|\d{{1,2}}) {MONTH}(?: \d{{4}})?|"
    rf"(?:(?:début|mi|fin)[ -])?{MONTH}(?: \d{{4}})?|(?:début|fin) (?:19|20)\d\d|"
    rf"{WEEKDAY}(?: (?:matin|soir|après-midi|dernier))?|(?:19|20)\d\d|hier(?: (?:soir|matin))?|"
    r"aujourd['’]hui|ces derniers jours|(?:semaine|mois|année) derni(?:er|ère)|"
    r"matin|soir|nuit|aube|veille|lendemain)\b",
    re.IGNORECASE)
DURATION = re.compile(rf"\b{QUALIFIER}?(?:{NUMERAL}|un[e ]|des|une (?:diz|quinz)aine d['’e]){SPACE}?"
                      r"(?:jours|mois|ans|années|semaines|heures|minutes)\b", re.IGNORECASE)


def train(documents: Sequence[Document]) -> Callable[[Document], Document]:
    """A reader by the patterns above; it learns nothing from the documents.

    >>> [span.label for span in train([])(Document("d", "Hier, au moins 12 morts et 30 blessés.")).spans]
    ['DATE', 'KILLED', 'INJURED']
    """
    del documents
    return lambda document: document.replace(spans=tuple(_spans(document.text)))


def _spans(text: str) -> Iterator[Span]:
    """Durations before dates before figures: what one has taken, none after it takes."""
    taken = bytearray(len(text))
    for start, end in sentences(text):
        for pattern, naming in ((DURATION, _always("DURATION")), (DATE, _always("DATE")), (FIGURE, _counted)):
            for found in pattern.finditer(text, start, end):
                label, last = naming(text, found, start, end)
                if label and not any(taken[found.start():last]):
                    taken[found.start():last] = b"\1" * (last - found.start())
                    yield Span(found.start(), last, label)


def _always(label: str) -> Callable[..., tuple[str, int]]:
    return lambda text, found, start, end: (label, found.end())


def _counted(text: str, found: re.Match[str], start: int, end: int) -> tuple[str, int]:
    """The label of a number, empty if none, and where it ends: a measure takes its unit."""
    if unit := UNIT.match(text, found.end(), end):
        return "MEASURE", unit.end()
    if found[0].lower() in ("un", "une"):
        return "", found.end()
    after = text[found.end():min(end, found.end() + AFTER)]
    before = text[max(start, found.start() - BEFORE):found.start()]
    return _nearest(after) or _nearest(before, last=True), found.end()


def _nearest(text: str, *, last: bool = False) -> str:
    """The label whose key word stands first in a text, or last; empty where there is none."""
    places = [(cue.start() * (-1 if last else 1), label) for label, pattern in CUES.items()
              for cue in pattern.finditer(text)]
    return min(places)[1] if places else ""
