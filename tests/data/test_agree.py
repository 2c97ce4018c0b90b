"""Agreement: F1 and alpha as others compute them, and every disagreement shown."""

import numpy as np
import pytest
from bilan.data import BilanError, Document, Span
from bilan.data.agree import agree, alpha
from bilan.data.formats.markup import parse
from hypothesis import assume, given
from hypothesis import strategies as st

from .. import strategies  # noqa: F401 (loads the profile without time limits)


def document(written: str, id: str = "d") -> Document:
    text, spans = parse(written)
    return Document(id, text, tuple(spans))


def test_full_agreement_is_1():
    same = [document("à [Goma](LOC)")]
    found = agree({"anne": same, "benoît": same})
    assert (found.alpha, found.pairs[0].strict_f1, found.disagreements) == (1.0, 1.0, ())


def test_strict_and_partial_f1_are_given_for_each_pair_of_annotators():
    found = agree({"anne": [document("[à Goma](LOC)")], "benoît": [document("à [Goma](LOC)")],
                   "chloé": [document("à [Goma](LOC)")]})
    assert [(b.first, b.second, b.strict_f1, b.partial_f1) for b in found.pairs] == [
        ("anne", "benoît", 0.0, 0.5), ("anne", "chloé", 0.0, 0.5), ("benoît", "chloé", 1.0, 1.0)]


def test_disagreements_stand_side_by_side():
    found = agree({"anne": [document("[Goma](LOC) et l’[armée russe](FORCE)")],
                   "benoît": [document("[Goma](LOC) et l’[armée](FORCE) [russe](LOC)")]})
    assert [place.sides for place in found.disagreements] == [
        {"anne": "[armée russe](FORCE)", "benoît": "[armée](FORCE) [russe](LOC)"}]


def test_an_annotator_who_marks_nothing_is_shown_with_a_dash():
    found = agree({"anne": [document("[Goma](LOC)")], "benoît": [document("Goma")]})
    assert found.disagreements[0].sides == {"anne": "[Goma](LOC)", "benoît": "–"}


def test_places_apart_are_disagreements_apart():
    found = agree({"anne": [document("[Goma](LOC) et [Uvira](LOC)")], "benoît": [document("Goma et Uvira")]})
    assert [place.sides["anne"] for place in found.disagreements] == ["[Goma](LOC)", "[Uvira](LOC)"]


def test_nothing_marked_by_anyone_has_no_alpha_and_no_f1():
    found = agree({"anne": [document("rien")], "benoît": [document("rien")]})
    assert (found.alpha, found.pairs[0].strict_f1, found.alpha_by_label) == (None, None, {})


def test_alpha_is_given_by_label_in_the_order_of_the_guide():
    found = agree({"anne": [document("[Goma](LOC) [Anna](PER)")], "benoît": [document("[Goma](LOC) Anna")]})
    assert list(found.alpha_by_label) == ["PER", "LOC"]
    assert found.alpha_by_label["LOC"] == 1.0
    assert (found.alpha_by_label["PER"] or 0) < 0  # one annotator never uses it: worse than chance


def test_alpha_over_characters_is_that_of_the_values_of_each_character():
    found = agree({"anne": [document("[ab](LOC)cd")], "benoît": [document("[abc](LOC)d")]})
    assert found.alpha == alpha(np.array([[2, 0], [2, 0], [1, 1], [0, 2]]))


def test_the_innermost_label_of_nested_spans_is_the_value_of_a_character():
    nested = Document("d", "abcd", (Span(0, 4, "ORG"), Span(0, 2, "LOC")))
    plain = Document("d", "abcd", (Span(0, 2, "LOC"), Span(2, 4, "ORG")))
    found = agree({"anne": [nested], "benoît": [plain]})
    assert found.alpha == 1.0
    assert (found.alpha_by_label["ORG"] or 1) < 1


@given(st.integers(2, 4).flatmap(lambda raters: st.lists(
    st.lists(st.sampled_from((0, 1, 2)), min_size=raters, max_size=raters), min_size=1, max_size=30)))
def test_alpha_is_that_of_the_krippendorff_package(units):
    theirs = pytest.importorskip("krippendorff").alpha
    votes = np.array([[unit.count(value) for value in range(3)] for unit in units])
    assume((votes.sum(0) > 0).sum() > 1)
    expected = theirs(value_counts=votes, level_of_measurement="nominal")
    assert alpha(votes) == pytest.approx(expected, abs=1e-12)


def test_weights_stand_for_repeated_units():
    votes = np.array([[2, 0], [1, 1], [0, 2]])
    assert alpha(votes, times=np.array([3, 1, 2])) == alpha(np.repeat(votes, [3, 1, 2], axis=0))


@pytest.mark.parametrize(("annotations", "said"), [
    ({"anne": [document("a")]}, "1 annotation, two or more are compared"),
    ({"anne": [document("a")], "benoît": []}, "'benoît' lacks 1 documents, first 'd'"),
    ({"anne": [], "benoît": [document("a")]}, "'anne' lacks 1 documents, first 'd'"),
    ({"anne": [document("a")], "benoît": [document("b")]}, "texts of document 'd' differ between 'anne'"),
    ({"anne": [document("a")] * 2, "benoît": [document("a")]}, "'anne' has two documents with the id 'd'"),
])
def test_annotations_that_cannot_be_compared_are_refused(annotations, said):
    with pytest.raises(BilanError, match=said):
        agree(annotations)
