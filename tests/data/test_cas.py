"""UIMA CAS read from XMI and from both JSON forms, with and without a type system."""

import json
from pathlib import Path

import pytest
from bilan.data import formats
from bilan.data.document import Span
from bilan.data.formats import cas, webanno
from bilan.data.report import Report
from defusedxml import ElementTree

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "formats"
XMI = """<?xml version="1.0" encoding="UTF-8"?>
<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmi:version="2.0"
 xmlns:seg="http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore"
 xmlns:meta="http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore"
 xmlns:ner="http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore"
 xmlns:custom="http:///webanno/custom.ecore">
<cas:NULL xmi:id="0"/>
{}
<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="{}"/>
</xmi:XMI>"""
TEXT = "L’armée russe à Koursk."
ENTITY = '<ner:NamedEntity xmi:id="5" sofa="1" begin="{}" end="{}" value="{}"/>'


def xmi(folder, *structures, text=TEXT, name="d.xmi"):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(XMI.format("\n".join(structures), text), encoding="utf-8")
    return file


def one(path, **options):
    report = options.pop("report", None) or Report()
    (document,) = cas.read(path, report=report, **options)
    return document


def real(*parts):
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{path.name}: the shared files are not beside this checkout")
    return path


def test_a_named_entity_is_labelled_by_its_value(tmp_path):
    document = one(xmi(tmp_path, ENTITY.format(2, 13, "FORCE")))
    assert (document.id, document.text) == ("d", TEXT)
    assert document.spans == (Span(2, 13, "FORCE"),)


def test_a_named_entity_without_value_is_labelled_by_its_type(tmp_path):
    assert one(xmi(tmp_path, ENTITY.format(2, 13, ""))).spans == (Span(2, 13, "NamedEntity"),)


def test_other_features_are_attributes_and_the_layer_is_told(tmp_path):
    force = '<custom:Acteur xmi:id="5" sofa="1" begin="2" end="13" label="FORCE" camp="est"/>'
    assert one(xmi(tmp_path, force)).spans == (Span(2, 13, "FORCE", {"layer": "Acteur", "camp": "est"}),)


def test_the_value_of_a_time_is_not_its_label(tmp_path):
    time = '<custom:TIMEX3 xmi:id="5" sofa="1" begin="0" end="5" value="PT13M"/>'
    assert one(xmi(tmp_path, time, text="Hier.")).spans == (Span(0, 5, "TIMEX3", {"value": "PT13M"}),)


def test_offsets_count_utf16_units(tmp_path):
    document = one(xmi(tmp_path, ENTITY.format(3, 7, "LOC"), text="😀 Kiev"))
    assert document.mention(document.spans[0]) == "Kiev"


def test_tokens_and_sentences_are_counted_not_read(tmp_path):
    report = Report()
    token = '<seg:Token xmi:id="5" sofa="1" begin="0" end="1"/>'
    sentence = '<seg:Sentence xmi:id="6" sofa="1" begin="0" end="3"/>'
    assert one(xmi(tmp_path, token, sentence), report=report).spans == ()
    assert report.counts == {"skipped: Token annotations": 1, "skipped: Sentence annotations": 1}
    assert report.lost == 0


def test_types_choose_what_is_a_span_and_feature_what_labels_it(tmp_path):
    token = '<seg:Token xmi:id="6" sofa="1" begin="2" end="7" form="armée"/>'
    file = xmi(tmp_path, ENTITY.format(2, 13, "FORCE"), token)
    assert one(file, types=["Token"], feature="form").spans == (Span(2, 7, "armée", {"layer": "Token"}),)


def test_a_link_is_an_attribute_named_by_its_role(tmp_path):
    host = '<custom:Attaque xmi:id="8" sofa="1" begin="0" end="1" links="9"/>'
    link = '<custom:Lien xmi:id="9" role="par" target="5"/>'
    assert one(xmi(tmp_path, ENTITY.format(2, 13, "FORCE"), host, link)).spans == (
        Span(0, 1, "Attaque", {"par": "5"}), Span(2, 13, "FORCE", {"id": "5"}))


