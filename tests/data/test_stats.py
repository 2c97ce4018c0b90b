"""The figures of a corpus."""

import json

import typer
from bilan.data import Document, Span, inspection, read
from bilan.data.stats import stats
from typer.testing import CliRunner

from ..shared import ROOT

FIRST = Document("a", "À Goma, 12 civils.", (Span(2, 6, "LOC"), Span(8, 10, "KILLED", {"who": "c"}),
                                              Span(11, 17, "CIVIL", {"id": "c"})),
                 {"genre": "brève", "conflict": "RDC"})
SECOND = Document("b", "GOMA et Kiev", (Span(0, 4, "LOC"), Span(8, 12, "LOC")), {"genre": "live", "conflict": "RDC"})
BARE = Document("c", "rien")


def test_documents_words_characters_and_spans_are_counted():
    told = stats([FIRST, SECOND, BARE])
    assert {name: told[name] for name in ("documents", "words", "characters", "spans")} == {
        "documents": 3, "words": 8, "characters": 34, "spans": 5}


def test_a_label_has_spans_distinct_mentions_mean_length_and_documents():
    assert stats([FIRST, SECOND])["labels"]["LOC"] == {
        "spans": 3, "mentions": 2, "mean_length": 4.0, "documents": 2}


def test_labels_are_in_the_order_of_the_guide():
    assert list(stats([FIRST])["labels"]) == ["CIVIL", "LOC", "KILLED"]


def test_spans_a_document_are_least_mean_and_most():
    assert stats([FIRST, SECOND, BARE])["spans_per_document"] == {"least": 0, "mean": 1.7, "most": 3}


def test_genres_and_conflicts_come_from_the_headers_largest_first():
    told = stats([BARE, FIRST, SECOND])
    assert list(told["conflicts"]) == ["RDC", "(none)"]
    assert told["genres"]["live"] == {"documents": 1, "words": 3, "characters": 12, "spans": 2}


def test_attributes_are_counted():
    assert stats([FIRST])["attributes"] == {"who": 1, "id": 1}


def test_no_document_gives_zeros():
    assert stats([]) == {"documents": 0, "words": 0, "characters": 0, "spans": 0, "spans_per_document": {},
                         "labels": {}, "attributes": {}, "genres": {}, "conflicts": {}}


def test_the_parts_of_the_corpus_add_up_to_the_whole():
    told = stats(read(ROOT / "data/corpus"))
    assert told["documents"] > 500
    for key in ("genres", "conflicts"):
        for name in ("documents", "words", "characters", "spans"):
            assert sum(part[name] for part in told[key].values()) == told[name]
    assert sum(label["spans"] for label in told["labels"].values()) == told["spans"]


def test_the_datasheet_states_the_sizes_of_the_corpus():
    told = stats(read(ROOT / "data/corpus"))
    shown = (ROOT / "data/corpus/README.md").read_text(encoding="utf-8")
    rows = [f"| {name} | {told[key]:,} |" for key, name in (
        ("documents", "articles"), ("words", "words"), ("characters", "characters"), ("spans", "spans"))]
    rows += [f"| `{name}` | {label['spans']:,} ({label['mentions']:,} different) |"
             for name, label in told["labels"].items()]
    assert shown.partition("<!-- sizes")[2].partition("<!-- /sizes")[0].splitlines()[3:] == rows


def test_the_command_shows_tables_or_json(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_text("---\nid: a\ngenre: brève\n---\nÀ [Goma](LOC)", encoding="utf-8")
    app = typer.Typer()
    app.command()(inspection.stats)
    shown = CliRunner().invoke(app, ["a.md"]).output.splitlines()
    assert [line.split() for line in shown if line.strip().startswith(("LOC", "brève"))] == [
        ["LOC", "1", "1", "4.0", "1"], ["brève", "1", "2", "6", "1"]]
    assert json.loads(CliRunner().invoke(app, ["a.md", "--json"]).output)["words"] == 2
