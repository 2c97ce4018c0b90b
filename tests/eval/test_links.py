"""A link is its figure, its attribute and the span it points at."""

from bilan.data import Document
from bilan.data.formats.markup import parse
from bilan.eval.links import links


def made(marked: str) -> Document:
    text, spans = parse(marked)
    return Document("d", text, tuple(spans))


GOLD = made("Selon [Séoul](LOC id=a), [12](KILLED who=b by=a) [soldats](FORCE id=b) sont morts.")


def test_a_link_names_figure_attribute_and_target():
    assert links(GOLD, attribute="by") == {((13, 15, "KILLED"), "by", (6, 11))}
    assert links(GOLD, attribute="who") == {((13, 15, "KILLED"), "who", (16, 23))}


def test_ids_are_names_only():
    renamed = made("Selon [Séoul](LOC id=x1), [12](KILLED who=x2 by=x1) [soldats](FORCE id=x2) sont morts.")
    assert links(renamed, attribute="by") == links(GOLD, attribute="by")


def test_a_link_to_another_span_is_another_link():
    swapped = made("Selon [Séoul](LOC id=a), [12](KILLED who=a by=b) [soldats](FORCE id=b) sont morts.")
    assert not links(swapped, attribute="by") & links(GOLD, attribute="by")


def test_the_figure_must_have_the_gold_label():
    relabelled = made("Selon [Séoul](LOC id=a), [12](INJURED by=a) [soldats](FORCE) sont morts.")
    assert not links(relabelled, attribute="by") & links(GOLD, attribute="by")


def test_an_id_that_no_span_carries_is_no_link():
    assert links(made("[12](KILLED who=nobody) morts"), attribute="who") == set()


def test_several_ids_are_several_links():
    both = made("[12](KILLED who=\"a b\") [soldats](FORCE id=a) et [civils](CIVIL id=b)")
    assert len(links(both, attribute="who")) == 2
