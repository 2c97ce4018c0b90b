"""What a run folder is for: `plan.json`, written first, and `run.json`, written last."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..data.errors import BilanError
from ..data.files import write_json as write
from .lock import LOCK
from .settings import Settings

CHECKPOINTS, DATASET, PLAN, RUN = "checkpoints", "dataset", "plan.json", "run.json"
# Settings that change nothing in what is learnt; of the data their fingerprint tells, wherever they moved.
NEUTRAL = ("report_to", "save_steps", "data", "dev", "test")


def prepare(folder: Path, plan: Mapping[str, Any], *, resume: bool, overwrite: bool,
            record: str = RUN) -> dict[str, Any] | None:
    """Make the run folder ready for this plan; the `record` of a finished run that `resume` may keep.

    Raises BilanError for a folder with another run or other files, unless `overwrite` empties it.
    """
    present = load(folder / PLAN)
    if present is not None and resume and _meant(present) == _meant(plan):
        return load(folder / record)
    if _names(folder) - ({PLAN, DATASET} if present is not None else set()):
        if not overwrite:
            raise BilanError(_difference(present, plan) if present else "folder is not empty and no run",
                             where=folder, mend="choose another --output, or --overwrite")
        _empty(folder)
    write(folder / PLAN, plan)
    return None


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {LOCK}


def _empty(folder: Path) -> None:
    for name in _names(folder):
        path = folder / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _meant(plan: Mapping[str, Any]) -> dict[str, Any]:
    """The plan without what does not change the result, and with the settings that are younger than it."""
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    settings = {key: value for key, value in (defaults | plan.get("settings", {})).items() if key not in NEUTRAL}
    return {**plan, "settings": settings}


def _difference(present: Mapping[str, Any], plan: Mapping[str, Any]) -> str:
    old, new = _meant(present), _meant(plan)
    before, after = old.pop("settings"), new.pop("settings")
    changed = [f"{key} {before.get(key)!r} → {after[key]!r}" for key in after if before.get(key) != after[key]]
    if old.get("fingerprint") != new["fingerprint"]:
        changed.append("the data changed")
    if old.get("seeds") != new.get("seeds"):
        changed.append(f"seeds {old.get('seeds') or 1} → {new.get('seeds') or 1}")
    return f"holds a run already ({', '.join(changed) or 'the same: --resume goes on with it'})"


def load(file: Path) -> dict[str, Any] | None:
    """What a file of a run folder says; None where it is absent or cut short."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
