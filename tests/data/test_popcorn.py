"""POPCORN: French intelligence reports."""

import json

import pytest
from bilan.data.document import Span
from bilan.data.formats import read
from bilan.data.report import Report

from ..shared import shared

REPORT = {"text": "Adelys Adams vit à Denver. Elle a 72 ans.",
          "entities": [
              {"id": 1, "type": "CIVILIAN", "mentions": [{"value": "Elle", "start": 27, "end": 31},
                                                         {"value": "Adelys Adams", "start": 0, "end": 12}]},
              {"id": 2, "type": "PLACE", "mentions": [{"value": "Denver", "start": 19, "end": 25}]},
              {"id": 3, "type": "AGE", "mentions": [{"value": "72 ans", "start": 34, "end": 40}],
               "value": 72},
          ],
          "relations": [[1, "RESIDES_IN", 2], [1, "GENDER_FEMALE", 1]]}


def load(folder, value, report=None):
    file = folder / "d.json"
    file.write_text(json.dumps(value), encoding="utf-8")
    return list(read(file, report=report))


def test_every_mention_is_a_span_and_relations_join_the_first_ones(tmp_path):
    (document,) = load(tmp_path, {"5_1342": REPORT})
    assert document.id == "5_1342"
    assert document.spans == (
        Span(0, 12, "CIVILIAN", {"id": "e1", "RESIDES_IN": "e2", "GENDER_FEMALE": "e1"}),
        Span(19, 25, "PLACE", {"id": "e2"}), Span(27, 31, "CIVILIAN", {"entity": "e1"}),
        Span(34, 40, "AGE", {"value": "72"}))


@pytest.mark.parametrize("value", [[REPORT], REPORT])
def test_a_list_of_reports_and_a_single_one_are_numbered(tmp_path, value):
    assert [document.id for document in load(tmp_path, value)] == ["d-1"]


def test_offsets_are_mended_by_the_value_of_the_mention(tmp_path):
    report = Report()
    place = {"id": 1, "type": "PLACE", "mentions": [{"value": "Denver", "start": 3, "end": 9}]}
    (document,) = load(tmp_path, {"a": {"text": "🙂 Denver", "entities": [place], "relations": []}}, report)
    assert document.spans == (Span(2, 8, "PLACE"),)
    assert report.counts == {"mended: offsets that count utf-16": 1}


def test_a_relation_of_an_unknown_entity_is_lost(tmp_path):
    report = Report()
    load(tmp_path, {"a": REPORT | {"relations": [[1, "CREATED", 99]]}}, report)
    assert report.losses == {"dropped: relation to no span": 1}


def test_the_real_file_shows_every_mention():
    file = shared("formats", "popcorn", "sample.json")
    expected = {name: sorted((mention["start"], mention["end"], entity["type"], mention["value"])
                             for entity in given["entities"] for mention in entity["mentions"])
                for name, given in json.loads(file.read_text(encoding="utf-8")).items()}
    report = Report()
    found = {document.id: sorted((*span.key, document.mention(span)) for span in document.spans)
             for document in read(file, report=report)}
    assert found == expected and sum(map(len, found.values())) == 374
    assert not report.lost
