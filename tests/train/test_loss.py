"""The loss of a token, and the mean of it."""

import pytest
import torch
from bilan.train.loss import class_weights, objective, weighted_loss
from torch.nn.functional import cross_entropy

from .encoders import given

LOGITS = torch.randn(2, 4, 3, generator=torch.Generator().manual_seed(0)) * 3
LABELS = torch.tensor([[0, 1, 2, -100], [-100, 0, 0, 2]])
ROWS = [{"labels": [-100, 0, 0, 0, 0, 0, 0, 0, 0, 1, -100]}]


def reference(**named) -> torch.Tensor:
    return cross_entropy(LOGITS.flatten(0, 1), LABELS.flatten(), **named)


def test_with_focal_zero_the_loss_is_cross_entropy():
    torch.testing.assert_close(weighted_loss(LOGITS, LABELS), reference())


@pytest.mark.parametrize("smoothing", [0.1, 0.5])
def test_smoothing_is_that_of_torch(smoothing):
    torch.testing.assert_close(weighted_loss(LOGITS, LABELS, smoothing=smoothing), reference(label_smoothing=smoothing))


def test_the_focal_loss_of_a_token_is_scaled_by_the_power_of_what_it_lacks():
    logits, labels = torch.tensor([[0.0, 0.0]]), torch.tensor([0])
    assert float(weighted_loss(logits, labels, focal=2.0)) == pytest.approx(0.25 * float(weighted_loss(logits, labels)))


def test_a_token_that_is_certain_has_no_focal_loss_and_a_finite_gradient():
    logits = torch.tensor([[200.0, 0.0]], requires_grad=True)
    loss = weighted_loss(logits, torch.tensor([0]), focal=0.5)
    loss.backward()
    assert loss.item() == 0.0 and logits.grad is not None and torch.isfinite(logits.grad).all()


@pytest.mark.parametrize("share", [0.25, 1.0])
def test_a_teacher_has_its_share_of_the_loss_and_gold_the_rest(share):
    teacher = torch.softmax(torch.randn(2, 4, 3, generator=torch.Generator().manual_seed(1)), -1)
    kept = LABELS != -100
    expected = (1 - share) * reference() + share * cross_entropy(LOGITS[kept], teacher[kept])
    torch.testing.assert_close(weighted_loss(LOGITS, LABELS, teacher=teacher, share=share), expected)


def test_weights_scale_the_tokens_of_their_tag():
    expected = reference(weight=torch.tensor([1.0, 2.0, 4.0]), reduction="sum") / 6
    torch.testing.assert_close(weighted_loss(LOGITS, LABELS, weights=torch.tensor([1.0, 2.0, 4.0])), expected)


def test_batches_that_are_added_give_the_mean_over_all_their_tokens():
    parts = [weighted_loss(LOGITS[:, place:place + 2], LABELS[:, place:place + 2], torch.tensor(6)) for place in (0, 2)]
    torch.testing.assert_close(parts[0] + parts[1], reference())


def test_a_batch_without_any_target_has_no_loss():
    assert float(weighted_loss(LOGITS, torch.full((2, 4), -100))) == 0.0


@pytest.mark.parametrize(("kind", "ratio"), [("none", 1.0), ("sqrt", 8 ** 0.5), ("inverse", 8.0)])
def test_a_tag_eight_times_rarer_weighs_more_by_the_power_of_its_frequency(kind, ratio):
    weights = class_weights(ROWS, 2, kind=kind)
    assert float(weights[1] / weights[0]) == pytest.approx(ratio)


@pytest.mark.parametrize("kind", ["none", "sqrt", "inverse"])
def test_the_mean_weight_of_the_tokens_is_one(kind):
    weights = class_weights(ROWS, 2, kind=kind)
    assert float(8 * weights[0] + weights[1]) == pytest.approx(9)


def test_a_tag_that_never_occurs_counts_as_seen_once():
    assert class_weights(ROWS, 3, kind="inverse").tolist()[1:] == pytest.approx([10 / 3, 10 / 3])


def test_without_any_option_the_model_computes_its_own_loss():
    assert objective(given(), ROWS, 2, None) is None and objective(given(label_smoothing=0.1), ROWS, 2, None) is None


@pytest.mark.parametrize(("chosen", "named"), [
    ({"accumulation": 2}, {}), ({"accumulation": 2, "label_smoothing": 0.1}, {"label_smoothing": 0.1})])
def test_with_accumulation_the_loss_is_divided_by_the_tokens_of_the_whole_step(chosen, named):
    loss = objective(given(**chosen), ROWS, 3, None)({"logits": LOGITS}, LABELS, num_items_in_batch=12)
    torch.testing.assert_close(loss, reference(**named) / 2)


def test_weights_focal_and_smoothing_work_together():
    settings = given(class_weights="inverse", focal=1.0, label_smoothing=0.1)
    loss = objective(settings, ROWS, 3, None)({"logits": LOGITS}, LABELS)
    expected = weighted_loss(LOGITS, LABELS, weights=class_weights(ROWS, 3, kind="inverse"), focal=1.0, smoothing=0.1)
    torch.testing.assert_close(loss, expected)
