"""What French dates mean: the hand-written gold, the conventions, and what is None."""

import csv
import datetime
import re
from pathlib import Path

import pytest
from bilan.data import BilanError, Document, Span, read
from bilan.data.dates import PRECISIONS, _read, date, dated, periods
from bilan.data.split import side
from hypothesis import given
from hypothesis import strategies as st

FRIDAY = datetime.date(2025, 2, 7)
GOLD = Path(__file__).with_name("dates_gold.tsv")
CORPUS = Path(__file__).resolve().parents[2] / "data" / "corpus"
MONTHS = ("janvier février mars avril mai juin juillet août septembre octobre novembre décembre").split()
WEEKDAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
BOUND = r"(\d{4}(-\d\d(-\d\dT\d\d:\d\d:00|-\d\d)?)?|\d{3}X)~?"
EDTF = re.compile(rf"{BOUND}(/({BOUND}|\.\.))?")
DAYS = st.dates(datetime.date(1000, 1, 1), datetime.date(9999, 12, 31))


def gold() -> list[dict[str, str]]:
    with GOLD.open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
                if row["label"] == "DATE"]


def edtf(text: str, reference: datetime.date = FRIDAY, **options) -> str | None:
    found = date(text, reference=reference, **options)
    return found.edtf if found else None


def writings(day: datetime.date) -> list[str]:
    """The ways in which a full date is written."""
    number = "1er" if day.day == 1 else str(day.day)
    plain = f"{number} {MONTHS[day.month - 1]} {day.year}"
    weekday = WEEKDAYS[day.weekday()]
    return [plain, f"le {plain}", f"{weekday} {plain}", f"{weekday}, le {plain}", plain.upper(),
            plain.replace(" ", "\u00a0"), f"{day:%d/%m/}{day.year}", f"{day.day}.{day.month}.{day.year}",
            day.isoformat()]


# The gold, written by reading the articles of the test side


@pytest.mark.parametrize("row", gold(), ids=lambda row: f"{row['document']} {row['text']}")
def test_every_date_of_the_gold_is_read_as_by_hand(row):
    anchor = datetime.date.fromisoformat(row["anchor"]) if row["anchor"] else None
    found = date(row["text"], reference=datetime.date.fromisoformat(row["reference"]), anchor=anchor,
                 prefer=row["prefer"])
    got = (found.edtf, found.precision, str(int(found.approximate)), found.part) if found else ("",) * 4
    assert got == (row["value"], row["kind"], row["approximate"], row["part"])


def test_all_but_a_few_dates_of_the_train_and_dev_articles_are_read():
    documents = [document for document in read(CORPUS) if side(document.id) != "test"]
    unread = [found is None for document in documents for _, found in dated(document)]
    assert unread.count(True) < 0.04 * len(unread)


# Full dates


@given(DAYS)
def test_a_full_date_is_the_same_day_in_all_its_writings(day):
    assert {edtf(text) for text in writings(day)} == {day.isoformat()}


@given(DAYS, st.integers(1, 6))
def test_a_weekday_that_contradicts_the_full_date_is_not_read(day, shift):
    wrong = WEEKDAYS[(day.weekday() + shift) % 7]
    assert edtf(f"{wrong} {day.day} {MONTHS[day.month - 1]} {day.year}") is None


@given(st.dates(datetime.date(1000, 3, 1), datetime.date(9998, 1, 1)), st.integers(0, 300))
def test_a_date_without_year_is_the_latest_before_the_article(day, later):
    text = f"{day.day} {MONTHS[day.month - 1]}"
    reference = day + datetime.timedelta(days=later)
    assert edtf(text, reference) == day.isoformat()
    assert edtf(f"{WEEKDAYS[day.weekday()]} {text}", reference) == day.isoformat()


@given(DAYS.filter(lambda day: day.year > 1000), st.sampled_from(WEEKDAYS))
def test_a_weekday_alone_lies_in_the_week_up_to_the_article(reference, weekday):
    found = date(weekday, reference=reference)
    assert found
    assert found.start.weekday() == WEEKDAYS.index(weekday)
    assert 0 <= (reference - found.start).days < 7


@pytest.mark.parametrize("text", [
    "31 février", "30 février 2024", "29 février 2023", "2024-02-30", "13/13/2024", "an 0", "44 av. J.-C.",
    "ramadan", "début du ramadan", "rentrée", "réveillon de 1994", "premier jour",
    "quatrième jour, à 5 heures", "soir du dixième jour", "trois premiers jours", "saison", "maintenant",
    "années 20", "14-18", "24 heures",
    "25 h", "3 ans", "été 2023-2024", "lundi 6 août 2024", "", " ", "de", "a"])
