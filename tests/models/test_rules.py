"""The sentences of the guide on who states a figure: what holds each figure, and by which sentence."""

import pytest
from bilan.data import Document
from bilan.data.formats.markup import parse
from bilan.models.features import by_absent, by_pair
from bilan.models.hedges import HEARSAY
from bilan.models.marks import marks
from bilan.models.outline import Outline
from bilan.models.pronouns import gender
from bilan.models.tasks import Who
from bilan.models.verbs import finite


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
    ("L’[armée](FORCE) aligne [600](TROOPS) hommes.", [("", "none ")]),
    ("L’[armée](FORCE) avance vite et perd [9](LOSSES) hommes.", [("", "none ")]),
    ("[Kiev](LOC) compte en rapatrier [six](MATERIEL).", [("", "none ")]),
    ("[Kiev](LOC) nie. [12](KILLED) morts selon le dernier bilan.", [("", "none RS-")])])
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


@pytest.mark.parametrize(("marked", "expected"), [
    ("L’[ONU](ORG), qui recense [12](KILLED) morts, parle de crime.", "ONU"),
    ("[5](INJURED) blessés, selon l’[ONU](ORG), qui recense aussi [12](KILLED) morts.", "ONU"),
    ("[Ana Bo](PER), médecin à [Goma](LOC), selon qui [12](KILLED) patients sont morts, témoigne.", "Ana Bo"),
    ("La [force](FORCE), dont les chars ont brûlé, n’admet que [12](KILLED) morts.", "force"),
    ("L’[armée](FORCE), elle, concède [12](KILLED) morts.", "armée"),
    ("Quant aux [rebelles](FORCE), ils avouent [12](KILLED) morts.", "rebelles")])
def test_the_subject_is_found_past_a_relative_pronoun_and_an_insertion(marked, expected):
    assert held(marked)[-1][0] == expected


@pytest.mark.parametrize("marked", [
    "L’[armée](FORCE) a répondu par des raids qui ont fait [12](KILLED) morts.",
    "Le [Front](FORCE) a revendiqué l’[attaque](EVENT), [12](KILLED) soldats sont morts.",
    "L’[armée](FORCE) n’a pas confirmé la mort de [12](KILLED) hommes.",
    "La [force](FORCE) compte [600](TROOPS) hommes.",
    "L’[ONU](ORG) a porté ses effectifs à [600](TROOPS) hommes.",
    "Les [rebelles](FORCE) portaient [12](MATERIEL) fusils.",
    "[Paris](LOC) a livré [12](MATERIEL) canons.",
    "L’[armée](FORCE) réclame [12](MATERIEL) canons."])
def test_acts_and_what_one_has_are_no_saying(marked):
    assert held(marked)[0][0] == ""


@pytest.mark.parametrize(("marked", "expected"), [
    ("« [Douze](KILLED) morts, pas un de plus, je les ai comptés », objecte [Ana Bo](PER).", "Ana Bo"),
    ("[Douze](KILLED) morts, tempère l’[ONU](ORG).", "ONU"),
    ("L’[ONU](ORG) juge plausible le chiffre de [12](KILLED) morts.", "ONU"),
    ("L’[ONU](ORG) en est à [12](KILLED) morts.", "ONU"),
    ("L’[ONU](ORG) penche pour [12](KILLED) morts.", "ONU"),
    ("L’[ONU](ORG) met en avant [12](KILLED) redditions.", "ONU"),
    ("L’[ONU](ORG) leur attribue [12](KILLED) morts.", "ONU"),
    ("L’[ONU](ORG) a ramené le bilan à [12](KILLED) morts.", "ONU"),
    ("Les [rebelles](FORCE) n’en reconnaissaient que [12](KILLED).", "rebelles"),
    ("Un responsable, cité par l’[AFP](ORG), évoque [12](KILLED) morts.", "AFP"),
    ("Les [12](DISPLACED) familles que l’[ONU](ORG) recensait sont parties.", "ONU"),
    ("On a relevé [12](KILLED) corps, si l’on en croit l’[ONU](ORG).", "ONU"),
    ("[12](KILLED) morts, a-t-on appris auprès de l’[ONU](ORG).", "ONU"),
    ("[12](KILLED) passagers ont avancé vers le pont et sont morts, a dit l’[ONU](ORG).", "ONU")])
def test_other_verbs_and_phrases_that_state(marked, expected):
    assert held(marked)[0][0] == expected


@pytest.mark.parametrize("marked", [
    "[Pérou](LOC) : [12](KILLED) morts.",
    "- [Soldats](FORCE) qui marchaient : [12](KILLED).",
    "La [colonne](FORCE) force le passage : [12](KILLED) soldats meurent.",
    "À [Goma](LOC), [12](KILLED) corps gisent.",
    "Il a fourni [12](MATERIEL) canons pour la [Pologne](LOC).",
    "[12](KILLED) morts, indique un maire de la [Ouaka](LOC).",
    "L’attaque, revendiquée par le [Front](FORCE), a fait [12](KILLED) morts.",
    "[12](KILLED) morts, trois blessés portés par leurs [voisins](CIVIL)."])
