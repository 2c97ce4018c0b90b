"""A model that is read without torch: an ONNX network of one table, token → random scores of its tags."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from bilan.models.checkpoint import Cutting, save_cutting, stamp

from .. import tiny

TAGS = ("O", "B-LOC", "I-LOC", "B-KILLED", "I-KILLED")


def small(folder: Path) -> Path:
    """The checkpoint in `folder`, made if absent, with its digests."""
    table = np.random.default_rng(1).normal(size=(tiny.tokenizer().get_vocab_size(), len(TAGS))).astype(np.float32)
    kind = onnx.TensorProto
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Gather", ["table", "input_ids"], ["logits"])], "g",
        [onnx.helper.make_tensor_value_info("input_ids", kind.INT64, ["rows", "length"])],
        [onnx.helper.make_tensor_value_info("logits", kind.FLOAT, ["rows", "length", len(TAGS)])],
        [onnx.numpy_helper.from_array(table, "table")])
    made = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8)
    folder.mkdir(exist_ok=True)
    (folder / "model.onnx").write_bytes(made.SerializeToString())
    (folder / "config.json").write_text(json.dumps({"id2label": dict(enumerate(TAGS)), "pad_token_id": 1}))
    tiny.tokenizer().save(str(folder / "tokenizer.json"))
    save_cutting(folder, Cutting(32, 8), tiny.tokenizer())
    stamp(folder)
    return folder
