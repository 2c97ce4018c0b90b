"""The checkpoints of a training that may be killed at any moment: which are whole, which is the last.

The Trainer writes the files of a checkpoint one after the other. A seal (`bilan.data.seal`) is written
when all are there: what has no seal, or does not fit it, was cut short and is never resumed from. Older
checkpoints go only after a newer one is sealed.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from ..data.seal import seal, whole

STATE = "trainer_state.json"


def name(step: int) -> str:
    """The folder name of the checkpoint of a step.

    >>> name(12)
    'checkpoint-12'
    """
    return f"checkpoint-{step}"


def step(folder: Path) -> int:
    """The step of a checkpoint by its folder's name.

    >>> step(Path("checkpoints/checkpoint-12"))
    12
    """
    return int(folder.name.rpartition("-")[2])


def latest(folder: Path) -> Path | None:
    """The newest checkpoint that is whole and whose best epoch so far is whole too."""
    return next((path for path in _newest_first(folder) if whole(path) and _best_is_whole(path)), None)


def _newest_first(folder: Path) -> list[Path]:
    found = [path for path in folder.glob("checkpoint-*") if path.name.rpartition("-")[2].isdecimal()]
    return sorted(found, key=step, reverse=True)


def _best_is_whole(path: Path) -> bool:
    state = json.loads((path / STATE).read_text(encoding="utf-8"))
    best = state.get("best_global_step")
    return not best or name(best) == path.name or whole(path.with_name(name(best)))


def rotate(folder: Path, keep: set[str]) -> None:
    """Remove all checkpoints but those named."""
    for path in _newest_first(folder):
        if path.name not in keep:
            shutil.rmtree(path, ignore_errors=True)


__all__ = ["latest", "name", "rotate", "seal", "step", "whole"]
