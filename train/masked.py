"""Masked-language-model training (Devlin et al. 2019): windows, corruption, loss on the masked positions only.

The projection onto the vocabulary is half of a small model's work; it is computed for the masked
tokens alone, which changes nothing in the loss.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Any

import torch
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy

from ..data.align import encode, windows
from ..data.document import Document
from ..data.errors import BilanError
from ..models.checkpoint import wrapping
from .trainer import OrderedTrainer

HEADS = ("lm_head", "cls")  # language heads that take hidden states of any leading shape
RANDOM, KEPT = 0.1, 0.1  # shares of the chosen tokens that become another one, that stay; the rest is masked
Row = dict[str, Any]


def rows(documents: Sequence[Document], tokenizer: Tokenizer, window: int, *, whole_words: bool) -> list[Row]:
    """Windows side by side, special tokens included; `words` numbers what is masked together, −1 what never is."""
    before, after = wrapping(tokenizer)
    made: list[Row] = []
    for document in documents:
        tokens = encode(tokenizer, document.text, whole_words=whole_words)
        for part in windows(len(tokens.ids), size=window - len(before) - len(after), overlap=0):
            ids, units = (values[part.start:part.end].tolist() for values in (tokens.ids, tokens.units))
            if ids:
                words = [unit - units[0] for unit in units] if whole_words else list(range(len(ids)))
                made.append({"input_ids": [*before, *ids, *after],
                             "words": [*[-1] * len(before), *words, *[-1] * len(after)],
                             "length": len(ids) + len(before) + len(after)})
    return made


def collator(pad: int) -> Callable[[Sequence[Mapping[str, Any]]], dict[str, torch.Tensor]]:
    """A function from rows to a batch of tensors, (rows, longest)."""
    def collate(batch: Sequence[Mapping[str, Any]]) -> dict[str, torch.Tensor]:
        longest = max(len(row["input_ids"]) for row in batch)
        filled = {name: torch.tensor([[*row[name], *[fill] * (longest - len(row[name]))] for row in batch])
                  for name, fill in (("input_ids", pad), ("words", -1))}
        lengths = torch.tensor([[len(row["input_ids"])] for row in batch])
        return {**filled, "attention_mask": (torch.arange(longest) < lengths).long()}
    return collate


@dataclass(frozen=True)
class Corruption:
    """Chooses words with the given chance; of their tokens 80 % become `mask`, 10 % another token, 10 % stay."""

    chance: float
    mask: int
    vocabulary: int

    def __call__(self, ids: torch.Tensor, words: torch.Tensor,
                 generator: torch.Generator | None = None) -> tuple[torch.Tensor, torch.Tensor]:
        """The corrupted ids and which tokens were chosen, both of the shape of `ids`."""
        def random(*shape: int) -> torch.Tensor:
            return torch.rand(shape, device=ids.device, generator=generator)

        drawn = random(len(ids), int(words.max()) + 2 if words.numel() else 1) < self.chance
        chosen = drawn.gather(1, words.clamp(min=0)) & (words >= 0)
        fate = random(*ids.shape)
        others = torch.randint(self.vocabulary, ids.shape, device=ids.device, generator=generator)
        masked = ids.masked_fill(chosen & (fate >= RANDOM + KEPT), self.mask)
        return torch.where(chosen & (fate < RANDOM), others, masked), chosen


def corruption(tokenizer: Tokenizer, chance: float) -> Corruption:
    """The corruption of a base's tokenizer; BilanError where it has no mask token."""
    mask = next((number for token in ("<mask>", "[MASK]") if (number := tokenizer.token_to_id(token)) is not None),
                None)
    if mask is None:
        raise BilanError("the base's tokenizer has no mask token", mend="choose a base for masked-language modelling")
    return Corruption(chance, mask, tokenizer.get_vocab_size())


def masked_loss(model: Any, ids: torch.Tensor, corrupted: torch.Tensor, chosen: torch.Tensor,
                attention: torch.Tensor) -> tuple[torch.Tensor, int]:
    """Summed cross-entropy of the chosen tokens, and their number."""
    head = next((getattr(model, name) for name in HEADS if hasattr(model, name)), None)
    if head is None:
        logits = model(input_ids=corrupted, attention_mask=attention).logits[chosen]
    else:
        encoder = getattr(model, model.base_model_prefix)
        logits = head(encoder(input_ids=corrupted, attention_mask=attention)[0][chosen])
    return cross_entropy(logits.float(), ids[chosen], reduction="sum"), int(chosen.sum())


class MaskedTrainer(OrderedTrainer):
    """Our Trainer, with the loss of masked tokens; the masks are new in each epoch, the same after a restart."""

    corrupt: Corruption

    def compute_loss(self, model: Any, inputs: dict[str, Any], *arguments: Any, **named: Any) -> torch.Tensor:
        """The mean loss of the masked tokens of a batch."""
        del arguments, named
        corrupted, chosen = self.corrupt(inputs["input_ids"], inputs["words"])
        with self.accelerator.autocast():
            total, number = masked_loss(model, inputs["input_ids"], corrupted, chosen, inputs["attention_mask"])
        return total / max(number, 1)


def perplexity(model: Any, held: Sequence[Row], corrupt: Corruption, pad: int, *, seed: int, batch: int,
               autocast: Callable[[], Any]) -> tuple[float, int]:
    """Perplexity over the masked tokens of the rows, and their number; the masks follow from the seed alone."""
    collate, generator = collator(pad), torch.Generator().manual_seed(seed)
    total, number = 0.0, 0
    device = next(model.parameters()).device
    model.eval()
    with torch.no_grad():
        for start in range(0, len(held), batch):
            made = collate(held[start:start + batch])
            corrupted, chosen = corrupt(made["input_ids"], made["words"], generator)
            tensors = (tensor.to(device) for tensor in (made["input_ids"], corrupted, chosen, made["attention_mask"]))
            with autocast():
                loss, masked = masked_loss(model, *tensors)
            total, number = total + float(loss), number + masked
    return exp(min(total / max(number, 1), 700)), number
