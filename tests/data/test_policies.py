"""Label maps, fragments, word edges and overlaps, one document at a time."""

import pytest
from bilan.data import policies
from bilan.data.document import Document, Span
from bilan.data.errors import BilanError
from bilan.data.report import Report
from hypothesis import given, settings

from tests.strategies import documents

TEXT = "L’armée russe frappe Kiev."
FORCE, CITY = Span(2, 13, "FORCE"), Span(21, 25, "LOC")
PARTS = Span(2, 25, "FORCE", {"id": "a"}, fragments=((2, 7), (21, 25)))


def apply(policy, *spans, text=TEXT, report: Report | None = None):
    return policy(Document("d", text, spans), report or Report()).spans


def test_a_label_in_the_map_changes_and_one_outside_it_stays():
    report = Report()
    document = policies.map_labels(Document("d", TEXT, (FORCE, CITY)), {"LOC": "VILLE"}, report)
    assert document.spans == (FORCE, Span(21, 25, "VILLE"))
    assert report.counts == {"mapped: LOC → VILLE": 1}


def test_a_label_mapped_to_nothing_is_dropped_counted_and_shown():
    report = Report()
    document = policies.map_labels(Document("d", TEXT, (FORCE, CITY), source="d.md:1"), {"LOC": ""}, report)
    assert document.spans == (FORCE,)
    assert report.examples == {"mapped: LOC → (dropped)": ["d.md:1: Kiev"]}


def test_labels_may_be_exchanged():
    labels = {"LOC": "FORCE", "FORCE": "LOC"}
    document = policies.map_labels(Document("d", TEXT, (FORCE, CITY)), labels, Report())
    assert [span.label for span in document.spans] == ["LOC", "FORCE"]


def test_a_relation_to_a_dropped_span_goes_with_it():
    report = Report()
    spans = (FORCE.replace(attributes={"où": "k g", "note": "k sûr"}), CITY.replace(attributes={"id": "k"}),
             Span(14, 20, "EVENT", {"id": "g"}))
    document = policies.map_labels(Document("d", TEXT, spans), {"LOC": ""}, report)
    assert document.spans[0].attributes == {"où": "g", "note": "k sûr"}
    assert report.counts["dropped: relation to a dropped span"] == 1


def test_a_discontinuous_span_is_refused_by_name():
    with pytest.raises(BilanError, match=r"document 'd': discontinuous span .*choose --discontinuous"):
        apply(policies.refuse_fragments, PARTS)
    assert apply(policies.refuse_fragments, FORCE) == (FORCE,)


def test_a_discontinuous_span_becomes_its_hull():
    assert apply(policies.hull, PARTS) == (Span(2, 25, "FORCE", {"id": "a"}),)


def test_a_discontinuous_span_is_split_and_its_first_fragment_keeps_the_id():
    report = Report()
    parts = apply(policies.split, PARTS, report=report)
    assert parts == (Span(2, 7, "FORCE", {"id": "a"}), Span(21, 25, "FORCE"))
    assert report.counts == {"moved: discontinuous span split into its fragments": 1}


@pytest.mark.parametrize(("edges", "grown"), [
    ((3, 12), (2, 13)), ((1, 14), (1, 13)), ((7, 22), (8, 25)), ((2, 13), (2, 13)), ((24, 26), (21, 26))])
def test_a_span_grows_to_whole_words_without_white_space_at_its_edges(edges, grown):
    start, end = edges
    assert [span.key[:2] for span in apply(policies.expand, Span(start, end, "FORCE"))] == [grown]


def test_an_accent_of_its_own_belongs_to_its_word():
    assert apply(policies.expand, Span(0, 3, "LOC"), text="e\u0301te\u0301 2024") == (Span(0, 5, "LOC"),)


def test_a_span_of_white_space_only_is_dropped_and_counted():
    report = Report()
    assert apply(policies.expand, Span(7, 8, "FORCE"), CITY, report=report) == (CITY,)
    assert report.counts == {"dropped: span of white space only": 1}


def test_fragments_that_grow_together_become_one_span():
    parts = Span(2, 7, "FORCE", fragments=((2, 4), (5, 7)))
    assert apply(policies.expand, parts) == (Span(2, 7, "FORCE"),)


def test_misaligned_spans_are_dropped_or_refused_and_others_stay():
    cut = Span(2, 4, "FORCE")
    assert apply(policies.drop_misaligned, cut, CITY) == (CITY,)
    with pytest.raises(BilanError, match=r"span 'ar' \(FORCE\) cuts a word"):
        apply(policies.refuse_misaligned, cut)
    assert apply(policies.refuse_misaligned, FORCE, CITY) == (FORCE, CITY)


def test_of_overlapping_spans_the_longest_or_the_first_stays():
    early, late = Span(0, 7, "A"), Span(2, 13, "B")
    assert apply(policies.longest, early, late) == (late,)
    assert apply(policies.first, early, late) == (early,)


def test_fragments_that_overlap_nothing_survive_the_choice_of_the_longest():
    parts = Span(2, 13, "FORCE", fragments=((2, 7), (8, 13)))
    assert apply(policies.longest, parts, CITY, Span(21, 23, "PER")) == (parts, CITY)


def test_nested_spans_overlap_but_do_not_cross():
    inside, across = Span(2, 7, "PER"), Span(8, 20, "EVENT")
    assert apply(policies.refuse_crossing, FORCE, inside) == (FORCE, inside)
    with pytest.raises(BilanError, match=r"spans 'armée russe' \(FORCE\) and 'armée' \(PER\) overlap"):
        apply(policies.refuse_overlaps, FORCE, inside)
    with pytest.raises(BilanError, match=r"'armée russe' \(FORCE\) and 'russe frappe' \(EVENT\) overlap"):
        apply(policies.refuse_crossing, FORCE, across)


@settings(max_examples=50, deadline=None)
@given(documents(nested=True, discontinuous=True, attributes=True, blank_edges=True))
def test_the_text_never_changes_and_every_span_is_kept_moved_or_counted(document):
    for policy in (policies.hull, policies.expand, policies.drop_misaligned, policies.longest,
                   policies.first):
        report = Report()
        changed = policy(document, report)
        dropped = sum(n for cause, n in report.counts.items()
                      if cause.startswith("dropped: ") and "relation" not in cause)
        assert changed.text == document.text
        assert len(changed.spans) + dropped == len(document.spans)
        assert policy(changed, Report()) == changed


@settings(max_examples=50, deadline=None)
@given(documents(nested=True, discontinuous=True, blank_edges=True))
def test_after_each_policy_nothing_is_left_to_refuse(document):
    nothing = Report()
    for change, refuse in (
            (policies.hull, policies.refuse_fragments), (policies.split, policies.refuse_fragments),
            (policies.expand, policies.refuse_misaligned),
            (policies.drop_misaligned, policies.refuse_misaligned),
            (policies.longest, policies.refuse_overlaps), (policies.first, policies.refuse_overlaps)):
        changed = change(document, nothing)
        assert refuse(changed, nothing) == changed
