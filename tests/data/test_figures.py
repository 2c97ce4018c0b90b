"""figures: an expression → its value, and a number → its writings.

`figures_gold.tsv` holds values by hand: `test` rows are the figures of the test articles, written before
the grammar had seen them, `grammar` rows the specification, `corpus` rows the other articles, read over.
"""

from __future__ import annotations

import csv
import re
from fractions import Fraction
from pathlib import Path

import pytest
from bilan.data.errors import BilanError
from bilan.data.figures import LONGEST, Figure, figure
from bilan.data.formats import markup
from bilan.data.labels import FIGURE, group_of
from bilan.data.numerals import written
from bilan.data.report import Report
from hypothesis import given, settings
from hypothesis import strategies as st

GOLD = Path(__file__).with_name("figures_gold.tsv")
CORPUS = Path(__file__).resolve().parents[2] / "data" / "corpus"
UNREADABLE = {
    "moitié moins",  # a comparison without its other term
    "au plus quelques milliers",  # at most « at least 2000 »: no bound is said
}
WORDS = ("un deux trois vingt quatre quatre-vingts cent cents mille million milliards et demi demie dizaine "
         "milliers des plusieurs quelques plus moins de d' à ou voire entre jusqu' au la tiers moitié sur "
         "pour environ près peine + - ~ % € km kilomètres carrés 3 000 1,5 12.000 , . ' aucun seul bon "
         "fois").split()


def gold() -> list[tuple[str, Figure | None]]:
    with GOLD.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(unescaped(row["written"]), expected(row)) for row in rows]


def unescaped(text: str) -> str:
    return re.sub(r"\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|n)",
                  lambda found: chr(int(found[1] or found[2] or "a", 16)), text)


def expected(row: dict[str, str]) -> Figure | None:
    if row["qualifier"] == "unreadable":
        return None
    return Figure(cell(row["low"]), cell(row["best"]), cell(row["high"]),
                  row["qualifier"], row["unit"] or None)  # type: ignore[arg-type]


def cell(text: str) -> int | float | None:
    value = Fraction(text) if text else None
    return value if value is None else int(value) if value.denominator == 1 else float(value)


@pytest.mark.parametrize(("text", "value"), gold(), ids=lambda value: repr(value)[:60])
def test_a_figure_has_the_value_that_a_reader_gives_it(text: str, value: Figure | None) -> None:
    assert figure(text) == value


def test_the_table_holds_each_expression_once_and_more_than_four_hundred() -> None:
    texts = [text for text, _ in gold()]
    assert len(texts) == len(set(texts)) > 400


def test_every_figure_of_the_corpus_is_read_but_the_known_unreadable_ones() -> None:
    mentions = {document.mention(span) for document in markup.read(CORPUS, report=Report())
                for span in document.spans if group_of(span.label) == FIGURE}
    assert len(mentions) > 1000
    assert {mention for mention in mentions if figure(mention) is None} <= UNREADABLE


def test_the_known_unreadable_expressions_are_not_guessed() -> None:
    assert {figure(text) for text in UNREADABLE} == {None}


@settings(deadline=None)
@given(st.integers(0, 10**12), st.booleans())
def test_every_way_of_writing_a_number_is_read_back_as_that_number(value: int, feminine: bool) -> None:
    for text in written(value, feminine=feminine):
        assert figure(text) == Figure(value, value, value, "exact"), text


@settings(deadline=None)
@given(st.integers(1, 999), st.sampled_from([10**3, 10**6, 10**9]), st.sampled_from([1, 500]))
def test_a_round_number_is_read_back_from_its_short_writings_too(count: int, scale: int, share: int) -> None:
    value = count * scale * share // 1000 or scale
    for text in written(value):
        assert figure(text) == Figure(value, value, value, "exact"), text


def test_a_number_is_written_in_both_hyphenations_and_three_countries() -> None:
    assert written(1080) == [
        "1 080", "1\u00a0080", "1\u202f080", "1\u2009080", "1.080", "1'080", "1’080", "1080",
        "mille quatre-vingts", "mille-quatre-vingts", "mille huitante", "mille-huitante",
        "mille octante", "mille-octante"]
    assert written(1_500_000)[8:] == [
        "1,5 million", "1,5\u00a0million", "1,5\u202fmillion", "un million et demi",
        "un million cinq cent mille", "un million cinq-cent-mille"]


def test_quatre_vingts_and_cents_lose_their_s_before_mille_and_keep_it_before_millions() -> None:
    assert "quatre-vingt mille" in written(80_000)
    assert "deux cent mille" in written(200_000)
    assert "deux cents millions" in written(200_000_000)


def test_feminine_letters_end_in_une() -> None:
    assert written(21, feminine=True) == ["21", "vingt et une", "vingt-et-une"]


@pytest.mark.parametrize("value", [-1, 10**12 + 1, True, 1.5])
def test_a_number_that_cannot_be_written_is_refused(value: int) -> None:
    with pytest.raises(BilanError, match="whole number from 0 to 10"):
        written(value)


@settings(deadline=None)
@given(st.text(max_size=LONGEST))
def test_any_text_has_a_value_or_none_and_never_an_exception(text: str) -> None:
    assert isinstance(figure(text), Figure | None)


@settings(deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40), st.sampled_from([" ", "", "-", "-\n", "\u00ad"]))
def test_any_medley_of_our_words_has_a_value_or_none(words: list[str], joint: str) -> None:
    found = figure(joint.join(words))
    assert found is None or found.low is not None or found.high is not None


@settings(deadline=None)
@given(st.sampled_from(WORDS), st.sampled_from(["", " ", "-"]))
def test_a_text_longer_than_any_figure_is_none_without_being_read(word: str, joint: str) -> None:
    assert figure((word + joint) * (10_000 // len(word + joint))) is None


@settings(deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8))
def test_bounds_of_a_figure_are_ordered(words: list[str]) -> None:
    found = figure(" ".join(words))
    known = [value for value in (found.low, found.best, found.high) if value is not None] if found else []
    assert known == sorted(known)
