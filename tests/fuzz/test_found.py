"""What fuzzing found, each with the smallest input that showed it: refused with its place, or kept."""

import datetime
import json

import pyarrow
import pyarrow.parquet
import pytest
from bilan.data import formats
from bilan.data.align import carried, encode, inseparable, spans_of
from bilan.data.document import Document, Span
from bilan.data.errors import BilanError
from bilan.data.labels import tags_of
from bilan.data.report import Report
from bilan.models.links import link
from bilan.models.messages import Text
from pydantic import ValidationError
from tokenizers import Tokenizer

from tests import tiny
from tests.shared import ROOT

LONG = "9" * 5000  # digits: more than Python turns into a number
BDOC = '{"text": "Kiev", "annotation_sets": {"": {"annotations": [{"id": 0, "type": "", "start": 0, "end": 4}]}}}'
CAS = ('{"%FEATURE_STRUCTURES": [{"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaString": "Kiev"}, '
       '{"%ID": 5, "%TYPE": "", "@sofa": 1, "begin": 0, "end": 4}]}')
SHEET = "#FORMAT=WebAnno TSV 3.3\n\n\n#Text=Goma\n1-1\t0-4\tGoma\t\n#T_SP=x.NamedEntity|value\n"
RELATION = ('{"text": "À Kiev", "spans": [{"start": 0, "end": 1, "label": "A"}], "relations": [{"label": {}, '
            '"head_span": {"start": 0, "end": 1, "label": "A"}, "child_span": {"start": 0, "end": 1, "label": "A"}}]}')


@pytest.mark.parametrize(("format", "name", "content", "expected"), [
    ("gate", "d.bdocjs", BDOC, ':1: label "" is not a text'),
    ("gate", "d.bdocjs", '{"text": "Kiev", "features": [[0, 1]]}', ":1: document 'd': 0 in its header is no name"),
    ("gliner", "d.json", '[{"tokenized_text": ["Kiev"], "ner": [], "x": {"k": "\\ud83d"}}]',
     ":1: document 'd-1': lone surrogate at character of names and values"),
    ("gliner", "d.json", '[{"tokenized_text": ["Kiev"], "ner": [], "\\ud83d": 1}]',
     ":1: document 'd-1': lone surrogate at character of names and values"),
    ("gliner", "d.json", '[{"tokenized_text": ["Kiev"],\n"x": NaN}]', ":1: not JSON (NaN is no JSON)"),
    ("gliner", "d.json", '[{"tokenized_text": ["Kiev"],\n"x": -Infinity}]', ":1: not JSON (-Infinity is no JSON)"),
    ("gliner", "d.json", '[{"tokenized_text": ["Kiev"],\n"x": 1%s}]' % ("0" * 400), ":1: not JSON (a number is too large)"),
    ("cas", "d.json", CAS, ":1: annotation 5 has neither type nor label"),
    ("webanno", "d.tsv", SHEET, ":6: layer after the first token: '#T_SP=x.NamedEntity|value'; layers stand"),
    ("webanno", "d.tsv", SHEET.partition("#T_SP")[0].replace("0-4", f"0-{LONG}"), ":5: neither a token nor a header"),
    ("webanno", "d.tsv", SHEET.partition("#T_SP")[0] + "1-2\t7-9\t\t\n1-3\t5-6\tx\t\n", ":7: token 'x' at 5–6 is not in its sentence"),
    ("webanno", "d.tsv", f"#FORMAT=WebAnno TSV 3.{LONG}\n", ":1: not WebAnno TSV 3"),
    ("webanno", "d.tsv", "#FORMAT=WebAnno TSV 3.3\n#T_SP=x.type.|who\n", ":2: malformed layer: '#T_SP=x.type.|who'"),
    ("markup", "d.md", 'À\n[Kiev](LOC note="\\u00r5")', ":2 of the text: a value of LOC is no JSON string"),
    *(("jsonl", "d.jsonl", json.dumps({"id": "d", "text": "Kiev", "spans": [{"start": 0, "end": 4, "label": "LOC", "score": score}]}),
       f":1: score {json.dumps(score)} is not a number from 0 to 1") for score in ("0.5", [1], {}, 2, -1)),
    ("prodigy", "d.jsonl", RELATION.replace("{}", '{"a": 1}'), ':1: label {"a": 1} is not a text')])
