"""Slices: every span falls where its document, its text or the training data puts it."""

import pytest
from bilan.data import Document, Span
from bilan.data.match import Counts
from bilan.eval import Pair, score
from bilan.eval.slices import (
    Known,
    apostrophes_of,
    capitals_of,
    length_of,
    quotes_of,
    rare_in,
    seen_in,
    separator_of,
    slices,
    words_of,
)
from hypothesis import given, settings

from .made import PAIRS, both, document


def family(rows, name):
    return {row.name: row.counts for row in rows if row.family == name}


def mention(text: str, label: str = "KILLED") -> tuple[Document, Span]:
    return Document("d", text, (Span(0, len(text), label),)), Span(0, len(text), label)


def test_genres_are_scored_apart_with_the_largest_first():
    pairs = [both("[Goma](LOC)", "[Goma](LOC)", id="1", genre="brève"),
             both("[Goma](LOC) [Uvira](LOC)", "[Goma](LOC) Uvira", id="2", genre="récit")]
    found = family(slices(pairs, resamples=10), "genre")
    assert list(found.items()) == [("récit", Counts(2, 1, 1)), ("brève", Counts(1, 1, 1))]


def test_a_document_without_the_field_is_in_no_slice_of_it():
    assert family(slices([both("[Goma](LOC)", "Goma")], resamples=10), "conflict") == {}


def test_a_prediction_goes_by_the_header_of_its_gold_document():
    gold, predicted = both("Goma", "[Goma](LOC)", genre="brève")
    rows = slices([Pair(gold, predicted.replace(meta={}))], resamples=10)
    assert family(rows, "genre") == {"brève": Counts(0, 1, 0)}


@pytest.mark.parametrize(("length", "name"), [
    (499, "under 500 characters"), (500, "500 to 1,499 characters"), (3999, "1,500 to 3,999 characters"),
    (4000, "4,000 characters and more")])
def test_documents_fall_into_classes_of_length(length, name):
    assert length_of(Document("d", "a" * length)) == name


@pytest.mark.parametrize(("text", "name"), [
    ("Goma", "1 word"), ("armée russe", "2 words"), ("a b c d e", "5 words and more")])
def test_mentions_are_counted_in_words(text, name):
    assert words_of(*mention(text)) == name


@pytest.mark.parametrize(("text", "name"), [
    ("l’un", "curly"), ("l'un", "straight"), ("l’un l'autre", "curly and straight"), ("un", "none")])
def test_the_apostrophes_of_a_text_are_named(text, name):
    assert apostrophes_of(Document("d", text)) == name


@pytest.mark.parametrize(("text", "name"), [
    ("« oui »", "guillemets"), ("“oui”", "curly"), ('"oui"', "straight"), ("oui", "none"),
    ('« "oui" »', "guillemets and straight")])
def test_the_quotation_marks_of_a_text_are_named(text, name):
    assert quotes_of(Document("d", text)) == name


@pytest.mark.parametrize(("text", "name"), [
    ("3 000", "space"), ("3\u00a0000", "no-break space"), ("3\u202f000", "narrow no-break space"),
    ("12.000", "dot"), ("30000", "no separator"), ("300", None), ("1,5 million", None)])
def test_the_separator_of_thousands_is_named(text, name):
    assert separator_of(*mention(text)) == name


@pytest.mark.parametrize(("text", "name"), [
    ("ONU", "all capitals"), ("Goma", "capital first"), ("armée", "no capital first")])
def test_the_capitals_of_a_mention_are_named(text, name):
    assert capitals_of(*mention(text)) == name


@pytest.mark.parametrize(("text", "label", "name"), [
    ("l'Armée  russe", "FORCE", "seen"), ("L’ARMÉE RUSSE", "ORG", "seen with another label"),
    ("l’armée", "FORCE", "unseen")])
def test_a_mention_is_seen_in_training_whatever_its_case_spaces_and_apostrophes(text, label, name):
    known = Known.of([document("[l’armée russe](FORCE)")])
    assert seen_in(known)(*mention(text, label)) == name


def test_without_training_documents_nothing_is_said_of_them():
    pairs = [both("[Goma](LOC)", "Goma")]
    assert not family(slices(pairs, resamples=10), "seen in training")
    assert family(slices(pairs, train=[], resamples=10), "seen in training") == {"unseen": Counts(1, 0, 0)}


def test_labels_below_half_the_mean_support_are_rare():
    name = rare_in({"LOC": 8, "PER": 3, "EVENT": 1})
    assert [name(*mention("x", label)) for label in ("LOC", "PER", "EVENT", "SITE")] == [
        "frequent labels", "frequent labels", "rare labels", "rare labels"]


def test_each_slice_says_how_many_documents_hold_it():
    pairs = [both("[12](KILLED) [3](KILLED)", "12 3", id=str(i)) for i in range(5)]
    row = next(r for r in slices(pairs, resamples=10) if r.family == "mention length")
    assert (row.name, row.documents, row.f1) == ("1 word", 5, (0.0, 0.0, 0.0))


@given(PAIRS)
@settings(max_examples=25)
def test_slices_of_mention_length_add_up_to_the_whole(pairs):
    parts = family(slices(pairs, resamples=5), "mention length").values()
    assert sum(parts, Counts()) == score(pairs).micro
