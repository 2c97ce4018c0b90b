"""Turns of phrase that name a source: time lines, headings, verbs of trust, who speaks in a quotation."""

import pytest

from .test_rules import held


def sources(marked: str) -> list[str]:
    return [source for source, _ in held(marked)]


@pytest.mark.parametrize("marked", [
    "[5 octobre](DATE), [Tanjug](ORG) : [41](KILLED) corps dans une cave.",
    "– [14 h](DATE) – [Tanjug](ORG) : [41](KILLED) corps dans une cave.",
    "[5 octobre](DATE), [Tanjug](ORG) :\n• [41](KILLED) tués ;\n• [90](INJURED) blessés."])
def test_a_name_after_the_day_or_hour_opens_a_line_as_a_name_alone_does(marked):
    assert set(sources(marked)) == {"Tanjug"}


def test_a_heading_that_names_a_communique_opens_the_lines_right_under_it():
    assert sources("[État-major](FORCE) – Bulletin\n[39](LOSSES) hommes neutralisés. [Cinq](DETAINED) suspects pris.\n\n"
                   "La zone est calme : [deux](KILLED) morts.") == ["État-major", "État-major", ""]


def test_the_second_sentence_of_a_line_under_its_time_line_follows_the_first():
    assert sources("[14 septembre](DATE), [état-major croate](FORCE) :\n[dix-neuf](MATERIEL) chars détruits. Pertes : "
                   "[quatre](KILLED) tués.") == ["état-major croate"] * 2


@pytest.mark.parametrize(("marked", "expected"), [
    ("La campagne a fait [413](KILLED) morts pour le [ministère](ORG), [326](KILLED) pour l’[ONU](ORG).",
     ["ministère", "ONU"]),
    ("Appareils : [75](MATERIEL) pour la [Force aérienne](FORCE), [cent deux](MATERIEL) pour [Ethell](PER).",
     ["Force aérienne", "Ethell"])])
def test_each_pour_of_a_chain_holds_the_figure_before_it(marked, expected):
    assert sources(marked) == expected


@pytest.mark.parametrize("turn", ["à s’en tenir aux évaluations de", "à en juger par les notes de", "à se fier à",
                                  "si l’on s’en remet au bilan de"])
def test_verbs_of_trust_name_a_source(turn):
    assert sources(f"[24](DETAINED) otages vivent encore, {turn} l’[ONU](ORG).") == ["ONU"]


@pytest.mark.parametrize(("marked", "expected"), [
    ("[400](KILLED) morts : le chiffre est de l’[OMS](ORG) ; l’[ONU](ORG) parle de [278](KILLED).", ["OMS", "ONU"]),
    ("Dernier compte du ministre [Lorenzana](PER) : [974](KILLED) rebelles.", ["Lorenzana"]),
    ("Il travaille pour le compte de [Wagner](FORCE) : [9](TROOPS) hommes.", [""]),
    ("Un télégramme de la [Forpronu](FORCE) portant les assaillants à [4 000](TROOPS).", ["Forpronu"]),
    ("L’attaque a fait [sept](KILLED) morts, portant à [131](KILLED) le total.", ["", ""]),
    ("L’[ONG](ORG) en a longtemps affirmé [264](KILLED).", ["ONG"]),
    ("Le [M23](FORCE), sollicité, ne veut parler que de « [cinq](KILLED) miliciens ».", ["M23"]),
    ("Réponse de [New Delhi](LOC) : [une centaine](KILLED) de terroristes éliminés.", ["New Delhi"]),
    ("Ajoutons-y [4,7 millions](DISPLACED) de déracinés, estimation du [HCR](ORG) pour 2008, moitié hors du pays.", ["HCR"]),
    ("Il reste [1 900](DETAINED) disparus sur les listes de la [Croix-Rouge](ORG).", ["Croix-Rouge"]),
    ("[68](KILLED) morts, [cent cinq](DETAINED) disparus, ce sont les chiffres des [autorités locales](ORG).",
     ["autorités locales"] * 2),
    ("Du côté des [FARDC](FORCE), on préfère parler de [quatorze](LOSSES) assaillants neutralisés.", ["FARDC"]),
    ("Le [Hezbollah](FORCE) se tait. Un de ses députés a chiffré ses pertes à [cent](LOSSES).", ["Hezbollah"]),
    ("D’après [Cifuentes](PER), la troupe n’a pas tiré et l’on ne déplore [aucun](INJURED) blessé.", ["Cifuentes"]),
    ("L’[OSDH](ORG) se montre plus prudent : [quarante](KILLED) soldats seraient morts.", ["OSDH"]),
    ("Un notable, [Bashiru](PER), donne une autre version : la rançon est payée, [deux](DETAINED) captifs restent.",
     ["Bashiru"]),
    ("[Damas](LOC) s’en tient à « [moins de 500](LOSSES) » victimes.", ["Damas"]),
    ("[Damas](LOC) en reste à [500](LOSSES)", ["Damas"]),
    ("Selon l’[ONU](ORG), qui a ouvert deux camps, les combats ont fait [12](KILLED) morts.", ["ONU"]),
    ("L’[ONU](ORG) publie son bilan.\n\n– Tués : [12](KILLED).\n– Blessés : [3](INJURED).", ["ONU", "ONU"]),
    ("Me [Tadić](PER) consent à « [une douzaine](KILLED) de décès ».", ["Tadić"])])
