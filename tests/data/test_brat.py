"""brat standoff: .txt and .ann, read and written."""

import doctest
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from bilan.data.document import Document, Span
from bilan.data.formats import brat, detect, read, write
from bilan.data.formats.brat import render
from bilan.data.report import Report
from hypothesis import given

from ..shared import SHARED
from ..strategies import documents

REAL = SHARED / "formats" / "brat"
TEXT = "L’armée russe a tué douze civils à Kiev, selon l’Ukraine."


@pytest.fixture
def pair(tmp_path):
    """The function that reads one .txt and .ann pair."""
    def of(ann: str, *, text: str = TEXT, report: Report | None = None) -> Document:
        (tmp_path / "d.txt").write_bytes(text.encode())
        (tmp_path / "d.ann").write_bytes(ann.encode())
        return next(read(tmp_path, format="brat", report=report))
    return of


def there_and_back(document: Document, folder: Path) -> Document:
    write([document], folder / "out", format="brat")
    return next(read(folder / "out"))


def test_a_text_bound_annotation_is_a_span(pair):
    document = pair("T1\tFORCE 2 13\tarmée russe\n")
    assert document.spans == (Span(2, 13, "FORCE"),) and document.mention(document.spans[0]) == "armée russe"


def test_the_last_line_needs_no_line_end(pair):
    assert pair("T1\tFORCE 2 13\tarmée russe").spans == (Span(2, 13, "FORCE"),)


def test_a_line_without_mention_is_read_by_its_offsets(pair):
    assert pair("T1\tFORCE 2 13\n").spans == (Span(2, 13, "FORCE"),)


def test_fragments_make_a_discontinuous_span(pair):
    assert pair("T1\tFORCE 2 7;26 32\tarmée civils\n").spans == (
        Span(2, 32, "FORCE", fragments=((2, 7), (26, 32))),)


def test_fragments_cut_at_a_line_break_are_one_span(pair):
    document = pair("T1\tLOC 2 10;12 15\tTchassiv Iar\n", text="À Tchassiv \nIar")
    assert document.spans == (Span(2, 15, "LOC"),)


def test_a_span_over_a_line_break_is_cut_there_when_written():
    document = Document("d", "À Tchassiv \r\nIar", (Span(2, 16, "LOC"),))
    assert render(document) == "T1\tLOC 2 10;13 16\tTchassiv Iar\n"


def test_attributes_have_values_and_binary_ones_are_true(pair):
    ann = "T1\tFORCE 2 13\tarmée russe\nA1\tcertain T1\nM1\tcamp T1 Russie et alliés\n"
    assert pair(ann).spans[0].attributes == {"certain": "true", "camp": "Russie et alliés"}


def test_an_attribute_given_twice_keeps_both_values(pair):
    document = pair("T1\tFORCE 2 13\tarmée russe\nA1\tcamp T1 a\nA2\tcamp T1 b\n")
    assert document.spans[0].attributes == {"camp": "a;b"}


def test_a_relation_points_at_the_id_of_a_span(pair):
    ann = "R1\tby Arg1:T1 Arg2:T2\nT1\tKILLED 20 25\tdouze\nT2\tLOC 49 56\tUkraine\n"
    assert pair(ann).spans == (Span(20, 25, "KILLED", {"by": "T2"}), Span(49, 56, "LOC", {"id": "T2"}))


def test_an_equivalence_points_at_its_first_span(pair):
    ann = "T1\tLOC 35 39\tKiev\nT2\tLOC 49 56\tUkraine\n*\tEquiv T1 T2\n"
    assert pair(ann).spans == (Span(35, 39, "LOC", {"id": "T1"}), Span(49, 56, "LOC", {"Equiv": "T1"}))


def test_the_roles_of_an_event_are_relations_of_its_trigger(pair):
    ann = ("T1\tDie 16 19\ttué\nT2\tCIVIL 26 32\tcivils\nE1\tDie:T1 Victim:T2\nE2\tSay:T2 What:E1\n"
           "A1\tsûr E1\n")
    assert pair(ann).spans == (Span(16, 19, "Die", {"Victim": "T2", "id": "T1", "sûr": "true"}),
                               Span(26, 32, "CIVIL", {"id": "T2", "event": "Say", "What": "T1"}))


def test_notes_and_normalisations_are_attributes(pair):
    ann = "T1\tLOC 35 39\tKiev\n#1\tAnnotatorNotes T1\tà revoir\nN1\tReference T1 Wikidata:Q1899\tKyiv\n"
    assert pair(ann).spans[0].attributes == {"note": "à revoir", "Reference": "Wikidata:Q1899 Kyiv"}


def test_names_with_spaces_are_read(pair):
    ann = "T12\ttest label 0 35 39\tKiev\nA9\tbool flag 0 T12\n"
    assert pair(ann).spans == (Span(35, 39, "test label 0", {"bool flag 0": "true"}),)


def test_of_an_id_given_twice_both_spans_are_kept(pair):
    report = Report()
    assert len(pair("T1\tLOC 35 39\tKiev\nT1\tLOC 49 56\tUkraine\nA1\tx T1\n", report=report).spans) == 2
    assert report.counts["mended: id given twice, attributes go to the first"] == 1