def test_what_names_no_day_for_certain_is_not_read(text):
    assert date(text, reference=FRIDAY) is None


# Counted from the article


@pytest.mark.parametrize(("text", "expected"), [
    ("hier", "2025-02-06"), ("avant-hier", "2025-02-05"), ("demain", "2025-02-08"),
    ("aujourd’hui", "2025-02-07"), ("vendredi", "2025-02-07"), ("vendredi 7 février", "2025-02-07"),
    ("vendredi 7 mars", "2025-03-07"), ("lundi dernier", "2025-02-03"), ("lundi prochain", "2025-02-10"),
    ("samedi 1", "2025-02-01"), ("6 août", "2024-08-06"), ("1er mai", "2024-05-01"),
    ("29 février", "2024-02-29"), ("7 octobre", "2024-10-07"), ("6 de-\ncembre", "2024-12-06"),
    ("6 dé-\ncembre", "2024-12-06"), ("06/08", "2024-08-06"), ("24/02/22", "2022-02-24"),
    ("1/1/99", "1999-01-01"), ("10 sept. 2024", "2024-09-10"), ("11-Septembre", "2001-09-11"),
    ("Noël", "2024-12-25"), ("veille de Noël", "2024-12-24"), ("Pâques", "2024-03-31"),
    ("Pâques orthodoxe 2024", "2024-05-05"), ("lundi de Pâques 2025", "2025-04-21"),
    ("dernier jour de septembre", "2024-09-30"), ("journée de lundi", "2025-02-03")])
def test_a_day(text, expected):
    assert edtf(text) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("août 2024", "2024-08"), ("mois de mai", "2024-05"), ("mars dernier", "2024-03"),
    ("février dernier", "2024-02"), ("juin prochain", "2025-06"),
    ("le mois dernier", "2025-01"), ("2022", "2022"), ("depuis 2014", "2014"), ("an 2000", "2000"),
    ("l'an dernier", "2024"), ("année 2024", "2024"), ("années 1990", "199X"),
    ("années quatre-vingt-dix", "199X"), ("XIXe siècle", "1801/1900"), ("dix-neuvième siècle", "1801/1900"),
    ("l'été 2023", "2023-22"), ("hiver 2022-2023", "2022-24"), ("printemps dernier", "2024-21"),
    ("premier trimestre 2024", "2024-33"), ("second semestre 2023", "2023-41"),
    ("seconde moitié de 2023", "2023-41"), ("semaine dernière", "2025-01-27/2025-02-02"),
    ("cette semaine", "2025-02-03/2025-02-09"), ("week-end dernier", "2025-02-01/2025-02-02"),
    ("semaine du 28 octobre au 3 novembre", "2024-10-28/2024-11-03"),
    ("trois premiers mois de 2024", "2024-01/2024-03"), ("semaine 3", "2025-01-13/2025-01-19")])
def test_a_period(text, expected):
    assert edtf(text) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("mi-janvier", "2025-01-11~/2025-01-20~"), ("début février", "2025-02-01~/2025-02-10~"),
    ("fin octobre", "2024-10-21~/2024-10-31~"), ("début du mois", "2025-02-01~/2025-02-10~"),
    ("mi-2023", "2023-05~/2023-08~"), ("fin 2023", "2023-09~/2023-12~"),
    ("fin de semaine", "2025-02-07~/2025-02-09~"), ("début des années 1990", "1990~/1992~"),
    ("fin de l'été", "2024-08~"), ("ces derniers jours", "2025-01-31~/2025-02-07~"),
    ("dernières vingt-quatre heures", "2025-02-06~/2025-02-07~"), ("vers 2010", "2010~"),
    ("ces jours-ci", "2025-02-07~")])
def test_a_vague_period_is_approximate(text, expected):
    found = date(text, reference=FRIDAY)
    assert found
    assert (found.edtf, found.approximate) == (expected, True)


@pytest.mark.parametrize(("text", "expected"), [
    ("24 février au 2 mars", "2024-02-24/2024-03-02"), ("du 3 au 5 mai", "2024-05-03/2024-05-05"),
    ("15-22 décembre", "2024-12-15/2024-12-22"), ("13-15/12", "2024-12-13/2024-12-15"),
    ("17 août au 15 septembre 1990", "1990-08-17/1990-09-15"),
    ("28 décembre et le 3 janvier", "2024-12-28/2025-01-03"), ("1951-1953", "1951/1953"),
    ("25 juin 1950 - 27 juillet 1953", "1950-06-25/1953-07-27"), ("1918 à nos jours", "1918/.."),
    ("mars à mai 2024", "2024-03/2024-05"), ("mercredi soir à vendredi matin", "2025-02-05/2025-02-07"),
    ("mi-janvier au 20 février 2015", "2015-01-11~/2015-02-20")])
