"""doccano JSONL, of the current and of older versions."""

import json

import pytest
from bilan.data.document import Document, Span
from bilan.data.formats import doccano, read, write
from bilan.data.report import Report
from hypothesis import given, settings

from ..shared import shared
from ..strategies import documents

TEXT = "À Kiev, 12 civils tués."


@pytest.fixture
def one(tmp_path):
    """The function that reads a file of one record."""
    def of(record: dict, *, report: Report | None = None, **options) -> Document:
        file = tmp_path / "d.jsonl"
        file.write_text(json.dumps(record), encoding="utf-8")
        (document,) = doccano.read(file, report=report or Report(), **options)
        return document
    return of


def back(document, folder, report=None):
    write([document], folder / "d.jsonl", format="doccano", report=report)
    return next(read(folder / "d.jsonl", format="doccano"))


@pytest.mark.parametrize("column", ["label", "labels"])
def test_a_triple_is_a_span(one, column):
    document = one({"id": 7, "text": TEXT, column: [[2, 6, "LOC"]]})
    assert (document.id, document.text, document.spans) == ("7", TEXT, (Span(2, 6, "LOC"),))


def test_old_annotations_have_numbers_for_labels(one):
    record = {"text": TEXT, "annotations": [{"label": 12, "start_offset": 2, "end_offset": 6, "user": 1}]}
    assert one(record).spans == (Span(2, 6, "12"),)


def test_relations_are_attributes_and_their_target_gets_its_id(one):
    entities = [{"id": 5, "label": "KILLED", "start_offset": 8, "end_offset": 10},
                {"id": 6, "label": "CIVIL", "start_offset": 11, "end_offset": 17}]
    relations = [{"id": 1, "from_id": 5, "to_id": 6, "type": "who"}]
    assert one({"text": TEXT, "entities": entities, "relations": relations}).spans == (
        Span(8, 10, "KILLED", {"who": "6"}), Span(11, 17, "CIVIL", {"id": "6"}))


def test_several_relations_of_one_name_point_at_several_ids(one):
    entities = [{"id": n, "label": "X", "start_offset": n, "end_offset": n + 1} for n in range(3)]
    relations = [{"from_id": 0, "to_id": 1, "type": "who"}, {"from_id": 0, "to_id": 2, "type": "who"}]
    document = one({"text": TEXT, "entities": entities, "relations": relations})
    assert document.spans[0].attributes == {"who": "1 2"}


def test_a_relation_to_no_span_is_lost(one):
    report = Report()
    entities = [{"id": 5, "label": "LOC", "start_offset": 2, "end_offset": 6}]
    relations = [{"from_id": 5, "to_id": 9, "type": "by"}]
    one({"text": TEXT, "entities": entities, "relations": relations}, report=report)
    assert report.losses == {"dropped: relation to no span": 1}


def test_other_columns_and_meta_are_meta(one):
    record = {"text": TEXT, "label": [], "meta": {"date": "2025-02-07"}, "source": "AFP", "Comments": []}
    assert one(record).meta == {"date": "2025-02-07", "source": "AFP"}


def test_columns_of_other_names_are_found_by_what_they_hold(one):
    document = one({"id": 1, "contenu": TEXT, "étiquettes": [[2, 6, "LOC"]]})
    assert (document.text, document.spans) == (TEXT, (Span(2, 6, "LOC"),))


def test_columns_that_cannot_be_told_apart_are_named(one):
    record = {"titre": "Kiev", "corps": TEXT, "a": [[0, 4, "LOC"]], "b": [[2, 6, "LOC"]]}
    document = one(record, text="corps", label="b")
    assert (document.text, document.spans) == (TEXT, (Span(2, 6, "LOC"),))


@pytest.mark.parametrize(("annotator", "expected"), [(None, "A"), ("2", "B")])
def test_the_first_annotator_is_read_or_the_one_named(one, annotator, expected):
    report = Report()
    annotations = [{"label": name, "start_offset": 2, "end_offset": 6, "user": user}
                   for name, user in (("A", 1), ("B", 2))]
    document = one({"text": TEXT, "annotations": annotations}, report=report, annotator=annotator)
    assert [span.label for span in document.spans] == [expected]
    assert report.counts == {"skipped: span of another annotator": 1}


def test_an_empty_span_is_lost(one):
    report = Report()
    assert one({"text": TEXT, "label": [[2, 2, "LOC"]]}, report=report).spans == ()
    assert report.losses == {"dropped: empty span": 1}


def test_offsets_written_as_3_0_are_whole_numbers(one):
    assert one({"text": TEXT, "label": [[2.0, 6.0, "LOC"]]}).spans == (Span(2, 6, "LOC"),)


def test_a_byte_order_mark_and_windows_line_ends_are_no_content(tmp_path):
    file = tmp_path / "d.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"text": "Kiev", "label": []}\r\n\r\n{"text": "Goma", "label": []}\r\n')
    assert [document.id for document in read(file)] == ["d-1", "d-2"]


def test_relations_come_back_under_new_ids(tmp_path):
    spans = (Span(8, 10, "KILLED", {"who": "c", "by": "c k"}), Span(2, 6, "LOC", {"id": "k"}),
             Span(11, 17, "CIVIL", {"id": "c"}))
    assert back(Document("d", TEXT, spans), tmp_path).spans == (
        Span(2, 6, "LOC", {"id": "0"}), Span(8, 10, "KILLED", {"who": "2", "by": "2 0"}),
        Span(11, 17, "CIVIL", {"id": "2"}))


def test_attributes_scores_and_discontinuous_spans_are_counted_as_lost(tmp_path):
    report = Report()
    spans = (Span(2, 6, "LOC", {"note": "ville"}, score=0.5),
             Span(8, 17, "CIVIL", fragments=((8, 10), (11, 17))))
    assert back(Document("d", TEXT, spans), tmp_path, report).spans == (Span(2, 6, "LOC"),)
    assert report.losses == {"dropped: attribute": 1, "dropped: score": 1, "dropped: discontinuous span": 1}


def test_id_and_meta_come_back(tmp_path):
    document = Document("ua-0001", TEXT, (), {"title": "Koursk", "n": 3})
    assert back(document, tmp_path) == document


@settings(deadline=None)
@given(documents(nested=True, blank_edges=True))
def test_text_and_spans_come_back_to_the_letter(tmp_path_factory, document):
    assert back(document, tmp_path_factory.mktemp("doccano")) == document


@pytest.mark.parametrize(("name", "mentions"), [
    ("sequence_labeling.jsonl", ["EU", "Peter Blackburn", "Obama"]),
    ("example_overlapping.jsonl", ["e", "e"]),
    ("relation_extraction.jsonl", ["Google", "September 4, 1998", "Larry Page", "Sergey Brin"]),
    ("labeling_old.jsonl", ["JAPAN", "CHINA", "Nadim Ladki", "AL-AIN", "United Arab Emirates", "RUGBY UNION",
                            "CUTTITTA", "ITALY", "ROME", "Italy", "Marcello Cuttitta"])])
def test_real_files_show_the_mentions_that_doccano_showed(name, mentions):
    found = list(read(shared("formats", "doccano", name)))
    assert [document.mention(span) for document in found for span in document.spans] == mentions
