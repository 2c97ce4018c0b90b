"""Damaged and hostile files of the XML family: each is refused in one line that says what and where."""

import json

import pytest
from bilan.data.errors import BilanError
from bilan.data.formats import cas, gate, tei
from bilan.data.report import Report

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
XMI = ('<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" '
       'xmlns:ner="http:///ner.ecore">\n{}\n</xmi:XMI>')
SOFA = '<cas:Sofa xmi:id="1" sofaID="_InitialView" sofaString="Kiev 😀"/>'
ENTITY = '<ner:NamedEntity xmi:id="5" sofa="{}" begin="{}" end="{}" value="LOC"/>'
GATE = ('<GateDocument version="3"><TextWithNodes>{}</TextWithNodes>\n'
        '<AnnotationSet>{}</AnnotationSet></GateDocument>')
ANNOTATION = '<Annotation Id="1" Type="LOC" StartNode="{}" EndNode="{}"/>'
LAUGHS = ('<!DOCTYPE TEI [<!ENTITY a "ha">' + "".join(f'<!ENTITY {b} "&{a};&{a};&{a};&{a};">'
          for a, b in zip("abcdefghijklm", "bcdefghijklmn", strict=True)) + "]>")
EXTERNAL = '<!DOCTYPE TEI [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LETTER = "<TEI><text><p>{}</p></text></TEI>"


def bad(reader, content, folder, name="d.xml"):
    """The message with which a reader refuses a file, which must begin with its name."""
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BilanError) as caught:
        list(reader.read(file, report=Report()))
    message = str(caught.value)
    assert message.startswith(str(file)), message
    return message.removeprefix(str(file))


@pytest.mark.parametrize(("reader", "body"), [
    (tei, LETTER.format("&n;")), (cas, XMI.format(SOFA)), (gate, GATE)])
@pytest.mark.parametrize("doctype", [LAUGHS, EXTERNAL])
def test_entities_are_refused_not_expanded(tmp_path, reader, body, doctype):
    assert "declares entities or external files, refused" in bad(reader, HEAD + doctype + body, tmp_path)


def test_a_document_type_without_entities_is_let_through(tmp_path):
    file = tmp_path / "d.xml"
    file.write_text(HEAD + '<!DOCTYPE TEI SYSTEM "tei.dtd">' + LETTER.format("Kiev"))
    assert [d.text for d in tei.read(file, report=Report())] == ["Kiev"]


@pytest.mark.parametrize(("reader", "body"), [
    (tei, LETTER.format("Kiev")), (cas, XMI.format(SOFA)), (gate, GATE.format("Kiev", ""))])
def test_a_truncated_file_is_refused_with_the_line(tmp_path, reader, body):
    message = bad(reader, HEAD + body[:-4], tmp_path)
    assert "not well-formed XML" in message and message[0] == ":" and message[1].isdigit()


@pytest.mark.parametrize(("content", "expected"), [
    (b"", "not well-formed XML"),
    (b"\0\0\0\0", "not well-formed XML"),
    (b"Kiev n'est pas du XML", "not well-formed XML"),
    (HEAD.encode() + LETTER.format("Orl\u00e9ans").encode("latin-1"), "not well-formed XML"),
    (b'<?xml version="1.0" encoding="ISO-8859-1"?>' + LETTER.format("Orl\u00e9ans").encode(),
     ":1: declares encoding ISO-8859-1 but is UTF-8; write encoding=\"UTF-8\" in its first line"),
    (b'<?xml version="1.0" encoding="klingon"?>' + LETTER.encode(), "not well-formed XML"),
    (LETTER.format("&nbsp;").encode(), "not well-formed XML"),
    (LETTER.format("\x01").encode(), "not well-formed XML"),
    (b"<html><body>Kiev</body></html>", ": root element <html>, <TEI> or <teiCorpus> expected"),
    (b"<TEI><teiHeader/></TEI>", ": TEI without <text>; nothing but <text> holds what is read"),
    (b"\x1f\x8b\x08\0\0", "not well-formed XML")])
def test_what_is_no_tei_is_refused(tmp_path, content, expected):
    assert expected in bad(tei, content, tmp_path)