def test_other_turns_that_name_a_source(marked, expected):
    assert sources(marked) == expected


@pytest.mark.parametrize("marked", [
    "[Kesić](PER) répond devant ses juges de la mort de [cent six](KILLED) [civils](CIVIL).",
    "[Téhéran](LOC) se tait ; les évaluations occidentales montent à [un million](LOSSES).",
    "• [Militaires arméniens](FORCE) : [3 825](KILLED) tués, [231](DETAINED) disparus.",
    "« Ils avaient une liste de tous nos noms », témoigne [Yaneth](PER), arrivée avec [trois](DISPLACED) enfants.",
    "[500 000](LOSSES) pertes pour l’[armée ukrainienne](FORCE).",
    "L’[ONU](ORG) dénonce l’assaut et a logé [600](DISPLACED) sinistrés.",
    "[Kiev](LOC) dément, et l’[armée](FORCE) a dépêché [deux](MATERIEL) navires.",
    "L’[ONU](ORG) conclut à un massacre.\n\n1. Une famille a perdu [cinq](KILLED) des siens.",
    "Ma [compagnie](FORCE) comptait [140](TROOPS) hommes ; elle en a laissé [31](LOSSES) dans la brousse."])
def test_acts_and_what_one_has_are_no_claims(marked):
    assert not any(sources(marked))


def test_what_a_land_counts_is_claimed_by_whoever_tells_it():
    assert sources("Le [HCR](ORG) rappelle que le pays comptait [630 000](DISPLACED) réfugiés.") == ["HCR"]


def test_in_a_quotation_another_source_has_its_own_figure():
    assert sources("[Halima](PER) est arrivée. « Nous étions [dix-neuf](DISPLACED) en quittant [El-Fasher](LOC). D’après un "
                   "[berger](CIVIL), [trois](KILLED) sont mortes dans la nuit », souffle-t-elle.") == ["Halima", "berger"]


def test_who_speaks_does_not_call_himself_by_his_function():
    assert sources("Le docteur [Awad](PER) raconte : « J’ai signé les actes de tout le monde. Le directeur dit qu’on a refusé "
                   "[soixante](INJURED) blessés cette nuit-là. »") == [""]


def test_a_pronoun_after_an_unnamed_newcomer_stands_for_him():
    assert sources("[Tadić](PER) avoue [douze](KILLED) morts.\n\nVient un démographe norvégien. Il a croisé les fichiers : "
                   "[3 100](KILLED) morts, conclut-il.") == ["Tadić", ""]
