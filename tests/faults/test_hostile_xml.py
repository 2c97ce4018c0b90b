"""XML of strangers: bombs and external entities are refused at the command line too, wherever XML is read."""

import pytest
from bilan.data.__main__ import app
from bilan.data.console import run
from bilan.data.errors import BilanError
from bilan.data.formats import read
from bilan.data.report import Report
from bilan.models import sources

LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY secret SYSTEM "file://{}">]>'
XMI = ('<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore">'
       '<cas:Sofa xmi:id="1" sofaID="_InitialView" sofaString="Kiev"/></xmi:XMI>')
SENTENCE = "Selon l’armée, 12 soldats ont été tués à Koursk vendredi, et l’offensive se poursuit dans toute la région."


@pytest.fixture
def secret(tmp_path):
    (tmp_path / "secret").write_text("mot de passe")
    return tmp_path / "secret"


@pytest.mark.parametrize("doctype", [LAUGHS, EXTERNAL])
def test_entities_are_one_line_and_exit_code_2_at_the_command_line(tmp_path, secret, capsys, doctype):
    file = tmp_path / "d.xml"
    file.write_text(doctype.format(secret) + "<TEI><text><p>&secret;&c;</p></text></TEI>")
    with pytest.raises(SystemExit) as caught:
        run(app, ["convert", "--from", "tei", str(file), str(tmp_path / "out.jsonl")])
    said = capsys.readouterr().err
    assert caught.value.code == 2 and "declares entities or external files, refused" in said and said.count("\n") == 1
    assert not (tmp_path / "out.jsonl").exists()


def test_a_type_system_beside_an_xmi_is_no_way_in(tmp_path, secret):
    (tmp_path / "d.xmi").write_text(XMI)
    (tmp_path / "TypeSystem.xml").write_text(EXTERNAL.format(secret) + "<typeSystemDescription>&secret;</typeSystemDescription>")
    with pytest.raises(BilanError, match=r"TypeSystem\.xml: declares entities"):
        list(read(tmp_path / "d.xmi", format="cas", report=Report()))


@pytest.mark.parametrize("name", ["a.xhtml", "a.html"])
def test_a_page_brings_no_file_of_ours_into_its_text(tmp_path, secret, name):
    pytest.importorskip("trafilatura", reason="the extra html is not installed")
    page = (f'<?xml version="1.0"?>{EXTERNAL.format(secret).replace("x [", "html [")}<html><body><article>'
            f"<p>{SENTENCE}</p><p>&secret; : {SENTENCE.replace('12', '13')}</p></article></body></html>")
    (tmp_path / name).write_text(page)
    found = sources.text(str(tmp_path / name), report=Report()).text
    assert "12 soldats" in found and "mot de passe" not in found


def test_elements_in_elements_without_end_are_read_or_refused(tmp_path):
    (tmp_path / "d.xml").write_text("<TEI><text>" + "<p>" * 20_000 + "Kiev" + "</p>" * 20_000 + "</text></TEI>")
    assert [document.text for document in read(tmp_path / "d.xml", format="tei", report=Report())] == ["Kiev"]
