"""What `audit` tells of a set of annotations, and that it writes nothing."""

import json
from collections import Counter

import pytest
import typer
from bilan.data import BilanError, Document, Span, inspection, write
from bilan.data.audit import KEEP, Example, audit, offsets
from bilan.data.mentions import in_context, loose_edges, place_of
from bilan.data.report import Report
from hypothesis import given
from typer.testing import CliRunner

from ..shared import shared
from ..strategies import documents


@pytest.fixture
def audited(tmp_path):
    """The audit of documents written as jsonl."""
    def told(*made: Document, name: str = "a.jsonl"):
        write(made, tmp_path / name, format="jsonl")
        return audit(tmp_path / name)
    return told


def counts(found) -> dict[str, int]:
    return {thing.what: thing.count for thing in found.findings}


def brat(folder, text: str, annotations: str):
    (folder / "a.txt").write_bytes(text.encode())
    (folder / "a.ann").write_text(annotations, encoding="utf-8")
    return audit(folder)


def test_documents_spans_and_labels_are_counted(audited):
    found = audited(Document("d", "à Goma", (Span(2, 6, "LOC"),)), Document("e", "rien"))
    assert (found.format, found.documents, found.spans, found.labels) == ("jsonl", 2, 1, {"LOC": 1})
    assert (found.empty.count, found.empty.examples) == (1, [Example("e (a.jsonl:2)", "rien")])


@pytest.mark.parametrize(("text", "mention", "what"), [
    ("à Goma hier", " Goma", "white space at an edge"),
    ("à Goma, hier", "Goma,", "punctuation at an edge"),
    ("les soldats", "soldat", "cut inside a word or a number"),
    ("3 000,5 km", "5", "cut inside a word or a number"),
])
def test_a_doubtful_edge_is_told(audited, text, mention, what):
    start = text.index(mention)
    found = audited(Document("d", text, (Span(start, start + len(mention), "X"),)))
    assert counts(found) == {what: 1}
    assert found.findings[0].examples == [Example("d (a.jsonl:1)", in_context(
        Document("d", text), start, start + len(mention)))]


def test_a_clean_document_has_no_findings(audited):
    spans = (Span(0, 7, "FORCE"), Span(11, 16, "LOC"), Span(18, 26, "DATE"))
    assert audited(Document("d", "Soldats de Paris, U.S.A. 44", spans[:2])).findings == []


@pytest.mark.parametrize(("spans", "what"), [
    (((0, 5, "A"), (0, 5, "A")), "repeated: same place, same label"),
    (((0, 5, "A"), (0, 5, "B")), "same place, another label"),
    (((0, 11, "A"), (6, 11, "B")), "nested in a longer span"),
    (((0, 8, "A"), (6, 11, "B")), "crossing another span"),
])
def test_overlaps_are_told_apart(audited, spans, what):
    found = audited(Document("d", "armée d  ici et", tuple(Span(*span) for span in spans)))
    assert counts(found)[what] == 1
    assert sum(count for name, count in counts(found).items()
               if name.startswith(("repeated", "same", "nested", "crossing"))) == 1


def test_a_discontinuous_span_is_told(audited):
    found = audited(Document("d", "bras et jambe", (Span(0, 13, "X", fragments=((0, 4), (8, 13))),)))
    assert counts(found) == {"discontinuous": 1}


@given(made=documents(nested=True))
def test_nesting_and_crossing_are_those_of_all_pairs(made):
    from bilan.data.audit import crossing, nested
    bounds = [(span.start, span.end) for span in made.spans]
    inside = [a for a in bounds if any(b[0] <= a[0] and a[1] <= b[1] and a != b for b in bounds)]
    across = [a for a in bounds if any(b[0] < a[0] < b[1] < a[1] for b in bounds)]
    assert [(span.start, span.end) for span in nested(made)] == inside
    assert [(span.start, span.end) for span in crossing(made)] == across


def test_a_text_labelled_in_two_ways_is_told_with_its_counts(audited):
    text = "Kiev et kiev et KIEV"
    spans = (Span(0, 4, "LOC"), Span(8, 12, "ORG"), Span(16, 20, "LOC"))
    (found,) = audited(Document("d", text, spans)).ambiguous
    assert (found.mention, found.labels) == ("kiev", {"LOC": 2, "ORG": 1})
    assert found.examples["ORG"] == Example("d (a.jsonl:1)", "Kiev et [kiev] et KIEV")


def test_a_number_that_counts_dead_here_and_wounded_there_is_no_contradiction(audited):
    assert audited(Document("d", "12 et 12", (Span(0, 2, "KILLED"), Span(6, 8, "INJURED")))).ambiguous == []


def test_relations_are_counted_apart_from_attributes(audited):
    spans = (Span(0, 1, "KILLED", {"who": "a", "sûr": "oui"}), Span(2, 8, "CIVIL", {"id": "a"}))
    found = audited(Document("d", "3 civils", spans))
    assert (found.attributes, found.relations) == ({"sûr": 1}, {"who": 1})


def test_examples_are_the_first_ones_only(audited):
    found = audited(*(Document(f"d{rank}", "à Goma", (Span(1, 6, "LOC"),)) for rank in range(9)))
    (thing,) = found.findings
    assert (thing.count, [example.where[:2] for example in thing.examples]) == (9, ["d0", "d1", "d2"][:KEEP])


