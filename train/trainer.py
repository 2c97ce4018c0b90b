"""The Trainer of transformers, with evaluation in order."""

from __future__ import annotations

from typing import Any

from torch.utils.data import SequentialSampler
from transformers import Trainer


class OrderedTrainer(Trainer):
    """Batches by length in training only: transformers 5 reorders the evaluation set too.

    Dev windows must come back in their order, for they are put together into documents again.
    """

    def _get_eval_sampler(self, eval_dataset: Any) -> SequentialSampler | None:
        return SequentialSampler(eval_dataset) if self.args.world_size <= 1 else None
