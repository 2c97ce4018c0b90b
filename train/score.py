"""The score on dev by which epochs are chosen: strict micro F1 of what the reader would find."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..data.document import Document, Span
from ..data.match import Counts, count
from ..models.checkpoint import Cutting
from ..models.decode import Transitions, decode, tag_set
from .examples import Examples, gather


def scorer(dev: Examples, tags: Sequence[str], cutting: Cutting, model: Any) -> Any:
    """A compute_metrics that decodes as the reader does, with the transitions of the model's CRF if any."""
    def score(prediction: Any) -> dict[str, float]:
        crf = getattr(model, "crf", None)
        return {"f1": dev_f1(dev, prediction.predictions, tags, cutting, transitions=crf.matrix() if crf else None)}

    return score


def dev_f1(dev: Examples, outputs: Any, tags: Sequence[str], cutting: Cutting, *,
           transitions: Transitions | None) -> float:
    """The F1 of the logits of windows, (windows, longest, tags)."""
    meaning, logits = tag_set(tags), gather(dev, np.asarray(outputs))
    found = [decode(tokens, scores, meaning, trim=cutting.trim, transitions=transitions)
             for tokens, scores in zip(dev.encoded, logits, strict=True)]
    return strict_f1(dev.documents, found)


def strict_f1(gold: Sequence[Document], predicted: Sequence[Sequence[Span]]) -> float:
    """Micro F1 of spans with the very start, end and label; 0 where it is not defined."""
    counts = [count(document, document.replace(spans=tuple(spans)))
              for document, spans in zip(gold, predicted, strict=True)]
    return sum((part for one in counts for part in one.values()), Counts()).f1 or 0.0
