"""One process or several of one training (`torchrun`): who writes, who waits.

`torchrun` tells each process its place in `RANK` and `WORLD_SIZE`; without it there is one, rank 0.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

from ..data.errors import BilanError

T = TypeVar("T")


def size() -> int:
    """How many processes train together."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def first() -> bool:
    """Whether this process is the one that writes and speaks."""
    return int(os.environ.get("RANK", "0")) == 0


def start() -> None:
    """Join the other processes, if there are any: NCCL on GPUs, gloo on CPUs."""
    if size() > 1:
        import torch
        from accelerate import PartialState

        PartialState(cpu=not torch.cuda.is_available())


def wait() -> None:
    """Go on when all processes are here."""
    if size() > 1:
        import torch.distributed

        torch.distributed.barrier()


def shared(compute: Callable[[], T]) -> T:
    """What the first process computes, given to all; a BilanError is raised in all.

    >>> shared(lambda: 3)
    3
    """
    if size() == 1:
        return compute()
    from accelerate.utils import broadcast_object_list

    answer: list = [None, None]
    if first():
        try:
            answer[0] = compute()
        except BilanError as error:
            answer[1] = error
    broadcast_object_list(answer)
    if answer[1] is not None:
        raise answer[1]
    return answer[0]


def any_of(flag: bool) -> bool:
    """Whether the flag is up in at least one process."""
    if size() == 1:
        return flag
    import torch
    import torch.distributed

    device = "cuda" if torch.cuda.is_available() else "cpu"
    raised = torch.tensor(int(flag), device=device)
    torch.distributed.all_reduce(raised, op=torch.distributed.ReduceOp.MAX)
    return bool(raised)


def share(batch: int) -> int:
    """The part of a batch that falls to each process; BilanError where it does not divide.

    >>> share(8)
    8
    """
    if batch % size():
        raise BilanError(f"a batch of {batch} windows does not divide among {size()} processes",
                         where="--batch-size", mend=f"choose a multiple of {size()}")
    return batch // size()
