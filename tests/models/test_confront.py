"""Confrontation: claims on the same thing side by side, contradictions marked."""

import io
from itertools import combinations

import pytest
from bilan.data import Document, read
from bilan.data.formats.markup import parse
from bilan.models import confront
from bilan.models.claims import Claim, claims
from bilan.models.confront import confrontation, fold, interval, same_voice, subject, table, voice
from hypothesis import given
from hypothesis import strategies as st
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


SOURCES, FIGURES = st.sampled_from(["Kiev", "Zelensky", "Volodymyr Zelensky", ""]), st.sampled_from(
    ["12", "15", "au moins 13", "environ 14", "moins de 13", "beaucoup"])


@given(st.lists(st.tuples(SOURCES, FIGURES), max_size=7))
def test_the_pairs_named_are_all_that_exclude_each_other(drawn):
    told = [claim for name, figure in drawn for claim in made(
        f"[{name}](ORG id=s) : [{figure}](KILLED by=s) morts" if name else f"[{figure}](KILLED) morts")]

    def exclude(one: Claim, other: Claim) -> bool:
        a, b = interval(one), interval(other)
        if a is None or b is None or same_voice(voice(one), voice(other)):
            return False
        return a[1] < b[0] or b[1] < a[0]

    rows = confrontation(told)
    assert [row.disjoint for row in rows] == [
        tuple(pair for pair in combinations(range(len(row.claims)), 2) if exclude(*(row.claims[i] for i in pair)))
        for row in rows]


def test_of_very_many_contradictions_the_first_are_named_and_the_rest_is_told(monkeypatch):
    monkeypatch.setattr(confront, "PAIRS", 2)
    text = " ; ".join(f"[{name}](ORG id={name}) : [{number}](KILLED by={name})" for number, name in enumerate("abc", 12))
    (row,) = confrontation(made(text))
    assert (row.disjoint, row.more) == (((0, 1), (0, 2)), True)


def test_the_table_tells_that_there_are_more(monkeypatch):
    monkeypatch.setattr(confront, "PAIRS", 0)
    console = Console(width=120, file=io.StringIO(), record=True)
    console.print(table(confrontation(made(TWO))))
    assert console.export_text().splitlines()[-1].strip() == "…"


PLACES = st.sampled_from(["Goma", "Sake", ""])


@given(st.lists(st.tuples(PLACES, st.sampled_from(["2025-01-02", "2025-02-02", ""])), max_size=6))
def test_a_group_joins_the_only_one_that_says_more(drawn):
    told = [claim for rank, (place, day) in enumerate(drawn) for claim in made(
        f"À [{place}](LOC), [12](KILLED) morts" * bool(place) + "[12](KILLED) morts" * (not place)
        + " [aujourd’hui](DATE)" * bool(day), f"d{rank}", **({"date": day} if day else {}))]
    keys = {key: [key] for key in dict.fromkeys(map(subject, told))}
    for key in list(keys):
        wider = [other for other in keys if other != key and all(
            mine in ("", theirs) for mine, theirs in zip(key[2:], other[2:], strict=True))]
        if len(wider) == 1:
            keys[wider[0]] += keys.pop(key)
    rows = confrontation(told)
    assert {row.subject: {subject(claim) for claim in row.claims} for row in rows} == {
        key: set(members) for key, members in keys.items()}
