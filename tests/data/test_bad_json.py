"""Damaged and hostile files of the JSON family: each is refused in one line that says what and where."""

import io
import json
import zipfile
import zlib

import pytest
from bilan.data.errors import BilanError
from bilan.data.formats import read
from bilan.data.report import Report

DOCCANO, PRODIGY, STUDIO = "doccano", "prodigy", "labelstudio"
LINES = (DOCCANO, PRODIGY)
ARRAYS = (STUDIO, "gliner", "spacy")
GOOD = {DOCCANO: '{"text": "À Kiev", "label": [[2, 6, "LOC"]]}',
        PRODIGY: '{"text": "À Kiev", "spans": [{"start": 2, "end": 6, "label": "LOC"}]}',
        STUDIO: '[{"data": {"text": "À Kiev"},\n"annotations": [{"result": []}]}]',
        "gliner": '[{"tokenized_text": ["À", "Kiev"],\n"ner": [[1, 1, "LOC"]]}]',
        "popcorn": '{"1": {"text": "À Kiev",\n"entities": [], "relations": []}}',
        "spacy": '[["À Kiev",\n{"entities": [[2, 6, "LOC"]]}]]'}


def bad(format, content, folder):
    """The message with which a file is refused, which must be one line that begins with its name."""
    file = folder / ("d.jsonl" if format in LINES else "d.json")
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BilanError) as caught:
        list(read(file, format=format, report=Report()))
    message = str(caught.value)
    assert message.startswith(str(file)) and "\n" not in message, message
    return message.removeprefix(str(file))


def region(value, **more):
    return json.dumps([{"data": {"text": "À Kiev"}, "annotations": [{"result": [
        {"id": "r", "type": "labels", "value": value, **more}]}]}])


def zipped():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("admin.jsonl", GOOD[DOCCANO])
    return stream.getvalue()


@pytest.mark.parametrize("format", GOOD)
def test_the_examples_that_are_damaged_below_are_good(tmp_path, format):
    file = tmp_path / "d.json"
    file.write_text(GOOD[format], encoding="utf-8")
    assert [document.text for document in read(file, format=format)] == ["À Kiev"]


@pytest.mark.parametrize("format", GOOD)
@pytest.mark.parametrize(("damage", "expected"), [
    (lambda text: text[:-3].encode(), "not JSON"),
    (lambda text: text.encode("latin-1"), "not UTF-8 (byte 0xc0)"),
    (lambda text: text.encode("utf-16"), "encoded in UTF-16, not UTF-8"),
    (lambda text: zipped(), "a zip archive, not text"),
    (lambda text: text.encode() + b"\0\0", "binary file"),
    (lambda text: b"[" * 100_000 + b"]" * 100_000, "not JSON"),
    (lambda text: b'{"a":' * 100_000, "not JSON"),
    (lambda text: b'{"text": "Kiev", "n": ' + b"9" * 5000 + b"}", ""),
    (lambda text: text.replace("Kiev", "\\ud83d").encode(), "")])
def test_a_damaged_file_is_refused(tmp_path, format, damage, expected):
    assert expected in bad(format, damage(GOOD[format]), tmp_path)


@pytest.mark.parametrize("format", LINES)
def test_a_truncated_line_is_named(tmp_path, format):
    assert bad(format, f"{GOOD[format]}\n{GOOD[format][:20]}", tmp_path).startswith(":2: not JSON")


@pytest.mark.parametrize("format", ARRAYS)
def test_the_line_where_an_array_is_truncated_is_named(tmp_path, format):
    assert bad(format, GOOD[format][:-4], tmp_path).startswith(":2: not JSON")


@pytest.mark.parametrize("format", ARRAYS)
def test_text_after_an_array_is_refused(tmp_path, format):
    assert "not JSON (text after the last ']')" in bad(format, GOOD[format] + GOOD[format], tmp_path)


