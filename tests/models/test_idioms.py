"""Idioms that state a figure, and those that look like one."""

import pytest

from .test_turns import sources


@pytest.mark.parametrize("turn", [
    "L’[ONU](ORG) place la barre à", "L’[ONU](ORG) dispose d’une liste de", "L’[ONU](ORG) a rendu public son pointage :",
    "L’[armée](FORCE) est accusée par l’[ONU](ORG) d’avoir tué", "Crédité par l’[ONU](ORG) de",
    "L’[ONU](ORG) revoit son bilan à", "L’[ONU](ORG) a appris que", "L’[ONU](ORG) tire la sonnette d’alarme :",
    "L’[ONU](ORG) est sortie de son silence :", "L’[ONU](ORG) ironise sur [X](ORG) :", "L’[ONU](ORG) n’a validé que",
    "À en croire la propagande de l’[ONU](ORG),", "Si l’on écoute l’[ONU](ORG),", "Un tweet de l’[ONU](ORG) parle de",
    "Selon l’[ONU](ORG), citée par l’[AFP](ORG),", "Selon un décompte de l’[ONU](ORG) fait à partir de données de l’[armée](FORCE),"])
def test_an_idiom_before_the_figure_holds_it(turn):
    assert sources(f"{turn} [12](KILLED) morts.") == ["ONU"]


@pytest.mark.parametrize("turn", [
    "L’[armée](FORCE) place", "L’[armée](FORCE) dispose de", "[Pyongyang](LOC) a prêté", "L’[ONU](ORG) s’attend à",
    "L’[ONU](ORG) proteste contre l’accord :"])
def test_an_act_that_looks_like_an_idiom_holds_nothing(turn):
    assert sources(f"{turn} [12](MATERIEL) chars.") == [""]


@pytest.mark.parametrize("turn", ["vient de l’[ONU](ORG)", "est celle de l’[ONU](ORG)"])
def test_where_an_estimate_comes_from_is_its_source(turn):
    assert sources(f"L’estimation la plus basse, [12](KILLED) morts, {turn}.") == ["ONU"]


def test_of_several_bodies_the_spokeswoman_speaks_for_the_one_of_her_title():
    assert sources("Interrogée par l’[AFP](ORG), la porte-parole de l’[OMS](ORG) [Margaret Harris](PER) compte [12](KILLED) "
                   "morts.") == ["OMS"]


def test_a_pronoun_in_the_plural_stands_for_the_first_of_several():
    assert sources("[MSF](ORG), [Oxfam](ORG) et [Care](ORG) sont à [Hodeïda](LOC). Elles déplorent la mort de [deux](KILLED) "
                   "chauffeurs.") == ["MSF"]


def test_selon_lui_is_no_town():
    assert sources("[Arusha](LOC). Le procureur a rouvert le dossier. [Deux mille](KILLED) morts, selon lui.") == [""]


def test_a_force_is_accused_of_nothing_that_is_counted_before_the_accusation():
    assert sources("Les [600](TROOPS) [soldats](FORCE) accusés par l’[ONU](ORG) de pillage sont partis.") == [""]


def test_a_source_elided_after_a_semicolon_or_comma_may_be_an_unnamed_person():
    assert sources("Un [rescapé](CIVIL) parle de [soixante](KILLED) morts, un [prêtre](CIVIL), de [cinquante](KILLED).") == [
        "rescapé", "prêtre"]


@pytest.mark.parametrize(("marked", "expected"), [
    ("L’[Iran](LOC) dit une chose, [Israël](LOC) une autre : [mille](KILLED) morts pour le premier, [cent](KILLED) pour le second.",
     ["Iran", "Israël"]),
    ("Le convoi fut détruit par les [rebelles](FORCE), puis par les [djihadistes](FORCE). Les premiers ont compté [84](KILLED) "
     "morts ; [sept](DETAINED) ont été pris. Les seconds n’en ont annoncé que [cinquante](KILLED).",
     ["rebelles", "rebelles", "djihadistes"]),
    ("D’après l’[ONU](ORG), [mille](DISPLACED) déplacés sont partis, dont [cent](DISPLACED) pour la seconde fois.", ["ONU", "ONU"])])
def test_the_first_and_the_second_of_two_actors_are_told_apart(marked, expected):
    assert sources(marked) == expected


