"""Label Studio tasks, JSON and JSON_MIN."""

import json

import pytest
from bilan.data.document import Document, Span
from bilan.data.formats import labelstudio, read, write
from bilan.data.report import Report
from hypothesis import given, settings

from ..strategies import documents

TEXT = "À Kiev, 12 civils tués."


def region(start, end, text, *labels, id="r", **more):
    return {"id": id, "from_name": "label", "to_name": "text", "type": "labels",
            "value": {"start": start, "end": end, "text": text, "labels": list(labels or ("LOC",))}, **more}


def task(*results, text=TEXT, by: object = 1, **more):
    annotation = {"id": 1, "completed_by": by, "result": list(results)}
    return {"id": 7, "data": {"text": text}, "annotations": [annotation], **more}


@pytest.fixture
def load(tmp_path):
    """The function that reads a file of some tasks."""
    def of(*tasks: dict, report: Report | None = None, **options) -> list[Document]:
        file = tmp_path / "d.json"
        file.write_text(json.dumps(tasks, indent=1), encoding="utf-8")
        return list(labelstudio.read(file, report=report or Report(), **options))
    return of


def back(document, folder, report=None):
    write([document], folder / "d.json", format="labelstudio", report=report)
    return next(read(folder / "d.json"))


def test_a_region_is_a_span(load):
    (document,) = load(task(region(2, 6, "Kiev")))
    assert (document.id, document.text, document.spans) == ("7", TEXT, (Span(2, 6, "LOC"),))


def test_a_region_of_two_labels_is_two_spans(load):
    (document,) = load(task(region(2, 6, "Kiev", "LOC", "ORG")))
    assert [span.label for span in document.spans] == ["LOC", "ORG"]


@pytest.mark.parametrize(("text", "start", "end", "convention"), [
    ("🙂 Kiev", 3, 7, "utf-16"), ("À\r\nKiev", 2, 6, "code-points-lf"), ("a\nKiev", 3, 7, "code-points-crlf"),
    ("🙂🙂\r\nKiev", 5, 9, "utf-16-lf")])
def test_offsets_that_count_otherwise_are_mended_by_the_mention(load, text, start, end, convention):
    report = Report()
    (document,) = load(task(region(start, end, "Kiev"), text=text), report=report)
    assert [document.mention(span) for span in document.spans] == ["Kiev"]
    assert report.counts == {f"mended: offsets that count {convention}": 1}


def test_a_line_end_in_a_mention_is_written_as_two_characters(load):
    (document,) = load(task(region(0, 6, "Bab\\nal"), text="Bab\r\nal-Mandeb"))
    assert document.spans == (Span(0, 7, "LOC"),)


def test_a_mention_that_is_nowhere_is_lost(load):
    report = Report()
    assert load(task(region(2, 6, "Goma")), report=report)[0].spans == ()
    assert report.losses == {"dropped: offsets match no reading": 1}


@pytest.mark.parametrize(("direction", "expected"), [
    ("right", [{"who": "b"}, {"id": "b"}]), ("left", [{"id": "a"}, {"who": "a"}]),
    ("bi", [{"id": "a", "who": "b"}, {"id": "b", "who": "a"}])])
def test_relations_follow_their_direction(load, direction, expected):
    regions = region(8, 10, "12", "KILLED", id="a"), region(11, 17, "civils", "CIVIL", id="b")
    relation = {"type": "relation", "from_id": "a", "to_id": "b", "direction": direction, "labels": ["who"]}
    (document,) = load(task(*regions, relation))
    assert [span.attributes for span in document.spans] == expected


def test_a_relation_without_label_is_named_relation(load):
    relation = {"type": "relation", "from_id": "a", "to_id": "a", "direction": "right"}
    (document,) = load(task(region(2, 6, "Kiev", id="a"), relation))
    assert document.spans[0].attributes == {"id": "a", "relation": "a"}


def test_choices_of_a_region_are_its_attributes(load):
    choice = {"id": "r", "from_name": "sûr", "to_name": "text", "type": "choices",
              "value": {"start": 2, "end": 6, "text": "Kiev", "choices": ["oui"]}}
    assert load(task(region(2, 6, "Kiev"), choice))[0].spans == (Span(2, 6, "LOC", {"sûr": "oui"}),)


def test_choices_of_the_task_are_counted_as_lost(load):
    report = Report()
    choice = {"id": "c", "from_name": "genre", "type": "choices", "value": {"choices": ["dépêche"]}}
    load(task(choice), report=report)
    assert report.losses == {"dropped: choices of the whole task": 1}


def test_regions_of_a_picture_are_counted_as_lost(load):
    report = Report()
    box = {"id": "i", "type": "rectanglelabels", "value": {"x": 1, "y": 2, "rectanglelabels": ["Char"]}}
    load(task(box), report=report)
    assert report.losses == {"dropped: rectanglelabels region without offsets in a text": 1}


@pytest.mark.parametrize(("annotator", "expected"), [
    (None, "A"), ("2", "B"), ("bob@exemple.fr", "B"), ("Bob Ney", "B"), ("1", "A")])
