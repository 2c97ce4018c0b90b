"""spaCy: DocBin of version 3, JSON and tuples of version 2."""

import json
import sys

import pytest
from bilan.data.document import Document, Span
from bilan.data.formats import read, write
from bilan.data.report import Report
from hypothesis import given, settings

from ..shared import shared
from ..strategies import documents

TEXT = "À Kiev, 12 civils tués."


@pytest.fixture(scope="module")
def spacy():
    pytest.importorskip("spacy.tokens", reason="the extra bilan[spacy] is not installed")
    return sys.modules["spacy"]


def load(folder, value, report=None):
    file = folder / "d.json"
    file.write_text(json.dumps(value), encoding="utf-8")
    return list(read(file, report=report))


def back(document, folder, report=None):
    write([document], folder / "d.spacy", format="spacy", report=report)
    return next(read(folder / "d.spacy"))


def test_tuples_hold_offsets(tmp_path):
    (document,) = load(tmp_path, [[TEXT, {"entities": [[2, 6, "LOC"]]}]])
    assert (document.id, document.text, document.spans) == ("d-1", TEXT, (Span(2, 6, "LOC"),))


def test_tuples_may_stand_under_annotations_with_texts_not_yet_annotated(tmp_path):
    value = {"classes": ["LOC"], "annotations": [None, [TEXT, {"entities": [[2, 6, "LOC"]]}]]}
    assert [document.spans for document in load(tmp_path, value)] == [(Span(2, 6, "LOC"),)]


@pytest.mark.parametrize(("tags", "expected"), [
    (["O", "B-LOC", "L-LOC", "U-DATE"], [("Rio Grande", "LOC"), ("hier", "DATE")]),
    (["U-X", "B-LOC", "I-LOC", "-"], [("À", "X"), ("Rio Grande", "LOC")])])
def test_json_has_biluo_tags_on_tokens(tmp_path, tags, expected):
    words = ["À", "Rio", "Grande", "hier"]
    tokens = [{"orth": word, "ner": tag} for word, tag in zip(words, tags, strict=True)]
    (document,) = load(tmp_path, [{"id": 4, "paragraphs": [{"sentences": [{"tokens": tokens}]}]}])
    assert (document.id, document.text) == ("4", "À Rio Grande hier")
    assert [(document.mention(span), span.label) for span in document.spans] == expected


def test_the_raw_text_of_a_paragraph_is_kept(tmp_path):
    tokens = [{"orth": "l'", "ner": "O"}, {"orth": "armée", "ner": "U-FORCE"}]
    paragraph = {"raw": "l'armée", "sentences": [{"tokens": tokens}]}
    (document,) = load(tmp_path, [{"id": 0, "paragraphs": [paragraph]}])
    assert (document.text, document.spans) == ("l'armée", (Span(2, 7, "FORCE"),))


def test_a_raw_text_without_the_tokens_is_not_taken_and_this_is_told(tmp_path):
    report = Report()
    paragraph = {"raw": "autre chose", "sentences": [{"tokens": [{"orth": "Kiev", "ner": "U-LOC"}]}]}
    assert load(tmp_path, [{"id": 0, "paragraphs": [paragraph]}], report)[0].text == "Kiev"
    assert report.counts == {"mended: text made of the tokens, which are not in `raw`": 1}


def test_each_paragraph_is_a_document(tmp_path):
    paragraphs = [{"sentences": [{"tokens": [{"orth": word}]}]} for word in ("Kiev", "Goma")]
    found = load(tmp_path, [{"id": 0, "paragraphs": paragraphs}])
    assert [document.id for document in found] == ["0-0", "0-1"]


def test_categories_are_counted_as_lost(tmp_path):
    report = Report()
    load(tmp_path, [[TEXT, {"entities": [], "cats": {"GUERRE": 1.0}}]], report)
    assert report.losses == {"dropped: label of the whole document": 1}


@pytest.mark.usefixtures("spacy")
def test_what_spacy_reads_are_the_entities_and_the_overlapping_group(tmp_path, spacy):
    spans = (Span(8, 17, "CIVIL"), Span(8, 10, "KILLED"), Span(2, 6, "LOC"))
    write([Document("d", TEXT, spans)], tmp_path / "d.spacy", format="spacy")
    (doc,) = spacy.tokens.DocBin().from_disk(tmp_path / "d.spacy").get_docs(spacy.vocab.Vocab())
    assert [(entity.text, entity.label_) for entity in doc.ents] == [("Kiev", "LOC"), ("12 civils", "CIVIL")]
    assert [span.text for span in doc.spans["sc"]] == ["Kiev", "12 civils", "12"]


def test_entities_groups_and_extensions_made_by_spacy_are_read(tmp_path, spacy):
    doc = spacy.tokens.Doc(spacy.vocab.Vocab(), words=["Paris", "bat", "Lyon"])
    doc.ents = [doc.char_span(0, 5, "LOC", kb_id="Q90")]
    doc.spans["équipes"] = [doc.char_span(0, 5, "CLUB"), doc.char_span(10, 14, "")]
    doc.user_data["._.", "sûr", 0, 5] = True
    doc.user_data["._.", "titre", None, None] = "Foot"
    spacy.tokens.DocBin(store_user_data=True, docs=[doc]).to_disk(tmp_path / "d.spacy")
    (document,) = read(tmp_path / "d.spacy")
    assert document.meta == {"titre": "Foot"}
    assert document.spans == (
        Span(0, 5, "CLUB", {"sûr": "true"}), Span(0, 5, "LOC", {"kb_id": "Q90", "sûr": "true"}),
        Span(10, 14, "équipes"))


@pytest.mark.usefixtures("spacy")
def test_relations_ids_attributes_and_meta_come_back(tmp_path):
    spans = (Span(8, 10, "KILLED", {"who": "c", "sûr": "oui"}), Span(11, 17, "CIVIL", {"id": "c"}))
    document = Document("ua-0001", TEXT, spans, {"title": "Koursk"})
    assert back(document, tmp_path) == document


@pytest.mark.usefixtures("spacy")
def test_scores_and_attributes_of_spans_with_one_place_are_counted_as_lost(tmp_path):
    report = Report()
    spans = (Span(2, 6, "LOC", {"note": "ville"}, score=0.5), Span(2, 6, "ORG"))
    assert back(Document("d", TEXT, spans), tmp_path, report).spans == (Span(2, 6, "LOC"), Span(2, 6, "ORG"))
    assert report.losses == {"dropped: score": 1, "dropped: attribute of spans with one place": 1}


@pytest.mark.usefixtures("spacy")
@settings(deadline=None, max_examples=50)
@given(documents(nested=True, blank_edges=True))
def test_text_and_spans_come_back_to_the_letter(tmp_path_factory, document):
    assert back(document, tmp_path_factory.mktemp("spacy")) == document


@pytest.mark.usefixtures("spacy")
@settings(deadline=None, max_examples=50)
@given(documents(attributes=True))
def test_attributes_of_flat_spans_come_back(tmp_path_factory, document):
    assert back(document, tmp_path_factory.mktemp("spacy")) == document


@pytest.mark.usefixtures("spacy")
def test_the_real_docbin_shows_its_entity():
    found = [document.mention(span) for document in read(shared("formats", "spacy", "demo.spacy"))
             for span in document.spans]
    assert found == ["Ed Sheeran"]


def test_the_real_json_shows_its_entities():
    (document,) = read(shared("formats", "spacy", "ner-token-per-line-conll2003.json"))
    assert [document.mention(span) for span in document.spans] == [
        "Sebastian Thrun", "Google", "2007", "American", "Thrun", "Recode", "earlier this week"]
