"""What a run leaves behind for whoever wants to repeat it: `run.json`."""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from math import ceil
from pathlib import Path
from typing import Any

from ..data.commit import commit
from ..data.report import Report
from . import ranks

PACKAGES = ("bilan", "torch", "transformers", "tokenizers", "datasets", "numpy")


def record(plan: Mapping[str, Any], described: Mapping[str, Any], report: Report,
           history: Sequence[Mapping[str, Any]], *, dataset: Path, saved: float, seconds: float) -> dict[str, Any]:
    """Settings, data, versions, commit, time, the dev F1 of each epoch, of the best one and of the saved model.

    The setting `data` is the dataset folder that was read, where `bilan-eval` finds the test side;
    `data.source` is what was named. `dev.saved` is what a reader of the saved model gets, which mean weights
    or learnt transitions may have changed since the best epoch.
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
        "dev": {"best": best, "saved": {"f1": saved}, "epochs": epochs},
        "train_loss": losses(history),
        "report": report.as_dict(),
        "commit": commit(),
        "versions": versions(),
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


def losses(history: Sequence[Mapping[str, Any]]) -> list[float]:
    """The mean training loss of each epoch; where a checkpoint was saved on the way, of all its parts.

    >>> losses([{"step": 3, "epoch": 0.75, "loss": 2.0}, {"step": 4, "epoch": 1.0, "loss": 1.0}])
    [1.75]
    """
    spent: dict[int, list[tuple[int, float]]] = {}
    before = 0
    for entry in history:
        if "loss" in entry:
            spent.setdefault(ceil(entry["epoch"]), []).append((entry["step"] - before, entry["loss"]))
            before = entry["step"]
    return [sum(steps * loss for steps, loss in parts) / sum(steps for steps, _ in parts) for parts in spent.values()]


def versions() -> dict[str, str | None]:
    """The releases of Python and of the libraries that decide what is learnt."""
    return {name: _version(name) for name in PACKAGES} | {"python": platform.python_version()}


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
