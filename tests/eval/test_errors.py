"""Errors: one cause each, the right one, and the costliest first."""

import pytest
from bilan.eval import score
from bilan.eval.errors import (
    CAUSES,
    FUNCTION_WORDS,
    QUALIFIERS,
    confusions,
    costliest,
    errors,
    made_of,
    table,
)
from hypothesis import given

from .made import PAIRS, both


def cause(gold: str, predicted: str) -> str:
    (error,) = errors([both(gold, predicted)])
    return error.cause


@pytest.mark.parametrize(("gold", "predicted", "expected"), [
    ("l’[armée russe](FORCE) avance", "[l’armée russe](FORCE) avance", "determiner or preposition inside"),
    ("en [décembre](DATE) dernier", "[en décembre](DATE) dernier", "determiner or preposition inside"),
    ("[Goma](LOC) et Uvira", "[Goma et](LOC) Uvira", "determiner or preposition inside"),
    ("[au moins 12](KILLED) morts", "au moins [12](KILLED) morts", "qualifier missing"),
    ("[12 au moins](KILLED) sont morts", "[12](KILLED) au moins sont morts", "qualifier missing"),
    ("[plus de six mois](DURATION)", "plus de [six mois](DURATION)", "qualifier missing"),
    ("[12](KILLED) civils", "[12 civils](KILLED)", "counted noun inside a figure"),
    ("le [M23](FORCE), rébellion armée, avance", "le [M23, rébellion armée](FORCE), avance", "apposition"),
    ("les [Forces](FORCE) (FSR)", "les [Forces (FSR](FORCE))", "apposition"),
    ("[soldats de Wagner](FORCE)", "[soldats](FORCE) de Wagner", "complement cut"),
    ("[soldats](FORCE) déployés hier", "[soldats déployés](FORCE) hier", "complement too long"),
    ("[soldats nord-coréens](FORCE)", "[soldats nord](FORCE)-coréens", "complement cut"),
    ("[ministère russe de la Défense](ORG)", "ministère [russe de la Défense](ORG)", "beginning cut"),
    ("maire [Goma](LOC)", "[maire Goma](LOC)", "beginning too long"),
    ("[de 10 à 15](KILLED)", "[de 10](KILLED) à 15", "complement cut"),
    ("« [Hemetti](PER) »", "[« Hemetti](PER) »", "space or punctuation at an edge"),
    ("[Kiev](LOC) affirme", "[Kiev](ORG) affirme", "wrong label"),
    ("l’[armée](FORCE)", "[l’armée](ORG)", "wrong label"),
    ("[soldats](FORCE) et [officiers](FORCE)", "[soldats et officiers](FORCE)", "merged"),
    ("[soldats russes et nord-coréens](FORCE)", "[soldats russes](FORCE) et [nord-coréens](FORCE)", "split"),
    ("des [combats](EVENT)", "des combats", "missed"),
    ("des combats", "des [combats](EVENT)", "spurious"),
])
def test_an_error_gets_its_cause_by_rule(gold, predicted, expected):
    assert cause(gold, predicted) == expected
    assert expected in CAUSES


def test_a_label_that_gold_gives_the_same_text_elsewhere_is_inconsistent_gold():
    elsewhere = both("[barkhane](EVENT)", "[barkhane](EVENT)", id="2")
    found = errors([both("[Barkhane](FORCE)", "[Barkhane](EVENT)"), elsewhere])
    assert [error.cause for error in found] == ["inconsistent gold"]


def test_a_number_that_counts_something_else_elsewhere_is_a_plain_wrong_label():
    elsewhere = both("[12](INJURED)", "[12](INJURED)", id="2")
    found = errors([both("[12](KILLED)", "[12](INJURED)"), elsewhere])
    assert [error.cause for error in found] == ["wrong label"]


def test_several_against_several_are_taken_pair_by_pair():
    gold = "[armée russe](FORCE) et [garde nationale](FORCE)"
    predicted = "armée [russe et garde](FORCE) [nationale](FORCE)"
    assert [(e.cause, len(e.gold), len(e.predicted)) for e in errors([both(gold, predicted)])] == [
        ("complement too long", 1, 1), ("beginning cut", 1, 1)]


