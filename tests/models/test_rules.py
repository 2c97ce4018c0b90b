"""The sentences of the guide on who states a figure: what holds each figure, and by which sentence."""

import pytest
from bilan.data import Document
from bilan.data.formats.markup import parse
from bilan.models.features import by_absent, by_pair
from bilan.models.marks import marks
from bilan.models.outline import Outline
from bilan.models.rules import finite
from bilan.models.tasks import Who


def made(marked: str) -> Outline:
    text, spans = parse(marked)
    return Outline(Document("d", text, tuple(spans)))


def held(marked: str) -> list[tuple[str, str]]:
    """For each figure its source, "" for none, and the rule that gives it."""
    outline = made(marked)
    return [(outline.mention(given.source) if given.source is not None else "", given.rule)
            for given in outline.holders.values()]


@pytest.mark.parametrize(("marked", "expected"), [
    ("[12](KILLED) morts et, plus loin, [3](INJURED) blessés, selon l’[ONU](ORG).", [("ONU", "RS-"), ("ONU", "RS-")]),
    ("[12](KILLED) morts, a dit mardi le maire, [Abel Kossi](PER).", [("Abel Kossi", "RV-")]),
    ("[12](KILLED) morts, a dit [Kiev](LOC) à l’[AFP](ORG).", [("Kiev", "RV-")]),
    ("[12](KILLED) morts ([ONU](ORG)).", [("ONU", "RB-")]),
    ("[12](KILLED) morts, [3](INJURED) blessés : c’est le bilan de l’[ONU](ORG).", [("ONU", "RT-"), ("ONU", "RT-")]),
    ("Les [9](DETAINED) noms recensés par la [police](FORCE).", [("police", "RP-")])])
def test_a_preposition_an_inverted_verb_and_brackets_hold_the_figures_before_them(marked, expected):
    assert held(marked) == expected


@pytest.mark.parametrize(("marked", "expected"), [
    ("[Kiev](LOC) affirme que [12](KILLED) hommes sont morts ; [3](DETAINED) manquent.", [("Kiev", "LA-")] * 2),
    ("On les disait [20](KILLED) ; l’[armée](FORCE) reconnaît [12](KILLED) morts.",
     [("", "none LA-"), ("armée", "LA-")]),
    ("L’[armée](FORCE), qui déploie [600](TROOPS) hommes, indique [12](KILLED) morts.",
     [("", "none "), ("armée", "LA-")]),
    ("Bilan de l’[ONU](ORG) : [12](KILLED) morts.", [("ONU", "LN-")]),
    ("[Séoul](LOC) parle de [11](TROOPS) hommes, [Kiev](LOC) de [12](TROOPS).", [("Séoul", "LA-"), ("Kiev", "LE-")])])
def test_a_subject_and_its_verb_hold_what_follows_them(marked, expected):
    assert held(marked) == expected


@pytest.mark.parametrize(("marked", "expected"), [
    ("Selon l’[ONU](ORG), [12](KILLED) morts ; les autorités parlent de [20](KILLED).",
     [("ONU", "LS-"), ("", "none LA-")]),
    ("Selon l’[ONU](ORG), [12](KILLED) sont morts, tandis que [3](DISPLACED) fuyaient.",
     [("ONU", "LS-"), ("", "none clause")]),
    ("[12](KILLED) morts, selon l’[armée](FORCE), qui aligne [600](TROOPS) hommes.",
     [("armée", "RS-"), ("", "none relative")]),
    ("L’[armée](FORCE) aligne [600](TROOPS) hommes.", [("", "none verbless")])])
def test_another_mark_a_clause_of_its_own_and_an_act_end_what_is_held(marked, expected):
    assert held(marked) == expected


@pytest.mark.parametrize(("second", "expected"), [
    ("[Deux](DETAINED) suspects ont été arrêtés.", ("", "none run")),
    ("[Deux](DETAINED) suspects auraient été arrêtés.", ("police", "tie hearsay")),
    ("Blessés : [3](INJURED).", ("police", "tie verbless")),
    ("Elle dit avoir perdu [3](INJURED) agents.", ("police", "LA-")),
    ("[3](INJURED) blessés (même source).", ("police", "RS-"))])
