"""TEI P5: names in a text, with the markup removed."""

from pathlib import Path

import pytest
from bilan.data import formats
from bilan.data.document import Span
from bilan.data.formats import tei
from bilan.data.report import Report
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "formats" / "tei"
TEI = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>Une
 lettre</title></titleStmt></fileDesc></teiHeader>
<text><body>{}</body></text></TEI>"""


@pytest.fixture
def read(tmp_path):
    def one(body, report=None):
        file = tmp_path / "d.xml"
        file.write_text(TEI.format(body), encoding="utf-8")
        (document,) = tei.read(file, report=report or Report())
        return document
    return one


def test_a_name_is_a_span_with_its_attributes(read):
    document = read('<p>De <placeName ref="#kiev" type="ville">Kiev</placeName>.</p>')
    assert (document.id, document.meta, document.text) == ("d", {"title": "Une lettre"}, "De Kiev.")
    assert document.spans == (Span(3, 7, "placeName", {"ref": "#kiev", "type": "ville"}),)


@pytest.mark.parametrize("tag", ["persName", "placeName", "orgName", "geogName", "name", "rs", "date", "time",
                                 "num", "measure", "settlement", "surname"])
def test_each_naming_element_is_a_label(read, tag):
    assert read(f"<p><{tag}>mot</{tag}></p>").spans == (Span(0, 3, tag),)


def test_names_may_nest(read):
    document = read("<p><orgName>armée de <placeName>Kiev</placeName></orgName></p>")
    assert [span.key for span in document.spans] == [(0, 13, "orgName"), (9, 13, "placeName")]


def test_the_parts_of_a_name_are_counted_not_read(read):
    report = Report()
    document = read("<p><persName><forename>Paul</forename> <surname>Biya</surname></persName></p>", report)
    assert document.spans == (Span(0, 9, "persName"),)
    assert report.counts["skipped: part of a name"] == 2


def test_indentation_is_one_space_and_never_at_the_edge_of_a_span(read):
    document = read("<p>\n\t\tM.\n\t\t<persName>\n\t\t\tMaurice\n\t\tDonnay\n\t\t</persName>\n\tparle.\n</p>")
    assert document.text == "M. Maurice Donnay parle."
    assert document.spans == (Span(3, 17, "persName"),)


def test_spaces_and_no_break_spaces_of_the_text_stay(read):
    assert read("<p>3\u00a0000  morts\u202f!</p>").text == "3\u00a0000  morts\u202f!"


def test_blocks_are_lines_even_without_white_space(read):
    document = read("<head>Titre</head><p>Un.</p><lg><l>Deux</l><l>Trois</l></lg>")
    assert document.text == "Titre\nUn.\nDeux\nTrois"


def test_a_line_break_is_a_space_unless_it_breaks_a_word(read):
    document = read('<p>la<lb/>prise de Ver<lb break="no"/>\n  dun<pb n="2"/> tient</p>')
    assert document.text == "la prise de Verdun tient"


def test_a_name_over_a_line_break_is_one_span(read):
    assert read('<p>à <placeName>Ver<lb break="no"/>dun</placeName></p>').spans == (Span(2, 8, "placeName"),)


def test_notes_and_deletions_are_left_out_and_counted(read):
    report = Report()
    note = "<note>voir <placeName>Kiev</placeName></note>"
    document = read(f"<p>qu<subst>\n <del>i</del>\n <add>e</add>\n</subst>{note} dit</p>", report)
    assert (document.text, document.spans) == ("que dit", ())
    assert report.counts == {"skipped: teiHeader": 1, "skipped: del": 1, "skipped: note": 1,
                             "skipped: name in note": 1}


@pytest.mark.parametrize(("choice", "text"), [
    ("<choice><sic>Kief</sic><corr>Kiev</corr></choice>", "Kiev"),
    ("<choice>\n<abbr>M.</abbr>\n<expan>Monsieur</expan></choice>", "Monsieur"),
    ("<choice><orig>estoit</orig><reg>était</reg></choice>", "était"),
    ("<app><lem>Goma</lem><rdg>Gomo</rdg></app>", "Goma"),
    ("<app><rdg>Bunia</rdg><rdg>Bunya</rdg></app>", "Bunia")])
def test_one_reading_is_taken(read, choice, text):
    assert read(f"<p>{choice}</p>").text == text


def test_an_empty_name_is_lost_and_counted(read):
    report = Report()
    assert read('<p>Hier<date when="2024-08-06"/>.</p>', report).spans == ()
    assert report.losses == {"dropped: empty span": 1}


def test_every_text_of_a_corpus_is_a_document(tmp_path):
    text = "<TEI{}><text><p>Kiev</p></text></TEI>"
    file = tmp_path / "c.xml"
    both = text.format("") + text.format(' xml:id="b"')
    file.write_text(f"<teiCorpus><teiHeader/>{both}</teiCorpus>")
    assert [(d.id, d.text) for d in tei.read(file, report=Report())] == [("c-1", "Kiev"), ("b", "Kiev")]
    assert formats.detect(file) == "tei"


def test_a_deep_tree_is_read(read):
    assert read("<seg>" * 20_000 + "<num>12</num>" + "</seg>" * 20_000).spans == (Span(0, 2, "num"),)


PIECES = ("<placeName>", "mot ", "\n\t", " ", "😀", "<lb/>", '<lb break="no"/>', "<p>", "3\u202f0")


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_text_is_kept_but_for_white_space_and_spans_have_none_at_their_edges(pieces):
    opened = [piece for piece in reversed(pieces) if piece in ("<placeName>", "<p>")]
    body = "".join(pieces) + "".join(piece.replace("<", "</") for piece in opened)
    root = ElementTree.fromstring(f"<TEI><text>{body}</text></TEI>")
    report = Report()
    document = tei._document(root, "d", Path("d.xml"), report)
    assert "".join(document.text.split()) == "".join("".join(root.itertext()).split())
    assert all(document.mention(span) == document.mention(span).strip(" \n") for span in document.spans)
    assert len(document.spans) + report.lost == pieces.count("<placeName>")


def test_every_name_of_a_real_letter_is_read():
    file = SHARED / "Lettre0129_24mars1916.xml"
    if not file.exists():
        pytest.skip("the shared files are not beside this checkout")
    report = Report()
    (document,) = tei.read(file, report=report)
    namespace = "{http://www.tei-c.org/ns/1.0}"
    (body,) = ElementTree.fromstring(file.read_bytes()).findall(f"{namespace}text")
    expected = sorted((tag, " ".join("".join(node.itertext()).split()))
                      for tag in ("persName", "placeName", "orgName", "date")
                      for node in body.iter(namespace + tag))
    assert sorted((span.label, document.mention(span)) for span in document.spans) == expected
    assert len(expected) == 31
    assert "de dégoût que soulève" in document.text
    assert (report.counts["skipped: note"], report.counts["skipped: del"], report.lost) == (2, 5, 0)
    assert formats.detect(file) == "tei"
