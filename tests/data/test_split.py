"""Splits depend on ids, and look-alikes stay together."""

import random

import pytest
from bilan.data import BilanError, Document, read
from bilan.data.split import SIDES, look_alikes, side, split
from hypothesis import given
from hypothesis import strategies as st

from ..shared import ROOT

LONG = "Des combats ont repris hier autour de la ville, où l’armée dit avoir perdu {} hommes en trois jours."


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1), unique=True, min_size=1))
def test_adding_documents_moves_none_of_the_others(ids):
    apart = [Document(name, str(number)) for number, name in enumerate(ids)]
    before = split(apart[:-1])
    assert {name: where for name, where in split(apart).items() if name in before} == before


def test_the_order_of_the_documents_does_not_matter():
    documents = list(read(ROOT / "data/corpus"))
    shuffled = random.Random(0).sample(documents, len(documents))
    assert split(shuffled) == split(documents)


def test_look_alikes_that_differ_by_a_figure_share_a_side():
    documents = [Document(f"copie-{number}", LONG.format(number)) for number in range(20)]
    assert len(set(split(documents).values())) == 1


def test_different_texts_are_not_look_alikes():
    assert len(look_alikes([Document("a", LONG), Document("b", "La pluie tombe sur Bangui depuis ce matin.")])) == 2


def test_a_side_named_in_the_header_wins():
    assert split([Document("ua-0001", "a", meta={"split": "dev"})]) == {"ua-0001": "dev"}


def test_the_seed_article_is_in_test():
    assert split(list(read(ROOT / "data/corpus")))["seed-0001"] == "test"


def test_the_shares_are_near_seventy_fifteen_fifteen():
    sides = [side(f"document-{number}") for number in range(10_000)]
    assert [round(sides.count(name) / 10_000, 2) for name in SIDES] == [0.7, 0.15, 0.15]


def test_two_documents_with_one_id_are_refused():
    with pytest.raises(BilanError, match="two documents have the id 'a'"):
        split([Document("a", "x"), Document("a", "y")])


def test_what_leaves_a_smaller_dev_joins_train_and_test_stays():
    ids = [f"a-{number}" for number in range(2_000)]
    before, after = {name: side(name) for name in ids}, {name: side(name, dev=0.03) for name in ids}
    moved = {name for name in ids if before[name] != after[name]}
    assert {(before[name], after[name]) for name in moved} == {("dev", "train")}
    assert 0.02 < sum(where == "dev" for where in after.values()) / len(ids) < 0.04


@pytest.mark.parametrize("share", [-0.1, 0.2])
def test_a_share_of_dev_that_train_or_test_would_have_to_give_is_refused(share):
    with pytest.raises(BilanError, match=r"between 0 and 0\.15: what leaves dev joins train"):
        split([Document("a", "b")], dev=share)
