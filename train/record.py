"""What a run leaves behind for whoever wants to repeat it: `run.json`."""

from __future__ import annotations

import platform
import re
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ..data.report import Report
from . import ranks

PACKAGES = ("bilan", "torch", "transformers", "tokenizers", "datasets", "numpy")


def record(plan: Mapping[str, Any], described: Mapping[str, Any], report: Report,
           history: Sequence[Mapping[str, Any]], *, dataset: Path, seconds: float) -> dict[str, Any]:
    """Settings, data, versions, commit, time, and the dev F1 of each epoch with the best one.

    The setting `data` is the dataset folder that was read, where `bilan-eval` finds the test side;
    `data.source` is what was named.
    """
    epochs = [{"epoch": round(entry["epoch"], 2), "f1": entry["eval_f1"], "loss": entry["eval_loss"]}
              for entry in history if "eval_f1" in entry]
    best = max(epochs, key=lambda epoch: epoch["f1"], default=None)
    return {
        "settings": plan["settings"] | {"data": str(dataset)},
        "data": {key: described[key] for key in ("fingerprint", "guide", "labels")}
        | {key: {side: part[key] for side, part in described["splits"].items()} for key in ("documents", "spans")}
        | {"source": plan["settings"]["data"],
           "spans_by_label": {side: part["labels"] for side, part in described["splits"].items()}},
        "dev": {"best": best, "epochs": epochs},
        "train_loss": [entry["loss"] for entry in history if "loss" in entry],
        "report": report.as_dict(),
        "commit": commit(),
        "versions": {name: _version(name) for name in PACKAGES} | {"python": platform.python_version()},
        "machine": f"{platform.system()} {platform.machine()}",
        "license": licence(plan["settings"]["base"]),
        "processes": ranks.size(),
        "seconds": round(seconds),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def licence(base: str) -> str | None:
    """The licence that the README of a base in a folder states; None where it states none."""
    readme = Path(base) / "README.md"
    found = re.search(r"\A---\n(?:.*\n)*?license: *(\S+)", readme.read_text("utf-8")) if readme.is_file() else None
    return found[1] if found else None


def commit() -> str | None:
    """The commit of the working folder, with `+` when files differ from it; None outside git."""
    found = _git("rev-parse", "--short=12", "HEAD")
    return found + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "") if found else None


def _git(*arguments: str) -> str | None:
    try:
        return subprocess.run(["git", *arguments], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
