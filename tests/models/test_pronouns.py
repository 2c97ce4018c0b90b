"""For whom *il, elle, eux, leur porte-parole, l’ONG* stand, and when for nobody named."""

import pytest

from .test_turns import sources


@pytest.mark.parametrize(("first", "second", "expected"), [
    ("[Goma](LOC) – L’[ONU](ORG) enquête.", "Elle compte", "ONU"),
    ("[Goma](LOC), [14 mars](DATE) (afp) – L’[armée](FORCE) avance.", "Son porte-parole parle de", "armée"),
    ("Le général [Axel Mba](PER) accuse la colonelle [Ana Roy](PER).", "Il parle de", "Axel Mba"),
    ("La ministre [Ana Roy](PER) a vu le préfet [Axel Mba](PER).", "Elle annonce", "Ana Roy"),
    ("La revendication vient de l’[AFC](FORCE).", "Son porte-parole, [Axel Mba](PER), parle de", "AFC"),
    ("À [Obo](LOC), le préfet signale un raid.", "Il précise que", ""),
    ("Un responsable du [HCR](ORG) parle d’un exode.", "Il évoque", "HCR"),
    ("Un élu parle d’un raid de la [milice](FORCE).", "À l’en croire,", ""),
    ("Le [HCR](ORG) est là. La [Croix-Rouge](ORG) tient un registre.", "Selon elle,", "Croix-Rouge"),
    ("Quand la [milice](FORCE) a fui,", "elle parlait de", "milice")])
def test_a_pronoun_stands_for_the_nearest_actor_that_agrees(first, second, expected):
    assert sources(f"{first} {second} [12](KILLED) morts.")[-1] == expected


@pytest.mark.parametrize(("marked", "expected"), [
    ("L’[armée](FORCE) se tait. [Axel Mba](PER), son porte-parole, parle de [12](KILLED) morts.", "armée"),
    ("Les [Forces de soutien rapide](FORCE) nient ; leur porte-parole affirme que [12](MATERIEL) blindés sont là.",
     "Forces de soutien rapide"),
    ("[12](KILLED) membres de [MSF](ORG) tués, dit l’ONG.", "MSF"),
    ("[12](KILLED) morts, a indiqué son service de presse, l’[ISPR](ORG).", "ISPR"),
    ("Les [volontaires](FORCE) en auraient perdu vingt ; eux-mêmes n’en reconnaissent que [12](KILLED).", "volontaires"),
    ("Au [HCR](ORG), [Ana Roy](PER) compte les tentes. « J’ai vu [12](KILLED) corps », dit-elle.", "Ana Roy")])
def test_bodies_and_voices_are_named_before_or_beside_their_noun(marked, expected):
    assert sources(marked)[-1] == expected


def test_a_spokesman_of_a_body_named_long_before_speaks_for_himself():
    assert sources("Les [talibans](FORCE) avancent. La route est longue. La neige tombe. Leur porte-parole, [Axel Mba](PER), "
                   "parle de [12](KILLED) morts.") == ["Axel Mba"]


def test_of_a_voice_in_the_first_person_a_person_speaks():
    assert sources("[Rojda](PER) dit avoir fui. La [coalition](FORCE) en concède un. « Moi, dit-elle, j’en ai vu "
                   "[12](KILLED). »") == ["Rojda"]


def test_the_communique_is_that_of_the_last_source():
    assert sources("L’[armée](FORCE) a annoncé un raid. [12](KILLED) morts, d’après le communiqué.") == ["armée"]


@pytest.mark.parametrize(("marked", "expected"), [
    ("Le milicien [Babakura](PER) compte les morts. L’[Iswap](FORCE) en a perdu [12](KILLED), ajoute-t-il.", "Babakura"),
    ("« On fuit », dit [Babakura](PER). [Colombo](LOC) l’a fait arrêter ; il n’admettait que [12](KILLED) morts.", "Babakura"),
    ("[Pretoria](LOC) admet deux morts ; elle soutient que [12](KILLED) Cubains sont morts.", "Pretoria"),
    ("Le maire [Abel Mba](PER) dit avoir fui. Le procureur déplore [12](KILLED) morts.", ""),
    ("Le maire [Abel Mba](PER) dit avoir fui. Le maire déplore [12](KILLED) morts.", "Abel Mba")])
def test_who_goes_on_speaking_and_whom_a_title_names(marked, expected):
    assert sources(marked)[-1] == expected