def test_what_cannot_be_read_is_refused_with_its_place(tmp_path, format, name, content, expected):
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    with pytest.raises(BilanError) as caught:
        list(formats.read(file, format=format))
    assert str(caught.value).removeprefix(str(file)).startswith(expected), caught.value


def test_a_brat_relation_of_a_span_to_itself_is_kept(tmp_path):
    (tmp_path / "d.txt").write_text("Kiev")
    (tmp_path / "d.ann").write_text("T1\tLOC 0 4\tKiev\nR1\twho Arg1:T1 Arg2:T1\n")
    (document,) = formats.read(tmp_path, format="brat")
    assert dict(document.spans[0].attributes) == {"who": "T1", "id": "T1"}


def test_a_webanno_feature_that_differs_from_value_by_a_capital_is_no_label(tmp_path):
    document = Document("d", "Kiev", (Span(0, 4, "LOC", {"vAlue": "1"}),))
    formats.write([document], tmp_path / "d.tsv", format="webanno")
    assert next(iter(formats.read(tmp_path / "d.tsv"))).spans == document.spans


def test_bytes_in_the_header_of_a_parquet_row_are_told_lost(tmp_path):
    file, report = tmp_path / "d.parquet", Report()
    rows = [{"id": "d", "text": "Kiev", "spans": [{"start": 0, "end": 4, "label": "LOC"}], "meta": {"a": b"\xff", "b": 1},
             "when": datetime.date(2025, 2, 7)}]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), file)
    (document,) = formats.read(file, report=report)
    assert dict(document.meta) == {"b": 1} and dict(report.losses) == {"dropped: value in the header that JSON has not": 1}
    assert "skipped: column \"when\", no text, number or truth value" in report.counts


def test_an_offset_of_thousands_of_digits_is_refused_with_its_line(tmp_path):
    (tmp_path / "d.txt").write_text("Kiev")
    (tmp_path / "d.ann").write_text(f"T1\tLOC 0 {LONG}\tKiev\n")
    with pytest.raises(BilanError, match=r"d\.ann:1: not a text-bound annotation"):
        list(formats.read(tmp_path, format="brat"))


@pytest.mark.parametrize("content", [f"# global.columns = ID FORM NE:X\n1-{LONG}\tau\tO\n1\tà\tO\n",
                                     "-DOCSTART-" + " O" * 5_000 + "\n\nau O\nà O\n",
                                     "-DOCSTART-" + " " * 20_000 + "x\n\nau O\nà O\n"])
def test_long_marks_of_words_and_documents_are_read(tmp_path, content):
    (tmp_path / "d.conll").write_text(content)
    assert [document.text for document in formats.read(tmp_path, format="conll")] == ["au à"]


@pytest.mark.parametrize(("line", "label", "end"), [
    ("T1\tLOC 0 4\tKiev", "LOC", 4), ("T1 LOC 0 4", "LOC", 4), ("T1\tLOC\t0 4\tKiev", "LOC", 4), ("T1\tA 1 2 0 4", "A 1 2", 4),
    ("T1\tA;B 1 0 4\tKiev", "A;B 1", 4), ("T1\tLOC 0 1;1 4\tK iev", "LOC", 4), ("T1\tLOC 0 2 ; 2 3;3 4 \tKiev", "LOC", 4),
    ("T1\tLOC 0 4\t7 9", "LOC", 4), ("T1\tLOC\t0\t4\tKiev", "LOC", 4)])
def test_a_label_may_hold_spaces_numbers_and_semicolons(tmp_path, line, label, end):
    (tmp_path / "d.txt").write_text("Kiev")
    (tmp_path / "d.ann").write_text(line)
    (document,) = formats.read(tmp_path, format="brat")
    assert [span.key for span in document.spans] == [(0, end, label)]


@pytest.mark.parametrize("line", ["T1\tLOC", "T1\t;0 4", "T1\tLOC 0", "T1\tLOC 0 4 x", "T1\tLOC 0 4;\tKiev", "T1\t 0 4", "T1\tA" + " " * 20_000 + "x",
                                  "T1\tA " + "1 1;" * 5_000 + "x"])
