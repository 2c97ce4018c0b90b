"""Intervals and comparisons: reproducible, honest where there is too little, right where it is known."""

import numpy as np
import pytest
from bilan.data import BilanError
from bilan.data.match import Counts
from bilan.eval import compare, score
from bilan.eval.intervals import (
    Difference,
    Interval,
    Table,
    intervals,
    metric,
    resampled,
    tabulate,
    with_sums,
)
from hypothesis import given, settings

from .made import PAIRS, both, document, random_pairs, sure

PAIRS_60 = random_pairs(60)


def test_the_table_holds_the_counts_of_each_document():
    table = tabulate([both("[Goma](LOC)", "[Goma](LOC)"), both("[12](KILLED)", "12")])
    assert table.names == ["LOC", "KILLED"]
    assert table.counts.tolist() == [[[1, 1, 1], [0, 0, 0]], [[0, 0, 0], [1, 0, 0]]]


@given(PAIRS)
def test_the_table_adds_up_to_the_scores(pairs):
    table = tabulate(pairs)
    assert {name: table.total(name) for name in table.names} == dict(score(pairs).labels)


def test_groups_and_micro_are_sums_of_columns():
    table = with_sums(tabulate([both("[Goma](LOC) [12](KILLED) [3](INJURED)", "[Goma](LOC) 12 3")]))
    assert {name: table.total(name) for name in ("entities", "figures", "micro")} == {
        "entities": Counts(1, 1, 1), "figures": Counts(2, 0, 0), "micro": Counts(3, 1, 1)}


def test_a_label_called_like_a_sum_is_refused():
    with pytest.raises(BilanError, match="a label is called 'micro', like one of our sums"):
        with_sums(tabulate([both("[Goma](micro)", "Goma")]))


def test_a_resample_draws_as_many_documents_as_there_are():
    drawn = resampled(np.ones((7, 1, 3)), resamples=50)
    assert drawn.tolist() == np.full((50, 1, 3), 7).tolist()


def test_the_same_seed_gives_the_same_draws_and_another_seed_others():
    counts = tabulate(PAIRS_60).counts
    first, again, other = (resampled(counts, resamples=700, seed=seed) for seed in (3, 3, 4))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_values_are_those_of_the_scores():
    found = intervals(tabulate(PAIRS_60), metrics=("precision", "recall", "f1"), resamples=200)
    scores = score(PAIRS_60)
    for name in ("precision", "recall", "f1"):
        assert found[name]["micro"].value == getattr(scores.micro, name)
        assert found[name]["macro"].value == pytest.approx(getattr(scores.macro, name))
        assert found[name]["figures"].value == getattr(scores.groups["figures"], name)
        assert {label: found[name][label].value for label in scores.labels} == {
            label: getattr(counts, name) for label, counts in scores.labels.items()}


def test_the_interval_is_that_of_a_bootstrap_written_out_at_length():
    counts = tabulate(PAIRS_60).counts.sum(1)
    dice = np.random.default_rng(99)
    draws = [metric(counts[dice.integers(60, size=60)].sum(0)) for _ in range(5000)]
    ours = intervals(tabulate(PAIRS_60), resamples=5000)["f1"]["micro"]
    assert (ours.low, ours.high) == pytest.approx(np.quantile(draws, (0.025, 0.975)), abs=0.005)


def test_the_interval_of_independent_spans_is_that_of_the_binomial():
    right = np.random.default_rng(0).random(2000) < 0.8
    counts = np.stack([np.ones(2000), np.ones(2000), right], axis=1)[:, None]
    found = intervals(Table(["LOC"], counts), resamples=4000)["f1"]["LOC"]
    error = 1.96 * (right.mean() * (1 - right.mean()) / 2000) ** 0.5
    assert found == pytest.approx((right.mean(), right.mean() - error, right.mean() + error), abs=0.002)


def test_a_score_that_is_not_defined_has_no_interval():
    found = intervals(tabulate([both("[12](KILLED)", "12")] * 3), metrics=("precision",), resamples=10)
    assert found["precision"]["KILLED"] == Interval(None, None, None)


