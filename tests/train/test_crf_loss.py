"""The CRF against the enumeration of every sequence, and its decoding against Viterbi's."""

from itertools import product

import numpy as np
import pytest
import torch
from bilan.models.decode import allowed, best_path, marginals, tag_set, unit_scores
from bilan.train.crf import Crf, compress, mended

NAMES = ["O", "B-LOC", "I-LOC", "B-ORG", "I-ORG"]  # the model's order
CANONICAL = [0, 1, 3, 2, 4]  # O, B-LOC, B-ORG, I-LOC, I-ORG


def drawn(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def crf() -> Crf:
    made = Crf(tag_set(NAMES))
    made.transitions.data = drawn(5, 5, seed=7)
    return made


def valid(path, *, start: bool = False) -> bool:
    moves = zip(path, path[1:], strict=False)
    return (not start or path[0] <= 2) and all(now <= 2 or before in (now, now - 2) for before, now in moves)


def score(scores, moves, path) -> float:
    return sum(scores[i, tag].item() for i, tag in enumerate(path)) + sum(
        moves[a, b].item() for a, b in zip(path, path[1:], strict=False))


@pytest.mark.parametrize("length", [1, 2, 4])
def test_the_loss_is_that_of_enumerating_every_valid_sequence(length):
    made, logits = crf(), drawn(1, length, 5)
    labels = torch.tensor([[1, 2, 0, 3][:length]])  # B-LOC I-LOC O B-ORG
    scores, moves = logits[0][:, CANONICAL], made.transitions
    right = [0, 1, 3, 2, 4].index(1), *[CANONICAL.index(tag) for tag in labels[0, 1:].tolist()]
    everything = [score(scores, moves, path) for path in product(range(5), repeat=length) if valid(path)]
    expected = float(np.logaddexp.reduce(everything)) - score(scores, moves, right)
    found = made(logits, labels, torch.arange(length)[None], items=1)
    assert found.item() == pytest.approx(expected, abs=1e-4)


def test_tokens_without_a_target_are_as_if_they_were_not_there():
    made, logits = crf(), drawn(1, 6, 5)
    kept = [1, 3, 4]
    labels = torch.full((1, 6), -100)
    labels[0, kept] = torch.tensor([1, 2, 0])
    whole = made(logits, labels, torch.tensor([[-1, 0, 0, 1, 2, -1]]))
    torch.testing.assert_close(whole, made(logits[:, kept], labels[:, kept], torch.tensor([[0, 1, 2]])))


def test_rows_of_a_batch_do_not_touch_each_other():
    made, logits = crf(), drawn(2, 4, 5)
    labels = torch.tensor([[0, 1, 2, 0], [3, 4, -100, -100]])
    units = torch.tensor([[0, 1, 2, 3], [0, 1, -1, -1]])
    alone = [made(logits[row:row + 1], labels[row:row + 1], units[row:row + 1], items=1) for row in (0, 1)]
    torch.testing.assert_close(made(logits, labels, units, items=1), alone[0] + alone[1])


def test_a_row_without_any_target_has_no_loss():
    assert crf()(drawn(1, 3, 5), torch.full((1, 3), -100), torch.zeros(1, 3, dtype=torch.long)).item() == 0.0


def test_the_tokens_of_a_unit_have_the_scores_that_decoding_gives_them():
    logits, units = drawn(1, 5, 5), torch.tensor([[0, 0, 1, 2, 2]])
    scores, targets, shown = compress(logits, torch.tensor([[1, 3, 0, 2, 4]]), units, torch.ones(1, 5, dtype=torch.bool))
    np.testing.assert_allclose(scores[0], unit_scores(logits[0].numpy(), np.array([0, 2, 3])), rtol=1e-5)
    assert targets.tolist() == [[1, 0, 2]] and shown.tolist() == [[True, True, True]]


def test_an_inside_target_without_its_begin_becomes_a_begin_but_for_the_first():
    assert mended(torch.tensor([[3, 3, 4, 4, 0, 3]]), 2).tolist() == [[3, 3, 2, 4, 0, 1]]


def test_the_gradient_reaches_logits_and_allowed_transitions_only():
    made, logits = crf(), drawn(1, 4, 5).requires_grad_()
    made(logits, torch.tensor([[0, 1, 2, 0]]), torch.arange(4)[None]).backward()
    grad = made.transitions.grad
    assert grad is not None and logits.grad is not None and torch.isfinite(logits.grad).all()
    assert ((grad == 0) == made.barred).all()


def test_half_precision_logits_are_computed_in_float32():
    loss = crf()(drawn(1, 4, 5).bfloat16(), torch.tensor([[0, 1, 2, 0]]), torch.arange(4)[None])
    assert loss.dtype == torch.float32


def test_decoding_finds_the_best_of_all_valid_sequences():
    made, scores = crf(), drawn(4, 5, seed=3).numpy()
    moves = allowed(made.matrix(), 2)
    best = max((path for path in product(range(5), repeat=4) if valid(path, start=True)),
               key=lambda path: score(scores, moves, path))
    assert tuple(best_path(scores, moves)) == best


def test_the_confidence_of_a_unit_is_its_share_of_all_valid_sequences():
    scores, moves = drawn(3, 5, seed=3).numpy(), allowed(crf().matrix(), 2)
    expected = np.zeros((3, 5))
    for path in product(range(5), repeat=3):
        if valid(path, start=True):
            expected[range(3), path] += np.exp(score(scores, moves, path))
    np.testing.assert_allclose(np.exp(marginals(scores, moves)), expected / expected.sum(axis=1, keepdims=True), atol=1e-4)
