"""The benchmark's pieces: what is counted, not how fast."""

import io

import pytest
from bilan.data import BilanError
from bilan.data.align import Window
from bilan.models.bench import app, cold_start, table
from bilan.models.costs import linear, of_size, profile, waste
from bilan.models.windows import padding
from rich.console import Console
from typer.testing import CliRunner

TEXTS = ["À Goma, 12 civils ont été tués. " * 4, "Goma"] * 3


def test_padding_is_the_share_of_what_is_computed():
    todo = [(number, Window(0, length, 0, length)) for number, length in enumerate((4, 2, 2))]
    assert padding(todo, budget=100) == pytest.approx(1 - 8 / 12)
    assert padding(todo, budget=100, rows=1) == 0
    assert padding([], budget=1) == 0


def test_windows_alone_waste_nothing(tiny_reader):
    found = waste(tiny_reader, TEXTS)
    assert found["onnx"] == 0 < found["batches of 8 in order"]


def test_the_shares_of_a_profile_add_up(tiny_reader):
    found = profile(tiny_reader, TEXTS)
    assert sum(found[part] for part in ("tokenise", "network", "decode", "values and claims")) == pytest.approx(1)


def test_a_text_of_a_size_has_that_many_bytes():
    assert [len(of_size(["été", "mort"], size).encode()) for size in (1, 5, 100)] == [0, 5, 100]


def test_each_size_up_to_the_largest_is_read():
    seen = []
    found = linear(seen.append, TEXTS, largest=10_000)
    assert [one["bytes"] for one in found] == [1_000, 10_000]
    assert {len(read[0].encode()) for read in seen[1:]} == {1_000, 10_000}


def test_the_table_gives_medians_and_dashes_for_what_was_not_measured():
    one = {"tokens_per_second": 1000.0, "latency_median": 0.1, "latency_p99": 0.2, "peak_mib": 300.0, "cold_start": 1.5}
    console = Console(width=120, file=io.StringIO())
    console.print(table({"spacy": [one, one | {"tokens_per_second": 2000.0}, one]}))
    assert console.file.getvalue().splitlines()[1].split() == [  # pyright: ignore[reportAttributeAccessIssue]
        "spacy", "1,000", "0.100", "0.200", "300", "1.50", "–"]


def test_an_unknown_system_is_refused(tmp_path):
    error = CliRunner().invoke(app, [str(tmp_path), "--systems", "int9"]).exception
    assert "unknown system 'int9'; expected int8, bf16, pipeline-1" in str(error)


def test_a_system_that_cannot_start_says_why_in_one_line(tmp_path):
    with pytest.raises(BilanError) as told:
        cold_start("int8", tmp_path / "none", "Kiev")
    assert "none" in str(told.value) and "\n" not in str(told.value)
