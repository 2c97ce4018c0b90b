"""French durations to ISO 8601: `plus de six mois` is at least P6M.

The amount is read by `figures.figure`; what is added here are the units of time, compound
durations and what a day is divided into. Nothing is a guess: a number without its unit ("en
cinq semaines, là où il en faudrait vingt"), "longtemps" are None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from .dates.words import one_of, plain, whole
from .figures import Figure, figure

LONGEST = 100  # characters; a longer text is no duration
# Unit: how many of which ISO component it is; the parts of a day are at most that day.
UNITS = {"seconde": (1, "S"), "minute": (1, "M"), "heure": (1, "H"), "jour": (1, "D"), "journee": (1, "D"),
         "semaine": (1, "W"), "quinzaine": (15, "D"), "huitaine": (8, "D"), "mois": (1, "m"),
         "trimestre": (3, "m"), "semestre": (6, "m"), "an": (1, "Y"), "annee": (1, "Y"),
         "decennie": (10, "Y"), "siecle": (100, "Y"), "millenaire": (1000, "Y"), "nuit": (1, "D"),
         "matinee": (1, "D"), "soiree": (1, "D"), "apres-midi": (1, "D"), "ete": (3, "m"),
         "hiver": (3, "m"), "automne": (3, "m"), "printemps": (3, "m"), "saison": (3, "m")}
DAYPARTS = ("nuit", "matinee", "soiree", "apres-midi")
ROUGH = ("quinzaine", "huitaine", "ete", "hiver", "automne", "printemps", "saison", *DAYPARTS)
ORDER = "YmWDHMS"  # ISO components, large to small, with m for the months before the T
SMALLER = {"Y": ("m", 12), "W": ("D", 7), "D": ("H", 24), "H": ("M", 60), "M": ("S", 60)}

_MINUTES = "(?:vingt|trente|quarante|cinquante)(?:-cinq)?|cinq|dix|quinze"
_REWRITTEN = tuple((re.compile(pattern), written) for pattern, written in (
    (r"(?:\bune? )?\bdemi-heure", "30 minutes"), (r"(?:\bune? )?\bdemi-journee", "12 heures"),
    (r"(?:\bun )?\bdemi-siecle", "50 ans"), (r"\btrois quarts d'heure", "45 minutes"),
    (r"\bheures? trois quarts|\bheures? et trois quarts", "heures 45 minutes"),
    (r"(?:\bun )?\bquart d'heure", "15 minutes"), (r"\bheures? et quart", "heures 15 minutes"),
    (r"(\d) ?h ?(\d\d)(?: ?(?:mn|min))?\b", r"\1 heures \2 minutes"), (r"(\d) ?h\b", r"\1 heures"),
    (r"(\d) ?(?:mn|min)\b", r"\1 minutes"), (r"(\d) ?s\b", r"\1 secondes"), (r"(\d) ?j\b", r"\1 jours"),
    (rf"\bheures? ({_MINUTES})$", r"heures \1 minutes"),
    (r"\btoute? (?:(?:la|le|une?) |l')", "une "),
    (r"^bientot ", "presque "),
    (r" ?\b(?:seule?s?|(?:premi|derni)(?:er|ere)s?|prochaine?s?|consecuti(?:f|ve)s|entiere?s?|pleine?s?|"
     r"longue?s?|d'affilee|de suite|durant)\b", "")))
_UNIT = re.compile(rf"\b({one_of(UNITS)})s?\b(?! de | d')")
_RANGE = re.compile(r"(?:de )?(?P<low>.+?) (?:a|ou) (?P<high>.+)|entre (?P<from>.+?) et (?P<to>.+)")


@dataclass(frozen=True, slots=True)
class Duration:
    """A duration in ISO 8601 with the qualifiers of `figures`.

    `iso` is the value named: the bound of `at_least`, `at_most` and `order` (an order of magnitude
    of which only the least is known: "des mois" is P2M up), the lower end of a `range`. `low` and
    `high` are the bounds, None where there is none. Half a month stays a decimal fraction of it
    (P1.5M); weeks beside other units become days.
    """

    iso: str
    qualifier: str
    low: str | None
    high: str | None


def duration(text: str) -> Duration | None:
    """Read a French duration, or None when it cannot be read.

    >>> duration("six à huit semaines")
    Duration(iso='P6W', qualifier='range', low='P6W', high='P8W')
    >>> duration("un an et demi").iso
    'P1Y6M'
    """
    if len(text) > LONGEST:
        return None
    words = plain(text)
    for pattern, written in _REWRITTEN:
        words = pattern.sub(written, words)
    return _one(words.strip()) or _two(words.strip())


def _one(words: str) -> Duration | None:
    """An amount of one unit, or a sum: un an, deux mois et dix jours."""
    *pieces, tail = _UNIT.split(words)
    amounts, units = pieces[::2], pieces[1::2]
    # Days stand for the unit: `figure` knows them, but not every unit of time.
    first = figure(f"{amounts[0]} jours {tail}") if units else None
    more = [whole(re.sub("^,? (?:et )?", "", amount).strip()) for amount in amounts[1:]]
    if not first or None in more or (more and not _addable(first, units, tail)):
        return None
    added = [(Fraction(value or 0), unit) for value, unit in zip(more, units[1:], strict=True)]
    low, best, high = (None if value is None else _iso([(Fraction(str(value)), units[0]), *added])
                       for value in (first.low, first.best, first.high))
    qualifier = _qualifier(first, units[0])
    low = None if qualifier == "at_most" else low
    return Duration(best or low or high or "", qualifier, low, high)


def _addable(first: Figure, units: list[str], tail: str) -> bool:
    """Trois jours et deux nuits is no sum, des mois et deux jours no value; units run down."""
    places = [ORDER.index(UNITS[unit][1]) for unit in units]
    down = places == sorted(set(places)) and not set(units) & set(ROUGH)
    return down and "demi" not in tail and first.qualifier not in ("range", "order")


def _qualifier(found: Figure, unit: str) -> str:
    if found.qualifier != "exact" or unit not in ROUGH:
        return found.qualifier
    return "at_most" if unit in DAYPARTS and found.best == 1 else "about"


def _two(words: str) -> Duration | None:
    """A range with two units: de six mois à un an."""
    found = _RANGE.fullmatch(words)
    if not found:
        return None
    low, high = _one(found["low"] or found["from"]), _one(found["high"] or found["to"])
    if not low or not high or {low.qualifier, high.qualifier} - {"exact", "about"}:
        return None
    return Duration(low.iso, "range", low.iso, high.iso)


def _iso(amounts: list[tuple[Fraction, str]]) -> str:
    counts = dict.fromkeys(ORDER, Fraction(0))
    for amount, unit in amounts:
        size, component = UNITS[unit]
        amount *= size
        while amount.denominator > 1 and component in SMALLER:
            counts[component] += amount // 1
            component, factor = SMALLER[component]
            amount = amount % 1 * factor
        counts[component] += amount
    if counts["W"] and any(counts[component] for component in ORDER if component != "W"):
        counts["D"], counts["W"] = counts["D"] + 7 * counts["W"], Fraction(0)
    date, time = ("".join(f"{_decimal(counts[component])}{component.upper()}"
                          for component in part if counts[component]) for part in (ORDER[:4], ORDER[4:]))
    return f"P{date}T{time}" if time else f"P{date or '0D'}"


def _decimal(value: Fraction) -> str:
    return f"{float(value):.6f}".rstrip("0").rstrip(".")
