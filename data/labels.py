"""The 18 labels of the guide, one table; tags, ids, groups and help derive from it.

Any other label set works as well: labels come from the dataset, this table is our default.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

ENTITY, FIGURE = "entities", "figures"


class Label(NamedTuple):
    """One label of the annotation guide (`data/GUIDE.md`)."""

    name: str
    group: str
    definition: str
    example: str


LABELS = (
    Label("PER", ENTITY, "name of a person, without title or function", "Volodymyr Zelensky"),
    Label("ORG", ENTITY, "institution that does not fight", "ministère russe de la Défense"),
    Label("FORCE", ENTITY, "those who fight or are armed", "soldats nord-coréens"),
    Label("CIVIL", ENTITY, "unnamed people who are not fighters", "habitants"),
    Label("LOC", ENTITY, "proper name of a place", "bande de Gaza"),
    Label("SITE", ENTITY, "building, facility or built place", "hôpital Al-Chifa"),
    Label("WEAPON", ENTITY, "weapon, munition, military vehicle, aircraft, ship", "drones Shahed"),
    Label("EVENT", ENTITY, "noun naming an event of the conflict or its settlement", "cessez-le-feu"),
    Label("DATE", ENTITY, "answer to “when”", "vendredi 7 février"),
    Label("DURATION", ENTITY, "answer to “how long”", "plus de six mois"),
    Label("KILLED", FIGURE, "number of dead", "au moins 40"),
    Label("INJURED", FIGURE, "number of wounded", "une vingtaine"),
    Label("LOSSES", FIGURE, "number of casualties not split", "aux alentours de 1 100"),
    Label("DETAINED", FIGURE, "number captured, arrested, abducted, missing, freed", "190"),
    Label("DISPLACED", FIGURE, "number of displaced, refugees, evacuated", "1,5 million"),
    Label("TROOPS", FIGURE, "strength: fighters present, deployed, mobilised", "quelque 10 000"),
    Label("MATERIEL", FIGURE, "number of weapons or vehicles", "une trentaine"),
    Label("MEASURE", FIGURE, "any other quantity, with its unit", "30 kilomètres"),
)

NAMES = tuple(label.name for label in LABELS)
GROUP = {label.name: label.group for label in LABELS}
GROUPS = (ENTITY, FIGURE)


def group_of(label: str) -> str:
    """The group of a label, `entities` for a label that the table does not know.

    >>> group_of("KILLED")
    'figures'
    """
    return GROUP.get(label, ENTITY)


def in_order(labels: Iterable[str]) -> list[str]:
    """Labels without repetition, those of the table first and in its order, then by name."""
    present = set(labels)
    return [name for name in NAMES if name in present] + sorted(present - set(NAMES))


def tags_of(labels: Iterable[str]) -> list[str]:
    """The IOB2 tags of a label list, `O` first: the order is the model's output order.

    >>> tags_of(["PER", "LOC"])
    ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC']
    """
    return ["O"] + [f"{prefix}-{label}" for label in labels for prefix in "BI"]
