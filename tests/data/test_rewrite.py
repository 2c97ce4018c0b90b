"""Rewriting: the text changes where it is told to, and every span stays on its words."""

import pytest
from bilan.data import BilanError, Document, Span
from bilan.data.rewrite import rewrite
from hypothesis import given
from hypothesis import strategies as st

from ..strategies import documents

TEXT = "l’armée perd 3 000 hommes"


def document(*spans: Span) -> Document:
    return Document("d", TEXT, spans, {"genre": "brève"}, "a.md:1")


def mentions(made: Document) -> list[str]:
    return [made.mention(span) for span in made.spans]


def test_a_span_after_a_replacement_moves_along():
    changed = rewrite(document(Span(13, 18, "LOSSES")), [(0, 7, "la troupe")])
    assert (changed.text, mentions(changed)) == ("la troupe perd 3 000 hommes", ["3 000"])


def test_a_span_shrinks_with_what_is_taken_out_of_it():
    assert mentions(rewrite(document(Span(13, 18, "LOSSES")), [(14, 15, "")])) == ["3000"]


def test_a_span_that_is_replaced_whole_covers_the_new_text():
    assert mentions(rewrite(document(Span(13, 18, "LOSSES")), [(13, 18, "trois mille")])) == ["trois mille"]


def test_replacements_that_touch_an_edge_stay_outside():
    changed = rewrite(document(Span(13, 18, "LOSSES")), [(12, 13, " « "), (18, 19, " » ")])
    assert (changed.text, mentions(changed)) == ("l’armée perd « 3 000 » hommes", ["3 000"])


def test_insertions_at_the_edges_stay_outside_and_those_inside_stay_inside():
    changed = rewrite(document(Span(13, 18, "LOSSES")), [(13, 13, "<"), (15, 15, "|"), (18, 18, ">")])
    assert (changed.text, mentions(changed)) == ("l’armée perd <3 |000> hommes", ["3 |000"])


def test_a_replacement_across_an_edge_is_taken_into_the_span():
    assert mentions(rewrite(document(Span(13, 18, "LOSSES")), [(8, 15, "X")])) == ["X000"]
    assert mentions(rewrite(document(Span(13, 18, "LOSSES")), [(15, 25, "X")])) == ["3 X"]


def test_two_insertions_at_one_place_keep_their_order():
    assert rewrite(document(), [(0, 0, "a"), (0, 0, "b")]).text == f"ab{TEXT}"


def test_replacements_come_in_any_order():
    edits = [(13, 18, "trois mille"), (1, 2, "'")]
    assert rewrite(document(), edits) == rewrite(document(), edits[::-1])


def test_a_fragment_that_vanishes_is_dropped():
    split = Document("d", "a b c", (Span(0, 5, "PER", fragments=((0, 1), (2, 3), (4, 5))),))
    changed = rewrite(split, [(0, 2, "")])
    assert (changed.text, changed.spans[0].fragments) == ("b c", ((0, 1), (2, 3)))


def test_a_span_left_with_one_fragment_is_whole_again():
    split = Document("d", "a b", (Span(0, 3, "PER", fragments=((0, 1), (2, 3))),))
    assert rewrite(split, [(0, 2, "")]).spans == (Span(0, 1, "PER"),)


def test_fragments_under_one_replacement_are_joined():
    split = Document("d", "a b c", (Span(0, 5, "PER", fragments=((0, 1), (2, 3), (4, 5))),))
    assert rewrite(split, [(0, 3, "x")]).spans == (Span(0, 3, "PER", fragments=((0, 1), (2, 3))),)


def test_what_is_not_text_is_kept():
    changed = rewrite(document(Span(13, 18, "LOSSES", {"who": "s"}, 0.5)), [(0, 2, "")])
    assert (changed.id, changed.meta, changed.source) == ("d", {"genre": "brève"}, "a.md:1")
    assert changed.spans == (Span(11, 16, "LOSSES", {"who": "s"}, 0.5),)


@pytest.mark.parametrize(("edits", "said"), [
    ([(0, 3, "a"), (2, 4, "b")], "replacement 2–4 by 'b' overlaps the one before, which ends at 3"),
    ([(20, 99, "a")], "replacement 20–99 by 'a' leaves the text of 25 characters"),
    ([(5, 3, "a")], "replacement 5–3 by 'a' leaves the text"),
    ([(12, 19, "")], "nothing would be left of '3 000' \\(13–18 LOSSES\\)"),
])
def test_replacements_that_cannot_be_made_are_refused(edits, said):
    with pytest.raises(BilanError, match=said):
        rewrite(document(Span(13, 18, "LOSSES")), edits)


@given(documents(nested=True, discontinuous=True, attributes=True))
def test_no_replacement_changes_nothing(made):
    assert rewrite(made, []) == made


@st.composite
def edited(draw):
    """A document with replacements that do not overlap and leave something everywhere."""
    made = draw(documents(nested=True, discontinuous=True))
    edges = sorted(draw(st.lists(st.integers(0, len(made.text)), max_size=8)))
    new = st.text(st.sampled_from("ab é\u202f"), min_size=1, max_size=3)
    return made, [(a, b, draw(new)) for a, b in zip(edges[::2], edges[1::2], strict=False)]


@given(edited())
def test_a_mention_that_is_not_touched_keeps_its_text(case):
    made, edits = case
    free = [made.replace(spans=(span,)) for span in made.spans
            if all(end <= span.start or start >= span.end for start, end, _ in edits)]
    for alone in free:
        assert mentions(rewrite(alone, edits)) == mentions(alone)


@given(edited())
def test_a_mention_changes_as_its_own_text_does(case):
    made, edits = case
    for span in made.spans:
        inside = [(a, b, new) for a, b, new in edits if span.start <= a and b <= span.end]
        across = [e for e in edits if e not in inside and not (e[1] <= span.start or e[0] >= span.end)]
        at_edge = [e for e in inside if e[0] == e[1] and e[0] in (span.start, span.end)]
        if not across:
            kept = [(a - span.start, b - span.start, new) for a, b, new in inside
                    if (a, b, new) not in at_edge]
            alone = rewrite(Document("m", made.mention(span)), kept).text
            assert mentions(rewrite(made.replace(spans=(span,)), edits)) == [alone]


@given(edited())
def test_no_span_is_lost(case):
    made, edits = case
    assert sorted(s.label for s in rewrite(made, edits).spans) == sorted(s.label for s in made.spans)
