"""The input of a cluster, without one: slices and their documents."""

import datetime
import gzip

import pytest
from bilan.data import BilanError
from bilan.data.report import Report
from bilan.models.rows import rows_of
from bilan.models.slices import File, Slice, cut, files, from_json, plan

pytest.importorskip("fsspec", reason="without the extra ray")
pyarrow = pytest.importorskip("pyarrow", reason="without the extra parquet")
parquet = pytest.importorskip("pyarrow.parquet", reason="without the extra parquet")


def planned(*arguments, rows=2, output="/nowhere", report=None):
    """The slices of some files, cut without a cluster."""
    found = files(map(str, arguments), output=str(output), report=report or Report())
    return plan(found, rows=rows, cuts=lambda many: [cut(file, rows=rows) for file in many])


def read(*arguments, rows=2):
    """The rows of all slices, slice after slice."""
    return [row for part in planned(*arguments, rows=rows) for row in rows_of(part, report=Report())]


def jsonl(path, *lines):
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def shape(slices):
    return [(part.kind, part.count, part.first) for part in slices]


@pytest.fixture
def texts(tmp_path):
    """A folder of five articles."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in "abcde":
        (folder / f"{name}.txt").write_text(f"Article {name}.", encoding="utf-8")
    return folder


def test_text_files_are_cut_by_number(texts):
    assert shape(planned(texts)) == [("text", 2, 1), ("text", 2, 1), ("text", 1, 1)]
    assert [row.document.text for row in read(texts)] == [f"Article {name}." for name in "abcde"]


def test_ids_of_text_files_are_their_paths_as_given(texts, monkeypatch):
    monkeypatch.chdir(texts.parent)
    assert [row.document.id for row in read("./articles")][:2] == ["articles/a.txt", "articles/b.txt"]
    assert [row.document.id for row in read("articles/[ab].txt")] == ["articles/a.txt", "articles/b.txt"]


def test_an_address_names_the_same_texts(texts):
    assert [row.document.id for row in read(f"file://{texts}")] == [f"file://{texts}/{name}.txt" for name in "abcde"]
    assert [row.document.text for row in read(f"file://{texts}/[ab].txt")] == ["Article a.", "Article b."]


def test_lines_of_jsonl_are_cut_where_they_begin(tmp_path):
    path = jsonl(tmp_path / "d.jsonl", '{"id": "é", "text": "un"}', "", '{"text": "deux"}', '{"text": "trois"}')
    assert shape(planned(path)) == [("jsonl", 2, 1), ("jsonl", 1, 4)]
    assert [(row.document.id, row.document.text) for row in read(path)] == [
        ("é", "un"), (f"{path}:3", "deux"), (f"{path}:4", "trois")]


def test_packed_jsonl_is_cut_like_plain(tmp_path):
    packed = tmp_path / "d.jsonl.gz"
    packed.write_bytes(gzip.compress(b'{"text": "un"}\n{"text": "deux"}\n{"text": "trois"}\n'))
    assert [row.document.text for row in read(packed)] == ["un", "deux", "trois"]


@pytest.mark.parametrize("group", [1, 2, 3, 100])
def test_rows_of_parquet_are_cut_across_its_groups(tmp_path, group):
    path = tmp_path / "d.parquet"
    table = pyarrow.table({"id": list(range(7)), "text": [f"texte {number}" for number in range(7)]})
    parquet.write_table(table, path, row_group_size=group)
    assert shape(planned(path, rows=3)) == [("parquet", 3, 1), ("parquet", 3, 4), ("parquet", 1, 7)]
    assert [(row.document.id, row.document.text) for row in read(path, rows=3)] == [
        (str(number), f"texte {number}") for number in range(7)]


def test_other_columns_become_meta_and_midnight_a_day(tmp_path):
    path = tmp_path / "d.parquet"
    parquet.write_table(pyarrow.table({"text": ["a"], "date": [datetime.datetime(2025, 2, 7)], "source": ["AFP"],
                                       "meta": ['{"genre": "live"}'], "spans": ["x"], "none": [None]}), path)
    assert read(path)[0].document.meta == {"date": "2025-02-07", "source": "AFP", "genre": "live"}


@pytest.mark.parametrize(("line", "said"), [
    ("{", "not JSON"), ("[]", "no text in this row"), ('{"text": 3}', "no text in this row"),
    ('{"id": "x", "text": " "}', "the text is empty"), ('{"text": "a", "meta": "{"}', "not JSON"),
])
def test_a_bad_line_is_a_row_with_its_error(tmp_path, line, said):
    path = jsonl(tmp_path / "d.jsonl", '{"text": "avant"}', line, '{"text": "après"}')
    before, bad, after = read(path)
    assert (before.error, after.error, after.document.text) == ("", "", "après")
    assert bad.error.startswith(f"{path}:2: ") and said in bad.error


def test_a_file_that_vanishes_after_it_was_cut_still_gives_its_rows(tmp_path):
    path = jsonl(tmp_path / "d.jsonl", *['{"text": "a"}'] * 3)
    slices = planned(path)
    path.unlink()
    rows = [row for part in slices for row in rows_of(part, report=Report())]
    assert len({row.document.id for row in rows}) == 3 and all("no such file" in row.error for row in rows)


def test_a_file_that_is_shorter_than_when_it_was_cut_still_gives_its_rows(tmp_path):
    path = jsonl(tmp_path / "d.jsonl", '{"text": "a"}', '{"text": "b"}')
    (part,) = planned(path)
    jsonl(path, '{"text": "a"}')
    assert [row.error[:12] for row in rows_of(part, report=Report())] == ["", "the file hol"]


@pytest.mark.parametrize(("name", "content", "said"), [
    ("none.jsonl", None, "no such file"), ("d.parquet", b"PAR1", "damaged file"), ("d.jsonl", b"PK\x03\x04", "zip archive"),
    ("d.jsonl.gz", gzip.compress(b'{"text": "a"}\n')[:-12], "damaged file"), ("none.txt", None, "no such file"),
])
def test_a_file_that_cannot_be_cut_is_one_row_with_its_error(tmp_path, name, content, said):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    (row,) = read(tmp_path / name)
    assert row.document.id == str(tmp_path / name) and said in row.error


def test_parquet_without_texts_says_which_columns_it_has(tmp_path):
    parquet.write_table(pyarrow.table({"body": ["a"]}), tmp_path / "d.parquet")
    assert "no column text among body" in read(tmp_path / "d.parquet")[0].error


def test_a_text_that_cannot_be_read_is_named_as_given(texts, monkeypatch):
    (texts / "b.txt").write_bytes(b"d\xe9j\xe0")
    monkeypatch.chdir(texts.parent)
    assert [row.error.partition(";")[0] for row in read("articles")] == [
        "", "articles/b.txt: not UTF-8 (byte 0xe9)", "", "", ""]


def test_texts_keep_their_place_among_other_files(texts):
    jsonl(texts / "b.jsonl", '{"text": "ligne"}')
    assert [row.document.text for row in read(texts)] == [
        "Article a.", "ligne", "Article b.", "Article c.", "Article d.", "Article e."]


def test_what_is_not_taken_is_told(texts):
    (texts / "x.doc").write_text("", encoding="utf-8")
    (texts / "out").mkdir()
    jsonl(texts / "out" / "o.jsonl", '{"text": "a"}')
    report = Report()
    slices = planned(texts, texts / "a.txt", output=texts / "out", report=report)
    assert sum(part.count for part in slices) == 5
    assert [cause.partition(":")[2][:12] for cause in report.counts] == [" what this c", " file that e", " file named "]


def test_an_empty_folder_is_one_error(tmp_path):
    assert "no file to read; files that end in .txt" in read(tmp_path)[0].error


def test_standard_input_is_refused():
    with pytest.raises(BilanError, match="a cluster cannot read standard input"):
        planned("-")


def test_an_unknown_protocol_is_an_error():
    with pytest.raises(BilanError, match="Protocol not known: ftpp"):
        planned("ftpp://host/a.txt")


def test_a_slice_survives_json():
    part = Slice("text", ("é.txt", "b.txt"), 2, stamp="3 4")
    assert from_json(part.to_json()) == part


def test_a_stamp_changes_with_the_file(texts):
    def stamp():
        (found,) = files([str(texts / "a.txt")], output="/nowhere", report=Report())
        assert isinstance(found, File)
        return found.stamp

    before = stamp()
    (texts / "a.txt").write_text("Tout autre chose.", encoding="utf-8")
    assert stamp() != before
