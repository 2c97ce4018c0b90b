"""What French durations mean: the hand-written gold, bounds and qualifiers, and what is None."""

import csv
from pathlib import Path

import pytest
from bilan.data import read
from bilan.data.durations import duration
from bilan.data.split import side
from hypothesis import given
from hypothesis import strategies as st

GOLD = Path(__file__).with_name("dates_gold.tsv")
CORPUS = Path(__file__).resolve().parents[2] / "data" / "corpus"


def gold() -> list[dict[str, str]]:
    with GOLD.open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
                if row["label"] == "DURATION"]


@pytest.mark.parametrize("row", gold(), ids=lambda row: f"{row['document']} {row['text']}")
def test_every_duration_of_the_gold_is_read_as_by_hand(row):
    found = duration(row["text"])
    assert found
    assert (found.iso, found.qualifier, f"{found.low or ''}/{found.high or ''}") == (
        row["value"], row["kind"], row["part"])


def test_all_but_a_few_durations_of_the_train_and_dev_articles_are_read():
    unread = [duration(document.mention(span)) is None for document in read(CORPUS)
              if side(document.id) != "test" for span in document.spans if span.label == "DURATION"]
    assert unread.count(True) < 0.02 * len(unread)


@pytest.mark.parametrize(("text", "iso"), [
    ("trois jours", "P3D"), ("quarante-huit heures", "PT48H"), ("48 h", "PT48H"), ("1.425 jours", "P1425D"),
    ("un an et demi", "P1Y6M"), ("un mois et demi", "P1.5M"), ("un jour et demi", "P1DT12H"),
    ("une semaine et demie", "P10DT12H"), ("deux heures trente", "PT2H30M"), ("1 h 30", "PT1H30M"),
    ("une heure et quart", "PT1H15M"), ("trois quarts d’heure", "PT45M"), ("une demi-heure", "PT30M"),
    ("un an, deux mois et dix jours", "P1Y2M10D"), ("un siècle et demi", "P150Y"), ("un demi-siècle", "P50Y"),
    ("un trimestre", "P3M"), ("huit jours", "P8D"), ("une seule journée", "P1D"), ("0 jour", "P0D"),
    ("deux premières semaines", "P2W")])
def test_an_exact_duration(text, iso):
    found = duration(text)
    assert found
    assert (found.iso, found.qualifier, found.low, found.high) == (iso, "exact", iso, iso)


@pytest.mark.parametrize(("text", "qualifier", "low", "high"), [
    ("plus de six mois", "at_least", "P6M", None), ("au moins trois ans", "at_least", "P3Y", None),
    ("moins d’une heure", "at_most", None, "PT1H"), ("deux jours au plus", "at_most", None, "P2D"),
    ("six à huit semaines", "range", "P6W", "P8W"), ("de six mois à un an", "range", "P6M", "P1Y"),
    ("entre dix et quinze jours", "range", "P10D", "P15D"), ("des mois", "order", "P2M", None),
    ("quelques heures", "order", "PT2H", None), ("des dizaines d’années", "order", "P20Y", None),
    ("une quinzaine de jours", "about", "P15D", "P15D"), ("près de deux décennies", "about", "P20Y", "P20Y"),
    ("une nuit", "at_most", None, "P1D"), ("toute la nuit", "at_most", None, "P1D"),
    ("deux nuits", "about", "P2D", "P2D"), ("un été", "about", "P3M", "P3M")])
def test_a_duration_keeps_its_qualifier_and_bounds(text, qualifier, low, high):
    found = duration(text)
    assert found
    assert (found.qualifier, found.low, found.high) == (qualifier, low, high)


@pytest.mark.parametrize("text", ["vingt", "4", "longtemps", "", "trois jours et deux nuits", "un an un an",
                                  "des mois et deux jours", "un an jour pour jour", "mi-temps", "40 soldats"])
def test_what_is_no_duration_is_not_read(text):
    assert duration(text) is None


@given(st.integers(2, 999), st.sampled_from([("ans", "P{}Y"), ("mois", "P{}M"), ("jours", "P{}D"), (
    "semaines", "P{}W"), ("heures", "PT{}H"), ("minutes", "PT{}M"), ("secondes", "PT{}S")]))
def test_a_number_of_units_is_itself(number, unit):
    found = duration(f"{number} {unit[0]}")
    assert found
    assert found.iso == unit[1].format(number)


@given(st.text(max_size=10_000))
def test_any_text_is_a_duration_or_not_but_never_an_error(text):
    duration(text)
