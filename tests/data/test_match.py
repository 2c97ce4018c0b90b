"""Matching gold and predicted spans: what overlaps what, and groups of spans matched apart."""

from itertools import permutations

from bilan.data import Span
from bilan.data.match import match, overlaps
from hypothesis import given
from hypothesis import strategies as st

SPANS = st.lists(st.builds(lambda start, length, label: Span(start, start + length, label), st.integers(0, 30),
                           st.integers(1, 12), st.sampled_from(["LOC", "PER"])), max_size=5)


@given(SPANS, SPANS)
def test_the_spans_that_overlap_are_those_that_share_a_character(first, second):
    shared = {(i, j) for i, a in enumerate(first) for j, b in enumerate(second)
              if set(range(a.start, a.end)) & set(range(b.start, b.end))}
    found = list(overlaps(first, second))
    assert (set(found), len(found)) == (shared, len(shared))


def test_the_overlaps_of_one_span_come_together():
    first = [Span(0, 9, "LOC"), Span(4, 6, "LOC")]
    assert list(overlaps(first, [Span(5, 8, "LOC"), Span(0, 5, "LOC")])) == [(0, 0), (1, 0), (0, 1), (1, 1)]


@given(SPANS, SPANS)
def test_as_many_spans_are_matched_as_can_be(gold, predicted):
    gold, predicted = ([span.replace(label="LOC", end=span.end + rank) for rank, span in enumerate(spans)]
                       for spans in (gold, predicted))
    apart = {span.key for span in gold}.isdisjoint(span.key for span in predicted)
    pairs = set(overlaps(gold, predicted))
    most = max(sum((i, j) in pairs for i, j in zip(order, range(len(predicted)), strict=False))
               for order in permutations([*range(len(gold)), *[-1] * max(0, len(predicted) - len(gold))]))
    assert not apart or len(match(gold, predicted)) == most


def test_spans_far_from_each_other_are_matched_as_if_the_others_were_not_there():
    def crowd(at: int) -> tuple[list[Span], list[Span]]:
        return [Span(at, at + 4, "LOC"), Span(at + 4, at + 9, "LOC")], [Span(at + 1, at + 6, "LOC"), Span(at + 6, at + 9, "LOC")]

    gold, predicted = ([*crowd(0)[side], *crowd(100)[side]] for side in (0, 1))
    alone = match(*crowd(0))
    assert match(gold, predicted) == alone + [(i + 2, j + 2) for i, j in alone]
