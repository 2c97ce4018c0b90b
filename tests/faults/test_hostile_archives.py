"""Archives, names and links of strangers: nothing unfolds without bound, nothing outside is read or written."""

import gzip
import json
import os
import tracemalloc
import zlib
from contextlib import suppress

import pytest
from bilan.data import BilanError, Document, read, write
from bilan.data.formats import spacy as docbin
from bilan.data.report import Report
from bilan.models import sources
from bilan.models.journal import Journal
from bilan.models.outputs import stem
from bilan.models.reader import Reading
from bilan.models.sources import paths
from bilan.train.lock import locked

from ..models.taught import run

IDS = ("../../x", "..", ".", "/etc/x", "a/b", "a\\b", "a\0b", "x" * 300, "é" * 130, "a\nb", "\x1b]0;x\x07", "C:x")


@pytest.mark.parametrize("format", ["brat", "markup", "webanno"])
@pytest.mark.parametrize("id", IDS)
def test_an_id_that_is_no_file_name_is_refused_and_nothing_is_written(tmp_path, format, id):
    with pytest.raises(BilanError, match="cannot be a file name|too long for a file name|a NUL character cannot be written"):
        write([Document("good", "Goma"), Document(id, "Goma")], tmp_path / "in" / "out", format=format)
    assert [path.name for path in tmp_path.rglob("*")] == ["in"]


@pytest.mark.parametrize("path", ["../../x.txt", "/etc/x", "a\\..\\b", "....//x", "C:\\x\0", "\x1b[31m.txt"])
def test_the_path_of_a_text_that_was_read_names_a_file_within_the_output(path):
    assert not set(stem(path)) & set('/\\\0\x1b:') and stem(path) not in (".", "..")


def bomb(head: bytes, size: int) -> bytes:
    """Zeros without end behind a head, packed by zlib."""
    packing = zlib.compressobj(9)
    return b"".join([packing.compress(head), *(packing.compress(bytes(2**20)) for _ in range(size >> 20)), packing.flush()])


