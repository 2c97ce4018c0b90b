"""The optimiser: AdamW with a rate for each depth of the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .model import depth, encoder_layers
from .settings import Settings


def optimiser(model: Any, settings: Settings) -> Any:
    """AdamW with the head's own rate, lower rates for lower layers, and no decay on biases and norms."""
    import torch

    rate = rates(model, settings)
    groups: dict[tuple[float, bool], list[Any]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            groups.setdefault((rate(name), parameter.ndim > 1), []).append(parameter)
    return torch.optim.AdamW(
        [{"params": parameters, "lr": value, "weight_decay": settings.weight_decay if decays else 0.0}
         for (value, decays), parameters in groups.items()], fused=True)


def rates(model: Any, settings: Settings) -> Callable[[str], float]:
    """The peak rate of a parameter by its name: discriminative rates of Howard and Ruder 2018.

    Layer l of L learns at `learning_rate × layer_decay^(L−1−l)`, the embeddings at that of a layer
    −1 (https://arxiv.org/abs/1801.06146), the head at `learning_rate × head_factor`.
    """
    prefix, full = model.base_model_prefix, settings.learning_rate
    top = full * settings.head_factor
    if settings.layer_decay == 1:  # no layers need be found then
        return lambda name: full if name.startswith(prefix) else top
    layers, last = encoder_layers(model), model.config.num_hidden_layers - 1

    def rate(name: str) -> float:
        level = depth(name, prefix=prefix, layers=layers)
        return top if level is None else full * settings.layer_decay ** (last - level)

    return rate
