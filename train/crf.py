"""A linear-chain CRF over units (Lafferty et al. 2001), for training only.

What it learns is a matrix of transition scores; decoding with it is Viterbi over the same unit scores
(`bilan.models.decode`), so that a checkpoint needs nothing of this file.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.nn.functional import pad

from ..data.align import IGNORE
from ..models.checkpoint import Matrix
from ..models.decode import TagSet
from .transitions import matrix

NEVER = -1e4  # finite, for the gradient of a log-sum over nothing but −inf is not a number


class Crf(torch.nn.Module):
    """The negative log-likelihood of unit tags; columns are those of `canonical`: O, B-…, I-….

    `transitions[i, j]` is the score of tag j after tag i; an I- after anything but its own B- or I-
    is barred. A window may begin inside a span, so its first tag is free.
    """

    barred: torch.Tensor
    columns: torch.Tensor

    def __init__(self, tags: TagSet) -> None:
        super().__init__()
        labels = len(tags.labels)
        order = [tags.outside, *(column for side in (tags.begin, tags.continue_) for (column,) in side)]
        self.transitions = torch.nn.Parameter(torch.zeros(1 + 2 * labels, 1 + 2 * labels))
        self.register_buffer("columns", torch.tensor(order), persistent=False)
        self.register_buffer("barred", bars(labels), persistent=False)

    def forward(self, logits: torch.Tensor, labels: torch.Tensor, units: torch.Tensor,
                items: Any = None) -> torch.Tensor:
        """The loss a supervised token; shapes (batch, length, tags), (batch, length), (batch, length)."""
        kept = labels != IGNORE
        scores, targets, shown = compress(logits.float()[..., self.columns],
                                          self.columns.argsort()[labels.clamp(min=0)], units, kept)
        likely = self.score(scores, targets, shown) - self.total(scores, shown)
        return -likely.sum() / (kept.sum().clamp(min=1) if items is None else items)

    def score(self, scores: torch.Tensor, targets: torch.Tensor, shown: torch.Tensor) -> torch.Tensor:
        """The score of the target sequence of each row, (batch,)."""
        alone = scores.gather(-1, targets[..., None]).squeeze(-1)
        moves = self.moves()[targets[:, :-1], targets[:, 1:]]
        return (alone * shown).sum(1) + (moves * shown[:, 1:]).sum(1)

    def total(self, scores: torch.Tensor, shown: torch.Tensor) -> torch.Tensor:
        """The log-sum of the scores of all sequences of each row (forward algorithm), (batch,)."""
        moves, forward = self.moves(), scores[:, 0] * shown[:, :1]
        for place in range(1, scores.shape[1]):
            ahead = torch.logsumexp(forward[:, :, None] + moves, 1) + scores[:, place]
            forward = torch.where(shown[:, place, None], ahead, forward)
        return torch.logsumexp(forward, 1) * shown[:, 0]

    def matrix(self) -> Matrix:
        """The transition scores for `bilan.json`."""
        return matrix(self.transitions.detach().float().cpu().numpy())

    def moves(self) -> torch.Tensor:
        """The transition scores, barred moves included, in float32."""
        return self.transitions.float().masked_fill(self.barred, NEVER)


def bars(labels: int) -> torch.Tensor:
    """Which moves are barred, (1 + 2 × labels)²: into an I- from anything but its own B- or I-.

    >>> bars(1)[:, 2].tolist()
    [True, False, False]
    """
    inside = torch.eye(labels, dtype=torch.bool)
    allowed = torch.cat([torch.zeros(1, labels, dtype=torch.bool), inside, inside])
    return pad(~allowed, (1 + labels, 0), value=False)


def compress(logits: torch.Tensor, targets: torch.Tensor, units: torch.Tensor,
             kept: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Units instead of tokens, packed to the left: scores, targets, and which places hold a unit.

    The scores are those of `bilan.models.decode.unit_scores`: those of the tokens added, the first
    token beginning a label and the others continuing it. The target of a unit is that of its first
    token.
    """
    width = logits.shape[-1]
    labels = (width - 1) // 2
    last = torch.cummax(torch.where(kept, units, -1), 1).values
    first = kept & (units != pad(last, (1, 0), value=-1)[:, :-1])
    place = (first.cumsum(1) - 1).clamp(min=0)
    longest = max(int(first.sum(1).max()), 1)
    begins = logits[..., 1:1 + labels] - logits[..., 1 + labels:]
    alone = torch.cat([logits[..., :1], logits[..., 1 + labels:] + begins * first[..., None],
                       logits[..., 1 + labels:]], -1)
    scores = logits.new_zeros(len(logits), longest, width).scatter_add(
        1, place[..., None].expand(-1, -1, width), alone * kept[..., None])
    chosen = targets.new_zeros(len(logits), longest).scatter_add(1, place, targets * first)
    shown = torch.arange(longest, device=logits.device) < first.sum(1, keepdim=True)
    return scores, mended(chosen, labels), shown


def mended(targets: torch.Tensor, labels: int) -> torch.Tensor:
    """The targets with a B- for each I- that does not follow its own label (the first is free).

    >>> mended(torch.tensor([[0, 3, 1, 3]]), 2).tolist()  # O I-LOC B-LOC I-LOC
    [[0, 1, 1, 3]]
    """
    before, now = targets[:, :-1], targets[:, 1:]
    lone = (now > labels) & (before != now) & (before != now - labels)
    return torch.cat([targets[:, :1], torch.where(lone, now - labels, now)], 1)
