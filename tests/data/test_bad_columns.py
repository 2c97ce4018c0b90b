"""Damaged brat, CoNLL and WebAnno files: one BilanError each, that names the file and the line."""

import pytest
from bilan.data.document import Document, Span
from bilan.data.errors import BilanError
from bilan.data.formats import conll, detect, read, write
from bilan.data.report import Report

TSV = "#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.Entity|value\n\n\n#Text=à Kiev\n1-1\t0-1\tà\t_\t\n"
NAMED = "# global.columns = ID FORM NE\n"
BRAT = {  # the content of the .ann beside « à Kiev » → what the error says, at which line
    "T1\tLOC 2 99\tKiev\n": ("offset 99 of 'LOC' is not a character of the text", 1),
    "T1\tLOC 2 6\tKiev\nT2\tLOC 7 9\tx\n": ("offset 7", 2),
    "T1\tLOC 6 2\tKiev\n": ("empty or negative", 1),
    "T1\tLOC 0 4;2 6\tà Kiev\n": ("fragments", 1),
    "T1\tLOC 2\tKiev\n": ("not a text-bound annotation", 1),
    "T1\tLOC\n": ("not a text-bound annotation", 1),
    "T1\n": ("not a text-bound annotation", 1),
    "T1\tLOC -2 6\tKiev\n": ("not a text-bound annotation", 1),
    "T1\tLOC 2 6\tKiev\nA1\tsûr\n": ("malformed line", 2),
    "T1\tLOC 2 6\tKiev\nR1\tby Arg1:T1\n": ("malformed line", 2),
    "T1\tLOC 2 6\tKiev\n*\tEquiv T1\n": ("malformed line", 2),
    "T1\tLOC 2 6\tKiev\nE1\tDie\n": ("malformed line", 2),
    "T1\tLOC 2 6\tKiev\nN1\tReference T1\n": ("malformed line", 2),
}
CONLL = {
    "": ("empty file", None),
    " \n\n": ("empty file", None),
    "à O\nKiev B-LOC\nx\n": ("1 columns, 2 expected", 3),
    "à O\nKiev x B-LOC\nà O\n": ("3 columns, 2 expected", 2),
    "à\tO\nKiev\t\nà\tO\n": ("1 columns, 2 expected", 2),
    "à\tO\n\tB-LOC\nà\tO\n": ("empty cell in column 1", 2),
    f"{NAMED}1\tà\tO\n2\tKiev\n": ("2 columns, 3 expected", 3),
    "à O\nKiev X-LOC\n": ("unknown tag scheme: 'X-LOC'", 2),
    f"{NAMED}1\tà\tO\n2\tKiev\tB-LOC\n3\tx\tPER\n": ("unknown tag scheme: 'PER'", 4),
    f"{NAMED}1\tà\t*\n2\tKiev\t1:LOC\n\n1\tx\t2\n": ("number 2 has no label", 5),
    f"{NAMED}1\tà\t*\n2\tKiev\t(LOC*\n": ("bracket of 'LOC' is not closed", 2),
    "à b\nKiev c\n": ("no column of tags", 1),
    '# newdoc id = d\n# bilan:text = "à Goma"\nà\tO\nKiev\tB-LOC\n': ("not those of the text", 3),
    '# newdoc id = d\n# bilan:text = "à Ki\nà\tO\nKiev\tB-LOC\n': ("not JSON", 3),
}
WEBANNO = {
    "": ("empty file", None),
    "#FORMAT=WebAnno TSV 2.0\n": ("not WebAnno TSV 3", 1),
    TSV + "1-2\t2-6\tKiev\n": ("0 annotation columns, 1 expected", 7),
    TSV + "1-2\t2-6\n": ("neither a token nor a header", 7),
    TSV + "Kiev\tLOC\n": ("neither a token nor a header", 7),
    TSV + "1-2\t2\tKiev\tLOC\t\n": ("neither a token nor a header", 7),
    TSV + "1-2\t6-2\tKiev\tLOC\t\n": ("end before they begin", 7),
    TSV + "1-2\t7-11\tGoma\tLOC\t\n": ("token 'Goma' at 7–11 is not in its sentence", 7),
    TSV + "1-2\t2-99\tKiev et Goma\tLOC\t\n": ("is not in its sentence", 7),
    TSV + "\n2-1\t7-11\tGoma\tLOC\t\n": ("token without the #Text", 8),
    "#FORMAT=WebAnno TSV 3.3\n#T_SP\n": ("malformed layer", 2),
}


