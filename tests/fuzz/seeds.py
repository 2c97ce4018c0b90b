"""What fuzzing begins with: what our own writers write, small files of the formats that we only read, real ones beside."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bilan.data.document import Document, Span
from bilan.data.formats import read, write
from bilan.data.report import Report

from tests.shared import ROOT, SHARED

PART = "\n=====ANN=====\n"  # between the text and the annotations of brat
LARGEST = 30_000  # bytes: a larger file is no seed, it makes each run slow
DOCUMENTS = (
    Document("d1", "L’armée russe frappe Kiev.\n12 morts, selon l’ONU.", (
        Span(2, 13, "FORCE", {"id": "a"}), Span(21, 25, "LOC"), Span(27, 29, "KILLED", {"who": "a", "sûr": "x|y k=v"}),
        Span(43, 48, "ORG"))),
    Document("été 2", "🚀 3\u202f000 drones\r\n« Shahed »\tà Kiev", (
        Span(2, 7, "MATERIEL"), Span(2, 14, "WEAPON"), Span(29, 33, "LOC", {"note": "vrai [ou] \"non\""}))),
    Document("d3", "Goma"))
BDOC = """{"text": "À Kiev 😀", "annotation_sets": {"": {"name": "detached-from:", "annotations": [
 {"type": "Location", "start": 2, "end": 6, "id": 0, "features": {"kind": "city", "n": 3}},
 {"type": "Token", "start": 0, "end": 1, "id": 1, "features": {}}], "next_annid": 2}},
 "features": {"source": "x"}, "offset_type": "p", "name": ""}"""
BY_HAND: dict[str, tuple[str, ...]] = {
    "gliner": ('[{"tokenized_text": ["À", "Kiev", ",", "l\'", "armée"], "ner": [[1, 1, "LOC"], [3, 4, "FORCE"]]},'
               ' {"tokenized_text": ["x"], "ner": [], "relations": [[0, 1, "by"]]}]',),
    "popcorn": ('{"1": {"text": "À Kiev, 12 morts", "entities": [{"id": 0, "mentions": [{"value": "Kiev", "start": 2,'
                ' "end": 6}], "type": "LOC"}, {"id": 1, "mentions": [{"value": "12", "start": 8, "end": 10}], "type":'
                ' "QUANTITY"}], "relations": [[1, "IS_LOCATED_IN", 0]]}}',),
    "cas.xmi": ('<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmlns:ner="http:///'
                'ner.ecore" xmlns:rel="http:///rel.ecore">\n<cas:NULL xmi:id="0"/>\n<ner:NamedEntity xmi:id="5" sofa="1"'
                ' begin="0" end="4" value="LOC"/><ner:NamedEntity xmi:id="6" sofa="1" begin="5" end="7" value="EMO"/>\n'
                '<rel:Relation xmi:id="7" sofa="1" begin="0" end="4" Governor="5" Dependent="6" kind="by"/>\n'
                '<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="Kiev 😀"/>\n'
                '<cas:View sofa="1" members="5 6 7"/></xmi:XMI>',),
    "cas.json": ('{"%TYPES": {}, "%FEATURE_STRUCTURES": [{"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID":'
                 ' "_InitialView", "mimeType": "text", "sofaString": "Kiev 😀"}, {"%ID": 2, "%TYPE": "x.NamedEntity",'
                 ' "@sofa": 1, "begin": 0, "end": 4, "value": "LOC"}, {"%ID": 3, "%TYPE": "x.NamedEntity", "@sofa": 1,'
                 ' "begin": 5, "end": 7, "value": "EMO"}, {"%ID": 4, "%TYPE": "x.Rel", "@sofa": 1, "begin": 0, "end": 4,'
                 ' "@Governor": 2, "@Dependent": 3}], "%VIEWS": {"_InitialView": {"%SOFA": 1, "%MEMBERS": [2, 3, 4]}}}',
                 '{"_context": {"_types": {}}, "_views": {"_InitialView": {"NamedEntity": [{"sofa": 1, "begin": 0, "end":'
                 ' 4, "value": "LOC"}]}}, "_referenced_fss": {"1": {"_type": "Sofa", "sofaNum": 1, "sofaID":'
                 ' "_InitialView", "mimeType": "text", "sofaString": "Kiev"}}}'),
    "gate.xml": ('<GateDocument version="3"><GateDocumentFeatures><Feature><Name className="java.lang.String">k</Name>'
                 '<Value className="java.lang.String">v</Value></Feature></GateDocumentFeatures><TextWithNodes><Node id="0"/>'
                 'Kiev<Node id="4"/> 😀<Node id="7"/></TextWithNodes>\n<AnnotationSet><Annotation Id="1" Type="Location"'
                 ' StartNode="0" EndNode="4"><Feature><Name className="java.lang.String">kind</Name><Value className='
                 '"java.lang.String">city</Value></Feature></Annotation></AnnotationSet><AnnotationSet Name="x">'
                 '<Annotation Id="2" Type="LOC" StartNode="4" EndNode="7"/></AnnotationSet></GateDocument>',),
    "gate.bdocjs": (BDOC,),
    "tei": ('<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>Lettre</title></titleStmt>'
            '</fileDesc></teiHeader><text><body><p>À <placeName ref="#k">Kiev</placeName>,<lb/> <persName>M. <surname>Z'
            '</surname></persName> et <num value="12">12</num> <choice><abbr>St</abbr><expan>Saint</expan></choice> le '
            '<date when="2025-02-07">7 février</date>.</p><note>non</note></body></text></TEI>',),
    "spacy.json": ('[["À Kiev", {"entities": [[2, 6, "LOC"]]}], ["x", {"entities": [], "cats": {"A": 1}}]]',
                   '[{"id": 0, "paragraphs": [{"raw": "À Kiev", "sentences": [{"tokens": [{"orth": "À", "ner": "O", "id": 0},'
                   ' {"orth": "Kiev", "ner": "U-LOC", "id": 1}], "brackets": []}]}]}]',
                   '{"classes": ["LOC"], "annotations": [["À Kiev", {"entities": [[2, 6, "LOC"]]}]]}'),
    "conll": ("-DOCSTART- -X- O O\n\nÀ PRP O O\nKiev NNP I-NP B-LOC\n. . O O\n",
              "# global.columns = ID FORM MISC NE:ENT\n# newdoc id = d\n# text = À Kiev.\n1\tÀ\t_\tO\n"
              "2\tKiev\tSpaceAfter=No\tB-LOC\n3\t.\t_\tO\n\n",
              "TOKEN\tNE-COARSE-LIT\tNE-FINE-COMP\tNEL-LIT\tMISC\n# document_id = x\nÀ\tO\tO\t_\t_\nKiev\tB-loc\tO\tQ1\t"
              "NoSpaceAfter|EndOfLine\n.\tO\tO\t_\t_\n", "À|O Kiev|B-LOC .|O\n"),
    "labelstudio": ('[{"id": 1, "text": "Kiev", "label": [{"start": 0, "end": 4, "text": "Kiev", "labels": ["LOC"]}]}]',),
    "doccano": ('{"text": "À Kiev", "label": [[2, 6, "LOC"]]}\n{"id": 2, "text": "x", "entities": [{"id": 1, "label": "A",'
                ' "start_offset": 0, "end_offset": 1}], "relations": [{"id": 1, "from_id": 1, "to_id": 1, "type": "r"}],'
                ' "Comments": []}',),
    "prodigy": ('{"text": "À Kiev", "tokens": [{"text": "À", "start": 0, "end": 1, "id": 0}, {"text": "Kiev", "start": 2,'
                ' "end": 6, "id": 1}], "spans": [{"token_start": 1, "token_end": 1, "start": 2, "end": 6, "label": "LOC"}],'
                ' "relations": [{"head": 1, "child": 0, "label": "r", "head_span": {"start": 2, "end": 6, "label": "LOC"},'
                ' "child_span": {"start": 0, "end": 1, "label": "X"}}], "answer": "accept", "meta": {"source": "x"}}',),
    "markup": ("[Kiev](LOC), [12](KILLED id=k) et [[le](A) B](C note=\"a b\") \\[x\\] [non] ](",)}


def seeds(name: str, format: str) -> list[bytes]:
    """The seeds of a target: written, by hand, and the real files of `shared/formats` where they are there."""
    return [*_written(format), *(seed.encode() for seed in BY_HAND.get(name, ())), *_real(format)]


def _written(format: str) -> list[bytes]:
    found: list[bytes] = []
    for documents in ([document] for document in DOCUMENTS):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "out")
            try:
                write(documents, path, format=format, report=Report())
            except ValueError:  # a format that is read only
                return []
            files = sorted(path.rglob("*"), reverse=True) if path.is_dir() else [path]
            found.append(PART.encode().join(file.read_bytes() for file in files if file.is_file()))
    return found


def _real(format: str) -> list[bytes]:
    folders = sorted(folder for folder in SHARED.glob("formats/*") if folder.name.startswith(format))
    files = [file for folder in folders for file in sorted(folder.rglob("*")) if file.is_file()]
    if format == "brat":
        pairs = ((file, file.with_suffix(".ann")) for file in files if file.suffix == ".txt")
        found = [PART.encode().join(part.read_bytes() for part in pair) for pair in pairs]
    else:
        found = [file.read_bytes() for file in files if "typesystem" not in file.name]
    return [content for content in found if len(content) <= LARGEST]


def phrases(label: str) -> list[bytes]:
    """The mentions of a label in our corpus, at most three hundred."""
    found = {document.mention(span) for document in read(ROOT / "data/corpus") for span in document.spans
             if span.label == label}
    return [phrase.encode() for phrase in sorted(found)[:300]]


def paragraphs() -> list[bytes]:
    """Paragraphs of our corpus, one of each article."""
    texts = (document.text for document in read(ROOT / "data/corpus"))
    return [next((line for line in text.split("\n") if len(line) > 80), text).encode() for text in texts][:120]
