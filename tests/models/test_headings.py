"""Lines that open what stands under them: a name alone, a heading, an announcement; which lines are items."""

import pytest

from .test_turns import sources

ITEMS = "– [12](KILLED) tués\n– [30](INJURED) blessés"


@pytest.mark.parametrize("opener", [
    "[MSF](ORG)", "[MSF](ORG) – Bulletin du [12 mars](DATE)", "Source : [MSF](ORG)", "Les faits du jour, d’après [MSF](ORG).",
    "[MSF](ORG)\nPoint de situation, [12 mars](DATE)", "Publié mardi, le bilan de [MSF](ORG).", "Les relevés de [MSF](ORG) :",
    "[MSF](ORG) a rendu public son pointage :"])
def test_a_line_that_names_a_source_opens_the_list_under_it(opener):
    assert sources(f"{opener}\n{ITEMS}") == ["MSF", "MSF"]


def test_items_behind_dashes_need_no_sign_at_their_ends():
    assert sources(f"Selon [MSF](ORG) :\n{ITEMS}\n– [trois](KILLED) enfants tués") == ["MSF"] * 3


@pytest.mark.parametrize("opener", ["[Hommes](FORCE)", "[THAÏLANDE](LOC)", "[MSF](ORG) annonce [mille](TROOPS) hommes."])
def test_a_category_a_place_or_a_line_with_figures_of_its_own_opens_no_list(opener):
    assert sources(f"{opener}\n{ITEMS}")[-2:] == ["", ""]


def test_a_place_alone_is_a_side_under_a_heading_that_tells_that_sides_speak():
    assert sources(f"Ce que chaque camp déclare\n\n[Erevan](LOC)\n{ITEMS}") == ["Erevan", "Erevan"]
    assert sources("Bilans, camp par camp.\n[Téhéran](LOC) : [224](KILLED) morts.\n[Haïfa](LOC) : [trois](KILLED).") == [
        "Téhéran", "Haïfa"]


def test_the_name_of_a_body_alone_opens_the_lines_right_under_it():
    assert sources("[Brigades Al-Qassam](FORCE)\n[Un](MATERIEL) char atteint\n[Onze](LOSSES) soldats touchés\n\n"
                   "[Deux](KILLED) passants sont morts.") == ["Brigades Al-Qassam", "Brigades Al-Qassam", ""]


@pytest.mark.parametrize("opener", ["Le [ministère](ORG) publie ce qui suit.", "Le [ministère](ORG) a diffusé le texte suivant."])
def test_what_is_announced_as_the_text_that_follows_is_its_sources(opener):
    assert sources(f"{opener}\n\nDes obus ont tué [cinq](KILLED) passants.\n\n[Deux](KILLED) autres sont morts.") == [
        "ministère", ""]


def test_a_source_in_an_item_does_not_hold_the_items_before_it():
    assert sources("matériel : [cinq](MATERIEL) canons ;\npersonnel : [800](LOSSES) hommes ;\n"
                   "prisonniers : [onze cents](DETAINED) d’après [Salan](PER).") == ["", "", "Salan"]


@pytest.mark.parametrize("item", ["Saisies ([Garde nationale](ORG)) :", "[MSF](ORG), depuis [Goma](LOC) :"])
def test_the_name_in_brackets_or_before_an_adjunct_stands_before_the_colon(item):
    assert sources(f"{item} [9](MATERIEL) fusils.")[-1] != ""
