"""The checkpoints of a training that may be killed at any moment: which are whole, which is the last.

The Trainer writes the files of a checkpoint one after the other. A seal, `complete.json`, is written
when all are there, with the size and the BLAKE2b digest of each: what has no seal, or does not fit
it, was cut short and is never resumed from. Older checkpoints go only after a newer one is sealed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from ..data.files import written

SEAL, STATE = "complete.json", "trainer_state.json"


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


def seal(folder: Path) -> None:
    """Say that the checkpoint is whole."""
    files = {str(path.relative_to(folder)): _print(path) for path in sorted(folder.rglob("*")) if path.is_file()}
    with written(folder / SEAL) as stream:
        json.dump(files, stream, indent=1)


def whole(folder: Path) -> bool:
    """Whether every file of the checkpoint is as it was when it was sealed."""
    try:
        files = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        return all((folder / file).stat().st_size == size for file, (size, _) in files.items()) and all(
            _print(folder / file) == stamp for file, stamp in files.items())
    except (OSError, ValueError, TypeError, AttributeError):
        return False


def _print(path: Path) -> list[int | str]:
    with open(path, "rb") as stream:
        digest = hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16))
    return [path.stat().st_size, digest.hexdigest()]


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
