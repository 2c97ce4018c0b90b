"""Reading with ONNX: without torch, the same to the bit whatever stands beside a text."""

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from bilan.data import BilanError
from bilan.models import load
from bilan.models.onnx import find as sought
from bilan.models.onnx import load_onnx
from hypothesis import given, settings
from hypothesis import strategies as st

from ..shared import ROOT

onnx = pytest.importorskip("onnx", reason="without the extra onnx")
pytest.importorskip("onnxruntime", reason="without the extra onnx")
pytest.importorskip("onnxscript", reason="without the extra onnx")

TEXTS = ["À Goma, 12 civils ont été tués. " * 30, "Goma", "", "Kiev affirme avoir capturé 3 000 combattants. " * 3, "12 morts"]


@pytest.fixture(scope="module")
def folders(tiny_model, tmp_path_factory):
    """The exports of a run: `fp32` and `int8`."""
    from bilan.train.graph import exported, laid_out, quantised

    made = tmp_path_factory.mktemp("onnx")
    graph = laid_out(exported(tiny_model), heads=2)
    for name, file, model in (("fp32", "model.onnx", graph), ("int8", "model-int8.onnx", quantised(graph))):
        (made / name).mkdir()
        (made / name / file).write_bytes(model.SerializeToString())
        for other in ("tokenizer.json", "config.json", "bilan.json"):
            shutil.copyfile(tiny_model / other, made / name / other)
    return made


def find(folder, **options):
    file = sought(folder, **options)
    assert file is not None
    return file


def keys(documents):
    return [[span.key for span in document.spans] for document in documents]


def scores(documents):
    return [span.score or 0.0 for document in documents for span in document.spans]


def test_a_folder_with_onnx_is_read_without_torch_and_transformers(folders):
    script = ("import sys; from bilan.models import load; "
              f"print(len(load({str(folders / 'int8')!r}).read('À Goma, 12 civils ont été tués.').claims)); "
              "print([name for name in ('torch', 'transformers', 'onnx') if name in sys.modules])")
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.splitlines()[1] == "[]"


def test_in_32_bits_spans_are_those_of_pytorch(folders, tiny_reader):
    plain, made = (list(reader.read_many(TEXTS)) for reader in (tiny_reader, load(folders / "fp32")))
    assert keys(plain) == keys(made)
    assert np.allclose(scores(plain), scores(made), atol=2e-4)


def test_in_8_bits_logits_are_near_those_in_32(folders):
    ids = np.arange(5, 25)[None]
    full, small = (load_onnx(find(folders / name))(ids, np.ones_like(ids)) for name in ("fp32", "int8"))
    assert 0 < np.abs(full - small).max() < 0.1


@pytest.fixture(scope="module", params=["fp32", "int8"])
def readers(request, folders):
    """A reader on one thread, one on three, and what the first finds in each text by itself."""
    one, three = (load(folders / request.param, threads=threads) for threads in (1, 3))
    return {1: one, 3: three}, [one.read(text).document.spans for text in TEXTS]


@settings(max_examples=30)
@given(order=st.permutations(range(5)), budget=st.sampled_from([1, 64, 4096]), threads=st.sampled_from([1, 3]))
def test_batch_size_order_and_threads_change_nothing(readers, order, budget, threads):
    by_threads, alone = readers
    together = by_threads[threads].read_many([TEXTS[number] for number in order], tokens_per_batch=budget)
    assert [document.spans for document in together] == [alone[number] for number in order]


@pytest.mark.parametrize("threads", [1, 3])
def test_sixteen_threads_with_one_reader_find_what_one_thread_finds(readers, threads):
    by_threads, alone = readers
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda text: by_threads[threads].read(text).document.spans, TEXTS * 8))
    assert found == alone * 8


def test_masked_places_get_zeros(folders):
    ids = np.arange(5, 25).reshape(2, 10)
    mask = np.ones_like(ids)
    mask[1, 4:] = 0
    predict = load_onnx(find(folders / "fp32"))
    assert (predict(ids, mask)[1, 4:] == 0).all()
    assert np.array_equal(predict(ids, mask)[1, :4], predict(ids[1:, :4], mask[1:, :4])[0])


def test_8_bits_are_taken_before_32(folders, tmp_path):
    both = shutil.copytree(folders / "fp32", tmp_path / "both")
    shutil.copyfile(folders / "int8/model-int8.onnx", both / "model-int8.onnx")
    assert [find(both, precision=p).name for p in ("auto", "int8", "fp32")] == [
        "model-int8.onnx", "model-int8.onnx", "model.onnx"]
    assert load(both).fingerprint != load(both, precision="fp32").fingerprint


def test_8_bits_that_are_not_there_are_refused(tiny_model):
    with pytest.raises(BilanError, match="no 8-bit model here; bilan-train export RUN --onnx --int8"):
        load(tiny_model, precision="int8")


def test_weights_outside_the_file_are_refused(folders, tmp_path):
    from onnx.external_data_helper import convert_model_to_external_data

    other = shutil.copytree(folders / "fp32", tmp_path / "other")
    model = onnx.load(other / "model.onnx")
    convert_model_to_external_data(model, location="weights.bin", size_threshold=0)
    onnx.save(model, other / "model.onnx")
    with pytest.raises(BilanError, match="keeps weights in other files"):
        load(other)


@pytest.mark.parametrize("content", [b"", b"no model", b"\x08\x0a" * 9])
def test_a_damaged_model_is_one_clear_error(folders, tmp_path, content):
    other = shutil.copytree(folders / "int8", tmp_path / "other")
    (other / "model-int8.onnx").write_bytes(content)
    with pytest.raises(BilanError, match="model-int8.onnx: "):
        load(other)


def test_the_golden_sentence_is_checked(folders, tmp_path):
    other = shutil.copytree(folders / "int8", tmp_path / "other")
    content = json.loads((other / "bilan.json").read_text(encoding="utf-8"))
    content["golden"]["ids"][0] += 1
    (other / "bilan.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(BilanError, match="golden sentence otherwise"):
        load(other)


def test_a_text_may_hold_the_names_of_special_tokens(folders):
    text = "<pad> Goma <s> 12 <mask> morts </s>"
    assert load(folders / "int8").read(text).document.text == text


def test_attention_has_no_mask_and_no_transposition_in_the_graph(folders):
    kinds = [node.op_type for node in onnx.load(folders / "fp32/model.onnx").graph.node]
    assert "Attention" in kinds and "Transpose" not in kinds and "LayerNormalization" not in kinds


def test_all_large_weights_are_in_8_bits(folders):
    whole = [tensor for tensor in onnx.load(folders / "int8/model-int8.onnx").graph.initializer
             if tensor.data_type == onnx.TensorProto.FLOAT and len(tensor.dims) == 2 and min(tensor.dims) > 16]
    assert {tensor.name for tensor in whole} <= {  # the tiny model's tables are below the least size
        "model.roberta.embeddings.word_embeddings.weight", "model.roberta.embeddings.position_embeddings.weight"}
