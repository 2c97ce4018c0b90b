"""Exports: the same records as JSONL, CSV and Parquet."""

import csv
import json

import pytest
from bilan.data import BilanError, Document
from bilan.data.formats.markup import parse
from bilan.models.claims import claims
from bilan.models.exports import CLAIM, export, record
from pyarrow import parquet

MARKED = "Selon [Kiev](LOC id=k), [au moins 12](KILLED who=s by=k) [soldats](FORCE id=s) sont morts."


def records() -> list[dict]:
    text, spans = parse(MARKED)
    return [record(claim) for claim in claims(Document("d", text, tuple(spans)))]


def test_a_record_is_flat_and_has_every_column():
    (row,) = records()
    assert list(row) == list(CLAIM)
    assert (row["figure"], row["low"], row["high"], row["who"], row["by"], row["by_label"], row["when"]) == (
        "au moins 12", 12, None, "soldats", "Kiev", "LOC", None)


def test_jsonl_reads_back_as_the_records(tmp_path):
    export(records(), tmp_path / "c.jsonl")
    assert [json.loads(line) for line in (tmp_path / "c.jsonl").read_text(encoding="utf-8").splitlines()] == records()


def test_parquet_reads_back_as_the_records(tmp_path):
    export(records(), tmp_path / "c.parquet")
    assert parquet.read_table(tmp_path / "c.parquet").to_pylist() == records()


def test_parquet_keeps_its_types_without_records(tmp_path):
    export([], tmp_path / "c.parquet")
    assert str(parquet.read_schema(tmp_path / "c.parquet").field("low").type) == "double"


def test_csv_has_a_header_and_empty_cells_for_none(tmp_path):
    export(records(), tmp_path / "c.csv")
    with open(tmp_path / "c.csv", encoding="utf-8", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["low"], row["high"], row["cue"]) == ("12", "", "Selon")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe(tmp_path, start):
    export([{"a": f"{start}1+1", "b": -1}], tmp_path / "c.csv", columns={"a": str, "b": int})
    with open(tmp_path / "c.csv", encoding="utf-8", newline="") as stream:
        assert list(csv.reader(stream))[1] == [f"'{start}1+1", "-1"]


def test_an_unknown_format_is_refused_with_those_known(tmp_path):
    with pytest.raises(BilanError, match="expected jsonl, csv, parquet"):
        export(records(), tmp_path / "c.xlsx")


@pytest.mark.parametrize("format", ["jsonl", "csv", "parquet"])
def test_nothing_appears_when_a_record_fails(tmp_path, format):
    def failing():
        yield {"document": "d"}
        raise BilanError("no more")

    with pytest.raises(BilanError, match="no more"):
        export(failing(), tmp_path / f"c.{format}")
    assert list(tmp_path.iterdir()) == []
