"""Scores: what is counted, by which scheme, and that other libraries count the same."""

import warnings
from typing import Any

import pytest
from bilan.data import BilanError, Document, Span
from bilan.data.match import count, match
from bilan.eval import Counts, Pair, pair, score
from bilan.eval.score import SCHEMES, Average, only
from hypothesis import given
from hypothesis import strategies as st

from .made import LABELS, PAIRS, both, document, random_pairs


def micro(gold: str, predicted: str, scheme: str = "strict") -> Counts:
    return score([both(gold, predicted)], scheme=scheme).micro


def test_precision_recall_and_f1_come_from_the_counts():
    counts = Counts(4, 5, 3)
    assert (counts.precision, counts.recall, counts.f1) == (3 / 5, 3 / 4, 6 / 9)


@pytest.mark.parametrize(("counts", "expected"), [
    (Counts(0, 0, 0), (None, None, None)),
    (Counts(2, 0, 0), (None, 0.0, 0.0)),
    (Counts(0, 2, 0), (0.0, None, 0.0)),
])
def test_a_score_that_is_not_defined_is_none(counts, expected):
    assert (counts.precision, counts.recall, counts.f1) == expected


@pytest.mark.parametrize(("scheme", "expected"), [
    ("strict", Counts(3, 3, 1)), ("exact", Counts(3, 3, 2)), ("partial", Counts(3, 3, 2.5)),
    ("type", Counts(3, 3, 2)),
])
def test_each_scheme_credits_what_semeval_2013_says(scheme, expected):
    gold = "[Goma](LOC), l’[armée russe](FORCE) et le [M23](FORCE)"
    predicted = "[Goma](LOC), l’[armée](FORCE) russe et le [M23](ORG)"
    assert micro(gold, predicted, scheme) == expected


def test_an_unknown_scheme_is_refused_with_the_known_ones():
    with pytest.raises(BilanError, match="unknown scheme 'loose'; schemes: strict, exact, partial, type"):
        score([], scheme="loose")


def test_a_prediction_over_two_gold_spans_answers_only_one():
    assert micro("[Goma](LOC) [Bukavu](LOC)", "[Goma Bukavu](LOC)", "type") == Counts(2, 1, 1)


def test_two_predictions_in_one_gold_span_earn_once():
    assert micro("[Goma Bukavu](LOC)", "[Goma](LOC) [Bukavu](LOC)", "partial") == Counts(1, 2, 0.5)


def test_matching_makes_as_many_pairs_as_possible():
    gold = [Span(0, 10, "LOC"), Span(10, 20, "LOC")]
    predicted = [Span(8, 12, "LOC"), Span(0, 3, "LOC")]
    assert match(gold, predicted) == [(0, 1), (1, 0)]


def test_among_as_many_pairs_the_greatest_overlap_is_chosen():
    assert match([Span(0, 10, "LOC")], [Span(0, 2, "LOC"), Span(2, 9, "LOC")]) == [(0, 1)]


def test_identical_spans_are_matched_before_others():
    assert match([Span(0, 4, "LOC")], [Span(0, 9, "LOC"), Span(0, 4, "LOC")]) == [(0, 1)]


def test_of_equal_boundaries_the_equal_label_is_matched_first():
    assert match([Span(0, 4, "LOC")], [Span(0, 4, "ORG"), Span(0, 4, "LOC")]) == [(0, 1)]


def test_a_repeated_span_counts_once_and_is_told():
    twice = Document("d", "Goma", (Span(0, 4, "LOC"), Span(0, 4, "LOC", {"id": "g"})))
    scores = score([Pair(document("[Goma](LOC)"), twice)])
    assert (scores.micro, scores.duplicates) == (Counts(1, 1, 1), 1)


def test_two_labels_on_the_same_words_are_two_spans():
    nested = Document("d", "Goma", (Span(0, 4, "LOC"), Span(0, 4, "ORG")))
    assert score([Pair(nested, nested)]).micro == Counts(2, 2, 2)


def test_labels_come_in_the_order_of_the_guide():
    text = "[20 %](MEASURE) [Zzz](Zzz) [Goma](LOC) [Anna](PER)"
    assert list(score([both(text, text)]).labels) == ["PER", "LOC", "MEASURE", "Zzz"]


def test_groups_add_up_their_labels():
    scores = score([both("[Goma](LOC) [12](KILLED) morts [3](INJURED)", "[Goma](LOC) [12](KILLED) morts 3")])
    assert scores.groups == {"entities": Counts(1, 1, 1), "figures": Counts(2, 1, 1)}


def test_macro_is_the_mean_over_labels_and_weighted_follows_support():
    places = "[Goma](LOC) [Kiev](LOC) [Oma](LOC)"
    scores = score([both(f"{places} [12](KILLED)", f"{places} 12")])
    assert scores.macro == Average(1.0, 0.5, 0.5)
    assert scores.weighted == Average(1.0, 0.75, 0.75)


def test_averages_of_nothing_are_none():
    assert score([both("rien", "rien")]).macro == Average(None, None, None)


def test_only_keeps_the_spans_of_some_labels():
    (kept,) = only([both("[Goma](LOC) [12](KILLED)", "[Goma](LOC) [12](KILLED)")], ["KILLED"])
    assert score([kept]).labels == {"KILLED": Counts(1, 1, 1)}


def test_documents_are_paired_by_id_in_any_order():
    gold = [document("a", id="1"), document("b", id="2"), document("c", id="3")]
    assert {p.gold.id: p.predicted.id for p in pair(gold, gold[::-1])} == {"1": "1", "2": "2", "3": "3"}