@pytest.mark.parametrize(("format", "content", "expected"), [
    (DOCCANO, "[1]", ":1: 1 where an object was expected"),
    (DOCCANO, '"Kiev"', ':1: "Kiev" where an object was expected'),
    (DOCCANO, '{"text": 3, "label": []}', ":1: 'text' is 3; str expected"),
    (DOCCANO, '{"text": null, "label": []}', ":1: 'text' is null; str expected"),
    (DOCCANO, '{"id": 1, "label": [[0, 1, "LOC"]]}', ":1: no text: columns 'id', 'label'; name the column"),
    (DOCCANO, '{"text": "Kiev", "label": {"a": 1}}', ":1: 'label' is {\"a\": 1}; list expected"),
    (DOCCANO, '{"text": "Kiev", "label": ["LOC"]}',
     ':1: "LOC" is not a span; [start, end, "LABEL"] is expected'),
    (DOCCANO, '{"text": "Kiev", "label": [[0, 9, "LOC"]]}',
     ":1: document 'd-1': span 0–9 'LOC' leaves the text"),
    (DOCCANO, '{"text": "Kiev", "label": [[-1, 3, "LOC"]]}', ":1: span -1–3 'LOC' is empty or negative"),
    (DOCCANO, '{"text": "Kiev", "label": [[3, 1, "LOC"]]}', ":1: span 3–1 'LOC' is empty or negative"),
    (DOCCANO, '{"text": "Kiev", "label": [[NaN, 3, "LOC"]]}', ":1: not JSON"),
    (DOCCANO, '{"text": "Kiev", "label": [[0, Infinity, "LOC"]]}',
     ":1: not JSON"),
    (DOCCANO, '{"text": "Kiev", "label": [[0, 1.5, "LOC"]]}', ":1: offset 1.5 is not a whole number"),
    (DOCCANO, '{"text": "Kiev", "label": [[true, 3, "LOC"]]}', ":1: offset true is not a whole number"),
    (DOCCANO, '{"text": "Kiev", "label": [["0", "3", "LOC"]]}', ':1: offset "0" is not a whole number'),
    (DOCCANO, '{"text": "Kiev", "label": [[0, 1%s, "LOC"]]}' % ("0" * 400), ":1: "),
    (DOCCANO, '{"text": "Kiev", "label": [[0, 1, null]]}', ":1: label null is not a text"),
    (DOCCANO, '{"text": "Kiev", "label": [[0, 1, "\\ud83d"]]}',
     ":1: not JSON"),
    (DOCCANO, '{"text": "Kiev", "label": [[0, 1, ""]]}', ':1: label "" is not a text'),
    (DOCCANO, '{"text": "Kiev", "entities": [{"start_offset": 0, "label": "LOC"}]}',
     ":1: offset null is not"),
    (DOCCANO, '{"text": "Kiev", "entities": [], "relations": [[0, 1]]}',
     ":1: not a doccano record (TypeError"),
    (DOCCANO, "\n\n" + GOOD[DOCCANO] + "\n{}", ":4: no text: columns"),
    (PRODIGY, "[[]]", ":1: [] where an object was expected"),
    (PRODIGY, '{"spans": []}', ":1: no 'text'; str expected"),
    (PRODIGY, '{"text": "Kiev", "spans": {"a": 1}}', ":1: 'spans' is {\"a\": 1}; list expected"),
    (PRODIGY, '{"text": "Kiev", "spans": [[0, 4, "LOC"]]}', ':1: [0, 4, "LOC"] is not a span'),
    (PRODIGY, '{"text": "Kiev", "answer": 1}', ":1: 'answer' is 1; str expected"),
    (PRODIGY, '{"text": "Kiev", "spans": [{"start": 0, "end": 9, "label": "LOC"}]}',
     ":1: document 'd-1': span 0–9"),
    (PRODIGY, '{"text": "Kiev", "spans": [{"start": 0, "end": 4}]}', ":1: label null is not a text"),
    (PRODIGY, '{"text": "Kiev", "spans": [{"start": 0, "end": 4, "label": "LOC", "score": NaN}]}',
     ":1: not JSON"),
    (PRODIGY, '{"text": "Kiev", "tokens": [{"text": "Kiev", "start": 0, "end": 4}], "spans": '
              '[{"start": 0, "end": 4, "label": "LOC", "token_start": 0, "token_end": 7}]}',
     ":1: span on the tokens 0–7 of 1; 0 ≤ token_start"),
    (PRODIGY, '{"text": "Kiev", "tokens": [7], "spans": [{"token_start": 0, "token_end": 0}]}',
     ":1: not a Prodigy task (TypeError"),
    (PRODIGY, '{"text": "Kiev", "spans": [], "relations": [{"head_span": 3}]}',
     ":1: 'head_span' is 3; dict expected"),
    (STUDIO, "[3]", ":1: 3 where a task was expected"),
    (STUDIO, '[\n\n{"data": {}, "annotations": [{"result": []}]}]', ":3: no text in the data of the task"),
    (STUDIO, '[{"data": {"text": "Kiev"}, "annotations": 3}]', ":1: 'annotations' is 3; list expected"),
    (STUDIO, '[{"data": {"text": "Kiev"}, "annotations": [3]}]', ":1: 3 where an object was expected"),
    (STUDIO, '[{"data": {"text": "Kiev"}, "annotations": [{"result": [3]}]}]',
     ":1: 3 where a result was expected"),
    (STUDIO, region({"start": 0, "end": 99, "labels": ["LOC"]}),
     ":1: document 'd-1': span 0–99 'LOC' leaves"),
    (STUDIO, region({"start": -3, "end": 2, "labels": ["LOC"]}), ":1: span -3–2 'LOC' is empty or negative"),
    (STUDIO, region({"start": 0, "end": 2.5, "labels": ["LOC"]}), ":1: offset 2.5 is not a whole number"),
    (STUDIO, region({"start": 0, "end": 2, "labels": [{}]}), ":1: label {} is not a text"),
    (STUDIO, region([0, 2]), ":1: 'value' is [0, 2]; dict expected"),
    ("gliner", '[{"ner": []}]', ":1: no 'tokenized_text'; list expected"),
    ("gliner", '[{"tokenized_text": [1], "ner": []}]', ":1: a token is not a text"),
    ("gliner", '[{"tokenized_text": ["Kiev"], "ner": [[0, 1, "LOC"]]}]', ":1: 'LOC' on the tokens 0–1 of 1"),
    ("gliner", '[{"tokenized_text": ["Kiev"], "ner": [[-1, 0, "LOC"]]}]',
     ":1: 'LOC' on the tokens -1–0 of 1"),
    ("gliner", '[{"tokenized_text": [""], "ner": [[0, 0, "LOC"]]}]', ":1: span 0–0 'LOC' is empty"),
    ("gliner", '[{"tokenized_text": ["Kiev"], "ner": [[0, "LOC"]]}]', ':1: [0, "LOC"] is not a span'),
    ("popcorn", '{"1": 3}', ": document '1': 3 where an object was expected"),
    ("popcorn", '{"1": {"entities": []}}', ": document '1': no 'text'; str expected"),
    ("popcorn", '{"1": {"text": "Kiev", "entities": [{"id": 1, "mentions": [{"start": 0}]}]}}',
     ": document '1': not a POPCORN document (KeyError: 'end')"),
    ("popcorn", '{"1": {"text": "Kiev", "entities": [{"mentions": []}]}}', ": document '1': not a POPCORN"),
    ("popcorn", '{"1": {"text": "Kiev", "entities": [], "relations": [[1, 2]]}}',
     ": document '1': [1, 2] is no"),
    ("spacy", '[["Kiev"]]', ":1: [\"Kiev\"] where an object was expected"),
    ("spacy", '[["Kiev", {"entities": [[0, 4]]}]]', ":1: entities that are no triples"),
    ("spacy", '[["Kiev", {"entities": [[0, 40, "LOC"]]}]]', ":1: document 'd-1': span 0–40 'LOC' leaves"),
    ("spacy", '[["Kiev", {"entities": ["U-LOC"]}]]', ":1: entities that are no triples"),
    ("spacy", '[{"id": 0, "paragraphs": 3}]', ":1: 'paragraphs' is 3; list expected"),
    ("spacy", '[{"id": 0, "paragraphs": [{"sentences": [{"tokens": [{}]}]}]}]',
     ":1: no 'orth'; str expected")])