def test_a_name_before_a_colon_a_place_and_a_participle_may_be_no_source(marked):
    assert held(marked)[0][0] == ""


def test_a_subject_before_a_colon_is_the_source_of_the_tally_that_it_makes():
    assert held("Le [Jas](FORCE) gonfle l’addition : [12](KILLED) morts.") == [("Jas", "LA-")]
    assert held("Le [Jas](FORCE) a sa propre addition : [12](KILLED) morts.") == [("Jas", "LD-")]


@pytest.mark.parametrize(("marked", "expected"), [
    ("L’[armée](FORCE) voit le [Front](FORCE) faible. Elle dit avoir tué [12](KILLED) hommes.", "armée"),
    ("Le [M23](FORCE) a perdu, selon lui, [12](KILLED) hommes.", "M23"),
    ("La [junte](FORCE) a eu, de son propre aveu, [12](KILLED) morts.", "junte"),
    ("[3](INJURED) blessés, dit l’[ONU](ORG). [12](KILLED) morts, selon la même source.", "ONU"),
    ("Le porte-parole du [Front](FORCE), [Jean Bo](PER), est là. Selon lui, [12](KILLED) sont morts.", "Front")])
def test_pronouns_agree_with_whom_they_stand_for(marked, expected):
    assert held(marked)[-1][0] == expected


def test_the_same_source_as_one_that_is_no_span_is_none():
    assert held("L’[ONU](ORG) parle. [3](INJURED) morts, selon un médecin. [12](KILLED) autres, de même source.")[1][0] == ""


@pytest.mark.parametrize("marked", [
    "Le convoi – l’[ONU](ORG) parle de camions – avait [12](MATERIEL) chars.",
    "« On nous annonce chaque semaine [12](KILLED) ennemis tués », soupire [Ana Bo](PER).",
    "[Ana Bo](PER) pleure des voisins, disent les anciens ; [12](KILLED) tombes sont là.",
    "[3](INJURED) blessés, dit un [témoin](CIVIL). Un élu parle de [12](KILLED) morts."])
def test_an_aside_others_cited_and_a_mere_noun_end_what_a_source_holds(marked):
    assert held(marked)[-1][0] == ""


def test_a_quotation_that_is_never_closed_ends_with_its_sentence():
    text = "Il a vu « un village entier qui fuyait vers la route . [12](KILLED) sont morts . « Voilà » , dit [Ana Bo](PER) ."
    assert held(text)[0][1] != "quote"


@pytest.mark.parametrize(("marked", "expected"), [
    ("[366](MATERIEL) chars, d’après le blog [Oryx](ORG), dont [9](MATERIEL) brûlés et [12](MATERIEL) pris.", "Oryx"),
    ("[23](DETAINED) captifs, selon [Ana Bo](PER), parmi lesquels [12](DETAINED) élus.", "Ana Bo"),
    ("D’après [Ankara](LOC), qui entend par là tout autre chose, [12](KILLED) hommes sont morts.", "Ankara"),
    ("[87](DISPLACED) partis ; [12](DISPLACED) réfugiés enregistrés par le [HCR](ORG).", "HCR")])
def test_a_part_of_the_figure_before_is_no_clause_about_the_source(marked, expected):
    assert held(marked)[-1][0] == expected
    assert held(marked)[0][0] == ("" if expected == "HCR" else expected)


@pytest.mark.parametrize("second", ["La base abrite [3](TROOPS) bataillons.", "Ajoutons-y [3](INJURED) blessés.",
                                    "Le village entier bascula, [3](INJURED) blessés.",
                                    "L’escorte devrait compter [3](TROOPS) hommes."])
def test_a_finite_verb_in_the_indicative_ends_the_run(second):
    assert held(f"[12](KILLED) morts, selon la [police](FORCE). {second}")[1][0] == ""


@pytest.mark.parametrize(("word", "expected"), [
    ("atteindraient", True), ("périrait", True), ("détiendrait", True), ("seraient", True), ("compterait", True),
    ("combattraient", True), ("livrait", False), ("tiraient", False), ("montrait", False), ("devrait", False)])
def test_the_conditional_of_hearsay_is_told_from_imperfects_and_obligation(word, expected):
    assert bool(HEARSAY.fullmatch(word)) is expected


@pytest.mark.parametrize(("word", "before", "expected"), [
    ("furent", "^", True), ("tuèrent", "^", True), ("seulement", "^", False), ("cent", "^", False),
    ("tués", "^", False), ("mobilise", "force", True), ("attaque", "une", False), ("bombarda", "^", True),
    ("affirment", "^", True), ("gouvernement", "^", False), ("reverront", "^", True), ("porte", "la", False)])
def test_finite_verbs_are_known_by_their_endings_their_stems_and_the_word_before(word, before, expected):
    assert finite(word, before) is expected


