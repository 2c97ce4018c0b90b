"""The settings of a training, validated before anything heavy is loaded.

A recipe (`train/recipes/NAME.toml`, or any TOML file) gives values, the command line overrides single
ones; every field below is an option of `bilan-train`.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ..data.errors import BilanError

STRIDE = 8  # more than any tokenizer's special tokens, which a window holds too


class Settings(BaseModel):
    """What a training run is told; the unit and range of each value stand in its description."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base: str = Field("models/base", description="base checkpoint: a folder or a hub id")
    data: str = Field("runs/dataset", description="dataset folder, or annotated documents in any format")
    dev: str | None = Field(None, description="documents to choose the epoch by (a share of data, by id)")
    test: str | None = Field(None, description="documents to keep for bilan-eval (a share of data, by id)")
    epochs: int = Field(10, ge=1, description="passes over the training split, at most")
    patience: int = Field(4, ge=1, description="epochs without a better dev F1 before stopping")
    batch_size: int = Field(8, ge=1, description="windows in a batch")
    accumulation: int = Field(1, ge=1, description="batches whose gradients are added before a step")
    learning_rate: float = Field(3e-4, gt=0, lt=1, description="peak rate of the encoder (AdamW)")
    head_factor: float = Field(8.0, gt=0, description="rate of the new head over the encoder's")
    warmup: float = Field(0.1, ge=0, lt=1, description="share of the steps in which the rate rises")
    weight_decay: float = Field(0.01, ge=0, description="decay of weight matrices (not biases, norms)")
    layer_decay: float = Field(1.0, gt=0, le=1, description="rate of a layer over that of the next one up")
    freeze_layers: int = Field(0, ge=0, description="lowest encoder layers that are not trained")
    freeze_embeddings: bool = Field(False, description="embeddings are not trained")
    checkpointing: bool = Field(False, description="recompute activations: less memory, a third slower")
    label_smoothing: float = Field(0.0, ge=0, lt=1, description="probability given to all other tags")
    class_weights: Literal["none", "sqrt", "inverse"] = Field(
        "none", description="weight of a tag in the loss: its frequency in train to the power 0, −½ or −1")
    focal: float = Field(0.0, ge=0, description="power of 1 − p in the loss: easy tokens count less (0: all alike)")
    crf: bool = Field(False, description="loss of a linear-chain CRF over units instead of cross-entropy")
    transitions: Literal["fixed", "learned"] = Field(
        "fixed", description="decoding by IOB2's rules alone, or with scores of tag transitions from train")
    augment: float = Field(0.0, ge=0, le=1, description="chance that an epoch sees a variant of a train document: "
                           "other names, values, dates, typography")
    teachers: str | None = Field(None, description="runs, commas between, whose probabilities are learnt too")
    distil: float = Field(0.5, gt=0, le=1, description="share of the teachers in the loss")
    word_dropout: float = Field(0.0, ge=0, lt=1, description="chance that a token is masked in training")
    dropout: float | None = Field(None, ge=0, lt=1, description="of hidden states (the base's own)")
    attention_dropout: float | None = Field(None, ge=0, lt=1, description="of attention (the base's own)")
    attention: Literal["sdpa", "eager", "lean"] | None = Field(
        None, description="attention kernel: sdpa (fused), eager, lean (ours, for CPUs) (the library's choice)")
    average: int = Field(0, ge=0, description="last epochs whose mean weights are kept if no worse on dev (0: none)")
    max_grad_norm: float = Field(1.0, gt=0, description="gradients are clipped to this norm")
    window: int = Field(384, ge=16, description="tokens read at once, special ones included")
    overlap: int = Field(96, ge=0, description="tokens that neighbouring windows share")
    overlaps: Literal["error", "longest", "first"] = Field(
        "error", description="what to do with gold spans that overlap")
    precision: Literal["auto", "fp32", "bf16", "fp16"] = Field(
        "auto", description="of forward and backward pass; auto: bf16 where the hardware has it")
    seed: int = Field(1, ge=0, description="of initial head, order of batches and dropout")
    threads: int | None = Field(None, ge=1, description="CPU threads (torch's own choice)")
    save_steps: int | None = Field(None, ge=1, description="steps between checkpoints, beside one an epoch")
    report_to: str | None = Field(None, description="tensorboard, trackio, mlflow, wandb; several with commas")

    @model_validator(mode="after")
    def _together(self) -> Settings:
        """A CRF has its own loss and its own transitions; a window must show more than the last one did."""
        neutral = {name: type(self).model_fields[name].default
                   for name in ("label_smoothing", "class_weights", "focal", "transitions", "teachers")}
        rivals = [f"{name} {value}" for name, value in neutral.items() if getattr(self, name) != value]
        if self.crf and rivals:
            raise ValueError(f"crf has its own loss and transitions: needs {', '.join(rivals)}")
        if self.teachers and self.augment:
            raise ValueError("teachers have read train and not its variants: needs augment 0.0")
        if self.window - self.overlap < STRIDE:
            raise ValueError(f"window {self.window} and overlap {self.overlap}: a window must go on by {STRIDE} tokens "
                             "or more")
        return self


def recipe_names() -> list[str]:
    """The recipes that come with the package."""
    return sorted(file.name.removesuffix(".toml") for file in _recipes().iterdir()
                  if file.name.endswith(".toml"))


def _recipes() -> Any:
    return files("bilan.train") / "recipes"


def load_recipe(recipe: str | Path) -> dict[str, Any]:
    """The values of a recipe by name or of a TOML file; BilanError when absent or not TOML."""
    packaged = _recipes() / f"{recipe}.toml"
    source = packaged if "/" not in str(recipe) and packaged.is_file() else Path(recipe)
    if not source.is_file():
        raise BilanError(f"no recipe {str(recipe)!r}",
                         mend=f"recipes: {', '.join(recipe_names())}, or the path of a TOML file")
    try:
        return tomllib.loads(source.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BilanError(f"not TOML ({error})", where=recipe) from error


def settle(recipe: str | Path, overrides: Mapping[str, Any] | None = None) -> tuple[Settings, dict[str, str]]:
    """The settings in force and where each comes from (`default`, the recipe's name, `option`).

    Raises BilanError, one line, for an unknown key (with the nearest known one) or a wrong value.
    """
    values = load_recipe(recipe)
    given = {key: value for key, value in (overrides or {}).items() if value is not None}
    origin = {key: "option" if key in given else f"recipe {recipe}" if key in values else "default"
              for key in Settings.model_fields}
    try:
        return Settings(**(values | given)), origin
    except ValidationError as error:
        raise _explained(error, origin) from error


def _explained(error: ValidationError, origin: Mapping[str, str]) -> BilanError:
    first = error.errors()[0]
    if not first["loc"]:  # settings that do not go together
        return BilanError(first["msg"].removeprefix("Value error, "), mend="change one of them")
    key = str(first["loc"][0])
    if first["type"] == "extra_forbidden":
        near = difflib.get_close_matches(key, Settings.model_fields, 1, 0)
        return BilanError(f"unknown setting {key!r}", mend=f"did you mean {near[0]!r}?")
    return BilanError(f"setting {key!r} ({origin.get(key, '')}): {first['msg'].lower()}, "
                      f"got {first['input']!r}", mend=str(Settings.model_fields[key].description))
