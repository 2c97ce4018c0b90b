"""Exporting a run: verified, whole or not at all, 8 bits only where they cost next to nothing."""

import json
import os
import shutil
import signal
import subprocess
import sys

import pytest
from bilan.data import BilanError, Document, write
from bilan.data.dataset import build
from bilan.data.formats.markup import parse
from bilan.data.labels import tags_of
from bilan.models import load
from bilan.models.checkpoint import Cutting
from typer.testing import CliRunner

from .. import tiny

pytest.importorskip("onnx", reason="without the extra onnx")
pytest.importorskip("onnxruntime", reason="without the extra onnx")
pytest.importorskip("onnxscript", reason="without the extra onnx")

from bilan.train import export as module
from bilan.train.__main__ import app
from bilan.train.export import export

TEXT = "À [Goma](LOC), [12](KILLED) civils ont été tués et 30 soldats blessés, selon l’armée."


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A run that predicts at random, its graph exported once, and a dataset."""
    folder = tmp_path_factory.mktemp("export")
    text, spans = parse(TEXT)
    documents = [Document(f"d{n}", text, tuple(spans), {"split": "dev" if n < 2 else "train"}) for n in range(4)]
    write(documents, folder / "all.jsonl", format="jsonl")
    build(folder / "all.jsonl", folder / "dataset")
    tiny.checkpoint(folder / "run", tags_of(["LOC", "KILLED"]), cutting=Cutting(window=32, overlap=8))
    return folder, module.exported(folder / "run")


@pytest.fixture
def folder(made, monkeypatch):
    monkeypatch.setattr(module, "exported", lambda run: made[1])
    return made[0]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_an_export_stands_alone(folder, tmp_path):
    entry = export(folder / "run", tmp_path / "out", data=folder / "dataset")
    assert names(tmp_path / "out") == ["bilan.json", "config.json", "export.json", "model.onnx", "tokenizer.json"]
    assert entry["onnx"]["spans_as_pytorch"] == entry["onnx"]["spans"] == entry["pytorch"]["spans"]
    assert entry["onnx"]["max_difference"] < 1e-4
    assert json.loads((tmp_path / "out/export.json").read_text(encoding="utf-8")) == entry


def test_8_bits_are_kept_alone_where_they_lose_nothing(folder, tmp_path):
    entry = export(folder / "run", tmp_path / "out", data=folder / "dataset", int8=True, loss=1)
    assert "model-int8.onnx" in names(tmp_path / "out") and "model.onnx" not in names(tmp_path / "out")
    assert entry["model"] == "model-int8.onnx" and load(tmp_path / "out").workers > 0


def test_8_bits_that_lose_too_much_are_refused_and_32_kept(folder, tmp_path, monkeypatch):
    scores = iter([0.9, 0.9, 0.894])  # PyTorch, 32 bits, 8 bits
    monkeypatch.setattr(module, "strict_f1", lambda gold, predicted: next(scores))
    result = CliRunner().invoke(app, ["export", str(folder / "run"), "--onnx", "--int8", "--output",
                                      str(tmp_path / "out"), "--data", str(folder / "dataset")])
    assert result.exit_code == 1 and "8 bits lose 0.60 points of dev F1, more than 0.5" in result.stderr and "the 32-bit model is kept" in result.stderr
    assert "model.onnx" in names(tmp_path / "out") and "model-int8.onnx" not in names(tmp_path / "out")


def test_a_graph_that_computes_otherwise_is_an_error_and_leaves_nothing(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "ALLOWED_DIFFERENCE", -1.0)
    with pytest.raises(BilanError, match="the ONNX model differs from PyTorch"):
        export(folder / "run", tmp_path / "out", data=folder / "dataset")
    assert names(tmp_path) == []


def test_a_folder_without_a_dataset_asks_for_one(folder, tmp_path):
    with pytest.raises(BilanError, match="no dataset with the dev side to measure on; name it: --data"):
        export(folder / "run", tmp_path / "out")


def test_what_is_no_run_is_refused(tmp_path):
    with pytest.raises(BilanError, match=r"not a finished run \(no tokenizer.json, config.json, bilan.json\)"):
        export(tmp_path, tmp_path / "out")


def test_the_format_must_be_named(folder):
    error = CliRunner().invoke(app, ["export", str(folder / "run")]).exception
    assert "no format is named; bilan-train export RUN --onnx" in str(error)


def test_an_export_replaces_an_older_one(folder, tmp_path):
    shutil.copytree(folder / "run", tmp_path / "out")
    export(folder / "run", tmp_path / "out", data=folder / "dataset")
    assert "model.safetensors" not in names(tmp_path / "out")


KILLED = """
import os, signal, sys
import onnx
from bilan.train import export as module
run, data, output, graph, event, name = sys.argv[1:]
module.exported = lambda folder: onnx.load(graph)

def killed(happened, arguments):
    if happened == event and any(str(argument).endswith(name) for argument in arguments[:2]):
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(killed)
module.export(run, output, data=data)
"""


@pytest.mark.parametrize(("event", "name"), [("open", "model.onnx"), ("open", "export.json"), ("os.rename", "out")])
def test_a_killed_export_leaves_nothing_under_its_name_and_the_next_one_is_whole(folder, made, tmp_path, event, name):
    (tmp_path / "graph.onnx").write_bytes(made[1].SerializeToString())
    arguments = [folder / "run", folder / "dataset", tmp_path / "out", tmp_path / "graph.onnx", event, name]
    killed = subprocess.run([sys.executable, "-c", KILLED, *map(str, arguments)], capture_output=True, check=False,
                            env={**os.environ, "OMP_NUM_THREADS": "1"})
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert not (tmp_path / "out").exists()
    export(folder / "run", tmp_path / "out", data=folder / "dataset")
    assert names(tmp_path) == ["graph.onnx", "out"] and load(tmp_path / "out").labels