def test_what_is_right_is_no_error():
    assert errors([both("[Goma](LOC) et [12](KILLED)", "[Goma](LOC) et [12](KILLED)")]) == []


def test_an_error_shows_its_place_marked_both_ways():
    (error,) = errors([both("Selon Kiev,\n[au moins 12](KILLED)", "Selon Kiev,\nau moins [12](KILLED)")])
    assert error.context("gold") == "Selon Kiev, [au moins 12](KILLED)"
    assert error.context("predicted") == "Selon Kiev, au moins [12](KILLED)"


def test_a_long_text_is_cut_around_the_error():
    (error,) = errors([both("a" * 60 + " [Goma](LOC) " + "b" * 60, "a" * 60 + " Goma " + "b" * 60)])
    assert error.context(width=5) == "…aaaa [Goma](LOC) bbbb…"


def test_a_wrong_label_names_the_pair():
    (error,) = errors([both("[Kiev](LOC)", "[Kiev](ORG)")])
    assert error.pattern == ("wrong label", "LOC → ORG")


def test_errors_are_counted_by_label_and_cause():
    found = errors([both("[Goma](LOC) [Kiev](LOC) [12](KILLED)", "Goma [Kiev](ORG) 12")])
    assert table(found) == {"LOC": {"missed": 1, "wrong label": 1}, "KILLED": {"missed": 1}}


def test_the_costliest_pattern_is_the_one_whose_mending_gives_most_points():
    pairs = [both("l’[armée](FORCE) [Goma](LOC)", "[l’armée](FORCE) Goma", id=str(i)) for i in range(2)]
    first, second = costliest(pairs)
    assert (first.cause, first.label, first.count) == ("determiner or preposition inside", "FORCE", 2)
    assert (second.cause, second.count) == ("missed", 2)
    assert first.points == pytest.approx(100 * 2 * 2 / 6)
    assert second.points == pytest.approx(100 * 2 * 2 / 8)


def test_a_spurious_prediction_costs_although_mending_it_finds_nothing():
    (pattern,) = costliest([both("[Goma](LOC) hier", "[Goma](LOC) [hier](DATE)")])
    assert pattern.points == pytest.approx(100 * (1 - 2 / 3))


def test_at_most_ten_patterns_are_kept():
    labels = [f"L{i}" for i in range(12)]
    gold = " ".join(f"[mot](X{label})" for label in labels)
    assert len(costliest([both(gold, "mot " * 11 + "mot")])) == 10


def test_confusions_pair_what_overlaps_and_leave_the_rest_to_none():
    gold, predicted = "[Kiev](LOC) [armée russe](FORCE) hier", "[Kiev](LOC) [armée](ORG) russe [hier](DATE)"
    found = confusions([both(gold, predicted)])
    assert found == {("LOC", "LOC"): 1, ("FORCE", "ORG"): 1, ("", "DATE"): 1}


def test_words_are_told_from_the_vocabularies_whatever_the_apostrophe():
    assert made_of("l’", FUNCTION_WORDS) and made_of("D'", FUNCTION_WORDS) and made_of("Jusqu’à ", QUALIFIERS)
    assert not made_of(" « ", FUNCTION_WORDS) and not made_of("de Goma", FUNCTION_WORDS)


@given(PAIRS)
def test_every_span_that_is_not_right_is_in_exactly_one_error(pairs):
    found = errors(pairs)
    for gold, predicted in pairs:
        mine = [error for error in found if error.document is gold]
        common = {s.key for s in gold.spans} & {s.key for s in predicted.spans}
        for side, source in (("gold", gold), ("predicted", predicted)):
            listed = sorted(span.key for error in mine for span in getattr(error, side))
            assert listed == sorted({span.key for span in source.spans} - common)


@given(PAIRS)
def test_mending_every_error_gives_a_perfect_score(pairs):
    counts = sum((error.mended for error in errors(pairs)), score(pairs).micro)
    assert counts.gold == counts.predicted == counts.correct


def test_a_figure_that_runs_into_another_figure_is_too_long_not_a_counted_noun():
    assert cause("[12](KILLED) morts et 30", "[12 morts et 30](KILLED)") == "complement too long"
