"""Where the subject of a verb of attribution stands: before it, past an insertion, or after it."""

import pytest

from .test_turns import sources


@pytest.mark.parametrize("subject", [
    "Le ministre [ONU](PER), que l’on disait malade, évoque des pertes :", "[ONU](LOC), plus au nord, a compté",
    "Un chercheur de [Jayapura](LOC), [ONU](PER), évalue la bande à", "[ONU](PER), dix ans, a décrit la scène :",
    "Une commission, l’[ONU](ORG), nommée par le président [Paul Biya](PER), conclut à",
    "Les [ONU](CIVIL), que représente [Ana Roy](PER), reconnaissent", "Son concurrent, l’[ONU](ORG), n’en documente que",
    "L’état-major, dit l’[ONU](ORG), a perdu", "Lui parti, l’[ONU](ORG) se serait vantée de",
    "L’[ONU](ORG) avait répliqué par un raid et revendiqué", "[Vadym](PER), dit « Marin », se tait. L’[ONU](ORG) dit",
    "Officiellement, le mouvement se tait. L’[ONU](ORG) avait d’emblée parlé de", "Des images, examinées par l’[ONU](ORG), confirment"])
def test_a_subject_is_found_past_what_parts_it_from_its_verb(subject):
    assert sources(f"{subject} [12](KILLED) morts.")[-1] == "ONU"


@pytest.mark.parametrize("verb", [
    "lisait à [18 heures](DATE) l’[ONU](ORG)", "rectifie à voix basse une [ONU](CIVIL)", "dit en riant [ONU](PER)",
    "a déclaré à la radio [RPP](ORG) un [ONU](CIVIL)", "corrige, joint par téléphone, un [ONU](CIVIL)", "dit maintenant [ONU](LOC)",
    "a répété au [Parlement](ORG) [ONU](PER)", "rappelle un cabinet de [Lagos](LOC), [ONU](ORG)", "maintient le curé, [ONU](PER)",
    "témoigne le [fusilier marin](FORCE) [ONU](PER)", "a fait savoir l’[ONU](ORG)", "redoute l’[ONU](ORG)"])
def test_a_subject_is_found_after_its_verb(verb):
    assert sources(f"« [12](KILLED) morts, comptés un à un », {verb}.") == ["ONU"]


@pytest.mark.parametrize("turn", [
    "[12](KILLED) morts, ce que dément l’[ONU](ORG).", "Les [12](DETAINED) soldats que retenait l’[armée](FORCE) sont rentrés.",
    "L’[armée](FORCE), qui nie tout, employait [12](TROOPS) enfants.", "[X](PER), qui assure l’intérim, ordonne le départ de "
    "[12](DISPLACED) familles.", "L’[armée](FORCE) a rappelé [12](TROOPS) brigades.", "L’[armée](FORCE) exhibe [12](MATERIEL) chars.",
    "Le colonel [X](PER) compta parmi les [12](KILLED) tués.", "Moi, j’en ai vu [12](KILLED).", "Une vidéo diffusée par le "
    "[Jnim](FORCE) montre [12](DETAINED) captifs.", "[X](PER) a vu la scène, raconte [X](PER), l’un des [12](INJURED) blessés."])
def test_what_denies_holds_shows_or_acts_is_no_source(turn):
    assert sources(turn)[-1] == ""


def test_on_in_an_insertion_is_the_speaker():
    assert sources("Le maire [Abel Mba](PER) est là. Hier, dit-il, on a relevé [12](KILLED) corps.") == ["Abel Mba"]


def test_a_body_speaks_by_the_mouth_of_its_officer():
    assert sources("L’[armée](FORCE) a fini par admettre, par la bouche du maréchal [Singh](PER), [12](KILLED) morts.") == ["armée"]


@pytest.mark.parametrize("verb", ["se limiteraient à", "se situent à"])
def test_what_a_loss_is_limited_to_has_the_source_before(verb):
    assert sources(f"L’[armée](FORCE) revendique la prise du bourg ; ses pertes {verb} [12](KILLED) hommes.") == ["armée"]
