"""Prodigy tasks, JSONL."""

import json

import pytest
from bilan.data.document import Document, Span
from bilan.data.formats import prodigy, read, write
from bilan.data.report import Report
from hypothesis import given, settings

from ..shared import shared
from ..strategies import documents

TEXT = "À Kiev, 12 civils tués."
KIEV = {"start": 2, "end": 6, "label": "LOC"}


@pytest.fixture
def load(tmp_path):
    """The function that reads a file of some tasks."""
    def of(*tasks: dict, report: Report | None = None, **options) -> list[Document]:
        file = tmp_path / "d.jsonl"
        file.write_text("".join(json.dumps(task) + "\n" for task in tasks), encoding="utf-8")
        return list(prodigy.read(file, report=report or Report(), **options))
    return of


def back(document, folder, report=None):
    write([document], folder / "d.jsonl", format="prodigy", report=report)
    return next(read(folder / "d.jsonl"))


def test_a_span_is_read_by_its_characters(load):
    (document,) = load({"text": TEXT, "spans": [KIEV], "answer": "accept", "meta": {"date": "2025"}})
    assert (document.id, document.spans, document.meta) == ("d-1", (Span(2, 6, "LOC"),), {"date": "2025"})


def test_rejected_and_ignored_tasks_are_counted_not_read(load):
    report = Report()
    answers = ("accept", "reject", "ignore", "reject")
    tasks = [{"text": TEXT, "spans": [], "answer": answer} for answer in answers]
    assert len(load(*tasks, report=report)) == 1
    assert report.counts == {"skipped: task answered reject": 2, "skipped: task answered ignore": 1}


def test_a_task_without_answer_is_accepted(load):
    assert load({"text": TEXT, "spans": [KIEV]})[0].spans == (Span(2, 6, "LOC"),)


def test_the_tasks_of_one_session_are_read_on_demand(load):
    tasks = [{"text": TEXT, "spans": [], "_session_id": f"ner-{name}"} for name in ("anne", "bob")]
    assert [document.id for document in load(*tasks, annotator="ner-bob")] == ["d-2"]


def test_a_span_may_be_placed_by_its_tokens_alone(load):
    tokens = [{"text": "À", "start": 0, "end": 1, "id": 0}, {"text": "Kiev", "start": 2, "end": 6, "id": 1}]
    span = {"token_start": 1, "token_end": 1, "label": "LOC"}
    assert load({"text": TEXT, "tokens": tokens, "spans": [span]})[0].spans == (Span(2, 6, "LOC"),)


def test_offsets_are_mended_by_the_text_of_the_span(load):
    report = Report()
    (document,) = load({"text": "🙂 Kiev", "spans": [{"start": 3, "end": 7, "label": "LOC", "text": "Kiev"}]},
                       report=report)
    assert document.spans == (Span(2, 6, "LOC"),)
    assert report.counts == {"mended: offsets that count utf-16": 1}


def test_offsets_are_mended_by_the_tokens_where_the_span_has_no_text(load):
    tokens = [{"text": "🙂", "start": 0, "end": 2, "id": 0, "ws": True},
              {"text": "Kiev", "start": 3, "end": 7, "id": 1, "ws": False}]
    span = {"start": 3, "end": 7, "label": "LOC", "token_start": 1, "token_end": 1}
    assert load({"text": "🙂 Kiev", "spans": [span], "tokens": tokens})[0].spans == (Span(2, 6, "LOC"),)


def test_a_mention_that_is_nowhere_is_lost_with_what_stands_there(load):
    report = Report()
    assert load({"text": TEXT, "spans": [KIEV | {"text": "Goma"}]}, report=report)[0].spans == ()
    assert report.losses == {"dropped: offsets match no reading": 1}
    assert report.examples["dropped: offsets match no reading"][0].endswith("'Goma', the text has 'Kiev'")


