"""GLiNER training data."""

import json

from bilan.data.document import Span
from bilan.data.formats import read
from bilan.data.report import Report

RECORD = {"tokenized_text": ["L’", "armée", "russe", "à", "Kiev"], "ner": [[1, 2, "force"], [1, 1, "noun"],
                                                                           [4, 4, "place"]]}


def load(folder, content, report=None):
    file = folder / "d.json"
    file.write_text(content, encoding="utf-8")
    return list(read(file, report=report))


def test_last_tokens_are_inclusive_and_spans_may_nest(tmp_path):
    (document,) = load(tmp_path, json.dumps([RECORD]))
    assert (document.id, document.text) == ("d-1", "L’ armée russe à Kiev")
    assert [(document.mention(span), span.label) for span in document.spans] == [
        ("armée russe", "force"), ("armée", "noun"), ("Kiev", "place")]


def test_lines_of_records_are_read_as_well(tmp_path):
    assert len(load(tmp_path, (json.dumps(RECORD) + "\n") * 2)) == 2


def test_relations_join_spans_in_the_order_of_ner(tmp_path):
    (document,) = load(tmp_path, json.dumps([RECORD | {"relations": [[0, 2, "située à"]]}]))
    assert document.spans[0].attributes == {"située à": "s2"}
    assert document.spans[2] == Span(17, 21, "place", {"id": "s2"})


def test_a_relation_to_no_span_is_lost(tmp_path):
    report = Report()
    load(tmp_path, json.dumps([RECORD | {"relations": [[0, 9, "située à"]]}]), report)
    assert report.losses == {"dropped: relation to no span": 1}


def test_no_tokens_make_an_empty_text(tmp_path):
    assert load(tmp_path, '[{"tokenized_text": [], "ner": []}]')[0].text == ""
