"""Killed (SIGKILL) at any write: nothing half-written is taken for whole, and the next run ends as an unbroken one."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from bilan.data import BilanError, read
from bilan.data.files import replaced, written
from bilan.data.half import half, is_half
from bilan.models import load
from bilan.train.finetune import finetune

from ..models.taught import run
from ..shared import ROOT
from ..train.material import difference, prepared, settings

pytest.importorskip("fcntl", reason="this system has no flock")


@pytest.mark.parametrize("job", ["dataset", "conversion", "brat"])
def test_a_job_killed_at_any_of_its_writes_leaves_all_or_nothing_and_is_done_by_the_next_run(tmp_path, job):
    code = "from tests.faults.killing import main; main()"
    ran = subprocess.run([sys.executable, "-c", code, job, tmp_path / "w"], cwd=ROOT, capture_output=True, text=True,
                         env={**os.environ, "OMP_NUM_THREADS": "1"}, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    points = [json.loads(line) for line in ran.stdout.splitlines()]
    ends = {point["old"]: point for point in points if point["code"] == 0}
    whole, older = ends[False]["after"]["files"], next(point["killed"]["files"] for point in points if point["old"])
    assert {point["code"] for point in points} == {0, signal.SIGKILL} and len(points) > 8
    for point in points:
        assert point["again"] == 0 and point["after"]["files"] == whole, point["point"]
        assert not any(name.endswith(".half") for name in point["left"]), point["left"]
        assert point["killed"]["ids"] == ends[False]["killed"]["ids"]  # what was half-written is not read
        assert point["killed"]["files"] in ({}, whole, older if point["old"] else whole)


READ = """
import os, signal, sys
from bilan.models import reading
from bilan.models.journal import Journal
folder, model, last = sys.argv[1:]
real = Journal.add

def add(self, document, key, seen=[]):
    seen.append(key)
    place = real(self, document, key)
    if len(seen) == int(last):
        os.kill(os.getpid(), signal.SIGKILL)
    return place

Journal.add = add
reading.read([folder + "/articles"], model=model, output=folder + "/out.jsonl")
"""


def test_a_reading_that_was_killed_goes_on_where_it_stopped_and_ends_with_the_same_bytes(small_model, folder):
    killed = subprocess.run([sys.executable, "-c", READ, folder, small_model, "5"], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    part = (folder / "out.jsonl.part").read_bytes()
    assert part.count(b"\n") == 5 and not (folder / "out.jsonl").exists()
    run(small_model, folder, "out.jsonl")
    run(small_model, folder, "whole.jsonl")
    assert (folder / "out.jsonl").read_bytes() == (folder / "whole.jsonl").read_bytes()


ORPHAN = """
import sys, os, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from bilan.models.batch import _start
if __name__ == "__main__":
    pool = ProcessPoolExecutor(1, get_context("spawn"), initializer=_start, initargs=("./none", 1))
    print(pool.submit(os.getpid).result(), flush=True)
    time.sleep(600)
"""


def test_a_worker_does_not_outlive_its_killed_parent(tmp_path):
    (tmp_path / "pool.py").write_text(ORPHAN)
    with subprocess.Popen([sys.executable, tmp_path / "pool.py"], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.kill()
    for _ in range(600):
        if not _runs(worker):
            break
        time.sleep(0.05)
    assert not _runs(worker)


def _runs(process):
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8") as stream:
            return stream.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


ENDING = """
import json, os, signal, sys
import bilan.train.finetune as module
from bilan.train.settings import Settings
place, chosen, output = sys.argv[1:]
module.picture = lambda *_: None

def killed(event, arguments):
    if event == "os.rename" and str(arguments[1]).endswith(place):
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(killed)
module.finetune(Settings(**json.loads(chosen)), output, resume=True)
"""


def test_a_training_killed_while_it_ends_is_no_model_until_it_is_resumed(tmp_path, monkeypatch):
    monkeypatch.setattr("bilan.train.finetune.picture", lambda *_: None)
    folder = prepared(tmp_path)
    chosen = settings(folder, epochs=1)
    finetune(chosen, folder / "whole")
    killed = subprocess.run([sys.executable, "-c", ENDING, "run/bilan.json", chosen.model_dump_json(), folder / "run"],
                            capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    with pytest.raises(BilanError, match="this training is not finished; start the same command again with --resume"):
        load(folder / "run")
    finetune(chosen, folder / "run", resume=True)
    assert difference(folder / "run", folder / "whole") == 0 and load(folder / "run").labels


def test_what_a_writer_at_work_has_is_left_alone_and_read_by_nobody(tmp_path):
    with half(tmp_path / "a.jsonl") as holder:
        (holder / "a.jsonl").write_text('{"id": "half"')
        with written(tmp_path / "a.jsonl") as stream:
            stream.write('{"id": "d", "text": "Goma", "spans": []}\n')
        assert is_half(holder / "a.jsonl") and (holder / "a.jsonl").exists()
        assert [document.id for document in read(tmp_path)] == ["d"]
    assert os.listdir(tmp_path) == ["a.jsonl"]


def test_an_older_folder_that_a_killed_writer_had_put_aside_comes_back(tmp_path):
    dead = tmp_path / ".out.x.half"
    (dead / "out.old").mkdir(parents=True)
    (dead / "out.old" / "old").touch()
    with pytest.raises(RuntimeError), replaced(tmp_path / "out"):
        raise RuntimeError
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "old"]
