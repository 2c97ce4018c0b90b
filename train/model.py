"""The network that is trained: a base with a new head, its layers, what of it is frozen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..data.errors import BilanError
from .settings import Settings

DROPOUTS = {  # the setting, and what configurations call it
    "dropout": ("hidden_dropout_prob", "dropout"),
    "attention_dropout": ("attention_probs_dropout_prob", "attention_dropout"),
}


def load_base(base: Path, tags: Sequence[str], settings: Settings) -> Any:
    """The base with a new token-classification head, in float32, its lowest part frozen if asked."""
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForTokenClassification
    from transformers.utils import logging

    logging.set_verbosity_error()  # the new head and the dropped language head are meant
    logging.disable_progress_bar()
    try:
        model, loading = AutoModelForTokenClassification.from_pretrained(
            base, dtype=torch.float32, use_safetensors=True, output_loading_info=True, id2label=dict(enumerate(tags)),
            label2id={tag: number for number, tag in enumerate(tags)}, **_chosen(base, settings))
    except BilanError:
        raise
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise BilanError(f"this base cannot be loaded ({str(error).strip().splitlines()[0][:200]})",
                         where=base, mend="a transformers encoder with safetensors is expected") from error
    missing = sorted(key for key in loading["missing_keys"] if key.startswith(f"{model.base_model_prefix}."))
    if missing:  # transformers would begin with random numbers there
        raise BilanError(f"the weights of this base lack {missing[0]} ({len(missing)} in all)", where=base,
                         mend="fetch the base again")
    freeze(model, layers=settings.freeze_layers, embeddings=settings.freeze_embeddings)
    if settings.checkpointing:
        recompute(model)
    return model


def _chosen(base: Path, settings: Settings) -> dict[str, Any]:
    """The configuration values that the settings change, under the names that this base gives them."""
    from transformers import AutoConfig

    chosen: dict[str, Any] = {"attn_implementation": settings.attention} if settings.attention else {}
    if settings.attention == "lean":
        from .attention import register

        register()
    wanted = {name: value for name in DROPOUTS if (value := getattr(settings, name)) is not None}
    known = AutoConfig.from_pretrained(base).to_dict() if wanted else {}
    for name, value in wanted.items():
        own = next((own for own in DROPOUTS[name] if own in known), None)
        if own is None:
            raise BilanError(f"this base has no setting for {name}", where=base, mend=f"leave {name} out")
        chosen[own] = value
    return chosen


def recompute(model: Any) -> None:
    """Have activations computed again in the backward pass, not kept; BilanError where a model cannot."""
    name = next(name for name in ("activation_checkpointing_enable", "gradient_checkpointing_enable")
                if hasattr(model, name))  # the second one is deprecated from transformers 5.24 on
    try:
        getattr(model, name)({"use_reentrant": False})
    except ValueError as error:
        raise BilanError(f"{model.config.model_type}: {error}", mend="leave checkpointing out") from error


def encoder_layers(model: Any) -> str:
    """The name of the one list of encoder layers, within the model: `roberta.encoder.layer`.

    It is the ModuleList as long as the configuration says that there are layers; BilanError when
    there is none or more than one.
    """
    import torch

    wanted = getattr(model.config, "num_hidden_layers", None)
    found = [name for name, module in model.named_modules()
             if isinstance(module, torch.nn.ModuleList) and len(module) == wanted]
    outermost = [name for name in found if not any(name.startswith(other + ".") for other in found)]
    if len(outermost) != 1:
        raise BilanError(f"{model.config.model_type}: no one list of {wanted} encoder layers (found {outermost})",
                         mend="leave layer_decay, freeze_layers and freeze_embeddings out with this base")
    return outermost[0]


def depth(name: str, *, prefix: str, layers: str) -> int | None:
    """The layer of a parameter, −1 for embeddings, None for the head.

    What the encoder has outside its layers (DeBERTa's relative positions, norms) counts with the
    embeddings, for it feeds the lowest layer.

    >>> depth("roberta.encoder.layer.3.output.dense.bias", prefix="roberta", layers="roberta.encoder.layer")
    3
    """
    if not name.startswith(prefix + "."):
        return None
    return int(name[len(layers) + 1:].split(".")[0]) if name.startswith(layers + ".") else -1


def freeze(model: Any, *, layers: int, embeddings: bool) -> None:
    """Keep the embeddings and the lowest layers as they are: no gradient is computed for them."""
    if not layers and not embeddings:
        return
    where, total = encoder_layers(model), model.config.num_hidden_layers
    if layers > total:
        raise BilanError(f"freeze_layers {layers}, but this base has {total} layers", mend=f"{total} or less")
    for name, parameter in model.named_parameters():
        level = depth(name, prefix=model.base_model_prefix, layers=where)
        if level is not None and (embeddings if level < 0 else level < layers):
            parameter.requires_grad_(False)
