"""Learning from other models beside gold: distillation (Hinton et al. 2015, https://arxiv.org/abs/1503.02531).

The teachers' probabilities are computed once, of the windows as they are; the student sees them with tokens masked
and dropout. Several teachers are one whose probabilities are their mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from ..data.errors import BilanError
from ..data.files import parse_json, read_text
from ..models.checkpoint import load_tokenizer, locate
from ..models.decode import log_softmax
from ..models.network import Predict, load_torch

TEACHER = "teacher"  # of a row: the teachers' probabilities, (tokens, tags)


def named(teachers: str | None) -> list[str]:
    """The folders or hub ids of a setting with commas.

    >>> named("runs/a, runs/b")
    ['runs/a', 'runs/b']
    """
    return [name.strip() for name in (teachers or "").split(",") if name.strip()]


def taught(rows: Sequence[dict[str, Any]], teachers: Sequence[str], tokenizer: Tokenizer, tags: Sequence[str], *,
           precision: str) -> list[dict[str, Any]]:
    """The rows with `teacher`: the mean of the teachers' probabilities of each token, (tokens, tags) float16.

    Raises BilanError for a teacher of other tags, in another order or with another tokenizer.
    """
    means = [np.zeros((len(row["input_ids"]), len(tags)), dtype=np.float32) for row in rows]
    for name in teachers:
        folder = locate(name)
        _refuse_other(folder, tokenizer, tags)
        predict = load_torch(folder, precision=precision)
        for mean, row in zip(means, rows, strict=True):
            mean += _probabilities(predict, row) / len(teachers)
    return [{**row, TEACHER: mean.astype(np.float16)} for row, mean in zip(rows, means, strict=True)]


def _probabilities(predict: Predict, row: Mapping[str, Any]) -> np.ndarray:
    ids = np.array([row["input_ids"]], dtype=np.int64)
    return np.exp(log_softmax(predict(ids, np.ones_like(ids))[0]))


def _refuse_other(folder: Path, tokenizer: Tokenizer, tags: Sequence[str]) -> None:
    file = folder / "config.json"
    known = parse_json(read_text(file), where=file).get("id2label") or {}
    own = [known.get(str(number)) for number in range(len(known))]
    if own != list(tags):
        other = next((tag for tag in own if tag not in tags), next((tag for tag in tags if tag not in own), None))
        raise BilanError(f"this teacher has other tags ({other or 'in another order'})", where=folder,
                         mend="a teacher is a run on data with the same labels")
    if load_tokenizer(folder).to_str() != tokenizer.to_str():
        raise BilanError("this teacher has another tokenizer than the base", where=folder,
                         mend="a teacher is a run from a base with the same tokenizer")
