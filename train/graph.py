"""A token-classification network as an ONNX graph: exported, laid out for CPUs, in 8 bits.

The graph has one input, `input_ids` (batch, length), whose rows have the same length, and no mask: a reader
that pads nothing needs none, and attention without a mask is faster. In 8 bits the weights have a scale a
column and the activations a scale a token, computed as the text is read (ZeroQuant, Yao et al. 2022,
https://arxiv.org/abs/2206.01861): what a token gets does not depend on what is read beside it. With one
scale a tensor, as onnxruntime's own quantisation has it, it does, and the few large activations of the
feed-forward layers cost most of the precision.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..data.errors import BilanError

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto

OPSET = 23  # the first one with Attention
CONTRIB = "com.microsoft"  # onnxruntime's own operators: docs/ContribOperators.md of its repository
WORDS = 1024  # tables with fewer rows are left in 32 bits
TINY = 1e-9  # added to scales: a token of zeros is no division by zero
INSTALL = "pip install 'bilan[onnx]'"


def exported(folder: Path) -> ModelProto:
    """The network of a run folder as torch's dynamo exporter gives it, batch and length free."""
    import torch
    from transformers.utils import logging

    logging.disable_progress_bar()
    model = _network(folder).eval()

    class Logits(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any) -> Any:
            return self.model(input_ids=input_ids).logits

    like = torch.arange(64).reshape(2, 32) + 5
    free: Any = {"input_ids": {0: "batch", 1: "length"}}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of torch about its own exporter
            program: Any = torch.onnx.export(Logits().eval(), (like % model.config.vocab_size,), dynamo=True,
                                             opset_version=OPSET, input_names=["input_ids"], verbose=False,
                                             output_names=["logits"], dynamic_shapes=free)
    except ImportError as error:
        raise BilanError(f"exporting needs {error.name or 'onnxscript'}", mend=INSTALL) from error
    return program.model_proto


def _network(folder: Path) -> Any:
    import torch
    from transformers import AutoModelForTokenClassification

    given: dict[str, Any] = {"dtype": torch.float32, "use_safetensors": True, "local_files_only": True}
    try:
        return AutoModelForTokenClassification.from_pretrained(folder, attn_implementation="sdpa", **given)
    except (ValueError, ImportError):  # a model without it (DeBERTa)
        return AutoModelForTokenClassification.from_pretrained(folder, **given)


def laid_out(model: ModelProto, *, heads: int) -> ModelProto:
    """The same graph with attention on whole rows and layer norms in pieces that onnxruntime computes fast."""
    return _pruned(_norms(_attention(_copy(model), heads)))


def quantised(model: ModelProto) -> ModelProto:
    """The graph with 8-bit matrix products and 8-bit word embeddings."""
    return _pruned(_products(_tables(_copy(model))))


def _copy(model: ModelProto) -> ModelProto:
    from onnx import ModelProto

    made = ModelProto()
    made.CopyFrom(model)
    return made


def _attention(model: ModelProto, heads: int) -> ModelProto:
    """Attention on (batch, length, hidden): without the transpositions to heads and back."""
    from onnx import helper

    makers = {name: node for node in model.graph.node for name in node.output}
    users: dict[str, list[NodeProto]] = {}
    for node in model.graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    known = _constants(model)
    for node in model.graph.node:
        if node.op_type != "Attention" or not all(_hides_nothing(makers, known, name) for name in node.input[3:]):
            continue
        given = [_before(makers, name, ("Transpose", "Reshape")) for name in node.input[:3]]
        last = _after(users, node.output[0], ("Transpose", "Reshape"))
        if last is None or None in given:
            continue
        del node.input[:]
        node.input.extend(map(str, given))
        node.attribute.extend(helper.make_attribute(name, heads) for name in ("q_num_heads", "kv_num_heads"))
        node.output[0], last.output[0] = last.output[0], last.output[0] + "_unused"
    return model


