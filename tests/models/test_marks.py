"""Marks at the end of a text: whatever it is cut after, each figure has its answer and nothing is raised."""

import pytest
from bilan.data import Document
from bilan.data.formats.markup import parse
from bilan.models.outline import Outline

TURNS = [
    "Pour [Goma](LOC), [12](KILLED) morts ; pour [Kiev](LOC), qui compte, [20](KILLED).",
    "« [250](KILLED) corps sont là, dans la cour », a déclaré [lundi](DATE) à la radio [RPP](ORG) un [élu](CIVIL), à voix basse.",
    "[Kiev](LOC) reconnaît [12](KILLED) morts, [Moscou](LOC), qui en compte trop, de [20](KILLED) ; eux-mêmes, de [9](KILLED).",
    "« [12](KILLED) morts », maintient le curé, [Abel Mba](PER), dit « Marin », qui en a retenu une fourchette de [9](KILLED).",
    "[MSF](ORG), depuis [Goma](LOC) : [12](KILLED) morts, ce que dément l’[armée](FORCE), par la bouche de [X](PER), son porte-parole.",
    "[État-major](FORCE) – Communiqué n° 4\n\n1. [12](KILLED) morts.\nC’est le chiffre que donne l’[ONU](ORG), il y a un an.",
    "Le ministre [Abel Mba](PER), que l’on disait malade, en est à [12](KILLED), selon lui, suivant ses dires, à l’en croire, dit-il."]


@pytest.mark.parametrize("marked", TURNS)
def test_a_text_cut_at_any_character_gives_each_figure_an_answer(marked):
    text, spans = parse(marked)
    for end in range(len(text) + 1):
        kept = tuple(span for span in spans if span.end <= end)
        outline = Outline(Document("d", text[:end], kept))
        assert list(outline.holders) == outline.figures
