"""Nothing leaves the machine: every look-up and connection is recorded and refused, and the work is done all the same.

What Python's own audit events show is seen, in any library; of a library that opens sockets without Python,
onnxruntime, the traces that its reports leave on the disk are looked for.
"""

import json
import os
import subprocess
import sys

import pytest
from bilan.data import telemetry
from bilan.data.labels import tags_of

WATCHED = """
import importlib, pkgutil, sys
log = open(sys.argv[1], "a")

def watch(event, arguments):
    outside = event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo") or (
        event in ("socket.connect", "socket.sendto", "socket.sendmsg") and isinstance(arguments[1], tuple))
    if outside:  # not the sockets of the file system, by which processes of one program talk
        log.write(f"{event} {arguments[-1]!r}\\n")
        log.flush()
        raise OSError("no network in this test")

sys.addaudithook(watch)

def command(room, *arguments):
    print("#", room, file=log, flush=True)
    sys.argv = [room, *arguments]
    try:
        importlib.import_module(f"bilan.{room}.__main__").main()
    except SystemExit as end:
        assert not end.code, (room, end.code)
"""
EVERYTHING = """
for room in ("data", "eval", "models", "train"):
    package = importlib.import_module("bilan." + room)
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(found.name)
"""


def watched(code, folder):
    """The lines that Python code leaves in the log, run with a home folder of its own and no variable of ours."""
    log, home = folder / "log", folder / "home"
    home.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "ORT_", "XDG_"))}
    ran = subprocess.run([sys.executable, "-c", WATCHED + code, log], capture_output=True, text=True, check=False, cwd=folder,
                         env=kept | {"HOME": str(home), "OMP_NUM_THREADS": "1"})
    assert ran.returncode == 0, ran.stderr
    return log.read_text(encoding="utf-8").splitlines()


def test_an_attempt_is_seen_even_where_its_error_is_swallowed(tmp_path):
    code = "import socket\ntry: socket.create_connection(('192.0.2.1', 9))\nexcept OSError: pass"
    assert watched(code, tmp_path) == ["socket.getaddrinfo 0"]


def test_no_module_asks_for_the_network_when_it_is_imported(tmp_path):
    pytest.importorskip("torch", reason="without the extra train")
    assert watched(EVERYTHING, tmp_path) == []


def test_building_training_scoring_and_reading_ask_for_no_network(tmp_path):
    pytest.importorskip("torch", reason="without the extra train")
    from .train.material import prepared, settings

    prepared(tmp_path)
    chosen = settings(tmp_path, epochs=1).model_dump(exclude_defaults=True)
    options = [part for name, value in chosen.items() for part in ("--" + name.replace("_", "-"), str(value))]
    (tmp_path / "a.txt").write_text("À Goma, 12 civils ont été tués.", encoding="utf-8")
    commands = [["data", "build", "all.jsonl", "built"], ["train", *options, "--output", "run"],
                ["eval", "run", "--split", "test"], ["models", "read", "a.txt", "--model", "run", "--output", "read.jsonl"]]
    code = "".join(f"command(*{command!r})\n" for command in commands)
    assert watched(code, tmp_path) == ["# data", "# train", "# eval", "# models"]
    assert (tmp_path / "built/train.parquet").is_file() and (tmp_path / "run/scores-test.json").is_file()
    assert json.loads((tmp_path / "read.jsonl").read_text(encoding="utf-8"))["text"] == "À Goma, 12 civils ont été tués."


@pytest.fixture
def exported(tmp_path):
    """A folder with an ONNX network that gives each token id a row of a table."""
    onnx = pytest.importorskip("onnx", reason="without the extra onnx")
    import numpy as np
    from bilan.models.checkpoint import Cutting, save_cutting
    from onnx import helper, numpy_helper

    from . import tiny

    tags = tags_of(["LOC", "KILLED"])
    folder = tmp_path / "exported"
    folder.mkdir()
    table = np.random.default_rng(0).normal(size=(200, len(tags))).astype(np.float32)
    sides = [helper.make_tensor_value_info(name, kind, shape) for name, kind, shape in (
        ("input_ids", onnx.TensorProto.INT64, [1, "length"]), ("logits", onnx.TensorProto.FLOAT, [1, "length", len(tags)]))]
    graph = helper.make_graph([helper.make_node("Gather", ["table", "input_ids"], ["logits"])], "table", sides[:1], sides[1:],
                              [numpy_helper.from_array(table, "table")])
    onnx.save(helper.make_model(graph, ir_version=10, opset_imports=[helper.make_opsetid("", 21)]), folder / "model.onnx")
    tiny.tokenizer().save(str(folder / "tokenizer.json"))
    (folder / "config.json").write_text(json.dumps({"id2label": dict(enumerate(tags)), "pad_token_id": 1}))
    save_cutting(folder, Cutting(window=32, overlap=8), tiny.tokenizer())
    return folder


def test_reading_with_onnx_leaves_no_number_of_this_machine_and_no_report_in_the_home_folder(exported, tmp_path):
    code = f"from bilan.models import load\nprint(load({str(exported)!r}).read('À Goma, 12 civils ont été tués.').claims)"
    assert watched(code, tmp_path) == []
    assert list((tmp_path / "home").rglob("*")) == []


@pytest.mark.parametrize("name", telemetry.FORBIDDING)
def test_reports_are_forbidden_unless_the_user_says_otherwise(name, monkeypatch):
    monkeypatch.delenv(name, raising=False)
    telemetry.forbid()
    assert os.environ[name] == "1"
    monkeypatch.setenv(name, "0")
    telemetry.forbid()
    assert os.environ[name] == "0"
