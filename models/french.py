"""French words for the page and the HTML output: labels, their families, columns, bounds of a figure."""

from __future__ import annotations

from typing import NamedTuple

from ..data.labels import in_order
from .claims import Claim


class Word(NamedTuple):
    """How a label is called in French, what it covers, and the family by which it is coloured."""

    name: str
    family: str
    what: str


WORDS = {
    "PER": Word("personne", "actor", "nom d’une personne"),
    "ORG": Word("institution", "actor", "institution qui ne combat pas"),
    "FORCE": Word("force armée", "actor", "ceux qui combattent ou sont armés"),
    "CIVIL": Word("civils", "actor", "personnes non nommées qui ne combattent pas"),
    "LOC": Word("lieu", "place", "nom propre d’un lieu"),
    "SITE": Word("bâtiment", "place", "bâtiment, installation, lieu construit"),
    "WEAPON": Word("arme", "thing", "arme, munition, véhicule militaire"),
    "EVENT": Word("événement", "thing", "événement du conflit ou de son règlement"),
    "DATE": Word("date", "time", "réponse à « quand ? »"),
    "DURATION": Word("durée", "time", "réponse à « combien de temps ? »"),
    "KILLED": Word("morts", "people", "nombre de morts"),
    "INJURED": Word("blessés", "people", "nombre de blessés"),
    "LOSSES": Word("pertes", "people", "morts et blessés non distingués"),
    "DETAINED": Word("captifs", "people", "capturés, arrêtés, enlevés, disparus, libérés"),
    "DISPLACED": Word("déplacés", "people", "déplacés, réfugiés, évacués"),
    "TROOPS": Word("effectifs", "count", "combattants présents, déployés, mobilisés"),
    "MATERIEL": Word("matériel", "count", "nombre d’armes ou de véhicules"),
    "MEASURE": Word("mesure", "count", "toute autre quantité, avec son unité"),
}


def word(label: str) -> Word:
    """The French word of a label; a label that the table does not know stands for itself.

    >>> word("KILLED").name, word("VESSEL").name
    ('morts', 'VESSEL')
    """
    return WORDS.get(label, Word(label, "other", ""))


def legend(labels: tuple[str, ...]) -> list[dict[str, str]]:
    """The labels in the order of the guide, as the page wants them."""
    return [{"label": label} | word(label)._asdict() for label in in_order(labels)]


def bounds(claim: Claim) -> str:
    """How a figure was read: « ≈ 1 100 », « ≥ 12 », « 900 à 1 100 », "" where it could not be read."""
    low, best, high = claim.low, claim.best, claim.high
    if claim.qualifier == "about" and best is not None:
        return f"≈ {number(best)}"
    if low is not None and high is not None:
        return number(low) if low == high else f"{number(low)} à {number(high)}"
    if low is not None:
        return f"≥ {number(low)}"
    last = high if high is not None else best
    return "" if last is None else f"≤ {number(last)}" if claim.qualifier == "at_most" else number(last)


def number(value: float) -> str:
    """A number as French writes it.

    >>> number(1500000), number(2.5)
    ('1\u202f500\u202f000', '2,5')
    """
    return f"{value:,.1f}".removesuffix(".0").replace(",", "\u202f").replace(".", ",")