@pytest.mark.parametrize(("convention", "offsets"), [
    ("code-points", "9 13"), ("code-points-lf", "8 12"), ("utf-16", "11 15"), ("utf-16-lf", "10 14"),
    ("utf-8", "17 21"), ("utf-8-lf", "16 20")])
def test_the_mention_tells_what_offsets_count(pair, convention, offsets):
    report = Report()
    document = pair(f"T1\tLOC {offsets}\tGoma\n", text="🙂🙂 Été\r\n Goma", report=report)
    assert document.mention(document.spans[0]) == "Goma"
    assert (f"mended: offsets count {convention}" in report.counts) == (convention != "code-points")


def test_offsets_may_count_the_byte_order_mark(pair):
    document = pair("T1\tLOC 3 7\tKiev\n", text="\ufeffÀ Kiev")
    assert document.text == "À Kiev" and document.spans == (Span(2, 6, "LOC"),)


def test_a_mention_that_is_not_in_the_text_is_told(pair):
    report = Report()
    document = pair("T1\tLOC 35 39\tGoma\nT2\tLOC 49 56\tUkraine\n", report=report)
    assert document.spans[0].key == (35, 39, "LOC")
    assert report.counts["differs: the mention in the .ann is not the text at its offsets"] == 1


def test_what_points_at_no_span_and_empty_spans_are_counted_as_lost(pair):
    report = Report()
    assert pair("T1\tLOC 3 3\t\nA1\tx T9\nR1\ty Arg1:T1 Arg2:T9\nX\tz\n", report=report).spans == ()
    assert report.losses == {"dropped: empty span": 1, "dropped: attribute of or to what is no span": 2,
                             "dropped: line of unknown kind": 1}


def test_a_text_without_annotations_is_a_document_without_spans(tmp_path):
    (tmp_path / "a.txt").write_text("Kiev", encoding="utf-8")
    report = Report()
    assert list(read(tmp_path, format="brat", report=report)) == [Document("a", "Kiev")]
    assert report.counts["told: text without annotation file"] == 1


def test_a_pair_is_read_from_either_file(tmp_path):
    write([Document("a", "Kiev", (Span(0, 4, "LOC"),))], tmp_path / "a.ann", format="brat")
    assert list(read(tmp_path / "a.txt")) == list(read(tmp_path / "a.ann")) == list(read(tmp_path))


def test_ids_of_a_folder_of_folders_stay_apart(tmp_path):
    for side in ("dev", "test"):
        write([Document("a", "Kiev")], tmp_path / side, format="brat")
    assert [document.id for document in read(tmp_path)] == ["dev_a", "test_a"]


def test_relations_notes_and_attributes_are_written():
    spans = (Span(20, 25, "KILLED", {"by": "u", "note": "à revoir", "sûr": "true", "a": "b c"}),
             Span(49, 56, "LOC", {"id": "u"}))
    assert render(Document("d", TEXT, spans)) == (
        "T1\tKILLED 20 25\tdouze\nT2\tLOC 49 56\tUkraine\nR1\tby Arg1:T1 Arg2:T2\n"
        "#2\tAnnotatorNotes T1\tà revoir\nA3\tsûr T1\nA4\ta T1 b c\nA5\tid T2 u\n")


def test_scores_headers_and_values_with_line_breaks_are_counted_as_lost():
    document = Document("d", TEXT, (Span(35, 39, "LOC", {"a": "b\nc"}, 0.5),), {"title": "t"})
    render(document, report=(report := Report()))
    assert report.lost == 3


@given(document=documents(nested=True, discontinuous=True, attributes=True, relations=True, blank_edges=True))
def test_what_is_written_is_read_back(document):
    with TemporaryDirectory() as folder:
        assert there_and_back(document, Path(folder)) == document


@pytest.mark.skipif(not REAL.is_dir(), reason="the shared real files are not beside the checkout")
@pytest.mark.parametrize("name", ["doc-1", "2016_04_15-001", "2016_07_29-002", "2017_01_22-001"])
def test_every_mention_of_a_real_file_is_the_text_at_its_offsets(name, tmp_path):
    document = next(read(REAL / f"{name}.ann", report=(report := Report())))
    lines = (REAL / f"{name}.ann").read_text(encoding="utf-8").split("\n")
    shown = [line.split("\t")[2] for line in lines if line.startswith("T")]
    parts = [span.fragments or ((span.start, span.end),) for span in document.spans]
    found = [" ".join(" ".join(document.text[a:b] for a, b in part).split()) for part in parts]
    assert sorted(found) == sorted(shown)
    assert not report.lost and not any(cause.startswith("differs") for cause in report.counts)
    assert there_and_back(document, tmp_path) == document.replace(id=name)


@pytest.mark.skipif(not REAL.is_dir(), reason="the shared real files are not beside the checkout")
def test_the_real_french_file_has_its_attributes_relations_and_events():
    by_mention = {(span.label, span.start): span for span in next(read(REAL / "doc-1.ann")).spans}
    assert by_mention["sosy", 306].attributes == {"lieu": "T9"}
    assert by_mention["pathologie", 75].attributes == {"assertion": "absent", "bool flag 0": "true"}
    assert by_mention["sosy", 30].attributes == {"id": "T1", "lieu": "T2", "event": "MyArg1", "MyArg2": "T3",
                                                 "note": "C0030193"}
    assert detect(REAL) == "brat"


def test_the_examples_of_the_docstrings_hold():
    assert doctest.testmod(brat).failed == 0