def refused(path, **options) -> BilanError:
    with pytest.raises(BilanError) as caught:
        list(read(path, **options))
    assert "\n" not in str(caught.value)
    return caught.value


def names(error: BilanError, file, expected: tuple[str, int | None]) -> bool:
    what, line = expected
    mended = bool(error.mend) or line is None
    return what in error.what and error.where == (f"{file}:{line}" if line else str(file)) and mended


@pytest.mark.parametrize("content", BRAT)
def test_a_damaged_ann_file_is_refused_with_its_line(tmp_path, content):
    (tmp_path / "d.txt").write_text("à Kiev", encoding="utf-8")
    (tmp_path / "d.ann").write_text(content, encoding="utf-8")
    assert names(refused(tmp_path), tmp_path / "d.ann", BRAT[content])


@pytest.mark.parametrize("content", CONLL)
def test_a_damaged_conll_file_is_refused_with_its_line(tmp_path, content):
    (file := tmp_path / "d.conll").write_text(content, encoding="utf-8")
    assert names(refused(file, format="conll"), file, CONLL[content])


@pytest.mark.parametrize("content", WEBANNO)
def test_a_damaged_webanno_file_is_refused_with_its_line(tmp_path, content):
    (file := tmp_path / "d.tsv").write_text(content, encoding="utf-8")
    assert names(refused(file, format="webanno"), file, WEBANNO[content])


@pytest.mark.parametrize(("format", "name"), [("brat", "d.ann"), ("conll", "d.conll"), ("webanno", "d.tsv")])
@pytest.mark.parametrize(("content", "what"), [
    ("T1\tLOC 0 5\tété\n".encode("latin-1"), "not UTF-8"), ("été\tO\n".encode("utf-16"), "UTF-16"),
    (b"a\0b\n", "binary"), (b"\x1f\x8b\x08\0", "gzip")])
def test_other_encodings_are_refused(tmp_path, format, name, content, what):
    (tmp_path / "d.txt").write_text("à Kiev", encoding="utf-8")
    (tmp_path / name).write_bytes(content)
    error = refused(tmp_path / name, format=format)
    assert what in error.what and error.where.startswith(str(tmp_path / name))


def test_an_ann_file_without_its_text_is_refused(tmp_path):
    (tmp_path / "d.ann").write_text("T1\tLOC 2 6\tKiev\n", encoding="utf-8")
    assert refused(tmp_path / "d.ann").what == refused(tmp_path).what == "annotations without their text"


@pytest.mark.parametrize("format", ["brat", "conll", "webanno"])
def test_a_missing_path_and_an_empty_folder_are_refused(tmp_path, format):
    assert "no such file" in refused(tmp_path / "nulle-part", format=format).what
    with pytest.raises(BilanError, match="no file ending in"):
        list(read(tmp_path, format=format))


def test_a_column_that_is_not_there_is_refused_with_those_that_are(tmp_path):
    (file := tmp_path / "d.conll").write_text(f"{NAMED}1\tà\tO\n", encoding="utf-8")
    with pytest.raises(BilanError, match="NER2") as caught:
        list(conll.read(file, report=Report(), column="NER2"))
    assert "ID, FORM, NE" in caught.value.mend


def test_text_without_tags_is_not_taken_for_columns(tmp_path):
    (tmp_path / "d.txt").write_text("Kiev est tombée\nhier soir donc\n", encoding="utf-8")
    with pytest.raises(BilanError, match="no known annotation format"):
        detect(tmp_path / "d.txt")


@pytest.mark.parametrize(("format", "label"), [("brat", "a\tb"), ("conll", "a\nb")])
def test_a_label_that_cannot_be_written_is_refused_and_leaves_nothing(tmp_path, format, label):
    with pytest.raises(BilanError, match="cannot be written"):
        write([Document("d", "Kiev", (Span(0, 4, label),))], tmp_path / "out", format=format)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("format", "name"), [("brat", "out.ann"), ("webanno", "out.tsv")])
def test_two_documents_are_not_written_to_one_file(tmp_path, format, name):
    with pytest.raises(BilanError, match="2 documents for one"):
        write([Document("a", "x"), Document("b", "y")], tmp_path / name, format=format)


@pytest.mark.parametrize("format", ["brat", "webanno"])
def test_an_id_that_would_leave_the_folder_is_refused(tmp_path, format):
    with pytest.raises(BilanError, match="cannot be a file name"):
        write([Document("../a", "x")], tmp_path / "out", format=format)
