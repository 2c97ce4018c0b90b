"""Losses over the supervised tokens of a batch: cross-entropy, weighted by class and by difficulty, with teachers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch.nn.functional import log_softmax

from ..data.align import IGNORE
from . import ranks
from .settings import Settings

POWERS = {"none": 0.0, "sqrt": 0.5, "inverse": 1.0}


def class_weights(rows: Iterable[Mapping[str, Any]], tags: int, *, kind: str) -> torch.Tensor:
    """One weight a tag, (tags,): its frequency among the targets to the power −1 or −½.

    The mean over the supervised tokens is 1, so that the loss keeps its scale; a tag that never
    occurs counts as seen once.

    >>> class_weights([{"labels": [0, 0, 0, 1]}], 2, kind="inverse").tolist()
    [0.6666666865348816, 2.0]
    """
    counts = np.zeros(tags)
    for row in rows:
        targets = np.asarray(row["labels"])
        counts += np.bincount(targets[targets != IGNORE], minlength=tags)
    counts = np.maximum(counts, 1)
    weights = counts ** -POWERS[kind]
    return torch.tensor(weights * counts.sum() / (weights * counts).sum(), dtype=torch.float32)


def weighted_loss(logits: torch.Tensor, labels: torch.Tensor, items: Any = None, *,
                  weights: torch.Tensor | None = None, focal: float = 0.0, smoothing: float = 0.0,
                  teacher: torch.Tensor | None = None, share: float = 0.0) -> torch.Tensor:
    """The mean over `items` supervised tokens (this batch's own unless told).

    Cross-entropy with `smoothing` shared by all tags, times the weight of the target, times
    (1 − p)^focal with p the probability of the target (Lin et al. 2017,
    https://arxiv.org/abs/1708.02002). `logits` (…, tags), `labels` (…), IGNORE left out. With the probabilities of
    a `teacher`, (…, tags), the loss is 1 − `share` of that and `share` of the cross-entropy with them.
    """
    kept = labels != IGNORE
    scores, targets = log_softmax(logits[kept].float(), dim=-1), labels[kept]
    right = scores.gather(-1, targets[:, None]).squeeze(-1)
    loss = -(1 - smoothing) * right - smoothing * scores.mean(-1)
    if focal:
        loss = loss * (1 - right.exp()).clamp(min=1e-7) ** focal
    if weights is not None:
        loss = loss * weights.to(loss.device)[targets]
    if teacher is not None:
        loss = (1 - share) * loss - share * (teacher[kept].to(scores) * scores).sum(-1)
    return loss.sum() / (kept.sum().clamp(min=1) if items is None else items)


def objective(settings: Settings, rows: Sequence[Mapping[str, Any]], tags: int, model: Any) -> Any:
    """The compute_loss_func of the Trainer for these settings; None where the model's own will do.

    With accumulation or several processes it will not: token-classification models of transformers 5
    take `num_items_in_batch` but divide by the tokens of their own batch, so that a step's gradient
    would be as many times too large as it has batches.
    """
    if settings.crf:
        return lambda outputs, labels, num_items_in_batch=None, *, units: model.crf(
            outputs["logits"], labels, units, num_items_in_batch)
    weighted = settings.class_weights != "none"
    plain = not (weighted or settings.focal or settings.teachers)
    if plain and settings.accumulation == 1 and ranks.size() == 1:
        return None
    weights = class_weights(rows, tags, kind=settings.class_weights) if weighted else None
    return lambda outputs, labels, num_items_in_batch=None, *, teacher=None: weighted_loss(
        outputs["logits"], labels, num_items_in_batch, weights=weights, focal=settings.focal,
        smoothing=settings.label_smoothing, teacher=teacher, share=settings.distil)
