"""The table of formats: each row has what the interface asks, and what it writes is known again."""

import inspect

import pytest
from bilan.data import formats
from bilan.data.document import Document, Span
from bilan.data.errors import BilanError

ROWS = {row.name: row for row in formats.FORMATS}
WRITTEN = [name for name, row in ROWS.items() if row.writes]
DOCUMENTS = [Document("a", "L’armée russe à Kiev.", (Span(2, 13, "FORCE"), Span(16, 20, "LOC"))),
             Document("b", "Rien n’est dit.")]


def written(folder, name):
    if name == "spacy":
        pytest.importorskip("spacy", reason="spaCy is an extra")
    path = folder / "out"
    formats.write(DOCUMENTS, path, format=name)
    return path


def test_no_name_is_twice_in_the_table():
    assert len(ROWS) == len(formats.FORMATS)


@pytest.mark.parametrize("name", ROWS)
def test_each_format_sniffs_and_reads_as_the_interface_says(name):
    module = formats.module(name)
    assert list(inspect.signature(module.sniff).parameters) == ["path", "head"]
    path, *options = inspect.signature(module.read).parameters.values()
    assert path.name == "path"
    assert "report" in {option.name for option in options}
    assert {option.kind for option in options} == {inspect.Parameter.KEYWORD_ONLY}


@pytest.mark.parametrize("name", ROWS)
def test_a_format_writes_if_and_only_if_the_table_says_so(name):
    assert hasattr(formats.module(name), "write") == ROWS[name].writes


@pytest.mark.parametrize("name", [name for name in ROWS if name not in WRITTEN])
def test_a_format_that_is_read_only_says_so(tmp_path, name):
    with pytest.raises(BilanError, match=f"format '{name}' is read only; written: "):
        formats.write(DOCUMENTS, tmp_path / "out", format=name)


@pytest.mark.parametrize("name", ROWS)
def test_each_row_says_what_it_is_and_where_it_is_specified(name):
    assert ROWS[name].what
    assert ROWS[name].source


@pytest.mark.parametrize("name", WRITTEN)
def test_what_a_format_writes_is_detected_as_that_format(tmp_path, name):
    assert formats.detect(written(tmp_path, name)) == name


@pytest.mark.parametrize("name", WRITTEN)
def test_what_a_format_writes_it_reads_with_every_mention(tmp_path, name):
    back = list(formats.read(written(tmp_path, name)))
    mentions = [(document.mention(span), span.label) for document in back for span in document.spans]
    assert mentions == [("armée russe", "FORCE"), ("Kiev", "LOC")]


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("head", [
    b"", b"\0\1\2", b"\xff\xfe<\0", b"{", b"[", b"<", b"---\n", b"Kiev est loin.\n"])
def test_nothing_that_is_no_annotation_is_taken_for_one(tmp_path, name, head):
    path = tmp_path / "d.bin"
    path.write_bytes(head)
    assert formats.module(name).sniff(path, head) is False
