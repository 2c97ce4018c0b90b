"""WebAnno TSV 3, read and written."""

import doctest
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from bilan.data.document import Document, Span
from bilan.data.formats import detect, read, tsv3, write
from bilan.data.formats.webanno import render
from bilan.data.report import Report
from hypothesis import given

from ..shared import SHARED
from ..strategies import documents

REAL = SHARED / "formats" / "webanno-tsv"
NER = "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|value\n"
real = pytest.mark.skipif(not REAL.is_dir(), reason="the shared real files are not beside the checkout")


@pytest.fixture
def parsed(tmp_path):
    """The function that reads one file from its layers and its sentences."""
    def of(body: str, *, layers: str = NER, version: str = "3.3", report: Report | None = None) -> Document:
        (tmp_path / "d.tsv").write_bytes(f"#FORMAT=WebAnno TSV {version}\n{layers}\n\n{body}".encode())
        return next(read(tmp_path / "d.tsv", report=report))
    return of


def mentions(document: Document) -> list[tuple[str, str]]:
    return [(document.mention(span), span.label) for span in document.spans]


def test_a_value_on_one_token_is_a_span(parsed):
    assert parsed("#Text=à Kiev\n1-1\t0-1\tà\t_\t\n1-2\t2-6\tKiev\tLOC\t\n") == Document(
        "d", "à Kiev", (Span(2, 6, "LOC"),))


def test_tokens_with_the_same_number_make_one_span(parsed):
    body = "#Text=armée russe\n1-1\t0-5\tarmée\tFORCE[1]\t\n1-2\t6-11\trusse\tFORCE[1]\t\n"
    assert mentions(parsed(body)) == [("armée russe", "FORCE")]


def test_stacked_values_make_spans_that_nest(parsed):
    body = "#Text=armée russe\n1-1\t0-5\tarmée\tFORCE[1]|X[2]\t\n1-2\t6-11\trusse\tFORCE[1]\t\n"
    assert mentions(parsed(body)) == [("armée russe", "FORCE"), ("armée", "X")]


def test_a_span_may_be_a_part_of_a_token_or_begin_in_one(parsed):
    body = ("#Text=anti-M23 fort\n1-1\t0-8\tanti-M23\t_\t\n1-1.1\t0-4\tanti\tA\t\n1-1.2\t5-8\tM23\tB[1]\t\n"
            "1-2\t9-13\tfort\tB[1]\t\n")
    assert mentions(parsed(body)) == [("anti", "A"), ("M23 fort", "B")]


def test_a_span_may_cross_sentences(parsed):
    body = ("#Text=Kiev .\n1-1\t0-4\tKiev\tLOC[1]\t\n1-2\t5-6\t.\tLOC[1]\t\n\n"
            "#Text=Goma\n2-1\t7-11\tGoma\tLOC[1]\t\n")
    assert mentions(parsed(body)) == [("Kiev .\nGoma", "LOC")]


@pytest.mark.parametrize(("begin", "text"), [(4, "KievGoma"), (5, "Kiev\nGoma"), (7, "Kiev\n  Goma")])
def test_offsets_tell_what_parts_sentences(parsed, begin, text):
    body = f"#Text=Kiev\n1-1\t0-4\tKiev\t_\t\n\n#Text=Goma\n2-1\t{begin}-{begin + 4}\tGoma\t_\t\n"
    assert parsed(body).text == text


def test_a_sentence_of_several_lines_keeps_its_line_breaks(parsed):
    body = "#Text=à\\r\n#Text=Kiev\\t.\n1-1\t0-1\tà\t_\t\n1-2\t3-7\tKiev\tLOC\t\n1-3\t8-9\t.\t_\t\n"
    assert parsed(body).text == "à\r\nKiev\t." and mentions(parsed(body)) == [("Kiev", "LOC")]


@pytest.mark.parametrize("begin", [3, 2])
def test_offsets_count_utf16_units_or_code_points_as_the_tokens_tell(parsed, begin):
    body = f"#Text=😊 Kiev\n1-1\t0-{begin - 1}\t😊\t_\t\n1-2\t{begin}-{begin + 4}\tKiev\tLOC\t\n"
    assert mentions(parsed(body, report=(report := Report()))) == [("Kiev", "LOC")]
    assert ("mended: offsets count code-points" in report.counts) == (begin == 2)


def test_offsets_that_begin_anew_in_each_sentence_are_mended(parsed):
    body = "#Text=Kiev\n1-1\t0-4\tKiev\tLOC\t\n\n#Text=Goma\n2-1\t0-4\tGoma\tLOC\t\n2-1.1\t0-2\tGo\tX\t\n"
    report = Report()
    assert mentions(parsed(body, report=report)) == [("Kiev", "LOC"), ("Goma", "LOC"), ("Go", "X")]
    assert report.counts["mended: offsets do not fit the text, tokens found by their forms"] == 1


def test_files_up_to_version_3_1_have_the_escapes_of_java(parsed):
    body = "#Text=\\u00E0 \\uD83D\\uDE0A\n1-1\t0-1\tà\t_\t\n1-2\t2-4\t😊\tX\t\n"
    assert parsed(body, version="3.1").text == "à 😊"


def test_reserved_characters_of_values_are_escaped(parsed):
    document = parsed("#Text=Kiev\n1-1\t0-4\tKiev\tB\\_LOC \\[1\\]\\|\\->x\t\n")
    assert mentions(document) == [("Kiev", "B_LOC [1]|->x")]


