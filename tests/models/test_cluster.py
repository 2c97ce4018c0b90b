"""`bilan read --engine ray`: two actors on a Ray of this machine give what the plain engine gives, killed or not."""

import gc
import json
import logging
import os
import secrets
import shutil
import subprocess
import sys

import pytest
from bilan.data import BilanError
from bilan.data.report import Report
from bilan.models import cluster
from bilan.models.__main__ import app
from typer.testing import CliRunner

from .taught import TEXT, run

pyarrow = pytest.importorskip("pyarrow", reason="without the extra parquet")
parquet = pytest.importorskip("pyarrow.parquet", reason="without the extra parquet")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:ray.*")  # Ray warns of its own options
SMALL = {"num_cpus": 2, "object_store_memory": 100_000_000, "include_dashboard": False, "_node_ip_address": "127.0.0.1",
         "log_to_driver": False, "logging_level": logging.ERROR}


@pytest.fixture(scope="module")
def ray():
    """A Ray of two cores on this machine, of which no other can make use; the one of RAY_ADDRESS where that is set."""
    address = os.environ.get("RAY_ADDRESS")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        if address is None:
            patch.setenv("RAY_AUTH_MODE", "token")  # read when ray is imported
            patch.setenv("RAY_AUTH_TOKEN", secrets.token_hex(32))
        found = pytest.importorskip("ray", reason="without the extra ray")
        found.init(**SMALL if address is None else {"address": address, "log_to_driver": False})
        yield found
        children = [each for each in gc.get_objects() if issubclass(type(each), subprocess.Popen)]
        found.shutdown()
        for child in children:  # which Ray ends and does not wait for
            child.wait(60)


@pytest.fixture(scope="module")
def model(taught_model, tmp_path_factory):
    """The taught model as ONNX: processes that read it start without torch."""
    for name in ("onnx", "onnxruntime", "onnxscript"):
        pytest.importorskip(name, reason="without the extra onnx")
    from bilan.train.graph import exported

    made = tmp_path_factory.mktemp("onnx")
    (made / "model.onnx").write_bytes(exported(taught_model).SerializeToString())
    for name in ("tokenizer.json", "config.json", "bilan.json"):
        shutil.copyfile(taught_model / name, made / name)
    return made


def spread(model, folder, output="out", **options):
    """`bilan read --engine ray` on the articles of a folder: two actors, five documents a partition."""
    return cluster.read([str(folder / "articles")], model=str(model), output=str(folder / output), jobs=2, rows=5,
                        **options)


def table(folder, kind):
    """All partitions of a kind, in order."""
    return pyarrow.concat_tables(parquet.read_table(file) for file in sorted(folder.glob(f"{kind}-*.parquet")))


def dying(marker):
    """What loads a reader of which, once, one text kills the process with -9."""
    def load(model, **options):  # a nested function travels with the job, tests do not
        import os
        import signal
        from types import SimpleNamespace

        from bilan.models import load

        reader = load(model, **options)

        def read_many(documents):
            if any(document.id.endswith("07.txt") for document in documents) and not os.path.exists(marker):
                with open(marker, "w", encoding="utf-8") as stream:
                    stream.write(str(os.getpid()))
                os.kill(os.getpid(), signal.SIGKILL)
            return reader.read_many(documents)

        return SimpleNamespace(read_many=read_many, fingerprint=reader.fingerprint)

    return load


def test_two_actors_of_which_one_is_killed_give_what_the_plain_engine_gives(ray, model, folder):
    run(model, folder, "plain.parquet", date="2025-02-07")
    run(model, folder, "documents.parquet", format="huggingface", date="2025-02-07")
    marker = folder / "killed"
    assert spread(model, folder, date="2025-02-07", load=dying(str(marker))) == (20, 0)
    assert marker.exists()
    assert table(folder / "out", "claims").equals(parquet.read_table(folder / "plain.parquet"))
    documents = table(folder / "out", "documents")
    assert documents.drop_columns("error").equals(parquet.read_table(folder / "documents.parquet"))
    assert documents["error"].null_count == 20
    assert sorted(file.name for file in (folder / "out").iterdir()) == [
        *(f"{kind}-0000{number}.parquet" for kind in ("claims", "documents") for number in range(4)), "plan.json"]


