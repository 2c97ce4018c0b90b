"""The outline of a document: what is counted once for all figures is what counting each time gives."""

from bilan.data import Document, Span
from bilan.data.formats.markup import parse
from bilan.models import outline
from bilan.models.features import sources
from bilan.models.outline import Outline, Tally
from hypothesis import given
from hypothesis import strategies as st


def made(marked: str) -> Outline:
    text, spans = parse(marked)
    return Outline(Document("d", text, tuple(spans)))


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.data())
def test_a_tally_counts_what_lies_between_two_units_in_either_order(holds, data):
    first, second = (data.draw(st.integers(0, len(holds) - 1)) for _ in range(2))
    between = sum(holds[min(first, second) + 1:max(first, second)])
    assert (Tally(holds).between(first, second), Tally(holds).between(second, first)) == (between, between)


@given(st.text(alphabet="-a ’1_", max_size=12))
def test_dashes_belong_to_the_word_that_follows_and_are_marks_where_none_does(text):
    words = Outline(Document("d", text)).words
    assert "".join(words) == text.replace(" ", "")
    assert all(word == "-" or not word.endswith("-") for word in words)


def test_a_rule_of_dashes_is_as_many_marks():
    assert Outline(Document("d", "--- -t-il a--")).words == ["-", "-", "-", "-t-il", "a", "-", "-"]


SENTENCES = "".join(f"[Kiev](LOC) parle {i}. " for i in range(9))


def test_what_lies_around_a_unit_is_told_by_sentences():
    found = made(SENTENCES)
    at = found.actors[5]
    assert found.around(at, found.actors, before=2, after=1) == found.actors[3:7]


def test_no_candidate_lies_beyond_reach(monkeypatch):
    monkeypatch.setattr(outline, "REACH", 9)
    found = made(SENTENCES)
    at = found.actors[5]
    assert [abs(i - at) for i in found.around(at, found.actors, before=8, after=3)] == [8, 4, 0, 4, 8]


def test_of_many_candidates_the_nearest_are_held(monkeypatch):
    monkeypatch.setattr(outline, "HELD", (2, 1))
    found = made(SENTENCES)
    assert found.around(found.actors[5] + 1, found.actors, before=8, after=3) == [*found.actors[4:6], found.actors[6]]


def test_twins_are_the_actors_of_one_name():
    found = made("[Kiev](LOC) et [Moscou](LOC), selon [Kiev](LOC)")
    first, other, last = found.actors
    assert (found.twins[first].units, found.twins[first].speaking) == ([first, last], 1)
    assert found.twins[other].units == [other]


def test_the_source_of_a_title_reaches_a_figure_far_below_it():
    found = made("Rapport de l’[ONU](ORG)\n\n" + "Il pleut. " * 300 + "On compte [12](KILLED) morts.")
    assert sources(found, found.figures[0]) == found.actors


def test_an_actor_that_is_no_source_of_the_whole_is_none_of_a_figure_far_below_it():
    found = made("Il pleut. " * 5 + "À [Goma](LOC) aussi. " + "Il pleut. " * 300 + "On compte [12](KILLED) morts.")
    assert sources(found, found.figures[0]) == []


def test_spans_are_units_of_their_own():
    found = Outline(Document("d", "12 morts", (Span(0, 2, "KILLED"),)))
    assert ([unit.text for unit in found.units], found.words) == (["<KILLED>", "morts"], ["", "morts"])