def test_other_features_are_attributes_and_a_null_label_is_the_layer(parsed):
    layers = "#T_SP=webanno.custom.Figure|who|value\n"
    body = "#Text=12 morts\n1-1\t0-2\t12\ts\tKILLED\t\n1-2\t3-8\tmorts\t*\t*\t\n"
    assert parsed(body, layers=layers).spans == (Span(0, 2, "KILLED", {"layer": "Figure", "who": "s"}),
                                                 Span(3, 8, "Figure"))


def test_relations_are_attributes_of_the_span_that_they_come_from(parsed):
    layers = "#T_SP=a.b.Entity|value\n#T_RL=a.b.Relation|value|BT_a.b.Entity\n"
    body = ("#Text=Kiev et Goma\n1-1\t0-4\tKiev\tLOC\tnear\t1-3[0_0]\t\n1-2\t5-7\tet\t_\t_\t_\t\n"
            "1-3\t8-12\tGoma\tLOC\t_\t_\t\n")
    kiev, goma = parsed(body, layers=layers).spans
    assert kiev.attributes == {"id": "a1"} and goma.attributes == {"near": "a1"}


def test_slots_chains_and_spans_of_no_character_are_counted_as_lost(parsed):
    layers = ("#T_SP=a.b.Host|ROLE_a.b.Host:links_a.b.Link|a.b.Entity\n"
              "#T_CH=a.b.Coref|referenceRelation|referenceType\n")
    body = "#Text=il\n1-1\t0-2\til\tp1;p2\t1-1;1-1\t*->1-1\t*[1]\t\n1-1.1\t2-2\t\t*\t*\t_\t_\t\n"
    report = Report()
    assert mentions(parsed(body, layers=layers, report=report)) == [("il", "Host")]
    assert report.losses == {"dropped: slot": 2, "dropped: element of a chain": 1, "dropped: empty span": 1}


def test_parts_of_speech_are_not_spans(parsed):
    layers = "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue\n"
    report = Report()
    assert parsed("#Text=Kiev\n1-1\t0-4\tKiev\tNP\t\n", layers=layers, report=report).spans == ()
    assert report.counts == {"skipped: POS annotations": 1} and not report.lost


def test_a_document_is_written_with_sentences_and_nested_spans():
    spans = (Span(0, 8, "FORCE"), Span(5, 6, "X"))
    assert render(Document("d", "anti-M23. Fin.", spans)).startswith(
        f"#FORMAT=WebAnno TSV 3.3\n{NER}\n\n#Text=anti-M23. \n"
        "1-1\t0-4\tanti\tFORCE[1]\t\n1-2\t4-5\t-\tFORCE[1]\t\n1-3\t5-6\tM\tFORCE[1]|X[2]\t\n")


def test_a_span_that_cuts_a_token_is_written_as_a_part_of_it():
    written = render(Document("d", "🚀 Kieva", (Span(2, 6, "LOC"),)))
    assert written.endswith("\n1-1\t0-2\t🚀\t_\t\n1-2\t3-8\tKieva\t_\t\n1-2.1\t3-7\tKiev\tLOC\t\n")


def test_attributes_are_features_of_a_layer_of_their_own():
    written = render(Document("d", "Kiev", (Span(0, 4, "LOC", {"by": "a_b"}),)))
    assert "#T_SP=webanno.custom.Entity|value|by\n" in written and "\tLOC\ta\\_b\t\n" in written


def test_what_the_format_cannot_hold_is_counted_as_lost():
    spans = (Span(0, 12, "LOC", fragments=((0, 4), (8, 12))), Span(4, 5, "X"),
             Span(0, 4, "Y", {"a b": "c"}, 0.5))
    render(Document("d", "Kiev et Goma", spans, {"title": "t"}), report=(report := Report()))
    assert report.losses == {
        "dropped: discontinuous span": 1, "dropped: span of white space": 1, "dropped: score": 1,
        "dropped: attribute that cannot be a feature": 1, "dropped: header of the document": 1}


def test_white_space_at_the_edge_of_a_span_is_left_out_and_told():
    written = render(Document("d", "à Kiev", (Span(1, 6, "LOC"),)), report=(report := Report()))
    assert "1-2\t2-6\tKiev\tLOC\t" in written
    assert report.counts == {"moved: white space left out at the edge of a span": 1}


@given(made=documents(nested=True, attributes=True, relations=True))
def test_what_is_written_is_read_back(made):
    with TemporaryDirectory() as folder:
        write([made], Path(folder) / "out", format="webanno", report=(report := Report()))
        assert list(read(Path(folder) / "out")) == [made]
    assert not report.lost and not report.counts


def test_one_document_may_be_written_to_a_file(tmp_path):
    document = Document("ua-1", "\r\nà Kiev\n", (Span(4, 8, "LOC"),))
    write([document], tmp_path / "ua-1.tsv", format="webanno")
    assert list(read(tmp_path / "ua-1.tsv")) == [document] and detect(tmp_path / "ua-1.tsv") == "webanno"


def test_the_examples_of_the_docstrings_hold():
    assert doctest.testmod(tsv3).failed == 0


@real
@pytest.mark.parametrize("file", sorted(REAL.rglob("*.tsv")), ids=lambda file: file.parent.name)
def test_a_real_file_gives_the_text_and_the_mentions_of_the_same_document_as_xmi(file):
    document, same = next(read(file)), next(read(file.with_name("reference.xmi")))
    assert detect(file) == "webanno"
    assert document.text == same.text.rstrip()  # the format has no white space after the last token
    assert mentions(document) == [(mention.rstrip(), label) for mention, label in mentions(same)]


@real
def test_real_files_survive_writing_and_reading(tmp_path):
    found = list(read(REAL, format="webanno"))
    write(found, tmp_path / "out", format="webanno")
    assert found[0].id == "testAnnotationWithTrailingWhitespaceAtEnd_reference"
    assert list(read(tmp_path / "out")) == found