def test_a_relation_is_an_attribute_of_its_governor(tmp_path):
    place = '<ner:NamedEntity xmi:id="6" sofa="1" begin="16" end="22" value="LOC"/>'
    arc = '<custom:Relation xmi:id="7" sofa="1" begin="16" end="22" Governor="5" Dependent="6" value="où"/>'
    assert one(xmi(tmp_path, ENTITY.format(2, 13, "FORCE"), place, arc)).spans == (
        Span(2, 13, "FORCE", {"où": "6"}), Span(16, 22, "LOC", {"id": "6"}))


def test_a_relation_between_tokens_is_lost_and_counted(tmp_path):
    report = Report()
    tokens = [f'<seg:Token xmi:id="{id}" sofa="1" begin="{id}" end="6"/>' for id in (2, 3)]
    arc = '<custom:Relation xmi:id="7" sofa="1" begin="2" end="6" Governor="2" Dependent="3" value="sujet"/>'
    assert one(xmi(tmp_path, *tokens, arc), report=report).spans == ()
    assert report.losses == {"dropped: relation to what is no span": 1}


def test_a_number_that_happens_to_be_an_id_stays_a_number(tmp_path):
    count = '<custom:Pertes xmi:id="6" sofa="1" begin="0" end="1" nombre="5"/>'
    assert one(xmi(tmp_path, ENTITY.format(2, 13, "FORCE"), count)).spans[0].attributes == {"nombre": "5"}


def test_a_number_that_is_once_the_id_of_a_link_stays_a_number(tmp_path):
    link = '<custom:Lien xmi:id="9" role="par" target="5"/>'
    losses = [f'<custom:Pertes xmi:id="2{n}" sofa="1" begin="0" end="1" nombre="{n}"/>' for n in (7, 9)]
    document = one(xmi(tmp_path, ENTITY.format(2, 13, "FORCE"), link, *losses))
    assert [span.attributes.get("nombre") for span in document.spans] == ["7", "9", None]


def test_the_type_system_beside_the_file_tells_references_from_numbers(tmp_path):
    (tmp_path / "TypeSystem.xml").write_text(
        '<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier"><types>'
        "<typeDescription><name>webanno.custom.Base</name><supertypeName>uima.tcas.Annotation</supertypeName>"
        "<features><featureDescription><name>suite</name><rangeTypeName>uima.tcas.Annotation</rangeTypeName>"
        "</featureDescription><featureDescription><name>nombre</name><rangeTypeName>uima.cas.Integer"
        "</rangeTypeName></featureDescription></features></typeDescription><typeDescription>"
        "<name>webanno.custom.Pertes</name><supertypeName>webanno.custom.Base</supertypeName>"
        "</typeDescription></types></typeSystemDescription>", encoding="utf-8")
    loss = '<custom:Pertes xmi:id="6" sofa="1" begin="0" end="1" nombre="5" suite="5"/>'
    document = one(xmi(tmp_path, ENTITY.format(2, 13, "FORCE"), loss))
    assert document.spans == (Span(0, 1, "Pertes", {"nombre": "5", "suite": "5"}),
                              Span(2, 13, "FORCE", {"id": "5"}))


def test_an_empty_annotation_with_a_class_is_lost_and_counted(tmp_path):
    report = Report()
    assert one(xmi(tmp_path, ENTITY.format(4, 4, "LOC")), report=report).spans == ()
    assert report.losses == {"dropped: empty span": 1}
    assert report.examples["dropped: empty span"] == [f"{tmp_path}/d.xmi:8: LOC"]


def test_what_is_said_of_the_whole_document_is_meta(tmp_path):
    title = '<meta:DocumentMetaData xmi:id="3" sofa="1" end="9" documentTitle="a/b.txt" language="fr"/>'
    genre = '<custom:METADATA xmi:id="4" sofa="1" begin="0" end="0" genre="dépêche"/>'
    document = one(xmi(tmp_path, title, genre))
    assert document.id == "a_b.txt"
    assert document.meta == {"title": "a/b.txt", "language": "fr", "genre": "dépêche"}


