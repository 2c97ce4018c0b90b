"""What was read already is found again: whole lines only, by key."""

import pytest
from bilan.data import Document
from bilan.models.journal import Journal, Keys, Place, index, least_certain_first, recall

KEYS = Keys("model")


def test_a_half_written_line_never_counts(tmp_path):
    kept = Journal(tmp_path / "j")
    for name in "abc":
        kept.add(Document(name, "é" * 5), KEYS(Document(name, "é" * 5)))
    kept.close()
    whole = (tmp_path / "j").read_bytes()
    for cut in range(len(whole) + 1):
        (tmp_path / "j").write_bytes(whole[:cut])
        places, end = index(tmp_path / "j")
        assert (len(places), end) == (whole[:cut].count(b"\n"), whole[:cut].rfind(b"\n") + 1)


@pytest.mark.parametrize("line", [b"null\n", b"{}\n", b'{"key": "k"}\n', b'{"key": "k", "spans": 3}\n', b'{"key": "k", "spans": ["score"]}\n', b"\xff\n", b"\n"])
def test_a_line_that_is_none_of_ours_does_not_count(tmp_path, line):
    (tmp_path / "j").write_bytes(line)
    assert index(tmp_path / "j") == ({}, len(line))


def test_a_document_is_recalled_from_its_place(tmp_path):
    kept = Journal(tmp_path / "j")
    document = Document("d", "À Goma 🚀", meta={"title": "t"})
    assert recall(kept.add(document, "k")) == document
    kept.close()


@pytest.mark.parametrize("changed", [{"id": "e"}, {"text": "b"}, {"meta": {"date": "2025-01-01"}}])
def test_a_key_changes_with_id_text_and_header_not_with_spans(changed):
    document = Document("d", "a")
    assert KEYS(document.replace(**changed)) != KEYS(document)


def test_documents_are_reviewed_by_their_least_certain_span(tmp_path):
    places = [Place(tmp_path, number, 1, least) for number, least in enumerate((0.9, 0.2, 1.0, 0.5))]
    assert [place.start for place in least_certain_first(places)] == [1, 3, 0, 2]
