"""Tag schemes: tags ⇄ chunks, and which scheme a file uses."""

import doctest

import pytest
from bilan.data.errors import BilanError
from bilan.data.formats import schemes
from bilan.data.formats.schemes import (
    SCHEMES,
    decode,
    decode_brackets,
    decode_numbers,
    detect,
    encode,
    misfits,
)
from hypothesis import given
from hypothesis import strategies as st

CHUNKS = [(0, 0, "LOC"), (1, 3, "LOC"), (5, 6, "PER"), (7, 7, "ORG")]
TAGS = {
    "IOB2": "B-LOC B-LOC I-LOC I-LOC O B-PER I-PER B-ORG",
    "IOB1": "I-LOC B-LOC I-LOC I-LOC O I-PER I-PER I-ORG",
    "IOE2": "E-LOC I-LOC I-LOC E-LOC O I-PER E-PER E-ORG",
    "IOE1": "E-LOC I-LOC I-LOC I-LOC O I-PER I-PER I-ORG",
    "BIOES": "S-LOC B-LOC I-LOC E-LOC O B-PER E-PER S-ORG",
    "BILOU": "U-LOC B-LOC I-LOC L-LOC O B-PER L-PER U-ORG",
    "BMES": "S-LOC B-LOC M-LOC E-LOC O B-PER E-PER S-ORG",
    "BMEWO": "W-LOC B-LOC M-LOC E-LOC O B-PER E-PER W-ORG",
}


@st.composite
def chunked(draw):
    """The length of a sentence and chunks that do not overlap in it."""
    edges = sorted(draw(st.sets(st.integers(0, 12), max_size=8)))
    pairs = [(a, b - 1) for a, b in zip(edges, edges[1:], strict=False) if draw(st.booleans())]
    return 12, [(a, b, draw(st.sampled_from(["PER", "LOC", "a-b"]))) for a, b in pairs]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_each_scheme_writes_its_letters(scheme):
    assert " ".join(encode(8, CHUNKS, scheme)) == TAGS[scheme]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_tags_that_use_all_letters_tell_their_scheme(scheme):
    assert detect([TAGS[scheme].split()]) == (scheme, 0)


@given(chunked(), st.sampled_from(sorted(SCHEMES)))
def test_the_tags_of_any_scheme_give_the_chunks_back(sentence, scheme):
    length, chunks = sentence
    tags = encode(length, chunks, scheme)
    assert decode(tags) == chunks and misfits(tags, scheme) == 0


@given(chunked(), st.sampled_from(sorted(SCHEMES)))
def test_the_scheme_told_always_fits_what_a_scheme_wrote(sentence, scheme):
    length, chunks = sentence
    assert detect([encode(length, chunks, scheme)])[1] == 0


@pytest.mark.parametrize(("tags", "chunks"), [
    ("O I-LOC I-LOC", [(1, 2, "LOC")]), ("B-PER I-LOC", [(0, 0, "PER"), (1, 1, "LOC")]),
    ("E-LOC I-LOC", [(0, 0, "LOC"), (1, 1, "LOC")]), ("B-LOC _ I-LOC", [(0, 0, "LOC"), (2, 2, "LOC")]),
    ("B-a-b I-a-b", [(0, 1, "a-b")]), ("B_LOC I_LOC", [(0, 1, "LOC")])])
def test_tags_that_no_scheme_allows_still_give_chunks(tags, chunks):
    assert decode(tags.split()) == chunks


def test_tags_that_do_not_fit_are_counted():
    assert detect([["B-LOC", "B-LOC", "O", "I-PER", "O", "B-LOC"]]) == ("IOB2", 1)


@pytest.mark.parametrize(("tags", "scheme"), [
    ("O O", "IOB2"), ("PER O LOC", "labels"), ("B I O", "IOB2"), ("(PER* *) *", "brackets"),
    ("1:LOC 1 *", "numbers")])
def test_other_notations_are_told(tags, scheme):
    assert detect([tags.split()])[0] == scheme


def test_labels_without_prefix_make_chunks_of_equal_neighbours():
    assert decode(["LOC", "LOC", "O", "PER"]) == [(0, 1, "LOC"), (3, 3, "PER")]


def test_prefixes_without_label_make_chunks_of_one_label():
    assert decode(["B", "I", "O", "B"]) == [(0, 1, "ENTITY"), (3, 3, "ENTITY")]


@pytest.mark.parametrize("tags", ["X-LOC O", "B-LOC PER O", "B-LOC 1:PER"])
def test_an_unknown_scheme_is_refused_with_the_known_ones(tags):
    with pytest.raises(BilanError, match="unknown tag scheme") as caught:
        detect([tags.split()])
    assert "BILOU" in caught.value.mend


def test_an_unknown_scheme_is_not_written():
    with pytest.raises(BilanError, match="IOB3"):
        encode(1, [], "IOB3")


def test_brackets_may_nest():
    assert decode_brackets(["(ORG*", "(LOC)", "*)"]) == [(0, 2, "ORG"), (1, 1, "LOC")]


@pytest.mark.parametrize("tags", [["*)"], ["(PER*", "*"]])
def test_brackets_that_do_not_match_are_refused(tags):
    with pytest.raises(BilanError, match="bracket"):
        decode_brackets(tags)


def test_numbered_mentions_may_nest_and_have_gaps():
    assert decode_numbers(["1:ORG", "1;2:LOC", "*", "1"]) == [([(0, 1), (3, 3)], "ORG"), ([(1, 1)], "LOC")]


def test_a_number_without_label_is_refused():
    with pytest.raises(BilanError, match="no label"):
        decode_numbers(["*", "3"])


def test_the_examples_of_the_docstrings_hold():
    assert doctest.testmod(schemes).failed == 0
