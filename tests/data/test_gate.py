"""GATE XML and bdocjs."""

import json
from pathlib import Path

import pytest
from bilan.data import formats
from bilan.data.document import Span
from bilan.data.formats import gate
from bilan.data.report import Report

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "formats" / "gate"
XML = """<?xml version='1.0' encoding='UTF-8'?>
<GateDocument version="3">
<GateDocumentFeatures><Feature><Name className="java.lang.String">source</Name>
<Value className="java.lang.String">AFP</Value></Feature></GateDocumentFeatures>
<TextWithNodes>{}</TextWithNodes>
{}
</GateDocument>"""
TEXT = '😀 l’<Node id="9"/>armée<Node id="3"/> à <Node id="70"/>Kiev<Node id="1"/>'
FORCE = '<Annotation Id="5" Type="FORCE" StartNode="9" EndNode="3">{}</Annotation>'
CITY = '<Annotation Id="6" Type="LOC" StartNode="70" EndNode="1">{}</Annotation>'
FEATURE = '<Feature><Name className="java.lang.String">{}</Name><Value className="{}">{}</Value></Feature>'


def one(path, **options):
    (document,) = gate.read(path, report=options.pop("report", None) or Report(), **options)
    return document


@pytest.fixture
def xml(tmp_path):
    def write(*sets, text=TEXT):
        file = tmp_path / "d.xml"
        file.write_text(XML.format(text, "\n".join(sets)), encoding="utf-8")
        return file
    return write


@pytest.fixture
def bdoc(tmp_path):
    def write(annotations, offsets="j", text="😀 Kiev"):
        file = tmp_path / "d.bdocjs"
        sets = {"": {"name": "", "annotations": annotations}}
        file.write_text(json.dumps({"text": text, "features": {"source": "AFP"}, "offset_type": offsets,
                                    "annotation_sets": sets}), encoding="utf-8")
        return file
    return write


def test_nodes_are_places_in_the_text_whatever_their_numbers(xml):
    document = one(xml(f"<AnnotationSet>{FORCE}{CITY}</AnnotationSet>"))
    assert document.text == "😀 l’armée à Kiev"
    assert [(document.mention(s), s.label) for s in document.spans] == [("armée", "FORCE"), ("Kiev", "LOC")]
    assert (document.id, document.meta) == ("d", {"source": "AFP"})


def test_features_are_attributes_and_a_named_set_is_one_too(xml):
    features = FEATURE.format("nombre", "java.lang.Integer", "12")
    file = xml(f'<AnnotationSet Name="Key">{FORCE.format(features)}</AnnotationSet>'.replace("{}", ""))
    assert one(file).spans[0].attributes == {"nombre": "12", "set": "Key"}


def test_original_markup_and_tokens_are_counted_not_read(xml):
    report = Report()
    token = FORCE.replace("FORCE", "Token")
    file = xml(f"<AnnotationSet>{token}</AnnotationSet>",
               f'<AnnotationSet Name="Original markups">{CITY}</AnnotationSet>')
    assert one(file, report=report).spans == ()
    assert report.counts == {"skipped: Token annotations": 1, "skipped: annotation set Original markups": 1}


def test_types_and_sets_choose_what_is_a_span(xml):
    file = xml(f"<AnnotationSet>{FORCE}</AnnotationSet>".replace('Id="5"', 'Id="7"'),
               f'<AnnotationSet Name="anne">{CITY}{FORCE}</AnnotationSet>')
    assert [s.label for s in one(file, sets=["anne"], types=["LOC"]).spans] == ["LOC"]
    assert [s.label for s in one(file, annotator="anne").spans] == ["FORCE", "LOC"]


def test_coreference_is_a_relation(xml):
    matches = FEATURE.format("matches", "gate.corpora.ObjectWrapper",
                             "<![CDATA[<value class='list'><int>5</int><int>6</int></value>]]>")
    file = xml(f"<AnnotationSet>{FORCE.format(matches)}{CITY}</AnnotationSet>".replace("{}", ""))
    assert [dict(s.attributes) for s in one(file).spans] == [{"matches": "6"}, {"id": "6"}]


def test_a_relation_set_is_relations(xml):
    relation = '<RelationSet><Relation Id="8" Type="à" Members="5;6"/></RelationSet>'
    file = xml(f"<AnnotationSet>{FORCE}{CITY}</AnnotationSet>{relation}".replace("{}", ""))
    assert [dict(s.attributes) for s in one(file).spans] == [{"à": "6"}, {"id": "6"}]


def test_a_relation_to_a_lost_annotation_is_counted(xml):
    report = Report()
    matches = FEATURE.format("matches", "java.lang.String", "5 99")
    file = xml(f"<AnnotationSet>{FORCE.format(matches)}</AnnotationSet>")
    assert one(file, report=report).spans[0].attributes == {}
    assert report.losses == {"dropped: relation to what is no span": 1}


def test_an_empty_annotation_is_lost_and_counted(xml):
    report = Report()
    file = xml(f'<AnnotationSet>{CITY.replace("70", "1")}</AnnotationSet>')
    assert one(file, report=report).spans == ()
    assert report.examples["dropped: empty span"] == [f"{file}:6: LOC"]


@pytest.mark.parametrize(("offsets", "start", "end"), [("j", 3, 7), ("p", 2, 6)])
def test_a_bdoc_says_how_its_offsets_count(bdoc, offsets, start, end):
    city = {"type": "LOC", "start": start, "end": end, "id": 0, "features": {"pays": "Ukraine"}}
    file = bdoc([city], offsets)
    assert one(file).spans == (Span(2, 6, "LOC", {"pays": "Ukraine"}),)


def test_the_values_of_a_bdoc_become_strings(bdoc):
    features = {"sûr": True, "n": 3, "mots": ["a", 1], "rien": None, "plan": {"k": [1]}}
    file = bdoc([{"type": "LOC", "start": 3, "end": 7, "id": 0, "features": features}])
    assert one(file).spans[0].attributes == {"sûr": "true", "n": "3", "mots": "a 1", "plan": '{"k": [1]}'}


def test_a_bdoc_a_line_is_a_document_a_line(tmp_path):
    file = tmp_path / "d.jsonl"
    line = {"text": "Kiev", "offset_type": "p", "annotation_sets": {}, "features": {}}
    file.write_text(json.dumps(line | {"name": "a"}) + "\n\n" + json.dumps(line) + "\n")
    assert [d.id for d in gate.read(file, report=Report())] == ["a", "d-1"]
    assert formats.detect(file) == "gate"


def test_the_two_real_files_give_the_same_document():
    if not SHARED.is_dir():
        pytest.skip("the shared files are not beside this checkout")
    documents = list(gate.read(SHARED, report=Report()))
    assert [(d.text, d.spans) for d in documents] == [("This is the document text", ())] * 2
    assert documents[0].meta["fInt1"] == 222
    assert documents[1].meta["fInt1"] == "222"
    assert {formats.detect(file) for file in SHARED.iterdir()} == {"gate"}