@pytest.mark.parametrize(("mention", "label", "before", "expected"), [
    ("armée israélienne", "<FORCE>", "l’", "f"), ("état-major", "<FORCE>", "l’", "m"), ("Ana Bo", "<PER>", "", ""),
    ("Ukraine", "<LOC>", "l’", "f"), ("Iran", "<LOC>", "l’", "m"), ("Kiev", "<LOC>", "", ""), ("Zog", "<ORG>", "", "")])
def test_the_gender_of_a_name_is_told_by_its_first_word(mention, label, before, expected):
    assert gender(mention, label, before) == expected


@pytest.mark.parametrize(("marked", "expected"), [
    ("Chez les [rebelles](FORCE), on dit [9](KILLED) ; [12](KILLED), dit-on à l’[ONU](ORG).", ["rebelles", "ONU"]),
    ("À [Moscou](LOC), on parle de [9](KILLED) morts ; [12](KILLED), dit-on à [Goma](LOC).", ["", ""]),
    ("De l’avis de l’[ONU](ORG), [9](KILLED) morts ; aux termes d’une note du [SBU](ORG), [12](KILLED).", ["ONU", "SBU"]),
    ("[9](KILLED) morts (dixit [Kiev](LOC)).\n\n[12](KILLED) morts (source : [OIM](ORG)).", ["Kiev", "OIM"]),
    ("[9](KILLED) morts (bilan [AFP](ORG)).\n\n[12](KILLED) morts, bilan de la [police](FORCE).", ["AFP", "police"]),
    ("L’[ONU](ORG) nie : pour elle, [9](KILLED) morts.\n\nVersion du [SBU](ORG) :\n– [12](KILLED) morts.", ["ONU", "SBU"]),
    ("[9](KILLED) morts. Ce chiffre est celui de l’[ONU](ORG).", ["ONU"]),
    ("Il y aurait, selon [Jo Bi](PER), qui les a vus, [40](TROOPS) hommes et [12](DETAINED) otages.", ["Jo Bi"] * 2)])
def test_a_source_may_be_a_home_a_document_or_a_version(marked, expected):
    assert [name for name, _ in held(marked)] == expected


@pytest.mark.parametrize(("marked", "expected"), [
    ("« [Douze](KILLED) morts, tous jeunes, tous d’ici ! » s’époumone un [chauffeur](CIVIL).", "chauffeur"),
    ("« [Douze](KILLED) morts, tous jeunes », a dit le colonel [Jo Bi](PER), entouré de [3](TROOPS) hommes.", ""),
    ("[Ana Bo](PER) : « J’ai vu trois corps. Le chef du quartier, lui, parle de [douze](KILLED). »", ""),
    ("[Douze](KILLED), maintient l’[armée](FORCE).", "armée"),
    ("L’[armée](FORCE) a pu vérifier la mort de [12](KILLED) civils.", "armée"),
    ("L’[armée](FORCE) laisse entendre que [12](KILLED) hommes sont morts.", "armée"),
    ("En annonçant [12](KILLED) morts, [Kiev](LOC) a surpris.", "Kiev"),
    ("[Kiev](LOC) a démenti, avant d’annoncer [12](KILLED) morts.", "Kiev"),
    ("[Paris](LOC) leur compte [12](TROOPS) hommes.", "Paris"),
    ("L’[ONU](ORG), citée par [Tass](ORG), prête au [Front](FORCE) [12](TROOPS) hommes.", "ONU"),
    ("[Tass](ORG), qui cite la [police](FORCE), situe à [12](KILLED) le nombre de morts.", "police"),
    ("L’[armée](FORCE) tient le pont avec [12](TROOPS) hommes ; elle a arrêté [12](DETAINED) suspects.", ""),
    ("[Kiev](LOC) en dit [3](KILLED), [Moscou](LOC), au même moment, [12](KILLED).", "Moscou"),
    ("[Kiev](LOC) dit en avoir pris [3](DETAINED), [Moscou](LOC) en avoir rendu [12](DETAINED).", "Moscou"),
    ("L’[armée](FORCE), par la voix du colonel [Jo Bi](PER), admet [12](KILLED) morts.", "armée"),
    ("Les [FSR](FORCE) nient. Un de leurs responsables nie tout : [aucun](KILLED) mort, prétend-il.", "FSR"),
    ("L’[ONU](ORG) parle de crime. Son porte-parole, [Jo Bi](PER), évoque [12](KILLED) morts.", "ONU"),
    ("« Fini », jure [Jo Bi](PER), porte-parole des [rebelles](FORCE). Il annonce [12](KILLED) morts.", "rebelles"),
    ("Quant au groupe « [Jas](FORCE) », il s’attribue [12](KILLED) morts.", "Jas"),
    ("[Kiev](LOC) parle. Un élu est venu. Il avance [12](KILLED) morts.", "")])
def test_a_saying_is_known_by_its_construction_and_its_speaker_by_what_stands_for_him(marked, expected):
    assert held(marked)[-1][0] == expected
