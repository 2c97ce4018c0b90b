"""Offset conventions: conversion to code points, and finding out which one a tool used."""

import pytest
from bilan.data.errors import BilanError
from bilan.data.offsets import CONVENTIONS, best_convention, convert, ruler, shows
from hypothesis import given, settings
from hypothesis import strategies as st

TEXTS = st.text(st.sampled_from("aé\u00a0\u202f🙂👍\u0301\r\nשא\t "), max_size=30)
UNIX = "🙂 À Kiev,\nhier\nà Goma"
DOS = UNIX.replace("\n", "\r\n")


@pytest.mark.parametrize(("convention", "start", "end"), [
    ("code-points", 4, 8), ("utf-16", 5, 9), ("utf-8", 8, 12),
    ("code-points-lf", 4, 8), ("utf-16-crlf", 5, 9)])
def test_each_unit_counts_what_stands_before_the_mention(convention, start, end):
    assert convert(UNIX, start, end, convention) == (4, 8)


@pytest.mark.parametrize(("text", "convention", "start", "end"), [
    (UNIX, "code-points", 17, 21), (UNIX, "code-points-crlf", 19, 23), (UNIX, "utf-16-crlf", 20, 24),
    (DOS, "code-points", 19, 23), (DOS, "code-points-lf", 17, 21), (DOS, "utf-8-lf", 22, 26)])
def test_line_ends_count_as_the_convention_says(text, convention, start, end):
    converted = convert(text, start, end, convention)
    assert converted is not None and text[slice(*converted)] == "Goma"


def test_an_offset_inside_a_character_has_no_reading():
    assert convert("🙂 Kiev", 1, 7, "utf-16") is None


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (0, 99), (99, 100)])
def test_an_offset_outside_the_text_has_no_reading(start, end):
    assert convert("Kiev", start, end, "utf-8") is None


def test_an_unknown_convention_is_refused_with_the_known_ones():
    with pytest.raises(BilanError, match="utf-32") as caught:
        ruler("Kiev", "utf-32")
    assert "utf-16" in caught.value.mend


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_the_mentions_tell_the_convention(convention):
    text = "🙂🙂 é\nKiev\n🙂 Goma".replace("\n", "\r\n" if convention.endswith("-lf") else "\n")
    where = {after: before for before, after in ruler(text, convention).items()}
    mentions = [(where[text.index(name)], where[text.index(name) + 4], name) for name in ("Kiev", "Goma")]
    assert best_convention(text, mentions) == convention


def test_the_majority_decides_when_one_mention_is_wrong():
    assert best_convention("🙂 Kiev et Goma", [(3, 7, "Kiev"), (11, 15, "Goma"), (0, 4, "Séoul")]) == "utf-16"


def test_code_points_are_preferred_when_all_conventions_agree():
    assert best_convention("à Kiev", [(2, 6, "Kiev")]) == "code-points"


def test_without_mentions_offsets_are_code_points():
    assert best_convention("à Kiev", []) == "code-points"


def test_mentions_found_nowhere_tell_no_convention():
    assert best_convention("à Kiev", [(0, 3, "Goma"), (-4, 99, "Kiev")]) is None


@pytest.mark.parametrize("mention", ["Tchassiv Iar", "Tchassiv\nIar", "Tchassiv\r\nIar", "Tchassiv\\nIar"])
def test_a_line_end_inside_a_mention_may_be_displayed_in_several_ways(mention):
    assert shows("Tchassiv\r\nIar", 0, 13, mention)


def test_a_mention_of_other_letters_is_not_shown():
    assert not shows("Tchassiv Iar", 0, 12, "Tchassiv Yar")


@settings(deadline=None)
@given(TEXTS)
def test_a_ruler_gives_every_character_boundary_of_the_text_once(text):
    for convention in CONVENTIONS:
        places = ruler(text, convention)
        ends = sorted(places.values())
        assert ends == sorted(set(ends)) and ends[0] == 0 and ends[-1] == len(text)


@settings(deadline=None)
@given(TEXTS)
def test_units_are_those_of_the_encodings(text):
    assert max(ruler(text, "utf-8")) == len(text.encode())
    assert max(ruler(text, "utf-16")) == len(text.encode("utf-16-le")) // 2
    assert max(ruler(text, "code-points-lf")) == len(text.replace("\r\n", "\n"))