def test_the_first_annotator_is_read_or_the_one_named(load, annotator, expected):
    report = Report()
    bob = {"id": 2, "email": "bob@exemple.fr", "first_name": "Bob", "last_name": "Ney"}
    both = [{"completed_by": 1, "result": [region(2, 6, "Kiev", "A")]},
            {"completed_by": bob, "result": [region(2, 6, "Kiev", "B")]}]
    given = {"id": 1, "data": {"text": TEXT}, "annotations": both}
    (document,) = load(given, report=report, annotator=annotator)
    assert [span.label for span in document.spans] == [expected]
    assert report.counts == {"skipped: annotation of another annotator": 1}


def test_cancelled_annotations_and_tasks_without_annotation_are_counted(load):
    report = Report()
    cancelled = {"was_cancelled": True, "result": [region(2, 6, "Kiev")]}
    assert load({"id": 1, "data": {"text": TEXT}, "annotations": [cancelled]}, report=report) == []
    assert report.counts == {"skipped: cancelled annotation": 1, "skipped: task without annotation": 1}


def test_a_prediction_is_read_with_its_scores_where_there_is_no_annotation(load):
    report = Report()
    prediction = {"model_version": "m", "score": 0.5, "result": [region(2, 6, "Kiev")]}
    (document,) = load({"id": 1, "data": {"text": TEXT}, "annotations": [], "predictions": [prediction]},
                       report=report)
    assert document.spans == (Span(2, 6, "LOC", score=0.5),)
    assert report.counts == {"read: prediction of a task without annotation": 1}


def test_a_prediction_beside_an_annotation_is_counted(load):
    report = Report()
    prediction = {"result": [region(8, 10, "12", "KILLED")]}
    (document,) = load(task(region(2, 6, "Kiev"), predictions=[prediction]), report=report)
    assert document.spans == (Span(2, 6, "LOC"),)
    assert report.counts == {"skipped: prediction beside an annotation": 1}


def test_the_text_is_the_field_that_shows_the_mentions(load):
    results = [region(2, 6, "Kiev")]
    (document,) = load({"id": 1, "data": {"titre": "Un titre", "article": TEXT},
                        "annotations": [{"result": results}]})
    assert (document.text, document.meta) == (TEXT, {"titre": "Un titre"})


def test_completions_of_old_versions_are_annotations(load):
    (document,) = load({"id": 1, "data": {"text": TEXT}, "completions": [{"result": [region(2, 6, "Kiev")]}]})
    assert document.spans == (Span(2, 6, "LOC"),)


def test_paths_of_text_nodes_have_their_offsets_beside_them(load):
    value = {"start": "/text()[1]", "end": "/text()[1]", "startOffset": 2, "endOffset": 6, "text": "Kiev",
             "labels": ["LOC"]}
    assert load(task({"id": "r", "type": "labels", "value": value}))[0].spans == (Span(2, 6, "LOC"),)


def test_cloud_storage_holds_annotations_with_their_task(load):
    (document,) = load({"id": 3, "completed_by": 1, "result": [region(2, 6, "Kiev")],
                        "task": {"id": 7, "data": {"text": TEXT}}})
    assert (document.id, document.spans) == ("7", (Span(2, 6, "LOC"),))


def test_json_min_is_read_and_its_annotators_are_joined_by_task(load):
    report = Report()
    records = [{"text": TEXT, "id": 7, "titre": "Koursk", "annotator": by, "annotation_id": by,
                "lead_time": 2.5, "label": [{"start": 2, "end": 6, "text": "Kiev", "labels": [name]}]}
               for by, name in ((1, "A"), (2, "B"))]
    (document,) = load(*records, report=report)
    assert (document.id, document.spans, document.meta) == ("7", (Span(2, 6, "A"),), {"titre": "Koursk"})
    assert report.counts == {"skipped: annotation of another annotator": 1}


def test_gold_is_written_as_an_annotation_and_predictions_as_predictions(tmp_path):
    spans = Span(2, 6, "LOC"), Span(2, 6, "LOC", score=0.25)
    made = [Document(f"d{n}", TEXT, (span,)) for n, span in enumerate(spans)]
    write(made, tmp_path / "d.json", format="labelstudio")
    gold, predicted = json.loads((tmp_path / "d.json").read_text(encoding="utf-8"))
    assert gold["annotations"][0]["result"] == [region(2, 6, "Kiev", id="r0")]
    assert predicted["predictions"] == [{"model_version": "bilan", "score": 0.25,
                                         "result": [region(2, 6, "Kiev", id="r0", score=0.25)]}]


def test_no_document_makes_an_empty_list(tmp_path):
    write([], tmp_path / "d.json", format="labelstudio")
    assert json.loads((tmp_path / "d.json").read_text(encoding="utf-8")) == []


def test_relations_ids_attributes_scores_and_meta_come_back(tmp_path):
    spans = (Span(8, 10, "KILLED", {"who": "r0", "sûr": "oui"}, score=0.5),
             Span(11, 17, "CIVIL", {"id": "r0"}))
    document = Document("ua-0001", TEXT, spans, {"title": "Koursk"})
    assert back(document, tmp_path) == document


@settings(deadline=None)
@given(documents(nested=True, attributes=True, blank_edges=True))
def test_text_spans_and_attributes_come_back_to_the_letter(tmp_path_factory, document):
    assert back(document, tmp_path_factory.mktemp("labelstudio")) == document