@pytest.mark.parametrize(("structures", "expected"), [
    ([], ": no sofa, so no text; export the document with its text"),
    (['<cas:Sofa xmi:id="1"/>', ENTITY.format(1, 0, 4)],
     ":3: sofa 1 has annotations but no text; export the document with its text"),
    ([SOFA, ENTITY.format(9, 0, 4)], ":4: annotation 5 is of sofa 9, which is missing; sofas of the file: 1"),
    ([SOFA, ENTITY.format(1, 0, 40)], ":4: NamedEntity 0–40 leaves the text of 7 UTF-16 units, ends before"),
    ([SOFA, ENTITY.format(1, 4, 2)], ":4: NamedEntity 4–2 leaves the text of 7 UTF-16 units, ends before"),
    ([SOFA, ENTITY.format(1, -1, 2)], ":4: NamedEntity -1–2 leaves the text of 7 UTF-16 units, ends before"),
    ([SOFA, ENTITY.format(1, 0, 6)], ":4: NamedEntity 0–6 leaves the text of 7 UTF-16 units, ends before"),
    ([SOFA, ENTITY.format(1, "zéro", 4)], ":4: offsets 'zéro'–'4' are not numbers"),
    ([SOFA, ENTITY.format(1, 0, 4), ENTITY.format(1, 0, 4)], ":4: two feature structures have the id '5'")])
def test_a_broken_xmi_is_refused_with_the_line(tmp_path, structures, expected):
    assert bad(cas, HEAD + XMI.format("\n".join(structures)), tmp_path, "d.xmi").startswith(expected)


def test_xml_that_is_no_xmi_is_refused(tmp_path):
    assert bad(cas, "<TEI/>", tmp_path) == ": root element <TEI>, <xmi:XMI> expected"


@pytest.mark.parametrize("content", [
    "", "{", "[" * 100_000, "3", "null", "{}", "[3]", '{"%FEATURE_STRUCTURES": 3}',
    '{"%FEATURE_STRUCTURES": [{"%ID": 1}]}', '{"_views": 3}', '{"_referenced_fss": []}',
    '{"%FEATURE_STRUCTURES": []}', '{"%FEATURE_STRUCTURES": [{"%ID": 1, "%TYPE": "uima.cas.Sofa", "": 2}]}',
    '{"_views": {"_InitialView": {"NamedEntity": [{"sofa": 1, "end": 3}]}}}'])
def test_a_broken_json_cas_is_refused(tmp_path, content):
    assert bad(cas, content, tmp_path, "d.json")


@pytest.mark.parametrize(("content", "expected"), [
    ("<TEI/>", ": root element <TEI>, <GateDocument> expected"),
    ("<GateDocument/>", ": no <TextWithNodes>; save the document again as GATE XML"),
    (GATE.format('<Node id="0"/>Kiev', ANNOTATION.format(0, 4)),
     ":2: annotation 1 has no type or points at node ['4']"),
    (GATE.format("Kiev", '<Annotation Id="1"/>'), ":2: annotation 1 has no type or points at node [None]"),
    (GATE.format('<Node id="1"/>Kiev<Node id="0"/>', ANNOTATION.format(0, 1)),
     ":2: annotation 1 at 4–0 leaves the text")])
def test_a_broken_gate_document_is_refused(tmp_path, content, expected):
    assert bad(gate, content, tmp_path).startswith(expected)


@pytest.mark.parametrize(("record", "expected"), [
    ({"offset_type": "p"}, ": not a bdoc: KeyError 'text'"),
    ({"text": 3}, ": not a bdoc: TypeError"),
    ({"text": "Kiev", "annotation_sets": [3]}, ": not a bdoc: AttributeError"),
    ({"text": "Kiev", "annotation_sets": {"": {"annotations": [{"id": 0}]}}},
     ": not a bdoc: KeyError 'type'"),
    ({"text": "😀", "annotation_sets": {"": {"annotations": [{"id": 0, "type": "A", "start": 0, "end": 1}]}}},
     ": annotation 0 at 0–1 leaves the text of 2 or cuts a character"),
    ({"text": "Kiev", "annotation_sets": {"": {"annotations": [
        {"id": 0, "type": "A", "start": 0, "end": 9}]}}},
     ": annotation 0 at 0–9 leaves the text of 4 or cuts a character"),
    ({"text": "\ud83d"}, "not JSON")])
def test_a_broken_bdoc_is_refused(tmp_path, record, expected):
    assert expected in bad(gate, json.dumps(record), tmp_path, "d.bdocjs")


@pytest.mark.parametrize("reader", [cas, gate, tei])
def test_a_missing_file_and_an_empty_folder_are_refused(tmp_path, reader):
    with pytest.raises(BilanError, match="no such file"):
        list(reader.read(tmp_path / "absent.xml", report=Report()))
    with pytest.raises(BilanError, match="no file ending in"):
        list(reader.read(tmp_path, report=Report()))
