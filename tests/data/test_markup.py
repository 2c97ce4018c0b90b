"""The guide's notation: annotations in the text."""

import pytest
from bilan.data import BilanError, Document, Span
from bilan.data.formats import markup, read, write
from bilan.data.report import Report
from hypothesis import given

from ..shared import ROOT
from ..strategies import documents


def test_a_link_is_a_span_with_its_attributes():
    text, spans = markup.parse("l’[armée russe](FORCE id=a) a perdu [3 000](LOSSES who=a) hommes")
    assert text == "l’armée russe a perdu 3 000 hommes"
    assert spans == [Span(2, 13, "FORCE", {"id": "a"}), Span(22, 27, "LOSSES", {"who": "a"})]


def test_links_may_nest():
    _, spans = markup.parse("[aéroport de [Goma](LOC)](SITE)")
    assert [span.key for span in sorted(spans, key=lambda s: s.start)] == [(0, 16, "SITE"), (12, 16, "LOC")]


def test_a_key_without_value_is_true_and_a_value_may_be_quoted():
    assert markup.parse('[a](X negated note="b c")')[1][0].attributes == {"negated": "true", "note": "b c"}


def test_brackets_that_make_no_link_are_text():
    assert markup.parse("[sic] et (de [Goma](LOC)) [") == ("[sic] et (de Goma) [", [Span(13, 17, "LOC")])


def test_escaped_brackets_are_text():
    assert markup.parse(r"\[a\](X) \\") == ("[a](X) \\", [])


def test_an_empty_mention_is_refused_with_its_line():
    with pytest.raises(BilanError, match="line 2|:2 of the text"):
        markup.parse("a\n[](LOC)", where="f")


def test_the_header_gives_id_and_meta(tmp_path):
    (tmp_path / "a.md").write_text("---\nid: x-1\ntitle: Syrie : bilan\n---\n[Alep](LOC)\n", encoding="utf-8")
    (document,) = read(tmp_path / "a.md")
    assert (document.id, document.meta, document.text) == ("x-1", {"title": "Syrie : bilan"}, "Alep\n")


def test_without_header_the_id_is_the_name_of_the_file(tmp_path):
    (tmp_path / "goma.md").write_text("[Goma](LOC)", encoding="utf-8")
    assert [document.id for document in read(tmp_path)] == ["goma"]


def test_a_header_line_without_colon_is_refused_with_its_line(tmp_path):
    (tmp_path / "a.md").write_text("---\nid: x\nbonjour\n---\na", encoding="utf-8")
    with pytest.raises(BilanError, match=r"a\.md:3: header line without a colon"):
        list(read(tmp_path / "a.md", format="markup"))


def test_crlf_stays_in_the_text(tmp_path):
    (tmp_path / "a.md").write_bytes("---\r\nid: x\r\n---\r\n[Goma](LOC)\r\nfin".encode())
    assert next(read(tmp_path / "a.md")).text == "Goma\r\nfin"


def test_the_readme_of_a_folder_is_skipped_and_said(tmp_path):
    (tmp_path / "a.md").write_text("[Goma](LOC)", encoding="utf-8")
    (tmp_path / "README.md").write_text("# [x](Y)", encoding="utf-8")
    report = Report()
    assert len(list(read(tmp_path, report=report))) == 1 and report.counts["skipped: README"] == 1


def test_crossing_spans_are_lost_and_counted():
    report = Report()
    document = Document("d", "abcdef", (Span(0, 4, "A"), Span(2, 6, "B")))
    assert markup.annotated(document, report=report) == "[abcd](A)ef"
    assert report.losses == {"dropped: crossing span": 1}


def test_an_id_that_would_leave_the_folder_is_refused(tmp_path):
    with pytest.raises(BilanError, match="cannot be a file name"):
        write([Document("../x", "a")], tmp_path / "out", format="markup")
    assert not (tmp_path / "out").exists()


@given(documents(attributes=True))
def test_writing_then_reading_gives_back_text_and_spans(document):
    text, spans = markup.parse(markup.annotated(document))
    assert text == document.text and sorted(spans, key=lambda s: s.start) == list(document.spans)


def test_each_article_of_the_corpus_is_written_as_it_was():
    for document in read(ROOT / "data/corpus"):
        with open(document.source, encoding="utf-8", newline="") as stream:
            assert markup.render(document) == stream.read()


@given(documents(nested=True))
def test_the_spans_lost_are_those_that_cross_one_that_is_kept(document):
    kept: list[Span] = []
    for span in document.spans:
        if not any(other.overlaps(span) and other.end < span.end for other in kept):
            kept.append(span)
    report = Report()
    written = markup.annotated(document, report=report)
    assert sorted(span.key for span in markup.parse(written)[1]) == sorted(span.key for span in kept)
    assert report.losses["dropped: crossing span"] == len(document.spans) - len(kept)