def test_each_sofa_with_a_text_is_a_document(tmp_path):
    second = '<cas:Sofa xmi:id="2" sofaNum="2" sofaID="traduction" sofaString="Kiev"/>'
    city = '<ner:NamedEntity xmi:id="6" sofa="2" begin="0" end="4" value="LOC"/>'
    documents = list(cas.read(xmi(tmp_path, second, city), report=Report()))
    assert [(d.id, len(d.spans)) for d in documents] == [("d.traduction", 1), ("d", 0)]


def test_files_of_several_annotators_get_the_name_of_their_folder(tmp_path):
    for folder in "ab":
        xmi(tmp_path, name=f"{folder}.txt/admin.xmi")
    report = Report()
    assert [d.id for d in cas.read(tmp_path, report=report)] == ["admin", "b.txt.admin"]
    assert report.counts["mended: repeated document id"] == 1


def test_one_annotator_of_a_folder_can_be_chosen(tmp_path):
    for name in ("anne", "benoît"):
        xmi(tmp_path, name=f"a.txt/{name}.xmi")
    assert [d.id for d in cas.read(tmp_path, report=Report(), annotator="anne")] == ["anne"]


def test_xml_1_1_is_read(tmp_path):
    file = xmi(tmp_path, ENTITY.format(2, 13, "FORCE"))
    file.write_text(file.read_text("utf-8").replace('version="1.0"', 'version="1.1"', 1), "utf-8")
    assert len(one(file).spans) == 1


# -- JSON ----------------------------------------------------------------------------------------------