def test_a_docbin_that_unfolds_without_end_is_refused_before_it_does(tmp_path, monkeypatch):
    pytest.importorskip("spacy", reason="the extra spacy is not installed")
    (tmp_path / "b.spacy").write_bytes(bomb(b"\x81\xa5attrs\xc6" + (2**25).to_bytes(4, "big"), 2**25))
    monkeypatch.setattr(docbin, "LARGEST", 2**22)
    tracemalloc.start()
    with pytest.raises(BilanError, match=r"b\.spacy: the DocBin unfolds to more than 4,194,304 bytes"):
        list(read(tmp_path / "b.spacy", report=Report()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**24


def test_gzip_in_gzip_and_a_zip_named_txt_are_named_for_what_they_are(tmp_path):
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(gzip.compress(b"Goma")))
    with pytest.raises(BilanError, match="this is a gzip archive, not text"):
        sources.text(str(tmp_path / "a.txt.gz"), report=Report())
    (tmp_path / "b.txt").write_bytes(b"PK\x03\x04" + bytes(40))
    with pytest.raises(BilanError, match="this is a zip archive, not text"):
        sources.text(str(tmp_path / "b.txt"), report=Report())


@pytest.fixture
def around(tmp_path):
    """A folder of strangers, and a file of ours beside it."""
    (tmp_path / "theirs").mkdir()
    (tmp_path / "ours").write_text("à nous\nseuls")
    return tmp_path


def test_links_that_lead_out_of_a_folder_are_told_and_not_read(around):
    theirs = around / "theirs"
    (theirs / "a.txt").write_text("Goma")
    (theirs / "b.txt").symlink_to("a.txt")
    (theirs / "c.txt").symlink_to("../ours")
    (theirs / "d.txt").symlink_to("nowhere")
    (theirs / "e.txt").symlink_to("e.txt")
    (theirs / "f").symlink_to("..")
    os.mkfifo(theirs / "g.txt")
    report = Report()
    good, also, bad = paths([str(theirs)], report=report)
    assert (good, also) == (str(theirs / "a.txt"), str(theirs / "b.txt"))
    assert str(bad).startswith(f"{theirs}/c.txt: this link leads out of the folder; name the file itself")
    assert report.counts == {"skipped: a device, a pipe or a link to nothing": 3, "skipped: link to a folder": 1}


def test_annotations_that_link_out_of_their_folder_are_refused(around):
    (around / "theirs/a.txt").symlink_to("../ours")
    (around / "theirs/a.ann").write_text("")
    with pytest.raises(BilanError, match=r"theirs/a\.txt: this link leads out of the folder"):
        list(read(around / "theirs", format="brat", report=Report()))


@pytest.mark.parametrize("take", [
    lambda link: write([Document("d", "Goma")], link, format="jsonl"), lambda link: Journal(link).close(),
    lambda link: locked(link.parent).__enter__()], ids=["output", "journal", "lock"])
def test_a_link_in_the_place_of_what_we_write_never_harms_what_it_points_at(around, take):
    link = around / "theirs/.lock"
    link.symlink_to("../ours")
    with suppress(BilanError):
        take(link)
    assert (around / "ours").read_text() == "à nous\nseuls"


def test_a_journal_that_is_a_link_is_refused_with_the_reason(around):
    (around / "theirs/out.part").symlink_to("../ours")
    with pytest.raises(BilanError, match="a link stands where a file is expected: take it away"):
        Journal(around / "theirs/out.part")


def test_a_file_that_is_none_of_ours_is_not_taken_for_an_interrupted_run(small_model, folder):
    (folder / "out.csv.part").write_text("mes notes\nà garder")
    with pytest.raises(BilanError, match=r"out\.csv\.part: this file is not what an interrupted run left; move it away"):
        run(small_model, folder, "out.csv")
    assert (folder / "out.csv.part").read_text() == "mes notes\nà garder"


def test_a_header_field_of_strangers_makes_no_other_field_and_no_text(tmp_path):
    meta = {"title": "a\n---\nb", "x\nid": "other", "id": "other", "a: b": "c", "ok": "a\u2028b"}
    report = Report()
    write([Document("d", "Goma", meta=meta)], tmp_path / "d.md", format="markup", report=report)
    (back,) = read(tmp_path / "d.md", format="markup")
    assert (back.id, back.text, dict(back.meta)) == ("d", "Goma", {"title": "a --- b", "ok": "a\u2028b"})
    assert report.losses == {"dropped: field that a header cannot hold": 3}


def test_a_pdf_that_unfolds_without_end_is_refused(tmp_path):
    pytest.importorskip("pypdf", reason="the extra pdf is not installed")
    from ..models.test_sources import pdf

    packed = bomb(b"", 2**27)
    raw = pdf("x").replace(b"<</Length 40>>stream", b"<</Length %d/Filter/FlateDecode>>stream" % len(packed))
    start, end = raw.index(b"stream\n") + 7, raw.index(b"\nendstream")
    (tmp_path / "a.pdf").write_bytes(raw[:start] + packed + raw[end:])
    with pytest.raises(BilanError, match=r"a\.pdf: "):
        sources.text(str(tmp_path / "a.pdf"), report=Report())


def test_one_line_of_many_megabytes_is_read(tmp_path):
    text = "Goma. " * 2_000_000
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "d", "text": text, "spans": []}))
    (document,) = read(tmp_path / "a.jsonl", format="jsonl")
    assert document.text == text
    (tmp_path / "a.txt").write_text(text)
    assert Reading(sources.text(str(tmp_path / "a.txt"), report=Report())).document.text == text


def test_thousands_of_links_in_a_line_are_read_in_a_moment(tmp_path):
    (tmp_path / "a.md").write_text("---\nid: d\n---\n" + "[K](LOC) " * 20_000)
    (document,) = read(tmp_path / "a.md", format="markup")  # it took minutes when each looked at all the others
    assert len(document.spans) == 20_000


@pytest.mark.parametrize("value", [r"\q", "a\nb", r"\ud83d"])
def test_a_value_of_markup_that_is_no_json_string_is_one_line(tmp_path, value):
    (tmp_path / "a.md").write_text(f'---\nid: d\n---\nà\n[Kiev](LOC a="{value}")')
    with pytest.raises(BilanError, match=r"a\.md:2 of the text: a value of LOC is no JSON string|lone surrogate"):
        list(read(tmp_path / "a.md", format="markup"))