def test_an_interval(text, expected):
    assert edtf(text) == expected


def test_an_interval_that_the_article_falls_into_ends_after_it():
    assert edtf("28 octobre au 3 novembre", datetime.date(2024, 10, 30)) == "2024-10-28/2024-11-03"


@pytest.mark.parametrize(("text", "expected", "precision", "part"), [
    ("lundi matin", "2025-02-03", "daypart", "morning"), ("hier soir", "2025-02-06", "daypart", "evening"),
    ("14 juillet au soir", "2024-07-14", "daypart", "evening"),
    ("soir du 17 octobre", "2024-10-17", "daypart", "evening"),
    ("nuit de jeudi à vendredi", "2025-02-06/2025-02-07", "daypart", "night"),
    ("nuit de lundi", "2025-02-03/2025-02-04", "daypart", "night"),
    ("nuit du Nouvel An", "2024-12-31/2025-01-01", "daypart", "night"),
    ("nuit dernière", "2025-02-06/2025-02-07", "daypart", "night"),
    ("cette nuit", "2025-02-06/2025-02-07", "daypart", "night"),
    ("lundi vers 3 heures du matin", "2025-02-03T03:00:00", "hour", ""),
    ("17 juillet 2014, à 16 h 20", "2014-07-17T16:20:00", "minute", ""),
    ("16 h 20, le 17 juillet 2014", "2014-07-17T16:20:00", "minute", ""),
    ("14 novembre à 8 heures", "2024-11-14T08:00:00", "hour", ""),
    ("huit heures et quart", "2025-02-07T08:15:00", "minute", ""),
    ("neuf heures moins le quart", "2025-02-07T08:45:00", "minute", ""),
    ("dimanche, onze heures du soir", "2025-02-02T23:00:00", "hour", ""),
    ("nuit de samedi à dimanche, vers 3h15", "2025-02-02T03:15:00", "minute", ""),
    ("mardi, peu avant minuit", "2025-02-04", "daypart", "midnight"),
    ("matin de 2017", "2017", "year", "")])
def test_a_time_of_the_day(text, expected, precision, part):
    found = date(text, reference=FRIDAY)
    assert found
    assert (found.edtf, found.precision, found.part) == (expected, precision, part)


# Counted from the date mentioned before


@pytest.mark.parametrize(("text", "expected"), [
    ("la veille", "2014-09-04"), ("l'avant-veille", "2014-09-03"), ("le lendemain", "2014-09-06"),
    ("lendemain soir", "2014-09-06"), ("ce jour-là", "2014-09-05"), ("le même jour", "2014-09-05"),
    ("ce matin-là", "2014-09-05"), ("soir même", "2014-09-05"), ("nuit suivante", "2014-09-05/2014-09-06"),
    ("dimanche suivant", "2014-09-07"), ("vendredi-là", "2014-09-05"), ("le mois suivant", "2014-10"),
    ("même mois", "2014-09"), ("l'année précédente", "2013"), ("année-là", "2014"),
    ("semaine précédente", "2014-08-25/2014-08-31")])
def test_a_date_that_refers_back_needs_the_date_before(text, expected):
    assert edtf(text, anchor=datetime.date(2014, 9, 5)) == expected
    assert edtf(text) is None


@pytest.mark.parametrize(("text", "alone", "anchored"), [
    ("10 heures", "2025-02-07T10:00:00", "2014-09-05T10:00:00"), ("au matin", "2025-02-07", "2014-09-05"),
    ("ce matin", "2025-02-07", "2025-02-07"), ("la nuit", None, "2014-09-05/2014-09-06"),
    ("le 11", "2025-01-11", "2014-09-11"), ("hier", "2025-02-06", "2025-02-06")])
def test_what_may_refer_back_takes_the_date_before_if_there_is_one(text, alone, anchored):
    assert edtf(text) == alone
    assert edtf(text, anchor=datetime.date(2014, 9, 5)) == anchored


def test_a_month_anchors_the_day_number_but_is_no_day():
    month = date("septembre 2014", reference=FRIDAY)
    assert edtf("25", anchor=month) == "2014-09-25"
    assert edtf("ce jour-là", anchor=month) is None


def test_the_preference_chooses_the_occurrence():
    assert [edtf("dimanche", prefer=prefer) for prefer in ("past", "future", "nearest")] == [
        "2025-02-02", "2025-02-09", "2025-02-09"]
    assert edtf("28 mai", prefer="nearest", anchor=datetime.date(1940, 5, 26)) == "1940-05-28"


def test_an_unknown_preference_is_refused_with_the_known_ones():
    with pytest.raises(BilanError, match="unknown preference 'last'"):
        date("lundi", reference=FRIDAY, prefer="last")


