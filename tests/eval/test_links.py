"""Scores of links: a link is its figure, its attribute and the span it points at."""

import pytest
from bilan.data import BilanError, Document
from bilan.data.formats.markup import parse
from bilan.data.match import Counts
from bilan.eval.links import links, score_links


def made(marked: str, name: str = "d") -> Document:
    text, spans = parse(marked)
    return Document(name, text, tuple(spans))


GOLD = made("Selon [Séoul](LOC id=a), [12](KILLED who=b by=a) [soldats](FORCE id=b) sont morts.")


def test_the_same_links_score_one():
    assert score_links([GOLD], [GOLD]) == {"who": Counts(1, 1, 1), "by": Counts(1, 1, 1)}


def test_ids_are_names_only():
    renamed = made("Selon [Séoul](LOC id=x1), [12](KILLED who=x2 by=x1) [soldats](FORCE id=x2) sont morts.")
    assert score_links([GOLD], [renamed])["by"] == Counts(1, 1, 1)


def test_a_link_to_another_span_is_wrong_on_both_sides():
    swapped = made("Selon [Séoul](LOC id=a), [12](KILLED who=a by=b) [soldats](FORCE id=b) sont morts.")
    assert score_links([GOLD], [swapped]) == {"who": Counts(1, 1, 0), "by": Counts(1, 1, 0)}


def test_no_prediction_has_no_precision():
    bare = made("Selon [Séoul](LOC), [12](KILLED) [soldats](FORCE) sont morts.")
    assert score_links([GOLD], [bare])["who"].precision is None


def test_the_figure_must_have_the_gold_label():
    relabelled = made("Selon [Séoul](LOC id=a), [12](INJURED by=a) [soldats](FORCE) sont morts.")
    assert score_links([GOLD], [relabelled])["by"] == Counts(1, 1, 0)


def test_an_id_that_no_span_carries_is_no_link():
    assert links(made("[12](KILLED who=nobody) morts"), attribute="who") == set()


def test_several_ids_are_several_links():
    both = made("[12](KILLED who=\"a b\") [soldats](FORCE id=a) et [civils](CIVIL id=b)")
    assert len(links(both, attribute="who")) == 2


def test_another_mention_that_reads_the_same_counts_only_when_lenient():
    gold = made("[Séoul](LOC id=a) parle. [SEOUL](LOC) compte [12](KILLED by=a) morts.")
    later = made("[Séoul](LOC) parle. [SEOUL](LOC id=a) compte [12](KILLED by=a) morts.")
    assert score_links([gold], [later])["by"].correct == 0
    assert score_links([gold], [later], lenient=True)["by"].correct == 1


def test_a_document_without_counterpart_is_refused():
    with pytest.raises(BilanError, match="are not in predicted"):
        score_links([GOLD], [])