def test_the_next_sentence_keeps_the_source_with_a_tie_only(second, expected):
    assert held(f"[12](KILLED) morts, selon la [police](FORCE). {second}")[1] == expected


def test_a_paragraph_ends_the_run():
    assert held("[12](KILLED) morts, selon la [police](FORCE).\n\n[3](INJURED) seraient blessés.")[1] == (
        "", "none hearsay")


def test_a_figure_is_taken_up_by_the_sentence_after_it():
    assert held("[12](KILLED) morts. C’est le chiffre que donne l’[ONU](ORG).") == [("ONU", "back")]


def test_a_list_belongs_to_the_line_that_opens_it_save_items_with_a_mark():
    opened = "L’[état-major](FORCE) publie ses chiffres :\n- tués : [12](KILLED) ;\n- chars : [3](MATERIEL)"
    assert held(f"{opened}.") == [("état-major", "list")] * 2
    assert held(f"{opened}, selon [Kiev](LOC).") == [("état-major", "list"), ("Kiev", "RS-")]


def test_answers_after_dashes_are_no_list():
    assert held("[Kiev](LOC) parle.\n— Combien ?\n— [12](KILLED).")[0][0] == ""


@pytest.mark.parametrize("marked", [
    "« [Onze](KILLED) morts. Je les ai vus, tous », dit [Rania](PER).",
    "« [Onze](KILLED) morts, assure [Rania](PER). Je les ai vus, tous, dans la cour. »",
    "[Rania](PER) est assise. « [Onze](KILLED) sont morts devant moi, sous le pont. »"])
def test_the_figures_of_a_quotation_have_its_speaker(marked):
    assert held(marked) == [("Rania", "quote")]


@pytest.mark.parametrize(("marked", "source"), [
    ("[12](KILLED) morts, dit [Jean Bo](PER), porte-parole de l’[armée](FORCE).", "armée"),
    ("Le porte-parole de l’[armée](FORCE), [Jean Bo](PER), affirme que [12](KILLED) sont morts.", "armée"),
    ("Le gouverneur de [Goma](LOC), [Jean Bo](PER), avance [12](KILLED) morts.", "Jean Bo"),
    ("L’agence [Tass](ORG), citant le [ministère](ORG), annonce [12](KILLED) morts.", "ministère"),
    ("L’[Unité](FORCE) ([YPG](FORCE)) déplore [12](KILLED) morts.", "Unité")])
def test_a_spokesman_points_to_the_body_and_one_who_cites_to_whom_he_cites(marked, source):
    assert [name for name, _ in held(marked)] == [source]


@pytest.mark.parametrize(("marked", "expected"), [
    ("Selon [Kiev](LOC), tout va.", [("S", "selon", "Kiev")]),
    ("Un bilan fait état de pertes.", [("A", "fait", "")]),
    ("L’[armée](FORCE) compte dix hommes.", [("a", "compte", "armée")]),
    ("Le [maire](PER) a reçu la note.", []),
    ("[Kiev](LOC) : dix morts.", [("C", ":", "Kiev")])])
def test_marks_are_told_with_their_kind_and_source(marked, expected):
    outline = made(marked)
    assert [(mark.kind, mark.word, outline.mention(mark.source) if mark.source is not None else "")
            for mark in marks(outline, 0, len(outline.units))] == expected


def test_the_linker_sees_whom_the_guide_gives_and_whom_it_does_not():
    outline = made("[12](KILLED) morts à [Goma](LOC), selon l’[ONU](ORG).")
    figure, (goma, onu) = outline.figures[0], outline.actors
    nobody = Who({}, frozenset())
    assert {"rule", "rule RS-", "rule RS-|selon"} <= set(by_pair(outline, figure, onu, nobody))
    assert "other RS-" in by_pair(outline, figure, goma, nobody)
    assert "absent rule RS-" in by_absent(outline, figure)


@pytest.mark.parametrize(("word", "expected"), [("furent", True), ("tuèrent", True), ("seulement", False),
                                                ("cent", False), ("tués", False)])
def test_finite_verbs_are_known_by_their_endings(word, expected):
    assert finite(word) is expected
