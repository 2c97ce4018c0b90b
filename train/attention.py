"""Attention for training on CPUs: in the numbers' own precision, with few passes over memory.

The library's eager attention makes a float32 copy of all scores for the softmax and adds the mask as a
third pass; its fused one computes the scores again in the backward pass, which in bfloat16 on a CPU costs
more than it saves. Here the mask enters with the product and the backward pass needs the probabilities
alone: dS = P ∘ (dP − Σ dP ∘ P).
"""

from __future__ import annotations

from typing import Any

import torch
from transformers import AttentionInterface
from transformers.masking_utils import AttentionMaskInterface, eager_mask

LEAN = "lean"


class _Softmax(torch.autograd.Function):
    """Softmax over the last axis, computed in float32, kept in the precision of the scores."""

    @staticmethod
    def forward(ctx: Any, scores: torch.Tensor) -> torch.Tensor:
        found = torch.softmax(scores.float(), -1).to(scores.dtype)
        ctx.save_for_backward(found)
        return found

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> torch.Tensor:
        (found,) = ctx.saved_tensors
        return torch._softmax_backward_data(gradients[0].contiguous(), found, -1, found.dtype)  # pyright: ignore


def lean(module: Any, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor,
         attention_mask: torch.Tensor | None, scaling: float | None = None, dropout: float = 0.0,
         **_: Any) -> tuple[torch.Tensor, None]:
    """Attention of an encoder, (rows, heads, tokens, width) each; the mask is the same for each query.

    The result is (rows, tokens, heads, width), as transformers' AttentionInterface wants it.
    """
    rows, heads, tokens, width = query.shape
    query, key, value = ((query * (width**-0.5 if scaling is None else scaling)).flatten(0, 1),
                         key.flatten(0, 1), value.flatten(0, 1))
    hidden = query.new_zeros(1) if attention_mask is None else (
        attention_mask[:, :, :1].to(query.dtype).expand(rows, heads, 1, tokens).flatten(0, 1))
    shares = _Softmax.apply(torch.baddbmm(hidden, query, key.transpose(1, 2)))
    shares = torch.nn.functional.dropout(shares, dropout, training=module.training)  # pyright: ignore
    return torch.bmm(shares, value).view(rows, heads, tokens, width).transpose(1, 2), None


def register() -> None:
    """Let models be loaded with `attn_implementation="lean"`."""
    AttentionInterface.register(LEAN, lean)
    AttentionMaskInterface.register(LEAN, eager_mask)
