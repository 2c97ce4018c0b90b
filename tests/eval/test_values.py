"""Values: whether a predicted figure says the number, the bounds, the qualifier and the role of gold."""

import pytest
from bilan.data import read
from bilan.data.match import Counts
from bilan.eval import Pair
from bilan.eval.values import matched, values
from hypothesis import given, settings

from ..shared import ROOT
from .made import PAIRS, both


def right(gold: str, predicted: str) -> tuple[str, dict[str, bool]]:
    (found,) = matched(*both(gold, predicted))
    return found.scope, found.right


ALL = {"value": True, "interval": True, "qualifier": True, "role": True}


@pytest.mark.parametrize(("gold", "predicted", "wrong"), [
    ("[au moins 12](KILLED) morts", "au moins [12](KILLED) morts", {"interval", "qualifier"}),
    ("[environ 1 100](LOSSES)", "environ [1 100](LOSSES)", {"qualifier"}),
    ("[entre 10 et 15](KILLED) morts", "entre 10 et [15](KILLED) morts", {"value", "interval", "qualifier"}),
    ("[3 000](LOSSES) soldats", "[3](LOSSES) 000 soldats", {"value", "interval"}),
    ("[30 kilomètres](MEASURE)", "[30](MEASURE) kilomètres", {"value", "interval"}),
    ("[12](KILLED) morts", "[12 morts](INJURED)", {"value", "interval", "role"}),
])
def test_a_partial_span_is_right_in_what_it_still_says(gold, predicted, wrong):
    assert right(gold, predicted) == ("partial", {name: name not in wrong for name in ALL})


def test_an_exact_span_with_another_label_has_the_right_value_and_the_wrong_role():
    assert right("[12](KILLED) morts", "[12](INJURED) morts") == ("exact", ALL | {"role": False})


def test_a_gold_figure_that_is_no_number_counts_for_its_role_only():
    assert right("[légion](KILLED)", "[légion](KILLED)") == ("exact", {"role": True})


def test_a_prediction_that_is_no_number_is_wrong_where_gold_is_one():
    assert right("[12](KILLED) et [Goma](LOC)", "[12 et Goma](KILLED)")[1] == {
        "value": False, "interval": False, "qualifier": False, "role": True}


def test_entities_are_no_figures():
    assert list(matched(*both("[12](KILLED) [Goma](LOC)", "[12](LOC) [Goma](KILLED)"))) == []


PRESS = [both("[12](KILLED) morts, [3](INJURED) blessés, [légion](TROOPS)",
              "[12](INJURED) morts, [3](INJURED) blessés, [légion](TROOPS)", id="1"),
         both("[au moins 40](KILLED) morts", "au moins [40](KILLED) morts", id="2"),
         both("[7](KILLED) morts et un [mort](LOC)", "7 morts et [un mort](KILLED)", id="3")]


def test_figures_matched_and_unreadable_ones_are_counted():
    found = values(PRESS, resamples=10)
    assert found is not None
    assert (found.figures, found.unreadable) == (Counts(5, 5, 4), (1, 2))


def test_rates_are_shares_of_the_matched_figures_by_scope():
    found = values(PRESS, resamples=10)
    assert found is not None
    assert {scope: {name: (rate.counts.gold, rate.f1.value) for name, rate in part.items()}
            for scope, part in found.rates.items()} == {
        "exact": {"value": (2, 1.0), "interval": (2, 1.0), "qualifier": (2, 1.0), "role": (3, 2 / 3)},
        "partial": {"value": (1, 1.0), "interval": (1, 0.0), "qualifier": (1, 0.0), "role": (1, 1.0)},
        "all": {"value": (3, 1.0), "interval": (3, 2 / 3), "qualifier": (3, 2 / 3), "role": (4, 0.75)}}


def test_end_to_end_a_figure_needs_its_value_and_its_role_wherever_its_span_ends():
    found = values(PRESS, resamples=10)
    assert found is not None
    assert found.found.counts == Counts(4, 4, 2)  # 3 wounded and at least 40 dead; « légion » is left out


def test_roles_that_are_confused_are_counted():
    found = values([*PRESS, both("[9](KILLED)", "[9](INJURED)", id="4")], resamples=10)
    assert found is not None
    assert found.roles == {("KILLED", "INJURED"): 2}


def test_five_documents_give_an_interval_and_four_none():
    pairs = [both("[12](KILLED)", "[12](KILLED)", id=str(i)) for i in range(5)]
    for number, bounds in ((5, (1.0, 1.0, 1.0)), (4, (1.0, None, None))):
        found = values(pairs[:number], resamples=50)
        assert found is not None and found.rates["all"]["value"].f1 == bounds


def test_without_figures_there_are_no_values():
    assert values([both("[Goma](LOC)", "[Goma](LOC)")], resamples=10) is None


def test_gold_against_itself_is_right_in_everything():
    documents = list(read(ROOT / "data/corpus/seed-0001.md"))
    found = values([Pair(document, document) for document in documents], resamples=10)
    assert found is not None
    assert {rate.f1.value for name, rate in found.rates["exact"].items()} == {1.0} and not found.roles


@given(PAIRS)
@settings(max_examples=30)
def test_no_more_figures_are_matched_than_there_are_and_shares_stay_within_bounds(pairs):
    found = values(pairs, resamples=5)
    if found is not None:
        assert found.figures.correct <= min(found.figures.gold, found.figures.predicted)
        assert found.found.counts.correct <= min(found.found.counts.gold, found.found.counts.predicted)
        assert found.rates["all"]["role"].counts.gold == found.figures.correct
