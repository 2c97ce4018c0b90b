"""Calibration: bins and error as Guo et al. 2017 define them, and what a threshold keeps."""

import numpy as np
import pytest
from bilan.data import BilanError, Document, Span
from bilan.data.calibration import Bin, calibration_error, confidences, likelihood, quality, reliability
from bilan.data.match import Counts
from bilan.eval import Pair
from bilan.eval.calibration import coverage, scored
from hypothesis import given
from hypothesis import strategies as st

from .made import sure

TEXT = "Goma et Uvira"
GOLD = Document("d", TEXT, (Span(0, 4, "LOC"), Span(8, 13, "LOC")))


def predictions(*spans: Span) -> list[Pair]:
    return [Pair(GOLD, Document("d", TEXT, spans))]


def test_the_confidence_of_each_prediction_stands_beside_whether_it_is_right():
    pairs = predictions(Span(0, 4, "LOC", score=0.9), Span(8, 13, "PER", score=0.4))
    confidence, right = confidences(pairs)
    assert confidence.tolist() == [0.9, 0.4] and right.tolist() == [True, False]


@pytest.mark.parametrize("score", [None, 1.5, -0.1, float("nan")])
def test_a_prediction_without_a_confidence_from_0_to_1_is_refused(score):
    with pytest.raises(BilanError, match="document 'd': span 0–4 'LOC' has the score"):
        confidences(predictions(Span(0, 4, "LOC", score=score)))


def test_predictions_are_scored_when_all_have_a_confidence():
    assert scored(predictions(Span(0, 4, "LOC", score=0.9)))
    assert not scored(predictions(Span(0, 4, "LOC", score=0.9), Span(8, 13, "LOC")))
    assert not scored(predictions())


def test_a_confidence_on_an_edge_belongs_to_the_bin_below():
    bins = reliability(np.array([0.0, 0.5, 0.50001, 1.0]), np.array([False, True, True, False]), bins=2)
    assert [b.count for b in bins] == [2, 2]
    assert bins[0] == Bin(0.0, 0.5, 2, 0.25, 0.5)


def test_an_empty_bin_has_no_mean():
    assert reliability(np.array([0.9]), np.array([True]), bins=2)[0] == Bin(0.0, 0.5, 0, None, None)


def test_the_calibration_error_is_the_gap_weighted_by_size():
    confidence, right = np.array([0.9, 0.9, 0.9, 0.2]), np.array([True, True, False, False])
    expected = 0.75 * (0.9 - 2 / 3) + 0.25 * 0.2
    assert calibration_error(reliability(confidence, right)) == pytest.approx(expected)


def test_without_predictions_there_is_no_calibration_error():
    assert calibration_error(reliability(np.array([]), np.array([], dtype=bool))) is None


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1), st.integers(1, 20))
def test_every_prediction_is_in_one_bin_and_the_error_is_between_0_and_1(pairs, bins):
    confidence, right = (np.array(values) for values in zip(*pairs, strict=True))
    found = reliability(confidence, right, bins=bins)
    assert sum(b.count for b in found) == len(pairs)
    assert 0 <= sure(calibration_error(found)) <= 1 + 1e-12


def test_dropping_unsure_predictions_trades_recall_for_precision():
    pairs = predictions(Span(0, 4, "LOC", score=0.9), Span(8, 13, "PER", score=0.4))
    assert coverage(pairs, thresholds=(0.0, 0.5, 0.95)) == [
        (0.0, 1.0, Counts(2, 2, 1)), (0.5, 0.5, Counts(2, 1, 1)), (0.95, 0.0, Counts(2, 0, 0))]


def test_the_coverage_of_no_prediction_is_not_defined():
    assert coverage(predictions(), thresholds=(0.5,)) == [(0.5, None, Counts(2, 0, 0))]


def test_the_likelihood_is_that_of_each_prediction_being_right_or_wrong():
    expected = -(np.log(0.8) + np.log(1 - 0.4)) / 2
    assert likelihood(np.array([0.8, 0.4]), np.array([True, False])) == pytest.approx(expected)


def test_a_sure_prediction_that_is_wrong_costs_much_and_not_everything():
    assert likelihood(np.array([1.0]), np.array([False])) == pytest.approx(-np.log(5e-5))


def test_without_predictions_there_is_no_quality():
    assert quality(predictions()) == (None, None)