def test_a_command_started_again_reads_only_what_is_missing(ray, model, folder):
    spread(model, folder)
    (folder / "out" / "documents-00002.parquet").unlink()
    before = {file.name: file.stat().st_mtime_ns for file in (folder / "out").glob("*.parquet")}
    report = Report()
    assert spread(model, folder, report=report) == (20, 0)
    after = {file.name: file.stat().st_mtime_ns for file in (folder / "out").glob("*.parquet")}
    assert {name for name in after if after[name] != before.get(name)} == {
        "claims-00002.parquet", "documents-00002.parquet"}
    assert report.counts["skipped: partition that is finished"] == 3


def test_every_document_of_jsonl_and_parquet_is_one_row_bad_ones_with_their_error(ray, model, tmp_path):
    lines = [json.dumps({"id": "un", "text": TEXT, "date": "2025-02-07"}), "{", json.dumps({"text": ""})]
    (tmp_path / "d.jsonl").write_text("\n".join(lines), encoding="utf-8")
    parquet.write_table(pyarrow.table({"id": ["deux"], "text": [TEXT]}), tmp_path / "d.parquet")
    result = CliRunner().invoke(app, [
        "read", "--engine", "ray", "--jobs", "2", "--rows", "2", "--model", str(model), "--output",
        f"file://{tmp_path}/out", f"file://{tmp_path}/d.jsonl", str(tmp_path / "d.parquet"), str(tmp_path / "none.txt")])
    assert result.exit_code == 1 and "documents not read" in result.stderr
    documents = table(tmp_path / "out", "documents").to_pylist()
    assert [(row["id"].rpartition("/")[2], bool(row["spans"]), bool(row["error"])) for row in documents] == [
        ("un", True, False), ("d.jsonl:2", False, True), ("d.jsonl:3", False, True), ("deux", True, False),
        ("none.txt", False, True)]
    assert set(table(tmp_path / "out", "claims")["document"].to_pylist()) == {"un", "deux"}


def test_a_model_that_is_another_on_the_cluster_is_an_error(ray, model, folder):
    def other(model, **options):
        from dataclasses import replace

        from bilan.models import load

        return replace(load(model, **options), fingerprint="another")

    with pytest.raises(BilanError, match="the model on a machine of the cluster is not that of this one"):
        spread(model, folder, load=other)


def test_a_fault_of_the_cluster_is_one_line(ray, model, folder):
    def broken(model, **options):
        raise RuntimeError("no such driver")

    with pytest.raises(BilanError, match="the cluster gave up .*; start the same command again") as caught:
        spread(model, folder, load=broken)
    assert "\n" not in str(caught.value)


def test_a_day_that_is_none_is_refused_before_reading(tiny_model, folder):
    with pytest.raises(BilanError, match="'hier' is no day"):
        spread(tiny_model, folder, date="hier")


def test_without_ray_the_error_says_what_to_install(tiny_model, folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(BilanError, match=r"--engine ray needs ray; pip install 'bilan\[ray\]'"):
        spread(tiny_model, folder)


@pytest.mark.parametrize(("options", "said"), [
    (["--engine", "spark", "--output", "o"], "--engine: unknown engine 'spark'; expected plain or ray"),
    (["--engine", "ray"], "--engine ray writes a folder of Parquet; name it with --output"),
    (["--engine", "ray", "--output", "o", "--format", "csv"], "Parquet of documents and claims, without --format"),
    (["--engine", "ray", "--output", "o", "--profile", "acled"], "Parquet of documents and claims, without --profile"),
])
def test_what_the_engine_cannot_do_is_refused_before_reading(options, said):
    error = CliRunner().invoke(app, ["read", "--model", "./nowhere", *options, "a.txt"]).exception
    assert said in str(error)
