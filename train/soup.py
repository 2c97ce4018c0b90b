"""`bilan-train average RUN RUN … --output RUN`: one model with the mean of the weights of several runs.

A « soup » (Wortsman et al. 2022, https://arxiv.org/abs/2203.05482): it helps where the runs began from the same
weights, head included (a run, and runs that went on from it with `--base RUN`), and is worthless otherwise. Labels,
tokenizer, cutting and transitions are those of the first run, the temperature is fitted on dev anew.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..data.commit import commit
from ..data.dataset import load_part
from ..data.errors import BilanError
from ..data.files import parse_json, read_bytes, read_text, replaced
from ..models.checkpoint import load_tokenizer, saved_f1, stamp
from .average import mean_weights
from .card import finished, write_card
from .export import dataset_of
from .finetune import calibrate
from .plan import RUN, write

WEIGHTS = "model.safetensors"
COPIED = ("config.json", "tokenizer.json", "tokenizer_config.json", "bilan.json")
OWN = {"_name_or_path", "transformers_version", "dtype"}  # of a configuration: what does not shape the network


def average(runs: Sequence[str | Path], output: str | Path, *, data: str | Path | None = None) -> dict[str, Any]:
    """Write the run whose weights are the mean of those of finished runs; what its `run.json` says.

    Its record is that of the first run, with `averaged`: the settings, dev F1 and seconds of each. `data` is the
    dataset with the dev side for the temperature, by default that of the first run. Raises BilanError for fewer than
    two runs, for unfinished or damaged ones, for runs of other labels, tokenizers, shapes or data, and for an output
    that exists.

    >>> average(["runs/one"], "runs/mean")
    Traceback (most recent call last):
    ...
    bilan.data.errors.BilanError: 1 run to average; name two or more
    """
    folders, target = [Path(run) for run in runs], Path(output)
    if len(folders) < 2:
        raise BilanError(f"{len(folders)} run to average", mend="name two or more")
    if target.exists():
        raise BilanError("this folder exists", where=target, mend="name a new one: --output")
    entries = [whole(folder) for folder in folders]
    for folder, entry in zip(folders[1:], entries[1:], strict=True):
        _refuse_other(folders[0], entries[0], folder, entry)
    dev = load_part(dataset_of(folders[0], data), "dev")
    with replaced(target) as temporary:
        temporary.mkdir()
        _write_mean(folders, temporary)
        fitted, saved = calibrate(temporary, dev, overlaps=entries[0]["settings"]["overlaps"])
        entry = joined(folders, entries, saved=saved) | {"temperature": fitted.as_dict()}
        write_card(entry, temporary, name=target.resolve().name)
        write(temporary / RUN, entry)
    return entry


def whole(folder: Path) -> dict[str, Any]:
    """The record of a finished run all of whose files are there and as they were saved; BilanError otherwise."""
    entry = finished(folder)
    missing = [name for name in (*COPIED, WEIGHTS) if not (folder / name).is_file()]
    if missing:
        raise BilanError(f"no weights to average here (no {', '.join(missing)})", where=folder,
                         mend="name run folders of bilan-train, not exports")
    load_tokenizer(folder)  # holds each file against its digest
    return entry


def joined(folders: Sequence[Path], entries: Sequence[Mapping[str, Any]], *, saved: float) -> dict[str, Any]:
    """The record of the mean: the first run's, with what each of them was and the seconds of all."""
    first = entries[0]
    each = [{"run": folder.name, "settings": entry["settings"], "f1": saved_f1(entry), "seconds": entry["seconds"]}
            for folder, entry in zip(folders, entries, strict=True)]
    return {**first, "averaged": each, "seconds": sum(one["seconds"] for one in each), "commit": commit(),
            "finished": max(entry["finished"] for entry in entries), "dev": {**first["dev"], "saved": {"f1": saved}}}


def _write_mean(folders: Sequence[Path], made: Path) -> None:
    from safetensors.torch import save_file

    for name in COPIED:
        shutil.copyfile(folders[0] / name, made / name)
    save_file(mean_weights(folders), made / WEIGHTS, metadata={"format": "pt"})
    stamp(made)


def _refuse_other(first: Path, entry: Mapping[str, Any], folder: Path, other: Mapping[str, Any]) -> None:
    """BilanError where the mean of two runs would mean nothing."""
    for what, name in (("labels", "labels"), ("fingerprint", "data")):
        if entry["data"][what] != other["data"][what]:
            raise BilanError(f"trained with other {name} than {first}", where=folder,
                             mend="average runs of one dataset")
    if read_bytes(first / "tokenizer.json") != read_bytes(folder / "tokenizer.json"):
        raise BilanError(f"another tokenizer than {first}", where=folder, mend="average runs of one base")
    if _shape(first) != _shape(folder):
        raise BilanError(f"another network than {first}", where=folder, mend="average runs of one base")


def _shape(folder: Path) -> dict[str, Any]:
    config = parse_json(read_text(folder / "config.json"), where=folder / "config.json")
    return {key: value for key, value in config.items() if key not in OWN}
