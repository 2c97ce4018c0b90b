"""The tokeniser of the token formats, and texts rebuilt from tokens."""

import doctest

import pytest
from bilan.data.document import Document, Span
from bilan.data.errors import BilanError
from bilan.data.formats import tokens
from bilan.data.formats.tokens import flat, from_tokens, token_spans, tokenised, tokens_of, words
from bilan.data.report import Report
from hypothesis import given

from ..strategies import documents


def pieces(text, **options):
    return [text[start:end] for start, end in words(text, **options)]


@pytest.mark.parametrize(("text", "expected"), [
    ("l’armée à Kiev.", ["l", "’", "armée", "à", "Kiev", "."]), ("F-16", ["F", "-", "16"]),
    ("3\u202f000 €", ["3", "000", "€"]), ("e\u0301te\u0301", ["e\u0301te\u0301"]), ("❤️🚀", ["❤️", "🚀"]),
    (" \n", [])])
def test_words_are_runs_of_letters_runs_of_digits_and_single_marks(text, expected):
    assert pieces(text) == expected


def test_a_word_is_cut_where_a_span_begins_inside_it():
    assert pieces("anti-Kiev", cuts=[2, 4, 99]) == ["an", "ti", "-", "Kiev"]


@given(documents(nested=True))
def test_words_hold_every_visible_character_once_and_no_white_space(document):
    assert "".join(pieces(document.text)) == "".join(document.text.split())
    assert all(piece and not any(map(str.isspace, piece)) for piece in pieces(document.text))


def test_tokens_make_a_text_with_one_space_between_two():
    assert from_tokens(["à", "Kiev"]) == ("à Kiev", [(0, 1), (2, 6)])


def test_the_spaces_given_decide_also_after_the_last_token():
    assert from_tokens(["l’", "an", "."], [False, False, True]) == ("l’an. ", [(0, 2), (2, 4), (4, 5)])


def test_as_many_spaces_as_tokens_are_expected():
    with pytest.raises(BilanError, match="2 tokens but 1"):
        from_tokens(["à", "Kiev"], [True])


def test_the_last_token_of_a_span_is_inside_it():
    assert token_spans([(0, 1), (2, 6), (7, 12)], [(1, 2, "LOC")]) == [Span(2, 12, "LOC")]


@pytest.mark.parametrize("triple", [(1, 0, "LOC"), (-1, 0, "LOC"), (0, 2, "LOC")])
def test_token_numbers_outside_the_tokens_are_refused(triple):
    with pytest.raises(BilanError, match="'LOC' on the tokens"):
        token_spans([(0, 1), (2, 6)], [triple])


@pytest.mark.parametrize(("start", "end", "expected"), [
    (2, 6, (1, 1)), (0, 6, (0, 1)), (1, 7, (1, 1)), (3, 6, None), (1, 2, None)])
def test_a_span_is_found_on_tokens_unless_it_cuts_one_or_holds_none(start, end, expected):
    assert tokens_of(Span(start, end, "LOC"), [(0, 1), (2, 6)]) == expected


def test_a_span_that_cuts_a_token_is_counted_as_lost():
    report = Report()
    assert tokenised(Document("d", "anti-Kiev", (Span(0, 2, "PER"),)), cut=False, report=report)[1] == []
    assert report.losses == {"dropped: span that cuts a token": 1}


@given(documents(nested=True))
def test_cut_tokens_hold_every_span(document):
    offsets, placed = tokenised(document, cut=True, report=(report := Report()))
    assert token_spans(offsets, [(a, b, span.label) for a, b, span in placed]) == [
        Span(*span.key) for span in document.spans]
    assert not report.lost and not report.counts


def test_a_tag_column_holds_no_overlap_fragment_attribute_or_score():
    parted = Span(10, 18, "PER", fragments=((10, 12), (15, 18)))
    spans = (Span(0, 12, "LOC"), Span(0, 8, "LOC", {"note": "x"}), parted,
             Span(17, 20, "DATE", {"note": "y"}, 0.5))
    kept = flat(Document("d", "Tchassiv Iar, en mai", spans), report=(report := Report()))
    assert kept.spans == (Span(0, 12, "LOC"), Span(17, 20, "DATE"))
    assert report.losses == {"dropped: overlapping span": 1, "dropped: discontinuous span": 1,
                             "dropped: attribute": 1, "dropped: score": 1}


def test_fragments_parted_by_white_space_are_one_span_of_a_tag_column():
    document = Document("d", "Tchassiv\nIar", (Span(0, 12, "LOC", fragments=((0, 8), (9, 12))),))
    assert flat(document, report=(report := Report())).spans == (Span(0, 12, "LOC"),)
    assert not report.lost


def test_the_examples_of_the_docstrings_hold():
    assert doctest.testmod(tokens).failed == 0
