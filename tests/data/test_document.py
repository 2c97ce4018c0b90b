"""Span and Document: what they hold and what they refuse."""

import pickle
from dataclasses import FrozenInstanceError

import pytest
from bilan.data import BilanError, Document, Span
from bilan.data.document import crossing, flatten, labels_of

TEXT = "l’armée russe a perdu 3\u202f000 hommes"


def test_a_mention_is_the_characters_between_start_and_end():
    assert Document("d", TEXT, (Span(22, 27, "LOSSES"),)).mention(Span(22, 27, "LOSSES")) == "3\u202f000"


def test_spans_are_kept_in_reading_order_longest_first():
    spans = (Span(9, 13, "B"), Span(2, 7, "A"), Span(2, 13, "C"))
    assert [span.label for span in Document("d", TEXT, spans).spans] == ["C", "A", "B"]


def test_a_span_that_leaves_the_text_names_document_span_and_length():
    with pytest.raises(BilanError) as caught:
        Document("d7", "abc", (Span(1, 9, "LOC"),), source="a.jsonl:3")
    assert str(caught.value).startswith(
        "a.jsonl:3: document 'd7': span 1–9 'LOC' leaves the text of 3 characters; check the offsets")


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 2), (-1, 2)])
def test_an_empty_or_negative_span_is_refused(start, end):
    with pytest.raises(BilanError, match="empty or negative"):
        Span(start, end, "LOC")


def test_a_span_without_label_is_refused():
    with pytest.raises(BilanError, match="no label"):
        Span(0, 1, "")


@pytest.mark.parametrize("fragments", [((0, 4),), ((0, 1), (2, 3)), ((0, 3), (2, 4)), ((2, 4), (0, 1))])
def test_fragments_must_fill_the_hull_in_order(fragments):
    with pytest.raises(BilanError, match="fragments"):
        Span(0, 4, "LOC", fragments=fragments)


def test_a_lone_surrogate_is_refused_with_its_place():
    with pytest.raises(BilanError, match="lone surrogate at character 1"):
        Document("d", "a\ud800")


def test_a_document_without_id_is_refused():
    with pytest.raises(BilanError, match="without id"):
        Document("", "a")


def test_documents_and_spans_are_frozen():
    with pytest.raises(FrozenInstanceError):
        Document("d", "a").text = "b"  # pyright: ignore[reportAttributeAccessIssue]


def test_replace_gives_a_new_document_and_leaves_the_old_one():
    old = Document("d", "abc")
    assert old.replace(spans=(Span(0, 1, "A"),)).spans and not old.spans


def test_where_a_document_was_read_is_not_compared():
    assert Document("d", "a", source="x") == Document("d", "a", source="y")


def test_a_document_survives_pickling():
    document = Document("d", TEXT, (Span(2, 13, "FORCE", {"id": "a"}, 0.5),), {"genre": "brève"})
    assert pickle.loads(pickle.dumps(document)) == document


def test_an_error_survives_pickling_with_its_parts():
    error = pickle.loads(pickle.dumps(BilanError("what", where="f:1", mend="so")))
    assert str(error) == "f:1: what; so"


def test_the_longest_of_overlapping_spans_stays():
    document = Document("d", TEXT, (Span(2, 7, "A"), Span(2, 13, "B"), Span(14, 15, "C")))
    kept, dropped = flatten(document)
    assert [span.label for span in kept.spans] == ["B", "C"] and [span.label for span in dropped] == ["A"]


def test_the_first_of_overlapping_spans_stays_when_asked():
    document = Document("d", TEXT, (Span(2, 7, "A"), Span(4, 13, "B")))
    assert [span.label for span in flatten(document, prefer="first")[0].spans] == ["A"]


def test_an_unknown_overlap_policy_is_refused():
    with pytest.raises(BilanError, match="unknown overlap policy"):
        flatten(Document("d", "a"), prefer="best")


def test_adjacent_spans_do_not_cross():
    assert list(crossing((Span(0, 2, "A"), Span(2, 4, "B")))) == []


def test_crossing_spans_are_given_in_pairs():
    assert [(a.label, b.label) for a, b in crossing((Span(0, 3, "A"), Span(2, 4, "B")))] == [("A", "B")]


def test_labels_are_those_that_occur():
    assert labels_of([Document("d", "abc", (Span(0, 1, "X"), Span(1, 2, "A")))]) == ["A", "X"]
