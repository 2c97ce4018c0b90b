"""The output of a cluster, without one: partitions that are whole or absent, and what is read again."""

import json
import os

import pytest
from bilan.data import BilanError, Document, Span
from bilan.data.report import Report
from bilan.models import parts
from bilan.models.parts import attempt, file_name, settle, tally, write
from bilan.models.rows import Row, unread
from bilan.models.slices import Slice

pytest.importorskip("fsspec", reason="without the extra ray")
parquet = pytest.importorskip("pyarrow.parquet", reason="without the extra parquet")

OPTIONS = {"model": "m", "date": None}
SLICES = [Slice("text", ("a.txt",), 1, stamp="1"), Slice("text", ("b.txt",), 1, stamp="1")]
READ = Row(Document("a.txt", "Selon Kiev, 12 soldats ont été tués.",
                    (Span(6, 10, "LOC", score=0.9), Span(12, 14, "KILLED"), Span(15, 22, "FORCE")), {"date": "2025-02-07"}))


def settled(output, slices=SLICES, report=None, **options):
    return settle(str(output), slices, options=OPTIONS | options, report=report or Report())


def test_a_partition_holds_documents_and_claims(tmp_path):
    write([READ, unread("b.txt", "b.txt: binary file")], str(tmp_path), 12)
    documents = parquet.read_table(tmp_path / "documents-00012.parquet").to_pylist()
    assert [(row["id"], row["error"], len(row["spans"])) for row in documents] == [
        ("a.txt", None, 3), ("b.txt", "b.txt: binary file", 0)]
    (claim,) = parquet.read_table(tmp_path / "claims-00012.parquet").to_pylist()
    assert (claim["document"], claim["best"], claim["who"]) == ("a.txt", 12, "soldats")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["claims-00012.parquet", "documents-00012.parquet"]


def test_finished_partitions_are_not_read_again(tmp_path):
    assert settled(tmp_path) == [0, 1]
    write([READ], str(tmp_path), 0)
    assert settled(tmp_path) == [1]


def test_claims_without_documents_are_no_finished_partition(tmp_path):
    settled(tmp_path)
    write([READ], str(tmp_path), 0)
    (tmp_path / file_name("documents", 0)).unlink()
    assert settled(tmp_path) == [0, 1]


def test_what_a_killed_process_left_is_cleared(tmp_path):
    settled(tmp_path)
    for name in (".documents-00000.parquet.0a1b", ".tried-00001.0", ".plan.json.ff"):
        (tmp_path / name).write_bytes(b"")
    settled(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["plan.json"]


def test_partitions_of_changed_input_are_read_again(tmp_path):
    settled(tmp_path)
    for number in (0, 1):
        write([READ], str(tmp_path), number)
    report = Report()
    changed = [SLICES[0], Slice("text", ("b.txt",), 1, stamp="2")]
    assert settled(tmp_path, changed, report) == [1]
    assert report.counts == {"removed: file of a partition whose input has changed": 2}


def test_other_options_are_refused(tmp_path):
    settled(tmp_path)
    with pytest.raises(BilanError, match="was read with date None, not 2025-02-07; name a new folder"):
        settled(tmp_path, date="2025-02-07")


def test_a_folder_of_other_files_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("", encoding="utf-8")
    with pytest.raises(BilanError, match=r"this folder holds other files \(notes.txt\)"):
        settled(tmp_path)


@pytest.mark.parametrize("content", ["{", "[]", '{"options": {}, "slices": []}', '{"options": {"model": "m", "date": null}, "slices": [{}]}'])
def test_a_plan_of_something_else_is_refused(tmp_path, content):
    (tmp_path / "plan.json").write_text(content, encoding="utf-8")
    with pytest.raises(BilanError, match="plan.json: not"):
        settled(tmp_path)


def test_rows_are_counted_in_what_is_written(tmp_path):
    write([READ], str(tmp_path), 0)
    write([unread("a.txt", "b.txt: binary file")], str(tmp_path), 1)
    report = Report()
    assert tally(str(tmp_path), SLICES, report=report) == (1, 1)
    assert report.examples["documents not read"][0].endswith(".parquet: b.txt: binary file")
    assert report.counts == {"documents with the id of another: their claims cannot be told apart": 1}


def test_a_partition_with_a_row_too_few_is_an_error(tmp_path):
    write([READ], str(tmp_path), 0)
    with pytest.raises(BilanError, match="1 rows for 2 documents; remove this file"):
        tally(str(tmp_path), [Slice("text", ("a", "b"), 2)], report=Report())


def test_a_partition_that_kills_every_process_is_given_up(tmp_path):
    for time in range(parts.TRIES):
        (tmp_path / f".tried-00003.{time}").write_bytes(b"1")
    with pytest.raises(BilanError, match="a.txt:1: the process that reads partition 3 died 3 times"), \
            attempt(str(tmp_path), 3, SLICES[0]):
        raise AssertionError("never tried again")


def test_a_partition_that_ends_leaves_no_mark(tmp_path):
    with attempt(str(tmp_path), 3, SLICES[0]):
        assert os.listdir(tmp_path) == [".tried-00003.0"]
    assert os.listdir(tmp_path) == []


def test_partitions_lie_at_an_address_too(tmp_path):
    output = f"file://{tmp_path}/out"
    assert settle(output, SLICES, options=OPTIONS, report=Report()) == [0, 1]
    for number in (0, 1):
        write([READ._replace(document=READ.document.replace(id=str(number)))], output, number)
    assert tally(output, SLICES, report=Report()) == (2, 0)
    assert json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))["slices"][1]["names"] == ["b.txt"]
