"""Attribution: who is counted and who says so, given the gold spans and from text to link."""

import pytest
from bilan.data import Span
from bilan.data.match import Counts
from bilan.eval import Pair
from bilan.eval.attribution import attribution

from .made import both, document

GOLD = "Selon [Kiev](LOC id=k), [12](KILLED who=s by=k) [soldats](FORCE id=s) sont morts à [Goma](LOC id=g)."


def found(predicted: str, gold: str = GOLD):
    return attribution([both(gold, predicted)], resamples=10)["found"]


@pytest.mark.parametrize(("predicted", "counts", "wrong", "missed", "spurious"), [
    (GOLD, Counts(1, 1, 1), 0, 0, 0),
    (GOLD.replace("by=k", "by=g"), Counts(1, 1, 0), 1, 0, 0),
    (GOLD.replace(" by=k", ""), Counts(1, 0, 0), 0, 1, 0),
    (GOLD.replace("[12](KILLED", "[12](INJURED"), Counts(1, 1, 0), 0, 1, 1),
])
def test_a_link_is_right_or_wrong_or_missed_or_spurious(predicted, counts, wrong, missed, spurious):
    by = found(predicted)["by"]
    assert (by.rate.counts, by.wrong, by.missed, by.spurious) == (counts, wrong, missed, spurious)


def test_a_link_where_gold_has_none_is_spurious():
    by = found(GOLD, GOLD.replace(" by=k", ""))["by"]
    assert (by.rate.counts, by.wrong, by.missed, by.spurious) == (Counts(0, 1, 0), 0, 0, 1)


def plain(written: str):
    """The document without its links."""
    bare = document(written)
    return bare.replace(spans=tuple(Span(*span.key) for span in bare.spans))


def test_the_linker_links_gold_spans_and_predictions_that_have_no_links():
    pytest.importorskip("bilan.models")
    from bilan.models.links import link

    sides = attribution([Pair(document(GOLD), plain(GOLD))], link=link, resamples=10)
    assert {side: part["who"].rate.counts for side, part in sides.items()} == {
        "given": Counts(1, 1, 1), "found": Counts(1, 1, 1)}


def test_predictions_that_have_links_keep_their_own():
    wrong = document(GOLD.replace("by=k", "by=g"))
    sides = attribution([Pair(document(GOLD), wrong)], link=lambda each: document(GOLD), resamples=10)
    assert (sides["given"]["by"].wrong, sides["found"]["by"].wrong) == (0, 1)


def test_a_span_that_was_not_found_costs_its_links_end_to_end_only():
    sides = attribution([both(GOLD, "Selon [Kiev](LOC id=k), 12 [soldats](FORCE) sont [morts](KILLED by=k) à Goma.")],
                        link=lambda each: document(GOLD), resamples=10)
    assert {side: (part["by"].rate.counts.correct, part["by"].missed) for side, part in sides.items()} == {
        "given": (1, 0), "found": (0, 1)}


def test_without_links_in_gold_nothing_is_said():
    assert attribution([Pair(plain(GOLD), document(GOLD))], link=lambda each: each, resamples=10) == {}


def test_without_linker_nothing_is_said_of_predictions_that_have_no_links():
    assert attribution([Pair(document(GOLD), plain(GOLD))], resamples=10) == {}


def test_the_interval_is_by_bootstrap_over_documents():
    pairs = [both(GOLD, GOLD, id=str(i)) for i in range(5)]
    assert attribution(pairs, resamples=50)["found"]["who"].rate.f1 == (1.0, 1.0, 1.0)
