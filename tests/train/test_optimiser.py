"""The rate and the decay of each parameter."""

import pytest
from bilan.train.model import freeze
from bilan.train.optimiser import optimiser, rates

from .encoders import CONFIGS, encoder, given


def table(made) -> list[tuple[float, float, int]]:
    """Rate, decay and number of parameters of each group."""
    return sorted((group["lr"], group["weight_decay"], len(group["params"])) for group in made.param_groups)


def test_without_layer_decay_there_are_four_groups_encoder_and_head_with_and_without_decay():
    settings = given(learning_rate=0.5, head_factor=0.5, weight_decay=0.1)
    assert table(optimiser(encoder("camembert"), settings)) == [(0.25, 0.0, 1), (0.25, 0.1, 1), (0.5, 0.0, 32), (0.5, 0.1, 21)]


@pytest.mark.parametrize("kind", CONFIGS)
def test_each_layer_learns_slower_than_the_next_one_up(kind):
    model = encoder(kind)
    rate = rates(model, given(learning_rate=0.5, head_factor=1.5, layer_decay=0.5))
    found = {name: rate(name) for name, _ in model.named_parameters()}
    layers = {number: {value for name, value in found.items() if f"layer.{number}." in name} for number in range(3)}
    assert layers == {0: {0.125}, 1: {0.25}, 2: {0.5}}
    assert {value for name, value in found.items() if "mbeddings" in name} == {0.0625}
    assert (found["classifier.weight"], found["classifier.bias"]) == (0.75, 0.75)


@pytest.mark.parametrize("kind", CONFIGS)
def test_every_parameter_is_in_exactly_one_group(kind):
    model = encoder(kind)
    groups = optimiser(model, given(layer_decay=0.9)).param_groups
    inside = [id(parameter) for group in groups for parameter in group["params"]]
    assert sorted(inside) == sorted(id(parameter) for parameter in model.parameters())


def test_biases_and_norms_do_not_decay():
    model = encoder("bert")
    groups = optimiser(model, given(layer_decay=0.9, weight_decay=0.1)).param_groups
    assert {parameter.ndim for group in groups if group["weight_decay"] for parameter in group["params"]} == {2}
    assert {parameter.ndim for group in groups if not group["weight_decay"] for parameter in group["params"]} == {1}


def test_what_is_frozen_has_no_group():
    model = encoder("roberta")
    freeze(model, layers=3, embeddings=True)
    assert table(optimiser(model, given(learning_rate=0.25, head_factor=2.0, weight_decay=0.1))) == [
        (0.5, 0.0, 1), (0.5, 0.1, 1)]
