"""Transition scores: what they are, how they are weighted, how they decode and how they are kept."""

import json
from math import log

import numpy as np
import pytest
from bilan.data import BilanError, Document
from bilan.data.align import encode
from bilan.data.formats.markup import parse
from bilan.models.checkpoint import Cutting, load_cutting, save_cutting
from bilan.models.decode import allowed, best_path, decode, tag_set
from bilan.train.transitions import estimate, fit, unit_tags

from .. import tiny

TAGS = tag_set(["O", "B-LOC", "I-LOC"])
NEUTRAL = ((0.0,) * 3,) * 3


def test_the_tags_of_units_come_from_gold():
    text, spans = parse("de [Koursk](LOC) en décembre")
    tokens = encode(tiny.tokenizer(), text)
    assert len(tokens.ids) > 4 and unit_tags(tokens, Document("d", text, tuple(spans)), TAGS).tolist() == [0, 1, 0, 0]


def test_a_transition_scores_the_log_of_its_smoothed_frequency():
    scores = estimate([np.array([0, 1, 2, 0]), np.array([0, 0])], 3)  # seen: 0→1, 1→2, 2→0, 0→0; each 0.5 more
    assert scores[1, 2] == pytest.approx(log(1.5 / 2.5))
    assert scores[1, 0] == pytest.approx(log(0.5 / 2.5))


def test_the_weight_with_the_best_score_is_taken_and_its_matrix():
    weight, f1, found = fit(np.ones((1, 1)), lambda one: 0.5 if one is None else 1 - abs(one[0][0] - 0.35))
    assert (weight, f1, found) == (0.35, 1.0, ((0.35,),))


def test_where_transitions_do_not_help_the_fixed_rules_stay():
    assert fit(np.ones((1, 1)), lambda one: 0.5) == (0.0, 0.5, None)


def test_neutral_transitions_decode_as_the_fixed_rules_do():
    scores = np.random.default_rng(0).normal(size=(50, 3))
    np.testing.assert_array_equal(best_path(scores, allowed(NEUTRAL, 1)), best_path(scores))


def test_a_transition_can_tip_the_balance():
    scores = np.array([[0.0, 1.0, 0.0], [0.6, 0.0, 0.5]])
    assert best_path(scores, allowed(NEUTRAL, 1)).tolist() == [1, 0]
    assert best_path(scores, allowed(((0, 0, 0), (0, 0, 0.2), (0, 0, 0)), 1)).tolist() == [1, 2]


def test_an_inside_tag_stays_barred_whatever_its_score():
    scores = np.array([[1.0, 0.0, 5.0], [1.0, 0.0, 1.5]])
    assert best_path(scores, allowed(((0, 0, 99), (0, 0, 0), (0, 0, 0)), 1)).tolist() == [0, 0]


def test_a_temperature_does_not_change_what_is_found_with_transitions():
    text = "Koursk en décembre"
    tokens = encode(tiny.tokenizer(), text)
    logits = np.random.default_rng(2).normal(size=(len(tokens.ids), 3)).astype(np.float32)
    found = [[span.key for span in decode(tokens, logits, TAGS, temperature=heat, transitions=((0.3, 0, 0), (0, 0, 1), (0, 0, 2)))]
             for heat in (1.0, 3.0)]
    assert found[0] == found[1]


def test_a_matrix_of_another_size_is_one_clear_error():
    with pytest.raises(BilanError, match=r"transitions of the shape \(3, 3\) for 2 labels"):
        allowed(NEUTRAL, 2)


def test_transitions_come_back_from_a_checkpoint_as_they_were_saved(tmp_path):
    cutting = Cutting(transitions=((0.0, 0.25, 0.0), (0.0, 0.0, -1.5), (0.0, 0.0, 1.0)))
    save_cutting(tmp_path, cutting, tiny.tokenizer())
    assert load_cutting(tmp_path, tiny.tokenizer()) == cutting


def test_without_transitions_a_checkpoint_says_nothing_of_them(tmp_path):
    save_cutting(tmp_path, Cutting(), tiny.tokenizer())
    assert "transitions" not in json.loads((tmp_path / "bilan.json").read_text(encoding="utf-8"))["cutting"]


@pytest.mark.parametrize("wrong", [[[0.0, 1.0]], [["a"]], [[float("nan")]], 3, "no"])
def test_a_damaged_matrix_is_one_clear_error(tmp_path, wrong):
    save_cutting(tmp_path, Cutting(), tiny.tokenizer())
    content = json.loads((tmp_path / "bilan.json").read_text(encoding="utf-8"))
    content["cutting"]["transitions"] = wrong
    (tmp_path / "bilan.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(BilanError, match="bilan.json"):
        load_cutting(tmp_path, tiny.tokenizer())
