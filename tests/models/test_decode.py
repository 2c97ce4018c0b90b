"""Decoding: the best valid tags, no cut inside words, for any tag scheme."""

import numpy as np
import pytest
from bilan.data import BilanError
from bilan.data.align import encode, inseparable
from bilan.data.document import Document
from bilan.models.decode import allowed, best_path, canonical, decode, marginals, tag_set
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from .. import tiny
from ..strategies import texts

TAGS = tag_set(["O", "B-LOC", "I-LOC", "B-PER", "I-PER"])
COLUMN = {"O": 0, "B-LOC": 1, "I-LOC": 2, "B-PER": 3, "I-PER": 4}


def logits_for(tokens, wanted):
    """Logits that favour for each token the tag of the mention that covers its start."""
    scores = np.zeros((len(tokens.ids), 5), dtype=np.float32)
    for row, (start, end) in enumerate(tokens.offsets.tolist()):
        tag = next((("B-" if start == s else "I-") + label for s, e, label in wanted if s <= start < e), "O")
        scores[row, COLUMN[tag]] = 9.0 if start < end else 0.0
    return scores


def test_spans_come_back_with_their_scores():
    tokens = encode(tiny.tokenizer(), "À Goma, près de Koursk.")
    spans = decode(tokens, logits_for(tokens, [(2, 6, "LOC"), (16, 22, "PER")]), TAGS)
    assert [span.key for span in spans] == [(2, 6, "LOC"), (16, 22, "PER")]
    assert all(span.score is not None and 0.9 < span.score <= 1 for span in spans)


def test_an_inside_tag_without_its_begin_is_mended_by_viterbi():
    tokens = encode(tiny.tokenizer(), "à Goma")
    scores = np.full((len(tokens.ids), 5), -5.0, dtype=np.float32)
    scores[:, COLUMN["O"]] = 1.0
    scores[tokens.offsets[:, 0] >= 2, COLUMN["I-LOC"]] = 3.0
    scores[tokens.offsets[:, 0] >= 2, COLUMN["B-LOC"]] = 2.5
    assert [span.key for span in decode(tokens, scores, TAGS)] == [(2, 6, "LOC")]


def test_no_span_begins_or_ends_inside_a_word():
    text = "à Zaporijjia"
    tokens = encode(tiny.tokenizer(), text)
    scores = np.zeros((len(tokens.ids), 5), dtype=np.float32)
    scores[:, 0] = 1.0
    row = int(np.flatnonzero(tokens.offsets[:, 0] == 2)[0])
    scores[row, COLUMN["B-LOC"]] = 30.0  # the first piece alone votes for a place
    assert decode(tokens, scores, TAGS)[0].key == (2, len(text), "LOC")


def test_a_text_without_visible_characters_gives_nothing():
    assert decode(encode(tiny.tokenizer(), " \n"), np.zeros((0, 5)), TAGS) == []


@given(hnp.arrays(np.float32, st.tuples(st.integers(1, 6), st.just(5)), elements=st.floats(-8, 8, width=32)))
def test_the_path_is_valid_and_no_valid_path_scores_more(scores):
    path = best_path(scores)
    assert _valid(path.tolist())
    best = max(sum(scores[row, column] for row, column in enumerate(candidate))
               for candidate in _all_valid(len(scores)))
    assert abs(best - sum(scores[row, column] for row, column in enumerate(path))) < 1e-3


@given(hnp.arrays(np.float32, st.tuples(st.integers(1, 5), st.just(5)), elements=st.floats(-8, 8, width=32)),
       hnp.arrays(np.float64, (5, 5), elements=st.floats(-8, 8)))
def test_with_learnt_transitions_no_valid_path_scores_more_and_the_marginals_are_those_of_all_paths(scores, learnt):
    moves = allowed(learnt, 2)
    path = best_path(scores, moves).tolist()
    weights = {tuple(candidate): _score(candidate, scores, moves) for candidate in _all_valid(len(scores))}
    assert _valid(path) and abs(max(weights.values()) - _score(path, scores, moves)) < 1e-3
    total = np.logaddexp.reduce(list(weights.values()))
    begins = np.exp(np.logaddexp.reduce([value for candidate, value in weights.items() if candidate[0] == 1]) - total)
    found = np.exp(marginals(scores, moves))
    assert np.allclose(found.sum(axis=1), 1) and np.isclose(found[0, 1], begins, atol=1e-4)


def _score(path, scores, moves):
    return sum(scores[row, column] for row, column in enumerate(path)) + sum(
        moves[before, column] for before, column in zip(path, path[1:], strict=False))


@given(texts(), st.integers(0, 2**32 - 1), st.sampled_from([0.01, 3.0, 1e4]), st.booleans(), st.booleans())
def test_any_logits_give_flat_spans_that_cut_no_word_with_scores_from_0_to_1(text, seed, scale, learnt, whole_words):
    tokens = encode(tiny.tokenizer(), text, whole_words=whole_words)
    dice = np.random.default_rng(seed)
    logits = dice.normal(0, scale, (len(tokens.ids), 5)).astype(np.float32)
    spans = decode(tokens, logits, TAGS, transitions=dice.normal(0, 3, (5, 5)) if learnt else None)
    assert Document("d", text, tuple(spans)).flat
    for span in spans:
        assert span.label in ("LOC", "PER") and span.score is not None and 0 <= span.score <= 1
        assert not any(inseparable(text, place, whole_words) for place in (span.start, span.end))


def _valid(path):
    return all(column <= 2 or before in (column, column - 2)
               for before, column in zip([0, *path], path, strict=False))


def _all_valid(length):
    paths = [[]]
    for _ in range(length):
        paths = [[*path, column] for path in paths for column in range(5)
                 if column <= 2 or (path and path[-1] in (column, column - 2))]
    return paths


@pytest.mark.parametrize(("names", "column_of_begin", "column_of_inside"), [
    (["O", "B-A", "I-A"], 1, 2), (["I-A", "O", "B-A"], 2, 0), (["O", "I-A"], 1, 1),
    (["O", "S-A", "B-A", "I-A", "E-A"], 1, 3), (["O", "U-A", "B-A", "I-A", "L-A"], 2, 4),
])
def test_tags_of_every_scheme_are_understood_in_any_order(names, column_of_begin, column_of_inside):
    tags = tag_set(names)
    assert column_of_begin in tags.begin[0] and column_of_inside in tags.continue_[0]


def test_probabilities_of_several_begin_tags_add_up():
    scores = np.log(np.array([[0.2, 0.3, 0.3, 0.1, 0.1]]))
    merged = np.exp(canonical(scores, tag_set(["O", "S-A", "B-A", "I-A", "E-A"])))
    assert np.allclose(merged, [[0.2, 0.6, 0.2]])


@pytest.mark.parametrize("names", [["LABEL_0", "LABEL_1"], ["B-A", "I-A"], ["O"], ["O", "POSITIVE"]])
def test_outputs_that_are_not_tags_are_refused(names):
    with pytest.raises(BilanError, match="not tags"):
        tag_set(names)


def test_the_columns_of_a_label_may_lie_apart_and_in_any_order():
    tags = tag_set(["I-PER", "B-LOC", "O", "S-PER", "L-PER", "B-PER", "I-LOC"])
    assert (tags.labels, tags.outside) == (("PER", "LOC"), 2)
    assert (tags.begin, tags.continue_) == (((3, 5), (1,)), ((0, 4), (6,)))