SOFA = {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaID": "_InitialView", "sofaString": "😀 Kiev, Goma"}
CITY = {"%ID": 2, "%TYPE": "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity", "@sofa": 1,
        "begin": 3, "end": 7, "value": "LOC"}


def cas_json(folder, structures):
    file = folder / "d.json"
    file.write_text(json.dumps({"%TYPES": {}, "%FEATURE_STRUCTURES": structures, "%VIEWS": {}}), "utf-8")
    return file


@pytest.mark.parametrize("structures", [[SOFA, CITY], {"1": SOFA, "2": CITY}])
def test_json_structures_may_be_a_list_or_a_map(tmp_path, structures):
    document = one(cas_json(tmp_path, structures))
    assert [(document.mention(s), s.label) for s in document.spans] == [("Kiev", "LOC")]


def test_json_anchors_flags_and_nulls_are_read(tmp_path):
    city = {key: value for key, value in CITY.items() if key not in {"begin", "end"}}
    file = cas_json(tmp_path, [SOFA, city | {"^begin": 3, "^end": 7, "sûr": True, "vide": None}])
    assert one(file).spans == (Span(2, 6, "LOC", {"sûr": "true"}),)


def test_json_references_go_through_arrays_and_links(tmp_path):
    host = {"%ID": 3, "%TYPE": "webanno.custom.Attaque", "@sofa": 1, "begin": 9, "end": 13, "@links": 4}
    array = {"%ID": 4, "%TYPE": "uima.cas.FSArray", "%ELEMENTS": [5]}
    link = {"%ID": 5, "%TYPE": "webanno.custom.Lien", "role": "où", "@target": 2}
    assert one(cas_json(tmp_path, [SOFA, CITY, host, array, link])).spans == (
        Span(2, 6, "LOC", {"id": "2"}), Span(8, 12, "Attaque", {"où": "2"}))


def test_json_arrays_of_words_are_attributes(tmp_path):
    host = CITY | {"@autres": 3, "@nombres": 4}
    words = {"%ID": 3, "%TYPE": "uima.cas.StringArray", "%ELEMENTS": ["Kyiv", None, "Kyïv"]}
    numbers = {"%ID": 4, "%TYPE": "uima.cas.IntegerArray", "%ELEMENTS": [2, 1]}
    assert one(cas_json(tmp_path, [SOFA, host, words, numbers])).spans == (
        Span(2, 6, "LOC", {"autres": "Kyiv Kyïv", "nombres": "2 1"}),)


def test_the_older_json_of_uima_is_read(tmp_path):
    file = tmp_path / "d.json"
    file.write_text(json.dumps({
        "_context": {"_types": {"Mot": {"_id": "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Mot"}}},
        "_views": {"_InitialView": {
            "Mot": [{"sofa": 12, "end": 4}], "NamedEntity": [{"sofa": 12, "end": 4, "value": "LOC"}, 20],
            "Attaque": [{"sofa": 12, "begin": 6, "end": 13,
                         "par": [{"_type": "Lien", "role": "par", "target": 20}]}]}},
        "_referenced_fss": {
            "12": {"_type": "Sofa", "sofaID": "_InitialView", "sofaString": "Kiev, attaque M23"},
            "20": {"_type": "NamedEntity", "sofa": 12, "begin": 14, "end": 17, "value": "FORCE"}}}))
    assert cas.sniff(file, file.read_bytes())
    assert one(file).spans == (Span(0, 4, "LOC"), Span(6, 13, "Attaque", {"par": "20"}),
                               Span(14, 17, "FORCE", {"id": "20"}))


# -- real files ----------------------------------------------------------------------------------------

def test_a_real_clinical_xmi_gives_every_annotation_with_its_text():
    file = real("cas-xmi", "FR100275.xml")
    document = one(file)
    root = ElementTree.fromstring(file.read_bytes())
    layers = ("EVENT", "CLINENTITY", "BODYPART", "ACTOR", "RML", "TIMEX3")
    expected = [(int(e.attrib["begin"]), int(e.attrib["end"]), layer) for layer in layers
                for e in root.iter("{http:///webanno/custom.ecore}" + layer)]
    assert len(expected) == 164
    assert sorted(span.key for span in document.spans) == sorted(expected)
    assert document.mention(document.spans[0]) == "Une fillette de 2 ans"


def test_every_relation_of_the_clinical_xmi_is_kept():
    report = Report()
    document = one(real("cas-xmi", "FR100275.xml"), report=report)
    ids = document.by_id()
    names = {"CONTAINS", "OVERLAP", "BEFORE", "SIMULTANEOUS", "BEGINS-ON", "ENDS-ON", "PERTAINS", "INITIATES",
             "CONTINUES", "TERMINATES", "REINITIATES"}
    targets = [id for s in document.spans for name in names for id in s.attributes.get(name, "").split()]
    assert len(targets) == len([t for t in targets if t in ids]) == 5 + 88 + 9 + 7
    assert report.lost == 0


def test_a_real_json_cas_gives_its_four_annotations():
    document = one(real("cas-json", "casWithTextAndAnnotations", "data.json"))
    assert [document.mention(span) for span in document.spans] == ["This", "is", "a", "test"]


def test_each_real_file_is_detected():
    for file in (real("cas-xmi", "FR100275.xml"), real("cas-json", "casWithTextAndAnnotations", "data.json")):
        assert formats.detect(file) == "cas"


EXPECTED = {
    "testAnnotationWithTrailingWhitespaceAtEnd": [(4, 8, "NamedEntity")],
    "testMultiTokenSpanWithFeatureValue": [(0, 16, "PERSON")],
    "testMultiTokenStackedSpanWithFeatureValue": [(0, 16, "LOCATION"), (0, 16, "PERSON")],
    "testSimpleCrossSenenceSlotFeature":
        [(0, 2, "SimpleLinkHost"), (3, 8, "SimpleSpan"), (25, 28, "SimpleSpan")],
    "testSingleTokenRelationWithFeatureValue": [],
    "testTokenAttachedAnnotationsWithValues": [],
    "testTokenBoundedStackedSpanWithFeatureValue":
        [(a, b, "NE") for a, b in ((0, 4), (5, 7), (8, 9), (10, 14), (15, 16)) for _ in "12"],
    "testZeroLengthSpansWithFeatureValues": []}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_xmi_of_inception_gives_its_annotations(name):
    assert [span.key for span in one(real("webanno-tsv", name, "reference.xmi")).spans] == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_the_tsv_of_the_same_document_gives_the_same_spans(name):
    folder = real("webanno-tsv", name)
    (tsv,) = webanno.read(folder / "reference.tsv", report=Report())
    xmi = one(folder / "reference.xmi")
    assert tsv.text == xmi.text.rstrip()  # the lines of a TSV keep no space after the last token
    assert [(tsv.mention(span), span.label) for span in tsv.spans] == [
        (xmi.mention(span).rstrip(), span.label) for span in xmi.spans]
