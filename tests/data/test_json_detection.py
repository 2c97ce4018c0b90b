"""Each file of the JSON family is detected as what it is, and as nothing else before that."""

import json

import pytest
from bilan.data.document import Document, Span
from bilan.data.formats import detect, write

from ..shared import shared

TEXT = "À Kiev, 12 civils tués."
LONG = "longer than the head"
DOCUMENTS = {
    "one span": Document("d1", TEXT, (Span(2, 6, "LOC"),)),
    "relation": Document("d2", TEXT, (Span(8, 10, "X", {"who": "c"}), Span(11, 17, "CIVIL", {"id": "c"}))),
    "score": Document("d3", TEXT, (Span(2, 6, "LOC", score=0.5),), {"title": "Koursk"}),
    "nothing": Document("d4", "", ()),
    LONG: Document("d5", "Kiev " * 20_000, (Span(0, 4, "LOC"),)),
}
WRITTEN = {"jsonl": "d.jsonl", "doccano": "d.jsonl", "prodigy": "d.jsonl", "labelstudio": "d.json",
           "huggingface": "d.parquet", "spacy": "d.spacy"}
TASK = {"id": 1, "data": {"text": TEXT}, "annotations": [], "predictions": []}
MIN = {"text": TEXT, "id": 1, "annotator": 1, "annotation_id": 1, "lead_time": 1.5}
GIVEN = {
    "gliner": ([{"tokenized_text": ["Kiev"], "ner": [[0, 0, "lieu"]]}], {"tokenized_text": [], "ner": []}),
    "popcorn": ({"1": {"text": TEXT, "entities": [{"id": 0, "mentions": [], "type": "X"}], "relations": []}},
                [{"text": TEXT, "entities": [{"id": 0, "mentions": [], "type": "X"}], "relations": []}],
                {"1": {"text": TEXT, "entities": [], "relations": []}}),
    "spacy": ([[TEXT, {"entities": [[2, 6, "LOC"]]}]], [{"id": 0, "paragraphs": []}],
              {"classes": ["LOC"], "annotations": [None, [TEXT, {"entities": []}]]}),
    "labelstudio": ([TASK], [MIN], [{"text": TEXT, "label": [{"start": 2, "end": 6, "labels": ["LOC"]}]}],
                    {"id": 1, "result": [], "task": {"id": 1, "data": {"text": TEXT}}}),
    "prodigy": ({"text": TEXT, "spans": []}, {"text": TEXT, "answer": "reject"},
                {"text": TEXT, "_input_hash": 1, "_task_hash": 2, "tokens": [], "spans": [], "id": 3}),
    "doccano": ({"text": TEXT, "label": []}, {"id": 1, "data": TEXT, "label": [[2, 6, "LOC"]]},
                {"text": TEXT, "entities": [], "relations": []}, {"text": TEXT, "entities": [[2, 6, "LOC"]]},
                {"id": 1, "text": TEXT, "annotations": [], "meta": {}, "annotation_approver": None}),
    "jsonl": ({"id": "d", "text": TEXT, "spans": []},),
}
CASES = [(name, value) for name, values in GIVEN.items() for value in values]
ONE_A_LINE = {"jsonl", "doccano", "prodigy"}
# Our own format is recognised by its first 64 kB alone.
PAIRS = [(name, case) for name in WRITTEN for case in DOCUMENTS if (name, case) != ("jsonl", LONG)]


@pytest.mark.parametrize(("name", "case"), PAIRS)
def test_what_a_format_writes_is_detected_as_that_format(tmp_path, name, case):
    if name == "spacy":
        pytest.importorskip("spacy", reason="the extra bilan[spacy] is not installed")
    write([DOCUMENTS[case]], tmp_path / WRITTEN[name], format=name)
    assert detect(tmp_path / WRITTEN[name]) == name


@pytest.mark.parametrize(("name", "value"), CASES)
def test_a_given_record_is_detected_as_its_format(tmp_path, name, value):
    file = tmp_path / "d.json"
    file.write_text(json.dumps(value), encoding="utf-8")
    assert detect(file) == name


@pytest.mark.parametrize(("name", "value"), [case for case in CASES if case[0] not in ONE_A_LINE])
def test_indented_json_is_detected_as_well(tmp_path, name, value):
    file = tmp_path / "d.json"
    file.write_text(json.dumps(value, indent=2), encoding="utf-8")
    assert detect(file) == name


@pytest.mark.parametrize(("name", "value"), [case for case in CASES if case[0] != "jsonl"])
def test_a_byte_order_mark_does_not_hide_the_format(tmp_path, name, value):
    file = tmp_path / "d.json"
    file.write_text(json.dumps(value), encoding="utf-8-sig")
    assert detect(file) == name


@pytest.mark.parametrize(("name", "path"), [
    ("doccano", "doccano/example_overlapping.jsonl"), ("doccano", "doccano/labeling_old.jsonl"),
    ("doccano", "doccano/relation_extraction.jsonl"), ("doccano", "doccano/sequence_labeling.jsonl"),
    ("prodigy", "prodigy/debates.jsonl"), ("popcorn", "popcorn/sample.json"), ("spacy", "spacy/demo.spacy"),
    ("spacy", "spacy/ner-token-per-line-conll2003.json"), ("doccano", "doccano"), ("prodigy", "prodigy"),
    ("popcorn", "popcorn")])
def test_real_files_are_detected_as_their_format(name, path):
    assert detect(shared("formats", *path.split("/"))) == name