def test_the_dates_of_a_document_are_anchored_on_one_another():
    text = "Le 5 mars 2024, Kiev frappe. La veille, en 2014, puis ce matin ; le lendemain."
    mentions = ("5 mars 2024", "veille", "2014", "matin", "lendemain")
    starts = map(text.index, mentions)
    spans = tuple(Span(start, start + len(mention), "DATE")
                  for start, mention in zip(starts, mentions, strict=True))
    found = dated(Document("d", text, spans, {"date": "2025-02-07"}))
    assert [each.edtf if each else None for _, each in found] == [
        "2024-03-05", "2024-03-04", "2014", "2025-02-07", "2025-02-08"]


def test_the_clock_that_opens_a_line_of_a_live_report_is_of_the_article():
    text = "Lundi, 40 morts.\n9 h 02 – Tirs à Goma"
    spans = (Span(0, 5, "DATE"), Span(17, 23, "DATE"))
    found = dated(Document("d", text, spans, {"date": "2025-02-07"}))
    assert [each.edtf if each else None for _, each in found] == ["2025-02-03", "2025-02-07T09:02:00"]


@pytest.mark.parametrize("header", [{}, {"date": "7 février"}])
def test_a_document_without_its_day_is_refused_by_name(header):
    with pytest.raises(BilanError, match="document 'd' has date"):
        dated(Document("d", "hier", (Span(0, 4, "DATE"),), header))


# The calendar


@pytest.mark.parametrize(("year", "western", "orthodox"), [
    (1916, "1916-04-23", "1916-04-23"), (2000, "2000-04-23", "2000-04-30"),
    (2008, "2008-03-23", "2008-04-27"), (2024, "2024-03-31", "2024-05-05"),
    (2025, "2025-04-20", "2025-04-20"), (2038, "2038-04-25", "2038-04-25")])
def test_easter(year, western, orthodox):
    assert periods.easter(year).isoformat() == western
    assert periods.orthodox_easter(year).isoformat() == orthodox


@given(st.dates(datetime.date(1001, 1, 1), datetime.date(9899, 12, 31)))
def test_the_thirds_of_a_period_tile_it(day):
    decade = periods.decade(day.year // 10 * 10)
    for period in (periods.month(day.year, day.month), periods.week(day), periods.year(day.year), decade,
                   periods.quarter(day.year, 1 + day.month % 4), periods.half(day.year, 1 + day.month % 2),
                   periods.season(day.year, 21 + day.month % 4), periods.century(day.year // 100)):
        parts = [third for number in range(3) if (third := periods.third(period, number))]
        assert (parts[0].start, parts[2].end) == (period.start, period.end)
        assert all(a.end + periods.ONE_DAY == b.start for a, b in zip(parts, parts[1:], strict=False))


# Any text

WORDS = st.sampled_from((
    "lundi mardi 3 12 mai mars 2024 1999 0 99 au à et le de la nuit matin soir 8 h heures fin début mi - / , "
    "premier dernier jours semaine dernière veille lendemain an année siècle vers du Noël hiver XIXe ans "
    "années week-end suivant précédent-là moitié trimestre un deux demi").split())


@given(st.lists(WORDS, max_size=12).map(" ".join), DAYS, st.none() | DAYS,
       st.sampled_from(("past", "future", "nearest")))
def test_whatever_is_read_is_an_ordered_stretch_with_valid_edtf(text, reference, anchor, prefer):
    found = date(text, reference=reference, anchor=anchor, prefer=prefer)
    assert found is None or (found.start <= found.end and EDTF.fullmatch(found.edtf)
                             and found.precision in PRECISIONS)


@given(st.text(max_size=10_000))
def test_any_text_is_read_or_not_but_never_an_error(text):
    date(text, reference=FRIDAY)


@given(st.lists(WORDS, max_size=12).map(" ".join), st.dates(datetime.date(1, 1, 1), datetime.date(40, 1, 1)))
def test_the_ends_of_the_calendar_are_no_error(text, reference):
    date(text, reference=reference)
    date(text, reference=datetime.date(9999, 12, 31), prefer="future")


@pytest.mark.parametrize("text", [
    "à 8 h " * 16, "veille de " * 9 + "mai", "1er au " * 13 + "mai", "fin de " * 14,
    "lundi au mardi et le mercredi à jeudi, à 8 h"])
def test_the_work_on_a_winding_text_is_bounded(text):
    _read.cache_clear()
    date(text, reference=FRIDAY)
    assert _read.cache_info().misses < 200


def test_a_text_longer_than_any_date_is_not_even_tried():
    _read.cache_clear()
    assert date("lundi " * 2000, reference=FRIDAY) is None
    assert _read.cache_info().misses == 0
