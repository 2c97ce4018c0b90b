"""Turns that name a source and what they hold: joined sources, quoted ones, documents, intentions."""

import pytest

from .test_turns import sources


@pytest.mark.parametrize("turn", [
    "parole de l’[ONU](ORG)", "foi de l’[ONU](ORG)", "fait remarquer l’[ONU](ORG)", "laisse entendre l’[ONU](ORG)",
    "fait-on savoir à l’[ONU](ORG)", "peut-on lire dans un rapport de l’[ONU](ORG)", "un chiffre que l’[ONU](ORG) confirme",
    "selon [MSF](ORG) citant l’[ONU](ORG)", "rapporte [MSF](ORG) d’après l’[ONU](ORG)"])
def test_a_turn_after_the_figure_holds_it(turn):
    assert sources(f"[12](KILLED) morts, {turn}.") == ["ONU"]


@pytest.mark.parametrize("turn", [
    "L’[ONU](ORG) va jusqu’à parler de", "L’[ONU](ORG) va jusqu’à", "L’[ONU](ORG) convient de", "Au jugement de l’[ONU](ORG),",
    "L’[ONU](ORG) laisse filtrer le chiffre de", "L’[ONU](ORG) aurait recensé", "L’[ONU](ORG) persiste à annoncer",
    "L’[ONU](ORG) a beau parler de", "Le compteur de l’[ONU](ORG) affiche", "Le bilan établi par l’[ONU](ORG) s’élève à",
    "Une note signée par l’[ONU](ORG) évoque", "Ainsi que le note l’[ONU](ORG),", "Verdict de l’[ONU](ORG) :",
    "Selon l’[ONU](ORG), le bilan monte à"])
def test_a_turn_before_the_figure_holds_it(turn):
    assert sources(f"{turn} [12](KILLED) morts.") == ["ONU"]


@pytest.mark.parametrize("turn", [
    "D’après [Kiev](LOC) comme d’après [MSF](ORG),", "[Kiev](LOC) et l’[ONU](ORG) annoncent", "[Kiev](LOC) comme l’[ONU](ORG) avancent",
    "Ni [Kiev](LOC) ni l’[ONU](ORG) ne reconnaissent"])
def test_of_two_sources_for_one_figure_the_first_states_it(turn):
    assert sources(f"{turn} [12](KILLED) morts.") == ["Kiev"]


@pytest.mark.parametrize("second", ["Ces chiffres sont ceux de l’[ONU](ORG).", "Un bilan confirmé par l’[ONU](ORG).",
                                    "Le bilan, donné par l’[ONU](ORG), est provisoire.",
                                    "C’est du moins ce qu’avance l’[ONU](ORG)."])
def test_the_next_sentence_takes_the_figure_up(second):
    assert sources(f"[12](KILLED) morts. {second}") == ["ONU"]


@pytest.mark.parametrize("marked", [
    "[Kiev](LOC) espère recevoir [12](MATERIEL) chars.", "[Kiev](LOC) jure de rendre [12](DETAINED) captifs.",
    "[Kiev](LOC) est convenue de rendre [12](DETAINED) captifs.", "Nos recoupements aboutissent à [12](KILLED) morts.",
    "Des proches de [Ana Bo](PER) parlent de [12](KILLED) morts."])
def test_an_intention_and_a_count_of_nobody_named_have_no_source(marked):
    assert sources(marked) == [""]


def test_each_bracket_holds_the_figure_before_it():
    assert sources("De [9](KILLED) morts ([Kiev](LOC)) à [12](KILLED) ([ONU](ORG)).") == ["Kiev", "ONU"]
    assert sources("[9](KILLED) morts pour [Kiev](LOC), [12](KILLED) pour l’[ONU](ORG).") == ["Kiev", "ONU"]


def test_a_noun_before_a_colon_is_no_phrase_of_attribution():
    assert sources("[Ana Bo](PER) a les larmes aux yeux : « Ils ont tué [12](KILLED) de mes voisins hier. »") == ["Ana Bo"]