@pytest.mark.parametrize("marked", [
    "Le ministre parle de [cent](KILLED) morts. [HRW](ORG) en a trouvé [mille](KILLED).",
    "Il y eut [cent](KILLED) morts. Loin des [mille](KILLED) morts dénoncés par [HRW](ORG).",
    "Il y eut [cent](KILLED) morts. Ce bilan, [mille](KILLED) morts, [HRW](ORG) l’a confirmé."])
def test_what_is_found_denounced_or_confirmed_is_stated(marked):
    assert sources(marked) == ["", "HRW"]


def test_what_is_found_without_a_count_before_it_is_an_act():
    assert sources("[HRW](ORG) a trouvé [mille](KILLED) corps.") == [""]


def test_an_accusation_holds_nothing_past_its_participle():
    assert sources("Accusé par l’[ONU](ORG) d’avoir abattu [vingt](KILLED) éleveurs, dont [deux](KILLED) enfants, le bataillon "
                   "est rentré avec [neuf](DETAINED) suspects.") == ["ONU", "ONU", ""]


def test_a_spokesman_after_the_verb_is_its_subject_and_no_object():
    assert sources("[12](KILLED) morts, a indiqué un porte-parole du [ministère](ORG), le colonel [Ramiro Peña](PER).") == ["ministère"]


@pytest.mark.parametrize(("marked", "expected"), [
    ("Les [Houthis](FORCE) ont tiré. Ces derniers n’en reconnaissent que [quatre](MATERIEL).", ["Houthis"]),
    ("Selon un bulletin de l’[armée](FORCE), [six](LOSSES) hommes sont morts. Le texte fait état de [deux](MATERIEL) chars.",
     ["armée", "armée"]),
    ("« On nous avait annoncé [cinq cents](DISPLACED) réfugiés, il en est arrivé [quatre mille](DISPLACED) », dit [Rania](PER).",
     ["", "Rania"])])
def test_what_stands_for_a_source_holds_what_it_states(marked, expected):
    assert sources(marked) == expected


@pytest.mark.parametrize(("marked", "expected"), [
    ("L’[ANLK](FORCE) a montré [onze](DETAINED) captifs, tout en disant en avoir rendu [cinq](DETAINED).", ["", "ANLK"]),
    ("Reprochant à [Wagner](FORCE) la mort de [trente](KILLED) nomades, la [CNDH](ORG) veut une enquête.", ["CNDH"]),
    ("[Kiev](LOC), par la bouche d’[Andriy Yermak](PER), n’en annonce que [43 000](KILLED).", ["Kiev"]),
    ("L’[ONU](ORG) arrête à [cent](KILLED) le compte des [soldats](FORCE) tués.", ["ONU"])])
def test_a_participle_and_a_mouthpiece_have_the_subject_of_the_sentence(marked, expected):
    assert sources(marked) == expected


@pytest.mark.parametrize(("marked", "expected"), [
    ("[Erevan](LOC) a fini par l’avouer : [3 825](KILLED) soldats ont péri.", ["Erevan"]),
    ("[Téhéran](LOC) s’est tu avant de reconnaître [six cents](KILLED) morts.", ["Téhéran"]),
    ("Soixante morts pour la rue, [quatre-vingts](KILLED) pour le [Croissant-Rouge](ORG), [cent](KILLED) pour la rue.",
     ["Croissant-Rouge", ""]),
    ("C’est la réponse de [Manille](LOC), pour qui [trois](KILLED) marins sont morts.", ["Manille"]),
    ("Une organisation établie à [Londres](LOC), pour qui [trois](KILLED) marins sont morts.", [""]),
    ("[Sept](KILLED) policiers tués ([AFP](ORG)), [trente-cinq](KILLED) (le site [Vantbèfinfo](ORG)).", ["AFP", "Vantbèfinfo"]),
    ("Citant le [Pentagone](ORG), le [Wall Street Journal](ORG) écrit que [mille](TROOPS) marines sont en route.", ["Pentagone"]),
    ("Le [parquet](ORG) a rendu ses conclusions : [vingt-neuf](TROOPS) assaillants.", ["parquet"]),
    ("[Bangui](LOC) évoque [quinze](KILLED) morts ; nos recoupements font apparaître [cinquante](KILLED) tués.", ["Bangui", ""]),
    ("[Sept mille](KILLED) morts, avait télégraphié [Gordon Weiss](PER) à l’[ONU](ORG).", ["Gordon Weiss"])])
def test_turns_of_the_press(marked, expected):
    assert sources(marked) == expected