def test_a_line_without_label_and_offsets_is_refused(tmp_path, line):
    (tmp_path / "d.txt").write_text("Kiev")
    (tmp_path / "d.ann").write_text(line)
    with pytest.raises(BilanError, match=r"d\.ann:1: not a text-bound annotation"):
        list(formats.read(tmp_path, format="brat"))


@pytest.mark.parametrize("content", ["\n[1]", "\n\n{", " \n x", "\r\n1"])
def test_a_file_that_begins_with_a_blank_line_and_has_one_more_is_of_no_known_format(tmp_path, content):
    (tmp_path / "d").write_text(content)
    with pytest.raises(BilanError, match="no known annotation format"):
        formats.detect(tmp_path / "d")


def test_a_nul_in_an_annotation_is_refused_with_its_line(tmp_path):
    (tmp_path / "d.txt").write_text("Kiev")
    (tmp_path / "d.ann").write_text("T1\tLOC 0 4\tKiev\nA1\tnote T1 a\0b\n")
    with pytest.raises(BilanError, match=r"d\.ann:2: binary file \(NUL byte\)"):
        list(formats.read(tmp_path, format="brat"))


@pytest.mark.parametrize("wrong", [{"min_confidence": False}, {"min_confidence": "0.5"}, {"date": 0}, {"date": 1.5}, {"date": True},
                                   {"date": "1700000000"}, {"date": "2025-02-07T00:00:00"}, {"date": "20250207"}])
def test_a_request_whose_values_are_of_another_type_than_described_is_refused(wrong):
    with pytest.raises(ValidationError):
        Text.model_validate({"text": "Kiev", **wrong})


@pytest.mark.parametrize("right", [{"min_confidence": 1}, {"min_confidence": 0.5}, {"min_confidence": None}, {"date": "2025-02-07"}, {"date": None}])
def test_a_request_as_described_is_taken(right):
    assert Text.model_validate({"text": "Kiev", **right}).text == "Kiev"


@pytest.mark.parametrize("format", ["brat", "markup", "webanno", "conll"])
@pytest.mark.parametrize("document", [Document("d", "À\0Kiev"), Document("d", "À Kiev", (Span(2, 6, "LOC", {"n": "\0"}),))])
def test_a_nul_is_not_written_into_text_that_would_then_be_taken_for_binary(tmp_path, format, document):
    with pytest.raises(BilanError, match=f"a NUL character cannot be written as {format}"):
        formats.write([document], tmp_path / "out", format=format)
    assert list(tmp_path.iterdir()) == []


def test_a_number_of_more_than_64_bits_is_kept_as_a_float_that_jsonl_can_hold(tmp_path):
    (tmp_path / "d.json").write_text('[{"tokenized_text": ["Kiev"], "ner": [], "x": [1%s, 18446744073709551615]}]' % ("0" * 30))
    (document,) = formats.read(tmp_path / "d.json", format="gliner")
    formats.write([document], tmp_path / "d.jsonl", format="jsonl")
    assert [back.meta for back in formats.read(tmp_path / "d.jsonl")] == [{"x": [1e30, 18446744073709551615]}]


@pytest.mark.parametrize("number", ["1e316", "-2.5E+400"])
def test_a_number_that_no_double_holds_is_refused_in_an_array_as_in_lines(tmp_path, number):
    (tmp_path / "d.json").write_text('[{"tokenized_text": ["Kiev"], "ner": [], "x": ' + number + "}]")
    with pytest.raises(BilanError, match="too large"):
        list(formats.read(tmp_path / "d.json", format="gliner"))


@pytest.mark.parametrize("after", ["\x1c", "\u00a0", " []"])
def test_what_follows_an_array_and_is_no_blank_of_json_is_refused(tmp_path, after):
    (tmp_path / "d.json").write_text(f"[]{after}", encoding="utf-8")
    with pytest.raises(BilanError, match=r"d\.json:1: not JSON \(text after the last '\]'\)"):
        list(formats.read(tmp_path / "d.json", format="gliner"))


@pytest.mark.parametrize("label", [";", "X;", "X;Y;", ";;"])
@pytest.mark.parametrize("fragments", [(), ((0, 4), (7, 11))])
def test_a_label_that_ends_in_a_semicolon_comes_back_from_brat(tmp_path, label, fragments):
    span = Span(0, 11, label, fragments=fragments) if fragments else Span(0, 4, label)
    formats.write([Document("d", "Kiev et Lviv", (span,))], tmp_path / "out", format="brat")
    ((back,),) = (document.spans for document in formats.read(tmp_path / "out", format="brat"))
    assert (back.label, back.start, back.end) == (label, span.start, span.end)


