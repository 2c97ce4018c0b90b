"""The network of a checkpoint as a plain function: token ids → logits; ONNX where there is one, else PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..data.errors import BilanError
from ..data.extras import absent
from .onnx import cores, find, load_onnx

Predict = Callable[[np.ndarray, np.ndarray], np.ndarray]
PRECISIONS = ("auto", "fp32", "bf16", "int8")


class Network(NamedTuple):
    """A network, and how many windows it computes side by side, each alone; 0: in batches, one at a time."""

    predict: Predict
    workers: int = 0


def load_network(folder: Path, *, device: str = "auto", precision: str = "auto",
                 threads: int | None = None) -> Network:
    """The ONNX network of a folder, if it has one for this precision and device, else its safetensors.

    Raises BilanError for missing or damaged weights, and where int8 is asked of a folder without it.
    """
    file = find(folder, precision=precision) if device in ("auto", "cpu") else None
    if file is not None:
        return Network(load_onnx(file), cores(threads))
    if precision == "int8":
        raise BilanError("no 8-bit model here" if device in ("auto", "cpu") else f"no 8-bit model for {device}",
                         where=folder, mend="bilan-train export RUN --onnx --int8, read on a CPU")
    return Network(load_torch(folder, device=device, precision=precision, threads=threads))


def load_torch(folder: Path, *, device: str = "auto", precision: str = "auto", threads: int | None = None) -> Predict:
    """A function from ids and mask, (batch, length) int64, to logits, (batch, length, tags) float32.

    `device` is `auto`, `cpu`, `cuda`, `mps`…; `precision` is `fp32`, `bf16` or `auto` (bf16 on a GPU,
    fp32 on a CPU). Only safetensors are loaded, no pickle, no remote code. Raises BilanError for
    missing or damaged weights, and without the extra `train`.
    """
    try:
        import torch

        model = _weights(folder)
    except ImportError as error:
        raise absent(error, "reading weights that are no ONNX", where=folder) from error
    if threads:
        torch.set_num_threads(threads)
    place = _device(device)
    half = precision == "bf16" or (precision == "auto" and place == "cuda")
    model = model.to(place, torch.bfloat16 if half else torch.float32).eval()  # whole: autocast casts weights each time

    def predict(ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            logits = model(input_ids=torch.from_numpy(ids).to(place),
                           attention_mask=torch.from_numpy(mask).to(place)).logits
        return logits.float().cpu().numpy()

    return predict


def _device(device: str) -> str:
    import torch

    if device != "auto":
        return device
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _weights(folder: Path) -> Any:
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForTokenClassification
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        model, told = AutoModelForTokenClassification.from_pretrained(
            folder, dtype=torch.float32, use_safetensors=True, trust_remote_code=False, local_files_only=True,
            output_loading_info=True)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        reason = str(error).strip().split("\n")[0][:200]
        raise BilanError(f"these weights cannot be loaded ({reason})", where=folder,
                         mend="save or fetch the checkpoint again") from error
    lacking = sorted(map(str, [*told["missing_keys"], *told["mismatched_keys"]]))
    if lacking:  # transformers would draw them at random
        raise BilanError(f"these weights lack {', '.join(lacking[:3])} ({len(lacking)} in all)", where=folder,
                         mend="a checkpoint trained for token classification is expected")
    return model