def _hides_nothing(makers: Mapping[str, NodeProto], known: Mapping[str, np.ndarray], name: str) -> bool:
    """Whether a mask is true everywhere: places, which count from 0, compared with 0."""
    compared = makers.get(_before(makers, name, ("Expand",)) or "")
    if compared is None or compared.op_type != "GreaterOrEqual":
        return not name
    bound = known.get(compared.input[1])
    counted = makers.get(_before(makers, compared.input[0], ("Unsqueeze", "Unsqueeze")) or "")
    return bound is not None and bool((bound <= 0).all()) and counted is not None and counted.op_type == "Range"


def _before(makers: Mapping[str, NodeProto], name: str, kinds: Iterable[str]) -> str | None:
    for kind in kinds:
        node = makers.get(name)
        if node is None or node.op_type != kind:
            return None
        name = node.input[0]
    return name


def _after(users: Mapping[str, list[NodeProto]], name: str, kinds: Iterable[str]) -> NodeProto | None:
    node = None
    for kind in kinds:
        found = users.get(name, [])
        if len(found) != 1 or found[0].op_type != kind:
            return None
        node, name = found[0], found[0].output[0]
    return node


def _norms(model: ModelProto) -> ModelProto:
    """Layer norms as means, differences and products: onnxruntime's own operator adds one number at a time."""
    from onnx import helper

    graph, known = model.graph, _constants(model)
    axis = _constant(model, "norm_axis", np.array([-1]))

    def pieces(node: NodeProto) -> list[NodeProto] | None:
        gain = known.get(node.input[1])
        if node.op_type != "LayerNormalization" or gain is None or gain.ndim != 1:
            return None
        epsilon = next((item.f for item in node.attribute if item.name == "epsilon"), 1e-5)
        small, stem = _constant(model, f"norm_{epsilon}", np.float32(epsilon)), node.output[0]
        made = [("ReduceMean", [node.input[0], axis], "mean"), ("Sub", [node.input[0], f"{stem}_mean"], "centred"),
                ("Mul", [f"{stem}_centred"] * 2, "square"), ("ReduceMean", [f"{stem}_square", axis], "variance"),
                ("Add", [f"{stem}_variance", small], "safe"), ("Sqrt", [f"{stem}_safe"], "deviation"),
                ("Div", [f"{stem}_centred", f"{stem}_deviation"], "unit"),
                ("Mul", [f"{stem}_unit", node.input[1]], "scaled")]
        nodes = [helper.make_node(kind, inputs, [f"{stem}_{end}"]) for kind, inputs, end in made]
        bias = list(node.input[2:3])
        nodes += [helper.make_node("Add" if bias else "Identity", [f"{stem}_scaled", *bias], [stem])]
        return nodes

    return _replaced(model, pieces) if graph.node else model


def _products(model: ModelProto) -> ModelProto:
    """Matrix products with constant weights in 8 bits, a scale a token and a scale a column."""
    from onnx import helper

    known, done = _constants(model), set()
    one, middle = _constant(model, "one", np.float32(1)), _constant(model, "middle", np.uint8(128))

    def pieces(node: NodeProto) -> list[NodeProto] | None:
        weights = known.get(node.input[1]) if node.op_type == "MatMul" else None
        if weights is None or weights.ndim != 2 or node.output[0] == "logits" or min(weights.shape) < 16:
            return None
        given, name, stem = *node.input, node.output[0]
        nodes = [] if given in done else _rounded(model, given)
        done.add(given)
        values, scales = _eight_bits(weights, axis=0)
        _constant(model, f"{name}_int8", values)
        _constant(model, f"{name}_scale", scales)
        inputs = [f"{given}_int8", f"{name}_int8", one, f"{name}_scale", middle]
        return [*nodes, helper.make_node("MatMulIntegerToFloat", inputs, [f"{stem}_product"], domain=CONTRIB),
                helper.make_node("Mul", [f"{stem}_product", f"{given}_scale"], [stem])]

    made = _replaced(model, pieces)
    made.opset_import.append(helper.make_opsetid(CONTRIB, 1))
    return made