def test_a_label_that_brat_would_read_as_offsets_is_refused(tmp_path):
    with pytest.raises(BilanError, match="label 'X 1 2;' cannot be written as brat"):
        formats.write([Document("d", "Kiev", (Span(0, 4, "X 1 2;"),))], tmp_path / "out", format="brat")


@pytest.mark.parametrize("id", [" ", "\u3000"])
def test_a_document_whose_id_is_blank_is_named_by_its_file(tmp_path, id):
    formats.write([Document(id, "Kiev")], tmp_path / "out", format="markup")
    assert [document.id for document in formats.read(tmp_path / "out")] == [id]


@pytest.mark.parametrize("name", ["found;edBy", "a b", "", "x=y", "(", "é\u2028"])
def test_an_attribute_whose_name_markup_cannot_hold_is_told_lost_and_not_written_into_the_text(tmp_path, name):
    report = Report()
    document = Document("d", "À Kiev", (Span(2, 6, "LOC", {name: "v", "id": "k"}),))
    formats.write([document], tmp_path / "d.md", format="markup", report=report)
    assert report.losses == {"dropped: attribute that markup cannot hold": 1}
    assert [(back.text, back.spans) for back in formats.read(tmp_path / "d.md")] == [
        ("À Kiev", (Span(2, 6, "LOC", {"id": "k"}),))]


def test_the_blanks_at_the_edges_of_an_id_are_told_where_markup_cannot_hold_them(tmp_path):
    report = Report()
    formats.write([Document(" d9", "Kiev")], tmp_path / "out", format="markup", report=report)
    assert report.counts == {"mended: blanks at the edges of an id": 1}
    assert [document.id for document in formats.read(tmp_path / "out")] == ["d9"]


def test_a_tag_that_would_make_its_line_a_comment_is_refused(tmp_path):
    document = Document("d", "# Kiev", (Span(0, 6, "LOC =X"),))
    with pytest.raises(BilanError, match="the tag 'B-LOC =X' of the token '#' would be read as a comment"):
        formats.write([document], tmp_path / "d.conll", format="conll")


@pytest.mark.parametrize(("text", "span"), [("\n La Syrie", Span(0, 1, "KILLED")), (" aux", Span(0, 1, "KILLED"))])
def test_a_figure_of_blanks_before_the_first_sentence_has_no_source(text, span):
    document = Document("d", text, (span, Span(len(text) - 3, len(text), "LOC")))
    assert link(document) == document


@pytest.fixture(params=["tiny", "embedded"])
def tokenizer(request):
    return tiny.tokenizer() if request.param == "tiny" else Tokenizer.from_file(str(ROOT / "models/base/tokenizer.json"))


def test_no_span_parts_the_signs_that_a_joiner_makes_one(tokenizer):
    encoded = encode(tokenizer, "à 🐦\u200d⬛ et")
    _, lost = carried(encoded, [Span(2, 3, "LOC"), Span(4, 5, "LOC")], tags_of(["LOC"]))
    assert [span.key for span in lost] == [(2, 3, "LOC"), (4, 5, "LOC")]
    assert carried(encoded, [Span(2, 5, "LOC")], tags_of(["LOC"]))[1] == []


def test_a_bracket_with_a_joiner_is_not_trimmed_down_to_the_joiner():
    encoded = encode(tiny.tokenizer(), "[1]\u200d", whole_words=False)
    assert [span.key for span in spans_of(encoded, ["O"] * (len(encoded.ids) - 1) + ["B-LOC"])] == [(2, 4, "LOC")]


@pytest.mark.parametrize("text", ["correspondant \u200dtaire", "\u200dtaire"])
def test_a_joiner_after_a_space_joins_nothing(text):
    assert not inseparable(text, text.index("t", text.index("\u200d")))


def test_a_joiner_before_a_control_joins_nothing():
    assert not inseparable("👨\u200d\x01A", 2) and not inseparable("Cur\u200d\u200fe", 4)
