"""`bilan-train export RUN --onnx [--int8]`: a folder that stands alone, read without torch and transformers.

| file | what |
|---|---|
| `model.onnx` or `model-int8.onnx` | the network (`bilan.train.graph`) |
| `tokenizer.json`, `config.json` | as in the run |
| `bilan.json` | how texts are cut, temperature, golden sentence |
| `export.json` | what was measured on dev against PyTorch |
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..data.dataset import description, is_dataset, load_part
from ..data.document import Document, Span
from ..data.errors import BilanError
from ..data.files import parse_json, read_text, replaced
from ..models.checkpoint import stamp
from ..models.network import Predict, load_torch
from ..models.onnx import EIGHT_BITS, FULL, load_onnx
from ..models.reader import Reader, load
from .graph import INSTALL, exported, laid_out, quantised
from .score import strict_f1

if TYPE_CHECKING:
    from onnx import ModelProto

COPIED = ("tokenizer.json", "config.json", "bilan.json")
ALLOWED_LOSS = 0.005  # of dev F1, by 8 bits
ALLOWED_DIFFERENCE = 1e-2  # of a logit, in 32 bits: float sums in another order stay far below
PACKAGES = ("torch", "transformers", "onnx", "onnxruntime", "tokenizers")


class Answer(NamedTuple):
    """What a network makes of dev: spans, logits of each window, CPU seconds of the network alone."""

    spans: list[tuple[Span, ...]]
    logits: list[np.ndarray]
    seconds: float


def export(run: str | Path, output: str | Path | None = None, *, int8: bool = False, data: str | Path | None = None,
           loss: float = ALLOWED_LOSS) -> dict[str, Any]:
    """Export a run to ONNX and verify it on dev; what `export.json` says, with `refused` where 8 bits were.

    The folder is `output`, RUN/onnx by default, and appears when it is whole. With `int8` the 8-bit model is
    kept unless it loses more than `loss` of dev F1; then the 32-bit one is. `data` is the dataset with
    dev, by default the one that the run was trained on. Raises BilanError for what is no finished run,
    and when the ONNX model does not compute what PyTorch does.
    """
    folder = Path(run)
    missing = [name for name in COPIED if not (folder / name).is_file()]
    if missing:
        raise BilanError(f"not a finished run (no {', '.join(missing)})", where=folder, mend="train it to the end")
    dataset = dataset_of(folder, data)
    dev = list(load_part(dataset, "dev"))
    config = parse_json(read_text(folder / "config.json"), where=folder / "config.json")
    with replaced(Path(output) if output else folder / "onnx") as temporary:
        temporary.mkdir()
        graph = laid_out(_exported(folder), heads=config.get("num_attention_heads") or 0)
        entry = compare(folder, graph, temporary, dev, int8=int8, loss=loss)
        entry |= {"dataset": description(dataset)["fingerprint"], "documents": len(dev),
                  "versions": {package: version(package) for package in PACKAGES}}
        for name in COPIED:
            shutil.copyfile(folder / name, temporary / name)
        stamp(temporary)
        (temporary / "export.json").write_text(json.dumps(entry, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        load(temporary)
    return entry


def dataset_of(folder: Path, data: str | Path | None) -> Path:
    """The dataset folder with dev: `data`, one in the run folder, or what the run names."""
    file = folder / "run.json"
    named = parse_json(read_text(file), where=file).get("settings", {}).get("data") if file.is_file() else None
    found = next((Path(path) for path in (data, folder / "dataset", named) if path and is_dataset(path)), None)
    if found is None:
        raise BilanError("no dataset with the dev side to measure on", where=data or named or folder,
                         mend="name it: --data")
    return found


def _exported(folder: Path) -> ModelProto:
    try:
        return exported(folder)
    except ImportError as error:
        raise BilanError(f"exporting needs {error.name}", mend=INSTALL) from error


def compare(folder: Path, graph: ModelProto, output: Path, dev: Sequence[Document], *, int8: bool,
            loss: float) -> dict[str, Any]:
    """Write the model that is to be kept, and say how it and PyTorch do on dev."""
    reader = replace(load(folder, device="cpu", precision="bf16"), workers=1)
    plain = answer(reader, load_torch(folder, device="cpu", precision="fp32", threads=1), dev)
    full = answer(reader, load_onnx(_written(graph, output / FULL)), dev)
    entry = {"model": FULL, "pytorch": figures(plain, plain, dev),
             "onnx": figures(full, plain, dev) | {"bytes": (output / FULL).stat().st_size}}
    if entry["onnx"]["max_difference"] > ALLOWED_DIFFERENCE:
        raise BilanError(f"the ONNX model differs from PyTorch by up to {entry['onnx']['max_difference']:.2g} a logit",
                         where=folder, mend="another release of torch or onnxscript may export it rightly")
    if not int8:
        return entry
    small = answer(reader, load_onnx(_written(quantised(graph), output / EIGHT_BITS)), dev)
    entry["int8"] = figures(small, plain, dev) | {"bytes": (output / EIGHT_BITS).stat().st_size}
    lost = entry["pytorch"]["f1"] - entry["int8"]["f1"]
    if lost > loss:
        (output / EIGHT_BITS).unlink()
        return entry | {"refused": f"8 bits lose {100 * lost:.2f} points of dev F1, more than {100 * loss:g}"}
    (output / FULL).unlink()
    return entry | {"model": EIGHT_BITS}


def _written(graph: ModelProto, file: Path) -> Path:
    file.write_bytes(graph.SerializeToString())
    return file


def answer(reader: Reader, predict: Predict, dev: Sequence[Document]) -> Answer:
    """What a network makes of dev, read a window at a time on one core."""
    logits: list[np.ndarray] = []
    seconds = 0.0

    def watched(ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        nonlocal seconds
        started = time.thread_time()
        logits.append(predict(ids, mask))
        seconds += time.thread_time() - started
        return logits[-1]

    blind = [document.replace(spans=()) for document in dev]
    spans = [document.spans for document in replace(reader, predict=watched).read_many(blind)]
    return Answer(spans, logits, seconds)


def figures(found: Answer, plain: Answer, dev: Sequence[Document]) -> dict[str, Any]:
    """Dev F1, agreement with PyTorch in logits and spans, tokens a second of the network on one core."""
    same = sum(len({s.key for s in ours} & {s.key for s in theirs})
               for ours, theirs in zip(found.spans, plain.spans, strict=True))
    tokens = sum(part.shape[0] * part.shape[1] for part in found.logits)
    return {"f1": strict_f1(dev, found.spans), "spans": sum(map(len, found.spans)), "spans_as_pytorch": same,
            "max_difference": float(max(np.abs(ours - theirs).max()
                                        for ours, theirs in zip(found.logits, plain.logits, strict=True))),
            "tokens_per_second": round(tokens / found.seconds)}


def told(entry: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """The rows of a table: network, F1, spans as in PyTorch, largest difference of a logit, tokens a second, MB."""
    return [(name, f"{100 * part['f1']:.2f}", f"{part['spans_as_pytorch']}/{entry['pytorch']['spans']}",
             f"{part['max_difference']:.2g}", f"{part['tokens_per_second']:,}".replace(",", " "),
             f"{part['bytes'] / 1e6:.0f}" if "bytes" in part else "")
            for name in ("pytorch", "onnx", "int8") if (part := entry.get(name))]
