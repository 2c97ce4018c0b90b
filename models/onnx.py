"""The ONNX network of a folder as a plain function: token ids → logits; without torch and transformers.

Each window is computed by itself, on one core, and windows side by side on several: so what a window gets
does not depend, to the bit, on batch and number of threads, no padding is computed, and what it needs stays
in the core's cache.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from ..data.errors import BilanError
from ..data.files import read_bytes

EIGHT_BITS, FULL = "model-int8.onnx", "model.onnx"
EXTERNAL = b"\x0a\x08location\x12"  # the entry of a TensorProto that names a file (onnx.proto, external_data)


def find(folder: Path, *, precision: str = "auto") -> Path | None:
    """The ONNX file of a folder for a precision, None where it has none."""
    wanted = {"auto": (EIGHT_BITS, FULL), "int8": (EIGHT_BITS,), "fp32": (FULL,)}.get(precision, ())
    return next((folder / name for name in wanted if (folder / name).is_file()), None)


def load_onnx(file: Path) -> Any:
    """A function from ids and mask, (rows, length) int64, to logits, (rows, length, tags) float32.

    Masked places get zeros. Weights outside the file are never opened. Raises BilanError for a damaged
    file, one that names others, and without onnxruntime.
    """
    session = _session(file)

    def predict(ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        rows = [session.run(["logits"], {"input_ids": row[None, :length]})[0][0]
                for row, length in zip(ids, mask.sum(axis=1).tolist(), strict=True)]
        result = np.zeros((*ids.shape, rows[0].shape[-1]), dtype=np.float32)
        for number, row in enumerate(rows):
            result[number, :len(row)] = row
        return result

    return predict


def _session(file: Path) -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise BilanError("reading an ONNX model needs onnxruntime", where=file,
                         mend="pip install onnxruntime") from error
    content = read_bytes(file)
    if EXTERNAL in content:
        raise BilanError("this model keeps weights in other files", where=file, mend="export it again with bilan-train")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors, which come as exceptions
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises classes of its own, without a common one
        reason = str(error).strip().split("\n")[0][:200]
        raise BilanError(f"this ONNX model cannot be loaded ({reason})", where=file, mend="export it again") from error
    names = [[item.name for item in part] for part in (session.get_inputs(), session.get_outputs())]
    if names != [["input_ids"], ["logits"]]:
        raise BilanError(f"an ONNX model from {names[0]} to {names[1]}", where=file,
                         mend="from input_ids to logits is expected: export it with bilan-train")
    return session


def cores(threads: int | None) -> int:
    """How many windows are computed side by side: `threads`, or the cores that this process may use."""
    if threads:
        return threads
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