@pytest.mark.parametrize(("text", "place", "convention"), [
    ("🙂 à Kiev", "4 8", "code-points"), ("🙂 à Kiev", "5 9", "utf-16"), ("🙂 à Kiev", "8 12", "utf-8"),
    ("Un.\r\nà Kiev", "6 10", "code-points-lf"), ("Un.\nKiev", "5 9", "code-points-crlf"),
])
def test_the_offset_convention_is_decided_by_the_mentions(tmp_path, text, place, convention):
    found = brat(tmp_path, text, f"T1\tLOC {place}\tKiev\n")
    assert found.offsets == {convention: 1}
    assert found.settled.startswith("decided by the mentions")


def test_documents_may_follow_different_conventions():
    report = Report(counts=Counter({
        "mended: offsets count utf-16": 2, "mended: offsets that count utf-8-crlf": 1,
        "mended: offsets count the byte-order mark": 1}))
    assert offsets(report, 4) == {"code-points": 1, "utf-16": 2, "utf-8-crlf": 1}


def test_what_the_reader_told_is_in_the_audit(tmp_path):
    found = brat(tmp_path, "à Kiev", "T1\tLOC 2 6\tKief\nT2\tLOC 3 3\t\n")
    assert found.losses == {"dropped: empty span": 1}
    assert list(found.counts) == ["differs: the mention in the .ann is not the text at its offsets"]


def test_markup_has_no_offsets(tmp_path):
    (tmp_path / "a.md").write_text("---\nid: a\ntitle: T\n---\nUn.\n[ Goma](LOC)", encoding="utf-8")
    found = audit(tmp_path / "a.md")
    assert (found.offsets, found.settled) == ({}, "no offsets: the marks stand in the text")
    assert found.findings[0].examples == [Example("a:6", "Un. [ Goma]")]


def test_a_fault_after_the_first_document_ends_the_reading_and_is_said(tmp_path):
    write([Document("d", "a")], tmp_path / "a.jsonl", format="jsonl")
    with open(tmp_path / "a.jsonl", "a", encoding="utf-8") as stream:
        stream.write("{")
    found = audit(tmp_path / "a.jsonl")
    assert found.documents == 1
    assert "a.jsonl:2: not JSON" in found.stopped


def test_a_set_of_which_nothing_can_be_read_is_an_error(tmp_path):
    with pytest.raises(BilanError, match="a.md"):
        audit(tmp_path / "a.md", format="markup")


def test_nothing_is_written(tmp_path):
    (tmp_path / "a.md").write_text("[Goma](LOC)", encoding="utf-8")
    audit(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


@pytest.mark.parametrize(("mention", "loose"), [
    ("Kiev", ""), ("(Kiev", "("), ("Kiev)", ")"), ("M23 (est)", ""), ("av. J.-C.", ""), ("Kiev.", "."),
    ("– 35 °C", ""), ("–", "––"), ("« Kiev »", "«»")])
def test_punctuation_at_the_edges(mention, loose):
    assert loose_edges(mention) == loose


def test_a_long_mention_is_shortened_in_its_context():
    made = Document("d", "a" * 1000)
    assert len(in_context(made, 100, 900)) < 200


@pytest.mark.parametrize(("source", "meta", "place"), [
    ("x/a.md", {"title": "T"}, "d:6"), ("x/a.md", {}, "d:2"), ("x/a.txt", {}, "d:2"),
    ("a.jsonl:7", {}, "d (a.jsonl:7)"), ("a.xml", {}, "d"), ("", {}, "d")])
def test_the_place_is_as_exact_as_the_source_allows(source, meta, place):
    assert place_of(Document("d", "un\ndeux", meta=meta, source=source), 3) == place


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run `audit` on a.md in a folder; exit code and output."""
    monkeypatch.chdir(tmp_path)
    app = typer.Typer()
    app.command()(inspection.audit)
    return lambda *arguments: CliRunner().invoke(app, list(arguments), env={"COLUMNS": "150"})


def test_the_command_shows_the_mention_between_brackets(run, tmp_path):
    (tmp_path / "a.md").write_text("à [Goma,](LOC) [/red] \x1b", encoding="utf-8")
    result = run("a.md")
    assert result.exit_code == 0
    assert "a:1: à [Goma,] [/red] \\x1b" in result.output


def test_the_command_prints_json(run, tmp_path):
    (tmp_path / "a.md").write_text("[Goma](LOC), [Goma](ORG)", encoding="utf-8")
    told = json.loads(run("a.md", "--json").output)
    assert told["labels"] == {"ORG": 1, "LOC": 1}
    assert told["ambiguous"][0]["labels"] == {"LOC": 1, "ORG": 1}


def test_the_command_ends_with_1_when_reading_stopped(run, tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": "d", "text": "a", "spans": []}\n{', encoding="utf-8")
    assert run("a.jsonl").exit_code == 1


@pytest.mark.parametrize(("path", "documents", "spans", "conventions"), [
    ("brat", 4, 84, {"code-points": 4}),
    ("cas-xmi", 1, 164, {"utf-16": 1}),
    ("conll/europeana-fr.iob1", 1, 17, {}),
    ("popcorn", 12, 374, {"code-points": 12}),
    ("prodigy", 30, 161, {"code-points": 30}),
    ("tei", 1, 31, {}),
])
def test_real_files_are_audited(path, documents, spans, conventions):
    found = audit(shared("formats", path))
    assert (found.documents, found.spans, found.offsets) == (documents, spans, conventions)
    json.dumps(found.as_dict())


def test_the_overlaps_of_real_brat_are_told():
    found = audit(shared("formats", "brat"))
    assert counts(found) == {"same place, another label": 1, "nested in a longer span": 3}


def test_the_repeated_span_of_real_doccano_is_told():
    found = audit(shared("formats", "doccano", "example_overlapping.jsonl"))
    assert counts(found)["repeated: same place, same label"] == 1
