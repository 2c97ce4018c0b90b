"""Disk full, larger files not allowed: one line, nothing half left; with space again the same command ends well."""

import errno
import os
import resource
from contextlib import contextmanager

import pytest
from bilan.data import BilanError, Document, Span, write
from bilan.data.dataset import build, load_part
from bilan.models.journal import Journal
from bilan.train.finetune import finetune
from bilan.train.seeds import finetune_seeds

from ..models.taught import lines, run
from ..train.material import difference, prepared, settings

DOCUMENTS = [Document(f"d{number}", f"À Goma, {number} morts.\n" * 300, (Span(2, 6, "LOC"),)) for number in range(20)]
FULL = "no space left on device; free some space, then start the same command again"


@contextmanager
def no_larger_file_than(size):
    """What `ulimit -f` does, in this process only."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("format", ["jsonl", "conll", "doccano", "labelstudio", "prodigy", "huggingface", "brat", "webanno", "markup"])
def test_an_output_that_may_not_grow_is_one_line_and_leaves_the_older_one(tmp_path, format):
    write(DOCUMENTS[:1], tmp_path / "out", format=format)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with no_larger_file_than(2000), pytest.raises(BilanError, match=r"/out: file too large; allow larger files \(ulimit -f\)"):
        write(DOCUMENTS, tmp_path / "out", format=format)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_a_full_disk_that_tells_only_when_a_file_is_closed_is_said_too(tmp_path):
    journal = Journal(tmp_path / "out.part")
    os.dup2(os.open("/dev/full", os.O_WRONLY), journal._stream.fileno())
    with pytest.raises(BilanError, match=FULL):
        journal.add(Document("d", "Goma"), "key")
    journal.close()


def test_a_full_disk_while_a_dataset_is_built(disk):
    write(DOCUMENTS, disk.path.parent / "in.jsonl", format="jsonl")
    (disk.path / "filler").write_bytes(bytes(50_000))
    with pytest.raises(BilanError, match=FULL):
        build(disk.path.parent / "in.jsonl", disk.path / "out")
    assert os.listdir(disk.path) == ["filler"]
    disk.again("size=8m")
    assert build(disk.path.parent / "in.jsonl", disk.path / "out")[1]
    assert sum(len(load_part(disk.path / "out", side)) for side in ("train", "dev", "test")) == 20


def test_a_full_disk_while_texts_are_read(disk, small_model, folder):
    (disk.path / "filler").write_bytes(bytes(56_000))
    with pytest.raises(BilanError, match=FULL):
        run(small_model, folder, "disk/out.jsonl")
    assert not (disk.path / "out.jsonl").exists()
    disk.again("size=8m")
    assert run(small_model, folder, "disk/out.jsonl") == (20, 0)
    run(small_model, folder, "whole.jsonl")
    assert lines(disk.path / "out.jsonl") == lines(folder / "whole.jsonl")


def test_a_full_disk_while_a_model_is_trained(disk, monkeypatch):
    monkeypatch.setattr("bilan.train.finetune.picture", lambda *_: None)
    material = prepared(disk.path.parent)
    chosen = settings(material, epochs=2)
    finetune(chosen, material / "whole")
    for size in ("64k", "300k", "700k"):  # no room for one file, for the checkpoint, for the next one
        disk.again(f"size={size}")
        with pytest.raises(BilanError, match=r"space left|could not be written") as caught:
            finetune(chosen, disk.path / "run", resume=True)
        assert "\n" not in str(caught.value) and "space" in str(caught.value)
    disk.again("size=16m")
    finetune(chosen, disk.path / "run", resume=True)
    assert difference(disk.path / "run", material / "whole") == 0


def test_the_best_of_several_seeds_is_copied_whole_or_is_no_model(tmp_path, monkeypatch):
    import bilan.train.seeds as module
    from bilan.models import load

    monkeypatch.setattr("bilan.train.finetune.picture", lambda *_: None)
    material = prepared(tmp_path)
    real, left = module.shutil.copy2, [2]

    def full(source, target):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(source, target)

    with monkeypatch.context() as patched, pytest.raises(BilanError, match=FULL):
        patched.setattr(module.shutil, "copy2", full)
        finetune_seeds(settings(material, epochs=1), tmp_path / "run", seeds=1)
    with pytest.raises(BilanError):
        load(tmp_path / "run")
    finetune_seeds(settings(material, epochs=1), tmp_path / "run", seeds=1, resume=True)
    assert difference(tmp_path / "run", tmp_path / "run/seed-1") == 0 and load(tmp_path / "run").labels
