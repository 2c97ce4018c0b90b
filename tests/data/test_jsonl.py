"""Our lossless format: one Document a line."""

import json
import tempfile
from pathlib import Path

import pytest
from bilan.data import BilanError, Document, Span, read, write
from bilan.data.formats import detect
from bilan.data.report import Report
from hypothesis import given

from ..strategies import documents


def test_a_document_is_one_line_with_what_it_has(tmp_path):
    document = Document("d", "Goma", (Span(0, 4, "LOC", {"id": "g"}, 0.75),), {"genre": "brève"})
    write([document], tmp_path / "a.jsonl", format="jsonl")
    assert json.loads((tmp_path / "a.jsonl").read_text(encoding="utf-8")) == {
        "id": "d", "text": "Goma", "meta": {"genre": "brève"},
        "spans": [{"start": 0, "end": 4, "label": "LOC", "attributes": {"id": "g"}, "score": 0.75}]}


@given(documents(nested=True, discontinuous=True, attributes=True, blank_edges=True))
def test_writing_then_reading_gives_back_the_document(document):
    with tempfile.TemporaryDirectory() as folder:
        write([document], Path(folder) / "a.jsonl", format="jsonl")
        assert list(read(Path(folder) / "a.jsonl")) == [document]
        assert detect(Path(folder) / "a.jsonl") == "jsonl"


def test_what_a_reading_puts_beside_is_told_and_skipped(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id":"a","text":"b","spans":[],"claims":[],"confrontation":[],"key":"k"}\n', encoding="utf-8")
    report = Report()
    assert list(read(tmp_path / "a.jsonl", report=report)) == [Document("a", "b")]
    assert report.counts == {"skipped: claims, which the spans give again": 1}


def test_a_cut_line_is_named_by_file_and_line(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id":"a","text":"b","spans":[]}\n{"id":"c","te', encoding="utf-8")
    with pytest.raises(BilanError, match=r"a\.jsonl:2: not JSON"):
        list(read(tmp_path / "a.jsonl"))


@pytest.mark.parametrize("line", [
    '{"text":"b","spans":[]}', '{"id":1,"text":"b","spans":[]}', '{"id":"a","text":2,"spans":[]}', "[1]", "null",
    '{"id":"a","text":"b","spans":[{"start":0,"end":9,"label":"L"}]}',
    '{"id":"a","text":"b","spans":[{"start":"0","end":1,"label":"L"}]}',
    '{"id":"a","text":"b","spans":[{"start":0.5,"end":1,"label":"L"}]}',
    '{"id":"a","text":"b","spans":[{"end":1,"label":"L"}]}', '{"id":"a","text":"b","spans":7}',
    '{"id":"a","text":"b","spans":[{"start":0,"end":1,"label":["L"]}]}',
])
def test_a_line_that_is_no_document_is_one_clear_error(tmp_path, line):
    (tmp_path / "a.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(BilanError, match=r"a\.jsonl:1: "):
        list(read(tmp_path / "a.jsonl", format="jsonl"))


def test_nothing_is_left_when_writing_fails_half_way(tmp_path):
    def broken():
        yield Document("a", "b")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write(broken(), tmp_path / "out.jsonl", format="jsonl")
    assert list(tmp_path.iterdir()) == []
