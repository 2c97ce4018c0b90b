"""Word dropout: tokens of a training batch hidden from the network, which still has to tag them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from tokenizers import Tokenizer

from ..data.errors import BilanError

MASKS = ("<mask>", "[MASK]", "<unk>", "[UNK]")  # the first one that the tokenizer has


@dataclass(frozen=True)
class Masking:
    """Replaces each token but the special ones by `mask`, with the given chance.

    The numbers are those of torch's own generator, which the Trainer saves and restores: a resumed
    training masks the same tokens.
    """

    chance: float
    mask: int
    specials: tuple[int, ...]

    def __call__(self, ids: torch.Tensor) -> torch.Tensor:
        """Token ids with some masked, of the same shape."""
        chosen = torch.rand(ids.shape, device=ids.device) < self.chance
        return ids.masked_fill(chosen & ~torch.isin(ids, torch.tensor(self.specials, device=ids.device)), self.mask)


def masking(tokenizer: Tokenizer, *, chance: float) -> Masking | None:
    """The masking of a base's tokenizer; None without a chance. BilanError where it has no such token."""
    if not chance:
        return None
    mask = next((number for token in MASKS if (number := tokenizer.token_to_id(token)) is not None), None)
    if mask is None:
        raise BilanError("the base's tokenizer has no mask token", mend="leave --word-dropout out")
    specials = tuple(number for number, token in tokenizer.get_added_tokens_decoder().items() if token.special)
    return Masking(chance, mask, specials)
