"""The lean attention gives what the library's eager attention gives, forward and backward."""

import pytest
import torch
from bilan.train import attention
from bilan.train.model import load_base
from bilan.train.settings import settle
from transformers import AutoModelForTokenClassification

from tests import tiny

IDS = torch.tensor([[0, 5, 6, 7, 8, 2], [0, 9, 10, 2, 1, 1]])
MASK = torch.tensor([[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 0, 0]])


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    attention.register()
    folder = tiny.checkpoint(tmp_path_factory.mktemp("lean"), ["O", "B-LOC", "I-LOC"])
    return [AutoModelForTokenClassification.from_pretrained(folder, attn_implementation=kind)
            for kind in ("eager", "lean")]


def test_the_model_runs_with_the_lean_attention(models):
    assert models[1].config._attn_implementation == "lean"


@pytest.mark.parametrize("mask", [MASK, None], ids=["padded", "no mask"])
def test_scores_equal_those_of_eager_attention(models, mask):
    eager, lean = (model(input_ids=IDS, attention_mask=mask).logits for model in models)
    shown = MASK.bool() if mask is not None else torch.ones_like(MASK).bool()
    torch.testing.assert_close(lean[shown], eager[shown], atol=1e-5, rtol=1e-5)


def test_gradients_equal_those_of_eager_attention(models):
    gradients = []
    for model in models:
        model.zero_grad()
        model(input_ids=IDS, attention_mask=MASK, labels=MASK).loss.backward()
        gradients.append({name: parameter.grad for name, parameter in model.named_parameters()})
    for name, expected in gradients[0].items():
        torch.testing.assert_close(gradients[1][name], expected, atol=1e-5, rtol=1e-4, msg=name)


def test_in_bfloat16_gradients_stay_in_bfloat16():
    query, key, value = torch.randn(3, 2, 2, 5, 4).bfloat16().requires_grad_().unbind()
    found, _ = attention.lean(torch.nn.Module(), query, key, value, None)
    found.float().sum().backward()
    assert found.dtype == torch.bfloat16 and found.shape == (2, 5, 2, 4)


def test_dropout_of_attention_works_in_training_only():
    query, key, value = torch.randn(3, 2, 2, 5, 4).unbind()
    module = torch.nn.Module()
    trained, _ = attention.lean(module.train(), query, key, value, None, dropout=0.5)
    read, _ = attention.lean(module.eval(), query, key, value, None, dropout=0.5)
    plain, _ = attention.lean(module.eval(), query, key, value, None)
    assert torch.equal(read, plain) and not torch.equal(trained, plain)


def test_the_saved_configuration_does_not_ask_for_it(models, tmp_path):
    models[1].save_pretrained(tmp_path)
    assert "lean" not in (tmp_path / "config.json").read_text()


def test_a_setting_chooses_it(tmp_path):
    settings, _ = settle("embedded", {"attention": "lean"})
    model = load_base(tiny.base(tmp_path), ["O", "B-LOC", "I-LOC"], settings)
    assert model.config._attn_implementation == "lean"
