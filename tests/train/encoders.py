"""Token classifiers of every architecture that a recipe names, three layers each, made from configs."""

from __future__ import annotations

from typing import Any

from bilan.train.settings import Settings
from transformers import (
    AutoModelForTokenClassification,
    BertConfig,
    CamembertConfig,
    DebertaV2Config,
    DistilBertConfig,
    RobertaConfig,
    set_seed,
)

SIZES: dict[str, Any] = {
    "vocab_size": 40, "hidden_size": 16, "num_hidden_layers": 3, "num_attention_heads": 2, "intermediate_size": 32,
    "max_position_embeddings": 32, "pad_token_id": 1, "num_labels": 5}
RELATIVE: dict[str, Any] = {
    "relative_attention": True, "position_buckets": 8, "norm_rel_ebd": "layer_norm", "share_att_key": True,
    "pos_att_type": ["p2c", "c2p"]}
DISTILLED: dict[str, Any] = {
    "vocab_size": 40, "dim": 16, "n_layers": 3, "n_heads": 2, "hidden_dim": 32, "max_position_embeddings": 32,
    "pad_token_id": 1, "num_labels": 5}
CONFIGS = {
    "camembert": lambda: CamembertConfig(**SIZES),
    "roberta": lambda: RobertaConfig(**SIZES),
    "bert": lambda: BertConfig(**SIZES),
    "deberta-v2": lambda: DebertaV2Config(**SIZES, **RELATIVE),
    "distilbert": lambda: DistilBertConfig(**DISTILLED),
}


def encoder(kind: str) -> Any:
    """A model with random weights, the same each time."""
    set_seed(0)
    return AutoModelForTokenClassification.from_config(CONFIGS[kind](), attn_implementation="eager")


def given(**values: Any) -> Settings:
    """The default settings with some values given."""
    return Settings.model_validate(values)
