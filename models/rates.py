"""How fast a network multiplies matrices, and how fast this machine can."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from ..data.files import parse_json, read_text
from .onnx import EIGHT_BITS
from .reader import Reader

SQUARE = 1024  # rows of the matrices whose product is the peak
PRODUCTS = ("aten::mm", "aten::addmm", "mkldnn::_linear_pointwise", "aten::mkldnn_linear")


def matrix(reader: Reader, folder: Path, texts: Sequence[str], *, kind: str) -> dict[str, float]:
    """How fast the network is on one core, and its products with weights alone, beside the peak (GOP/s).

    `network_gops` counts those products in the CPU time of the whole network, attention and all;
    `products_gops` in the time that the library's own profiler gives them, which another process on the same
    core makes longer. `share_of_peak` is that of the products.
    """
    file = folder / "config.json"
    config = parse_json(read_text(file), where=file)
    weights = config["num_hidden_layers"] * (4 * config["hidden_size"]**2
                                             + 2 * config["hidden_size"] * config["intermediate_size"])
    peak, profiled = {"int8": (_peak_int8, _products_int8), "bf16": (_peak_bf16, _products_bf16)}[kind]
    given: list[tuple[np.ndarray, np.ndarray]] = []
    spent = 0.0

    def watched(ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        nonlocal spent
        given.append((ids, mask))
        started = time.thread_time()
        result = reader.predict(ids, mask)
        spent += time.thread_time() - started
        return result

    best = peak()
    with _one_thread(kind):
        list(replace(reader, predict=watched, workers=min(reader.workers, 1)).read_many(texts[:20]))
        operations = 2 * weights * sum(ids.size for ids, _ in given) / 1e9
        products = operations / profiled(reader, folder, given)
    return {"network_gops": operations / spent, "products_gops": products, "peak_gops": best,
            "share_of_peak": products / best}


@contextmanager
def _one_thread(kind: str) -> Iterator[None]:
    if kind == "int8":  # as ours always are
        yield
        return
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _products_int8(reader: Reader, folder: Path, given: Sequence[tuple[np.ndarray, np.ndarray]]) -> float:
    """Seconds that onnxruntime spends in 8-bit products, by its profiler."""
    import onnxruntime

    with TemporaryDirectory() as place:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.enable_profiling = 1, True
        options.profile_file_prefix = str(Path(place) / "profile")
        session = onnxruntime.InferenceSession(str(folder / EIGHT_BITS), options, providers=["CPUExecutionProvider"])
        for ids, _ in given:
            session.run(None, {"input_ids": ids})
        events = json.loads(Path(session.end_profiling()).read_text(encoding="utf-8"))
    return sum(event["dur"] for event in events if event["name"].endswith("kernel_time")
               and event["args"]["op_name"] == "MatMulIntegerToFloat") / 1e6


def _products_bf16(reader: Reader, folder: Path, given: Sequence[tuple[np.ndarray, np.ndarray]]) -> float:
    """Seconds that torch spends in products of two matrices, by its profiler."""
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CPU]) as seen:
        for ids, mask in given:
            reader.predict(ids, mask)
    return sum(event.self_cpu_time_total for event in seen.key_averages() if event.key in PRODUCTS) / 1e6


def _rate(function: Callable[[], Any]) -> float:
    times = []
    for _ in range(40):
        started = time.thread_time()
        function()
        times.append(time.thread_time() - started)
    return 2 * SQUARE**3 / min(times[2:]) / 1e9


def _peak_bf16() -> float:
    import torch

    left, right = torch.randn(2, SQUARE, SQUARE).to(torch.bfloat16)
    with _one_thread("bf16"):
        return _rate(lambda: left @ right)


def _peak_int8() -> float:
    """The rate of onnxruntime's MatMulInteger, 8-bit activations by constant 8-bit weights."""
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    drawn = np.random.default_rng(1)
    constants = [numpy_helper.from_array(drawn.integers(-127, 127, (SQUARE, SQUARE)).astype(np.int8), "weights"),
                 numpy_helper.from_array(np.array(128, dtype=np.uint8), "middle")]
    sides = [helper.make_tensor_value_info(name, kind, [SQUARE, SQUARE])
             for name, kind in (("given", TensorProto.UINT8), ("product", TensorProto.INT32))]
    node = helper.make_node("MatMulInteger", ["given", "weights", "middle"], ["product"])
    model = helper.make_model(helper.make_graph([node], "peak", sides[:1], sides[1:], constants), ir_version=10,
                              opset_imports=[helper.make_opsetid("", 21)])
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    given = {"given": drawn.integers(0, 255, (SQUARE, SQUARE)).astype(np.uint8)}
    return _rate(lambda: session.run(None, given))