def _rounded(model: ModelProto, name: str) -> list[NodeProto]:
    """The nodes that round `name` to 8 bits: `name_int8`, 128 standing for 0, and `name_scale`, a token each."""
    from onnx import helper

    axis, step = _constant(model, "token_axis", np.array([-1])), _constant(model, "step", np.float32(1 / 127))
    tiny = _constant(model, "tiny", np.float32(TINY))
    made = [("Abs", [name], "size"), ("ReduceMax", [f"{name}_size", axis], "largest"),
            ("Mul", [f"{name}_largest", step], "steps"), ("Add", [f"{name}_steps", tiny], "scale"),
            ("Div", [name, f"{name}_scale"], "ratio"), ("QuantizeLinear", [f"{name}_ratio", "one", "middle"], "int8")]
    return [helper.make_node(kind, inputs, [f"{name}_{end}"]) for kind, inputs, end in made]


def _tables(model: ModelProto) -> ModelProto:
    """Large tables of embeddings in 8 bits, a scale a row."""
    from onnx import TensorProto, helper

    known = _constants(model)

    def pieces(node: NodeProto) -> list[NodeProto] | None:
        table = known.get(node.input[0]) if node.op_type == "Gather" else None
        if table is None or table.ndim != 2 or len(table) < WORDS or table.dtype != np.float32:
            return None
        (name, rows), stem = node.input, node.output[0]
        values, scales = _eight_bits(table, axis=1)
        _constant(model, f"{name}_int8", values)
        _constant(model, f"{name}_scale", scales[:, None])
        return [helper.make_node("Gather", [f"{name}_int8", rows], [f"{stem}_int8"]),
                helper.make_node("Gather", [f"{name}_scale", rows], [f"{stem}_scale"]),
                helper.make_node("Cast", [f"{stem}_int8"], [f"{stem}_whole"], to=TensorProto.FLOAT),
                helper.make_node("Mul", [f"{stem}_whole", f"{stem}_scale"], [stem])]

    return _replaced(model, pieces)


def _eight_bits(values: np.ndarray, *, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Values rounded to −127…127 and their scales, those along `axis` sharing one."""
    scales = np.maximum(np.abs(values).max(axis=axis, keepdims=True) / 127, TINY).astype(np.float32)
    return np.rint(values / scales).astype(np.int8), scales.squeeze(axis)


def _constants(model: ModelProto) -> dict[str, np.ndarray]:
    from onnx import numpy_helper

    return {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}


def _constant(model: ModelProto, name: str, value: Any) -> str:
    """The name of a constant of the graph, added unless it is there."""
    from onnx import numpy_helper

    if all(tensor.name != name for tensor in model.graph.initializer):
        model.graph.initializer.append(numpy_helper.from_array(np.asarray(value), name))
    return name


def _replaced(model: ModelProto, pieces: Callable[[NodeProto], list[NodeProto] | None]) -> ModelProto:
    nodes: list[NodeProto] = []
    for node in model.graph.node:
        made = pieces(node) if len(node.input) > 1 else None
        nodes += [node] if made is None else made
    kept = [_node(node) for node in nodes]
    del model.graph.node[:]
    model.graph.node.extend(kept)
    return model


def _node(node: NodeProto) -> NodeProto:
    from onnx import NodeProto

    made = NodeProto()
    made.CopyFrom(node)
    return made


def _pruned(model: ModelProto) -> ModelProto:
    """Without nodes, constants and notes that nothing uses; nodes in an order that can be computed."""
    graph = model.graph
    makers = {name: node for node in graph.node for name in node.output}
    order: list[NodeProto] = []
    seen: set[int] = set()
    stack: list[tuple[NodeProto, bool]] = [(makers[output.name], False) for output in graph.output]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(_node(node))
        elif id(node) not in seen:
            seen.add(id(node))
            stack += [(node, True), *((makers[name], False) for name in node.input if name in makers)]
    used = {name for node in order for name in node.input}
    tensors = [tensor for tensor in graph.initializer if tensor.name in used]
    del graph.node[:], graph.initializer[:], graph.value_info[:]
    graph.node.extend(order)
    graph.initializer.extend(tensors)
    for part in (*graph.node, *graph.input, *graph.output):
        del part.metadata_props[:]
        part.doc_string = ""
    del model.metadata_props[:]
    return model
