"""The folder of a run, as evaluation sees it: what it was trained on, and the scores that it keeps.

| file                   | left by                                 |
|------------------------|-----------------------------------------|
| `scores-GOLD.json`     | `bilan-eval RUN`                        |
| `robustness-GOLD.json` | `bilan-eval robustness RUN`             |
| `baselines-GOLD.json`  | `bilan-eval baselines RUN`              |

GOLD is the side of a dataset (`test`) or the name of a path (`real-dev`). Each file has `commit`, that of the
code that scored, and `fingerprint`, that of the dataset or of the gold documents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..data.commit import commit
from ..data.dataset import description, fingerprint, is_dataset
from ..data.document import Document
from ..data.errors import BilanError
from ..data.files import parse_json, read_text, write_json

DATASET, RUN = "dataset", "run.json"


def run_of(target: str | Path) -> dict[str, Any]:
    """What `run.json` of a run folder says; empty for anything else."""
    file = Path(target) / RUN
    return parse_json(read_text(file), where=file) if file.is_file() else {}


def data_of(targets: Sequence[str]) -> str:
    """The dataset of the first run among the targets; BilanError when none names one, or it is gone."""
    data = next(filter(None, (dataset_of(target, run_of(target)) for target in targets)), None)
    if data is None:
        raise BilanError(f"no gold to score against: {targets[0]} names no dataset", mend="name it with --gold")
    if not Path(data).exists():
        raise BilanError("the dataset that the run names is not there", where=data, mend="name another with --gold")
    return data


def dataset_of(target: str | Path, run: Mapping[str, Any]) -> str | None:
    """What a run was trained on: a folder `dataset` in or beside its own with the fingerprint that it recorded,
    wherever they moved together, else the path that it names; None for anything but a run.
    """
    trained = run.get("data", {}).get("fingerprint")
    near = (folder / DATASET for folder in (Path(target), Path(target).parent))
    found = next((str(path) for path in near if trained and is_dataset(path)
                  and description(path)["fingerprint"] == trained), None)
    return found or run.get("settings", {}).get("data")


def side_of(data: str, split: str) -> str:
    """What the scores on some data are called: the split of a dataset, else the name of the path."""
    return split if is_dataset(data) else Path(data).stem


def facts(run: Mapping[str, Any], data: str) -> dict[str, str]:
    """What the report says of model and data; it tells when the data changed since the training."""
    found = {"data": data} | {key: str(run[key]) for key in ("commit", "finished") if run.get(key)}
    trained = run.get("data", {}).get("fingerprint")
    if trained and is_dataset(data) and description(data)["fingerprint"] != trained:
        found["note"] = f"trained on data with the fingerprint {trained}, which is not that of {data}"
    return found


def origin(data: str, documents: Sequence[Document]) -> dict[str, str | None]:
    """Where a file of scores comes from: `commit` of the code, `fingerprint` of the gold."""
    gold = description(data)["fingerprint"] if is_dataset(data) else fingerprint({"": documents})
    return {"commit": commit(), "fingerprint": gold}


def keep(name: str, target: str, content: Any) -> Path | None:
    """Write a result into the folder of a run of ours; nothing for any other system."""
    return write_json(Path(target) / name, content) if (Path(target) / RUN).is_file() else None


def kept(folder: str | Path, name: str, *, made_by: str) -> dict[str, Any]:
    """A result that a run keeps; BilanError names the command that makes it."""
    file = Path(folder) / name
    if not file.is_file():
        raise BilanError(f"no {name}", where=folder, mend=f"make it: {made_by}")
    return parse_json(read_text(file), where=file)
