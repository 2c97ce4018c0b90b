"""What guide 1.5 settles about who states a figure."""

import pytest

from .test_turns import sources


@pytest.mark.parametrize(("marked", "expected"), [
    ("L’[armée](FORCE) recule. [12](KILLED) morts, redoute-t-elle.", "armée"),
    ("[12](KILLED) morts, s’inquiète l’[OIM](ORG).", "OIM"),
    ("[Londres](LOC) redoute [12](KILLED) morts.", ""),
    ("L’[armée](FORCE) présente le raid comme une réponse à la mort de [12](KILLED) hommes.", "")])
def test_fear_and_presenting_are_no_marks_but_inverted_after_the_clause(marked, expected):
    assert sources(marked) == [expected]


@pytest.mark.parametrize(("relative", "expected"), [
    ("reconnaît", "armée"), ("pense avoir perdu", "armée"), ("déploie", "")])
def test_a_relative_clause_about_the_source_needs_a_mark_of_its_own(relative, expected):
    assert sources(f"L’[armée](FORCE), qui {relative} [12](LOSSES) hommes, s’est retirée.") == [expected]


@pytest.mark.parametrize("clause", ["car les autres étaient partis", "quand le toit s’effondra", "que l’on soigne"])
def test_a_sentence_with_a_verb_in_any_clause_is_not_tied(clause):
    assert sources(f"L’[ONU](ORG) compte [12](KILLED) morts. [Trois](INJURED) blessés, {clause}.") == ["ONU", ""]


def test_il_y_a_before_a_time_is_no_verb():
    assert sources("L’[ONU](ORG) compte [12](KILLED) morts. [Trois](INJURED) fois plus qu’il y a un an.") == ["ONU", "ONU"]


def test_who_corrects_a_toll_without_a_figure_does_not_take_it_up():
    assert sources("[12](KILLED) morts. La [préfecture](ORG) a corrigé le bilan dans la soirée.") == [""]


@pytest.mark.parametrize(("blank", "expected"), [("\n", "État-major"), ("\n\n", "")])
def test_a_letterhead_with_a_blank_line_under_it_is_the_author(blank, expected):
    assert sources(f"[État-major](FORCE) – Communiqué n° 4{blank}1. [12](KILLED) ennemis tués.\n"
                   "2. [Trois](MATERIEL) chars.") == [expected] * 2


def test_a_heading_amid_the_text_opens_its_list_past_a_blank_line():
    assert sources("La journée fut calme.\n\n[État-major](FORCE) – Communiqué n° 4\n\n1. [12](KILLED) ennemis tués.\n"
                   "2. [Trois](MATERIEL) chars.") == ["État-major"] * 2


@pytest.mark.parametrize(("words", "expected"), [("On a compté", "Rania"), ("On nous parle de", "")])
def test_in_a_quotation_on_is_the_speaker_unless_he_is_told(words, expected):
    assert sources(f"« {words} [12](KILLED) morts dans la rue », dit [Rania](PER).") == [expected]


@pytest.mark.parametrize(("by", "expected"), [
    ("selon des diplomates et le [HCR](ORG)", ""), ("ont indiqué deux sources et un [milicien](FORCE)", ""),
    ("selon le [HCR](ORG) et des diplomates", "HCR")])
def test_of_two_sources_the_first_counts_even_where_it_is_no_span(by, expected):
    assert sources(f"[12](KILLED) morts, {by}.") == [expected]


@pytest.mark.parametrize(("verb", "expected"), [
    ("a trouvé [12](MATERIEL) fusils", ""), ("a retrouvé [12](MATERIEL) chars", ""), ("a découvert [12](KILLED) corps", ""),
    ("a relevé [12](KILLED) corps", "police"), ("a retrouvé [12](KILLED) noms", "police"), ("en a retenu [12](KILLED)", "police")])
def test_finding_is_an_act_counting_is_a_mark(verb, expected):
    assert sources(f"La [police](FORCE) {verb}.") == [expected]
