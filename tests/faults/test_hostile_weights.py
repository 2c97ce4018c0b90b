"""Weights of strangers: no pickle is ever loaded, and no number in a header is believed."""

import json
import os
import pickle
import shutil

import pytest
from bilan.data import BilanError, read
from bilan.data.report import Report
from bilan.models import load
from bilan.train import checkpoints
from bilan.train.finetune import finetune
from bilan.train.stopping import Interrupted

from ..train.material import prepared, settings
from ..train.test_resume import _stop_at


class Evil:
    """What, unpickled, makes a file."""

    def __init__(self, mark):
        self.mark = mark

    def __reduce__(self):
        return open, (str(self.mark), "w")


@pytest.fixture
def evil(tmp_path):
    """A pickle that would leave `tmp_path/mark`."""
    raw = pickle.dumps(Evil(tmp_path / "mark"), protocol=2)
    yield raw
    assert not (tmp_path / "mark").exists()
    pickle.loads(raw).close()
    assert (tmp_path / "mark").exists()  # it was a true one


@pytest.fixture
def model(tiny_model, tmp_path):
    return shutil.copytree(tiny_model, tmp_path / "model", ignore=shutil.ignore_patterns("base"))


@pytest.mark.parametrize("name", ["model.safetensors", "pytorch_model.bin", "model.pt", "model.pth", "tokenizer.json"])
def test_a_pickle_in_the_place_of_weights_is_refused(model, evil, name):
    (model / "model.safetensors").unlink()
    (model / name).write_bytes(evil)
    with pytest.raises(BilanError, match="cannot be loaded|unreadable tokenizer"):
        load(model)


@pytest.mark.parametrize("name", ["pytorch_model.bin", "training_args.bin", "optimizer.pt", "model.pkl"])
def test_a_pickle_beside_the_weights_is_not_touched(model, evil, name):
    (model / name).write_bytes(evil)
    assert load(model).labels == ("LOC", "KILLED")


@pytest.mark.parametrize(("name", "format"), [("a.spacy", "spacy"), ("a.jsonl", "jsonl"), ("a.parquet", "huggingface"),
                                              ("a.arrow", "huggingface"), ("a.json", "labelstudio")])
def test_a_pickle_in_the_place_of_annotations_is_refused(tmp_path, evil, name, format):
    if format == "spacy":
        pytest.importorskip("spacy", reason="the extra spacy is not installed")
    (tmp_path / name).write_bytes(evil)
    with pytest.raises(BilanError, match=name):
        list(read(tmp_path / name, format=format, report=Report()))


def header(content, length=None):
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return (len(raw) if length is None else length).to_bytes(8, "little") + raw


TERABYTES = {"a": {"dtype": "F32", "shape": [2**20, 2**20], "data_offsets": [0, 2**42]}}
HEADERS = {
    "no header": b"", "half a length": b"\x01\x00", "a header of a terabyte": header(b"{}", 2**40),
    "a header of 2 to the 64th": header(b"{}", 2**64 - 1), "no JSON": header(b"\xff\xfe{"), "a list": header([]),
    "a tensor of terabytes": header(TERABYTES), "offsets backwards": header({"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 0]}}),
    "an unknown type": header({"a": {"dtype": "X9", "shape": [1], "data_offsets": [0, 4]}}) + bytes(4),
    "a shape that overflows": header({"a": {"dtype": "F32", "shape": [2**62, 2**62], "data_offsets": [0, 4]}}) + bytes(4),
    "deep nesting": header(b"[" * 100_000),
}


@pytest.mark.parametrize("raw", HEADERS.values(), ids=HEADERS)
def test_a_safetensors_file_with_a_wrong_header_is_one_line(model, raw):
    (model / "model.safetensors").write_bytes(raw)
    with pytest.raises(BilanError, match="these weights cannot be loaded") as caught:
        load(model)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("raw", [HEADERS["a tensor of terabytes"], HEADERS["a header of a terabyte"]])
def test_a_base_with_a_wrong_header_is_one_line(tmp_path, raw):
    folder = prepared(tmp_path)
    (folder / "base/model.safetensors").write_bytes(raw)
    with pytest.raises(BilanError, match="this base cannot be loaded"):
        finetune(settings(folder), folder / "run")


def test_a_base_that_lacks_weights_is_refused_and_not_begun_with_random_ones(tmp_path):
    from safetensors.numpy import load_file, save_file

    folder = prepared(tmp_path)
    weights = load_file(folder / "base/model.safetensors")
    lost = next(name for name in weights if "layer.1" in name)
    weights.pop(lost)
    save_file(weights, folder / "base/model.safetensors", metadata={"format": "pt"})
    with pytest.raises(BilanError, match=rf"the weights of this base lack {lost} \(1 in all\); fetch the base again"):
        finetune(settings(folder), folder / "run")


def test_a_checkpoint_whose_state_is_a_pickle_is_not_resumed(tmp_path, evil, monkeypatch):
    folder = prepared(tmp_path)
    with monkeypatch.context() as patched, pytest.raises(Interrupted):
        _stop_at(2, patched)
        finetune(settings(folder), folder / "run")
    last = checkpoints.latest(folder / "run/checkpoints")
    assert last is not None
    for name in ("optimizer.pt", "scheduler.pt", "rng_state.pth"):
        os.replace(last / name, tmp_path / "kept")
        (last / name).write_bytes(evil)
        checkpoints.seal(last)
        with pytest.raises(BilanError, match="could not be written or read|holds more than numbers"):
            finetune(settings(folder), folder / "run", resume=True)
        os.replace(tmp_path / "kept", last / name)