def test_a_record_of_wrong_shape_is_refused_with_its_place(tmp_path, format, content, expected):
    message = bad(format, content, tmp_path)
    assert message.startswith(expected), message


@pytest.mark.parametrize("content", [
    b"", b"Kiev", b"x\x9c" + b"a" * 40,
    zlib.compress(b"\x81\xa5attrs\x01"), zlib.compress(b"Kiev"), zipped()])
def test_a_file_that_is_no_docbin_is_refused(tmp_path, content):
    pytest.importorskip("spacy", reason="the extra bilan[spacy] is not installed")
    file = tmp_path / "d.spacy"
    file.write_bytes(content)
    with pytest.raises(BilanError, match="not a DocBin"):
        list(read(file, format="spacy"))


@pytest.mark.parametrize("content", [
    b"", b"PAR1", b"PAR1" + b"\0" * 100 + b"PAR1", b"ARROW1", b"\xff" * 8, b"Kiev"])
def test_a_file_that_is_no_parquet_or_arrow_is_refused(tmp_path, content):
    file = tmp_path / "d.parquet"
    file.write_bytes(content)
    with pytest.raises(BilanError, match="not a parquet or Arrow file"):
        list(read(file, format="huggingface"))


@pytest.mark.parametrize(("rows", "expected"), [
    ({"x": [1]}, "no text with spans and no tokens with tags: x"),
    ({"tokens": [["Kiev"]], "ner_tags": [["O", "O"]]}, "1 tokens but 2 tags"),
    ({"tokens": [["Kiev"]], "ner_tags": [[7]]}, "tag 7 has no name"),
    ({"text": [None], "spans": [[{"start": 0, "end": 1, "label": "LOC"}]]}, "'text' is null; str expected"),
    ({"text": ["Kiev"], "spans": [[{"start": 0, "end": 9, "label": "LOC"}]]},
     "span 0–9 'LOC' leaves the text"),
    ({"text": ["Kiev"], "spans": [[{"start": 0, "label": "LOC"}]]}, "offset null is not a whole number"),
    ({"text": ["Kiev"], "spans": [["LOC"]]}, "not a dataset row (AttributeError")])
def test_a_table_of_wrong_shape_is_refused(tmp_path, rows, expected):
    import pyarrow
    import pyarrow.parquet

    pyarrow.parquet.write_table(pyarrow.table(rows), tmp_path / "d.parquet")
    with pytest.raises(BilanError) as caught:
        list(read(tmp_path / "d.parquet", format="huggingface"))
    assert expected in str(caught.value)


@pytest.mark.parametrize("format", [*GOOD, "huggingface"])
def test_a_missing_file_is_named(tmp_path, format):
    with pytest.raises(BilanError, match="no such file or folder"):
        list(read(tmp_path / "absent", format=format))


@pytest.mark.parametrize("format", [*LINES, STUDIO, "gliner"])
def test_an_empty_file_has_no_documents(tmp_path, format):
    file = tmp_path / "d.jsonl"
    file.write_bytes(b"")
    assert list(read(file, format=format)) == []


@pytest.mark.parametrize("format", ["popcorn", "spacy"])
def test_an_empty_file_is_no_json(tmp_path, format):
    assert "not JSON" in bad(format, "", tmp_path)