def test_relations_go_from_head_to_child(load):
    civils = {"start": 11, "end": 17, "label": "CIVIL"}
    douze = {"start": 8, "end": 10, "label": "KILLED"}
    relation = {"head": 3, "child": 4, "head_span": douze, "child_span": civils, "label": "who"}
    (document,) = load({"text": TEXT, "spans": [civils, douze], "relations": [relation]})
    assert document.spans == (Span(8, 10, "KILLED", {"who": "s0"}), Span(11, 17, "CIVIL", {"id": "s0"}))


def test_a_relation_between_bare_tokens_is_lost(load):
    report = Report()
    bare = {"start": 0, "end": 1, "label": None}
    relation = {"head": 0, "child": 1, "label": "dep", "head_span": bare, "child_span": KIEV}
    load({"text": TEXT, "spans": [KIEV], "relations": [relation]}, report=report)
    assert report.losses == {"dropped: relation between unlabelled tokens": 1}


def test_the_choice_of_a_whole_task_is_lost(load):
    report = Report()
    load({"text": TEXT, "spans": [], "accept": ["GUERRE"], "options": [{"id": "GUERRE"}]}, report=report)
    assert report.losses == {"dropped: label of the whole task": 1}


def test_written_tokens_cover_the_text_and_the_ends_of_spans_are_inclusive_tokens(tmp_path):
    write([Document("d", "l'armée  russe", (Span(2, 4, "X"),))], tmp_path / "d.jsonl", format="prodigy")
    task = json.loads((tmp_path / "d.jsonl").read_text(encoding="utf-8"))
    assert [token["text"] for token in task["tokens"]] == ["l", "'", "ar", "mée", "  ", "russe"]
    assert task["spans"] == [{"start": 2, "end": 4, "label": "X", "token_start": 2, "token_end": 2}]


def test_relations_ids_attributes_scores_and_meta_come_back(tmp_path):
    spans = (Span(8, 10, "KILLED", {"who": "c", "sûr": "oui"}, score=0.5), Span(11, 17, "CIVIL", {"id": "c"}))
    document = Document("ua-0001", TEXT, spans, {"title": "Koursk"})
    assert back(document, tmp_path) == document


def test_a_discontinuous_span_is_lost(tmp_path):
    report = Report()
    document = Document("d", TEXT, (Span(8, 17, "CIVIL", fragments=((8, 10), (11, 17))),))
    assert back(document, tmp_path, report).spans == ()
    assert report.losses == {"dropped: discontinuous span": 1}


@settings(deadline=None)
@given(documents(nested=True, attributes=True, blank_edges=True))
def test_text_spans_and_attributes_come_back_to_the_letter(tmp_path_factory, document):
    assert back(document, tmp_path_factory.mktemp("prodigy")) == document


@settings(deadline=None)
@given(documents(nested=True, blank_edges=True))
def test_tokens_and_their_spaces_spell_the_text(document):
    tokens = prodigy._task(document)["tokens"]
    assert "".join(token["text"] + " " * token["ws"] for token in tokens) == document.text


def test_the_real_file_shows_the_mentions_that_prodigy_showed():
    file = shared("formats", "prodigy", "debates.jsonl")
    tasks = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    expected = {(number, span["start"], span["end"], _spelt(task, span))
                for number, task in enumerate(tasks, 1) if task["answer"] == "accept"
                for span in task["spans"] if "start" in span}
    report = Report()
    found = {(int(document.source.rpartition(":")[2]), span.start, span.end, document.mention(span))
             for document in read(file, report=report) for span in document.spans}
    assert found == expected and len(found) > 100
    assert report.counts == {"skipped: task answered reject": 10}
    assert report.losses == {"dropped: span without place": 1}


def _spelt(task, span):
    tokens = task["tokens"][span["token_start"]:span["token_end"] + 1]
    return "".join(token["text"] + " " * token["ws"] for token in tokens[:-1]) + tokens[-1]["text"]


def test_the_real_relations_join_spans_of_the_document():
    found = list(read(shared("formats", "prodigy", "debates.jsonl")))
    ends = [target in document.by_id() for document in found for span in document.spans
            for target in span.attributes.get("RAISON", "").split()]
    assert len(ends) == 63 and all(ends)