def test_a_label_in_four_documents_has_a_value_and_no_bounds():
    pairs = [both("[Goma](LOC)", "[Goma](LOC)")] * 4 + [both("[12](KILLED)", "[12](KILLED)")] * 5
    found = intervals(tabulate(pairs), resamples=50)["f1"]
    assert (found["LOC"], found["KILLED"]) == (Interval(1.0, None, None), Interval(1.0, 1.0, 1.0))


def test_no_document_at_all_has_no_score():
    assert intervals(tabulate([]), resamples=10)["f1"] == {"micro": Interval(None), "macro": Interval(None)}


@given(PAIRS)
@settings(max_examples=30)
def test_the_bounds_hold_the_scores_between_0_and_1(pairs):
    for interval in intervals(tabulate(pairs), resamples=40)["f1"].values():
        assert interval.low is None or 0 <= interval.low <= sure(interval.high) <= 1


def sides(pairs):
    return [p.gold for p in pairs], [p.predicted for p in pairs]


def test_a_system_does_not_differ_from_itself():
    gold, predicted = sides(PAIRS_60)
    micro = compare(gold, predicted, predicted, resamples=200)[0]
    assert (micro.name, micro.difference, micro.p) == ("micro", Interval(0.0, 0.0, 0.0), 1.0)
    assert micro.sentence == "no difference shown: B − A = 0.0 points (0.0 to 0.0), p = 1"


def test_a_perfect_system_is_better_than_a_noisy_one_whichever_is_called_a():
    gold, predicted = sides(PAIRS_60)
    better, worse = (compare(gold, *systems, resamples=500)[0]
                     for systems in ((predicted, gold), (gold, predicted)))
    assert better.difference.value == pytest.approx(100 * (1 - sure(score(PAIRS_60).micro.f1)))
    assert better.p == worse.p == 1 / 501
    assert better.sentence.startswith("B is better by ")
    assert worse.sentence == better.sentence.replace("B is", "A is")


def test_few_documents_cannot_show_a_difference():
    gold = [document("[Goma](LOC)", id=str(i)) for i in range(3)]
    nothing = [document("Goma", id=str(i)) for i in range(3)]
    assert compare(gold, nothing, gold, resamples=2000)[0].p == pytest.approx(0.25, abs=0.04)  # 2 of 8 swaps


def test_each_label_has_a_row_after_micro_and_a_corrected_p():
    gold, predicted = sides(PAIRS_60)
    rows = compare(gold, predicted, gold, resamples=300)
    labels = [row for row in rows if row.p_holm is not None]
    assert rows[0].name == "micro" and {row.name for row in labels} == set(score(PAIRS_60).labels)
    assert all(sure(row.p) <= sure(row.p_holm) <= 1 for row in labels)


def test_a_comparison_on_other_documents_is_refused():
    gold, predicted = sides(PAIRS_60)
    with pytest.raises(BilanError, match="1 documents are not in predicted: 'd59'"):
        compare(gold, predicted, predicted[:-1])


def test_a_label_that_only_one_system_predicts_is_compared():
    gold = [document("[Goma](LOC)", id="1"), document("[Uvira](LOC)", id="2")]
    other = [document("[Goma](ORG)", id="1"), document("[Uvira](ORG)", id="2")]
    rows = {row.name: row for row in compare(gold, gold, other, resamples=50)}
    assert rows["LOC"].difference.value == -100
    assert rows["ORG"].sentence.startswith("no comparison: ")


@pytest.mark.parametrize(("value", "low", "high", "p", "sentence"), [
    (1.8, 0.4, 3.1, 0.01, "B is better by 1.8 points (0.4 to 3.1), p = 0.01"),
    (-1.8, -3.1, -0.4, 0.0004, "A is better by 1.8 points (0.4 to 3.1), p < 0.001"),
    (0.2, -1.0, 1.3, 0.71, "no difference shown: B − A = 0.2 points (-1.0 to 1.3), p = 0.71"),
])
def test_the_finding_is_said_in_one_sentence(value, low, high, p, sentence):
    assert Difference("micro", 0.8, 0.8, Interval(value, low, high), p).sentence == sentence
