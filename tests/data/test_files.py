"""Damaged files give one clear line, and what is written is whole or absent."""

import pytest
from bilan.data import BilanError
from bilan.data.files import parse_json, read_lines, read_text, replaced, written
from bilan.data.report import Report


@pytest.mark.parametrize(("content", "said"), [
    (b"\xff\xfea\0", "encoded in UTF-16"), (b"PK\x03\x04rest", "a zip archive"), (b"%PDF-1.7", "a PDF"),
    (b"\x1f\x8b\x08", "a gzip archive"), (b"\x89PNG\r\n", "a PNG picture"), (b"PAR1", "a parquet file"),
    (b"a\0b", "binary file"), (b"ok\nd\xe9j\xe0", r":2: not UTF-8 \(byte 0xe9\); convert it: iconv"),
])
def test_what_is_not_utf8_text_is_named_for_what_it_is(tmp_path, content, said):
    (tmp_path / "a.txt").write_bytes(content)
    with pytest.raises(BilanError, match=said):
        read_text(tmp_path / "a.txt")
    with pytest.raises(BilanError, match=said):
        list(read_lines(tmp_path / "a.txt"))


def test_a_missing_file_is_one_clear_line(tmp_path):
    with pytest.raises(BilanError, match=r"none\.txt: no such file or directory; check the path"):
        read_text(tmp_path / "none.txt")


def test_a_byte_order_mark_is_taken_off_and_told(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfGoma")
    report = Report()
    assert read_text(tmp_path / "a.txt", report=report) == "Goma"
    assert report.counts == {"mended: byte-order mark taken off": 1}


def test_line_ends_stay_in_a_text_and_lines_end_at_lf_or_crlf_only(tmp_path):
    (tmp_path / "a.txt").write_bytes("a\r\nb\u2028c\nd\x0ce".encode())
    assert read_text(tmp_path / "a.txt") == "a\r\nb\u2028c\nd\x0ce"
    assert list(read_lines(tmp_path / "a.txt")) == [(1, "a"), (2, "b\u2028c"), (3, "d\x0ce")]


@pytest.mark.parametrize("text", ['{"a": ', "", "[1,]", "[" * 100_000])
def test_what_is_not_json_is_one_clear_line(text):
    with pytest.raises(BilanError, match="f:7: not JSON"):
        parse_json(text, where="f:7")


def test_json_for_which_there_is_no_memory_is_not_said_to_be_no_json(monkeypatch):
    def loads(text):
        raise ValueError("Not enough memory to allocate buffer for parsing: line 1 column 1 (char 0)")

    monkeypatch.setattr("orjson.loads", loads)
    with pytest.raises(BilanError, match="f:7: out of memory; split the file"):
        parse_json("{}", where="f:7")



def test_a_failed_writing_leaves_the_old_file_and_nothing_else(tmp_path):
    (tmp_path / "a").write_text("old")
    with pytest.raises(RuntimeError), written(tmp_path / "a") as stream:
        stream.write("new")
        raise RuntimeError
    assert [path.name for path in tmp_path.iterdir()] == ["a"] and (tmp_path / "a").read_text() == "old"


def test_a_folder_replaces_an_older_folder_whole(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out/old").touch()
    with replaced(tmp_path / "out") as folder:
        folder.mkdir()
        (folder / "new").touch()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["new"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_place_that_cannot_be_written_is_one_clear_line(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(BilanError, match="not a directory|file exists"), written(tmp_path / "file/a"):
        pass
