"""Confrontation: claims on the same thing side by side, contradictions marked."""

import io

import pytest
from bilan.data import Document, read
from bilan.data.formats.markup import parse
from bilan.models.claims import Claim, claims
from bilan.models.confront import confrontation, fold, interval, table
from rich.console import Console

from tests.shared import ROOT


def made(marked: str, name: str = "d", **meta: str) -> tuple[Claim, ...]:
    text, spans = parse(marked)
    return claims(Document(name, text, tuple(spans), meta))


TWO = ("[Kiev](LOC id=k) compte [3 000](LOSSES who=s by=k) [soldats](FORCE id=s) ; "
       "[Séoul](LOC id=c) [environ 1 100](LOSSES who=s by=c).")


def test_two_sources_on_one_group_are_one_row():
    (row,) = confrontation(made(TWO))
    assert row.sides == ("Kiev : 3 000", "Séoul : environ 1 100")


def test_disjoint_intervals_contradict():
    (row,) = confrontation(made(TWO))
    assert (row.contradicted, row.disjoint) == (True, ((0, 1),))


def test_intervals_that_share_a_value_do_not_contradict():
    (row,) = confrontation(made("[Kiev](LOC id=k) : [au moins 12](KILLED by=k) morts ; [Séoul](LOC id=c) : [15](KILLED by=c)."))
    assert not row.contradicted


def test_one_source_that_changes_its_figure_does_not_contradict_itself():
    (row,) = confrontation(made("[Volodymyr Zelensky](PER id=a) : [12](KILLED by=a) morts. [Zelensky](PER id=b) : [15](KILLED by=b) morts."))
    assert not row.contradicted


def test_the_author_is_a_source_in_each_document():
    (row,) = confrontation([*made("[12](KILLED) morts", "a"), *made("[15](KILLED) morts", "b")])
    assert row.contradicted


def test_other_labels_and_other_groups_are_other_rows():
    rows = confrontation(made("[12](KILLED who=c) [civils](CIVIL id=c), [3](INJURED who=c) blessés, [2](KILLED who=s) [soldats](FORCE id=s)."))
    assert [(row.subject.label, row.subject.who) for row in rows] == [
        ("KILLED", "civil"), ("INJURED", "civil"), ("KILLED", "soldat")]


def test_a_claim_without_place_joins_the_only_group_with_one():
    first = made("À [Goma](LOC), [12](KILLED) morts.", "a")
    assert len(confrontation([*first, *made("[15](KILLED) morts", "b")])) == 1


def test_a_claim_without_place_joins_none_of_two_groups():
    placed = [*made("À [Goma](LOC), [12](KILLED) morts.", "a"), *made("À [Sake](LOC), [3](KILLED) morts.", "b")]
    assert len(confrontation([*placed, *made("[15](KILLED) morts", "c")])) == 3


@pytest.mark.parametrize(("mention", "folded"), [
    ("Soldats nord-coréens", "soldat nord coreen"), ("soldat nord-coréen", "soldat nord coreen"),
    ("ÉTAT-MAJOR", "etat major"), ("russes", "russe"), ("généraux", "generau")])
def test_mentions_are_folded(mention, folded):
    assert fold(mention) == folded


@pytest.mark.parametrize(("figure", "bounds"), [
    ("12", (12, 12)), ("au moins 12", (12, float("inf"))), ("entre 10 et 15", (10, 15)),
    ("environ 1 000", (900, 1100)), ("moins de 12", (0, 12)), ("beaucoup", None)])
def test_the_interval_of_a_figure(figure, bounds):
    (claim,) = made(f"[{figure}](KILLED) morts")
    assert interval(claim) == (pytest.approx(bounds) if bounds else None)


def test_the_seed_confronts_zelensky_and_seoul():
    row, _ = confrontation(claims(next(read(ROOT / "data/corpus/seed-0001.md"))))
    assert row.subject.label == "LOSSES"
    assert row.sides == ("Volodymyr Zelensky : 3 000", "Séoul : aux alentours de 1 100")
    assert row.contradicted


def test_the_table_names_the_source_that_is_contradicted():
    console = Console(width=120, file=io.StringIO(), record=True)
    console.print(table(confrontation(made(TWO))))
    lines = console.export_text().splitlines()
    assert lines[1].split() == ["soldats", "LOSSES", "Kiev", "3", "000", "3000", "3000", "Séoul"]
