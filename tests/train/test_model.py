"""The network to train: its layers are found in every architecture, and what is frozen stays as it is."""

import pytest
import torch
from bilan.data import BilanError
from bilan.train.model import DROPOUTS, depth, encoder_layers, freeze, load_base, recompute
from bilan.train.optimiser import optimiser

from .. import tiny
from .encoders import CONFIGS, encoder, given

IDS = torch.tensor([[5, 6, 7, 8], [9, 10, 11, 1]])
LABELS = torch.tensor([[0, 1, 2, 0], [0, 3, 4, -100]])
PLACES = {"camembert": "roberta.encoder.layer", "roberta": "roberta.encoder.layer", "bert": "bert.encoder.layer",
          "deberta-v2": "deberta.encoder.layer", "distilbert": "distilbert.transformer.layer"}
architectures = pytest.mark.parametrize("kind", CONFIGS)


def levels(model) -> dict[str, int | None]:
    where = encoder_layers(model)
    return {name: depth(name, prefix=model.base_model_prefix, layers=where) for name, _ in model.named_parameters()}


def step(model, **chosen) -> dict[str, torch.Tensor]:
    """One optimisation step; the parameters before it."""
    before = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
    made = optimiser(model, given(learning_rate=0.1, **chosen))
    model(input_ids=IDS, attention_mask=(IDS != 1).long(), labels=LABELS).loss.backward()
    made.step()
    return before


@architectures
def test_the_list_of_layers_is_found(kind):
    assert encoder_layers(encoder(kind)) == PLACES[kind]


@architectures
def test_every_parameter_has_a_depth_and_only_the_head_has_none(kind):
    found = levels(encoder(kind))
    assert set(found.values()) == {-1, 0, 1, 2, None}
    assert {name for name, level in found.items() if level is None} == {"classifier.weight", "classifier.bias"}


def test_the_relative_positions_of_deberta_count_with_the_embeddings():
    assert levels(encoder("deberta-v2"))["deberta.encoder.rel_embeddings.weight"] == -1


@architectures
def test_what_is_frozen_does_not_move_and_has_no_gradient(kind):
    model = encoder(kind)
    freeze(model, layers=2, embeddings=True)
    before = step(model)
    for name, level in levels(model).items():
        parameter = model.get_parameter(name)
        frozen = level is not None and level < 2
        assert frozen == (not parameter.requires_grad) and frozen == (parameter.grad is None), name
        assert not frozen or torch.equal(parameter, before[name]), name
    assert any(not torch.equal(model.get_parameter(name), before[name]) for name, level in levels(model).items() if level == 2)


def test_embeddings_learn_under_frozen_layers_and_layers_over_frozen_embeddings():
    model = encoder("camembert")
    freeze(model, layers=3, embeddings=False)
    assert {level for name, level in levels(model).items() if model.get_parameter(name).requires_grad} == {-1, None}
    model = encoder("camembert")
    freeze(model, layers=0, embeddings=True)
    assert {level for name, level in levels(model).items() if model.get_parameter(name).requires_grad} == {0, 1, 2, None}


def test_more_frozen_layers_than_there_are_is_one_clear_error():
    with pytest.raises(BilanError, match="freeze_layers 4, but this base has 3 layers"):
        freeze(encoder("bert"), layers=4, embeddings=False)


def test_a_model_without_one_list_of_layers_is_one_clear_error():
    model = encoder("bert")
    model.config.num_hidden_layers = 7
    with pytest.raises(BilanError, match="bert: no one list of 7 encoder layers.*leave layer_decay"):
        encoder_layers(model)


@architectures
def test_recomputing_activations_gives_the_same_gradients(kind):
    grads = []
    for wanted in (False, True):
        model = encoder(kind).train()
        if wanted:
            recompute(model)
        torch.manual_seed(3)
        model(input_ids=IDS, attention_mask=(IDS != 1).long(), labels=LABELS).loss.backward()
        grads.append({name: parameter.grad for name, parameter in model.named_parameters()})
    for name, grad in grads[0].items():
        assert (grad is None) == (grads[1][name] is None) and (grad is None or torch.allclose(grad, grads[1][name])), name


@pytest.mark.parametrize(("kind", "hidden", "attention"), [
    ("camembert", "hidden_dropout_prob", "attention_probs_dropout_prob"), ("distilbert", "dropout", "attention_dropout")])
def test_dropout_is_set_under_the_name_that_the_architecture_gives_it(tmp_path, kind, hidden, attention):
    encoder(kind).save_pretrained(tmp_path)
    config = load_base(tmp_path, ["O", "B-LOC", "I-LOC", "B-ORG", "I-ORG"], given(dropout=0.3, attention_dropout=0.2)).config
    assert (getattr(config, hidden), getattr(config, attention)) == (0.3, 0.2)


def test_a_base_without_such_a_dropout_says_only_that(tmp_path, monkeypatch):
    monkeypatch.setitem(DROPOUTS, "dropout", ("no_such_value",))
    with pytest.raises(BilanError) as said:
        load_base(tiny.base(tmp_path), ["O", "B-LOC", "I-LOC"], given(dropout=0.3))
    assert said.value.what == "this base has no setting for dropout"


def test_a_base_is_loaded_with_the_head_the_frozen_part_and_the_checkpointing_asked_for(tmp_path):
    model = load_base(tiny.base(tmp_path), ["O", "B-LOC", "I-LOC"], given(freeze_layers=1, checkpointing=True))
    assert model.config.id2label == {0: "O", 1: "B-LOC", 2: "I-LOC"}
    assert any(getattr(module, "gradient_checkpointing", False) for module in model.modules())
    assert {level for name, level in levels(model).items() if not model.get_parameter(name).requires_grad} == {0}