def test_a_text_that_differs_is_refused_and_shown():
    with pytest.raises(BilanError, match="texts of document 'd' differ from character 2 on: gold 'armée'"):
        list(pair([document("l’armée")], [document("l’Armée")]))


def test_a_text_that_is_cut_is_refused():
    with pytest.raises(BilanError, match="differ from character 2 on: gold 'armée', predicted ''"):
        list(pair([document("l’armée")], [document("l’")]))


@pytest.mark.parametrize(("gold", "predicted", "said"), [
    (["1", "2"], ["1"], "1 documents are not in predicted: '2'"),
    (["1"], ["1", "3", "2"], "2 documents are not in gold: '3', '2'"),
])
def test_documents_that_are_missing_are_named(gold, predicted, said):
    with pytest.raises(BilanError, match=said):
        list(pair([document("a", id=i) for i in gold], [document("a", id=i) for i in predicted]))


def test_a_repeated_id_is_refused():
    with pytest.raises(BilanError, match="two predicted documents have the id 'd'"):
        list(pair([document("a")], [document("a"), document("a")]))


@given(PAIRS, st.sampled_from(list(SCHEMES)))
def test_f1_is_the_same_when_gold_and_predicted_change_places(pairs, scheme):
    swapped = [Pair(predicted, gold) for gold, predicted in pairs]
    assert score(pairs, scheme=scheme).micro.f1 == score(swapped, scheme=scheme).micro.f1


@given(PAIRS, st.sampled_from(list(SCHEMES)))
def test_no_label_earns_more_than_it_has(pairs, scheme):
    for counts in score(pairs, scheme=scheme).labels.values():
        assert 0 <= counts.correct <= min(counts.gold, counts.predicted)


@given(PAIRS, st.sampled_from(list(SCHEMES)))
def test_gold_against_itself_is_perfect(pairs, scheme):
    counts = score([Pair(gold, gold) for gold, _ in pairs], scheme=scheme).micro
    assert counts.f1 == (1.0 if counts.gold else None)


@given(PAIRS)
def test_strict_earns_least_and_partial_most_of_the_schemes_without_labels(pairs):
    earned = {scheme: score(pairs, scheme=scheme).micro.correct for scheme in SCHEMES}
    assert earned["strict"] <= earned["exact"] <= earned["partial"]


@given(PAIRS)
def test_the_labels_add_up_to_the_spans_of_the_documents(pairs):
    for gold, predicted in pairs:
        counts = sum(count(gold, predicted, scheme="partial").values(), Counts())
        assert (counts.gold, counts.predicted) == (len({s.key for s in gold.spans}),
                                                   len({s.key for s in predicted.spans}))


def tags(document: Document) -> list[str]:
    """The IOB2 tags of the words of a document whose spans are whole words."""
    starts = {span.start: span for span in document.spans}
    result, place = [], 0
    for word in document.text.split(" "):
        inside = next((s for s in document.spans if s.start < place < s.end), None)
        span = starts.get(place)
        result.append(f"B-{span.label}" if span else f"I-{inside.label}" if inside else "O")
        place += len(word) + 1
    return result


# seqeval 1.2.2 gives 0 where we give None; every label has gold and predictions here, so all averages agree.
def test_strict_scores_are_those_of_seqeval_to_the_last_digit():
    from seqeval.metrics import classification_report
    from seqeval.scheme import IOB2

    pairs = random_pairs(1000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs: Any = classification_report([tags(p.gold) for p in pairs], [tags(p.predicted) for p in pairs],
                                       mode="strict", scheme=IOB2, output_dict=True)
    ours = score(pairs)
    rows = {**ours.labels, "micro avg": ours.micro}
    for name, counts in rows.items():
        assert {"precision": counts.precision, "recall": counts.recall, "support": counts.gold} == {
            key: theirs[name][key] for key in ("precision", "recall", "support")}
        assert counts.f1 == pytest.approx(theirs[name]["f1-score"], rel=1e-15)
    for name, average in (("macro avg", ours.macro), ("weighted avg", ours.weighted)):
        expected = [theirs[name][key] for key in ("precision", "recall", "f1-score")]
        assert average == pytest.approx(expected, rel=1e-14)


def nervaluate(pairs: list[Pair]) -> dict:
    evaluator = pytest.importorskip("nervaluate").Evaluator
    sides = [[[{"label": s.label, "start": s.start, "end": s.end - 1} for s in p[side].spans] for p in pairs]
             for side in (0, 1)]
    return evaluator(*sides, tags=list(LABELS), loader="dict").evaluate()["overall"]


# On flat documents a span that equals a gold span overlaps no other, so greedy matching finds it too.
@pytest.mark.parametrize("scheme", ["strict", "exact", "partial"])
def test_flat_documents_score_as_in_nervaluate_to_the_last_digit(scheme):
    pairs = random_pairs(1000, seed=1)
    ours, theirs = score(pairs, scheme=scheme).micro, nervaluate(pairs)[scheme]
    assert (ours.gold, ours.predicted) == (theirs.possible, theirs.actual)
    assert ours.correct == theirs.correct + 0.5 * theirs.partial
    assert (ours.precision, ours.recall) == (theirs.precision, theirs.recall)


# nervaluate lets a prediction with a wrong label use up a gold span that a later one would have answered.
def test_type_scores_are_at_least_those_of_nervaluate():
    pairs = random_pairs(1000, seed=2)
    ours, theirs = score(pairs, scheme="type").micro, nervaluate(pairs)["ent_type"]
    assert (ours.gold, ours.predicted) == (theirs.possible, theirs.actual)
    assert ours.correct >= theirs.correct
