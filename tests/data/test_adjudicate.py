"""Adjudication: places to decide, and the documents that the decisions make."""

import pytest
from bilan.data import BilanError, Document, Span
from bilan.data.adjudicate import adjudication, apply
from bilan.data.decisions import Adjudication, read, render, write
from bilan.data.formats.markup import annotated, parse
from bilan.data.report import Report
from hypothesis import given
from hypothesis import strategies as st

from ..strategies import documents


def document(written: str, id: str = "d") -> Document:
    text, spans = parse(written)
    return Document(id, text, tuple(spans))


def pair(first: str, second: str) -> dict[str, list[Document]]:
    return {"anne": [document(first)], "benoît": [document(second)]}


def decided(annotations, *decisions: str, **options) -> str:
    places = [place._replace(decision=decision)
              for place, decision in zip(adjudication(annotations), decisions, strict=True)]
    return annotated(apply(places, annotations, **options)[0])


RUSSE = pair("[Goma](LOC) : l’[armée russe](FORCE)", "[Goma](LOC) : l’[armée](FORCE) russe")


def test_a_place_shows_the_versions_in_the_notation_and_what_is_around():
    (place,) = adjudication(RUSSE)
    assert (place.document, place.start, place.end) == ("d", 9, 20)
    assert place.versions == {"anne": "[armée russe](FORCE)", "benoît": "[armée](FORCE) russe"}
    assert place.context == "Goma : l’⟦armée russe⟧"
    assert place.decision == ""


def test_what_all_agree_on_needs_no_decision():
    assert adjudication(pair("[Goma](LOC)", "[Goma](LOC)")) == []
    assert annotated(apply([], pair("[Goma](LOC)", "[Goma](LOC)"))[0]) == "[Goma](LOC)"


def test_a_majority_is_entered_as_the_decision():
    three = {**RUSSE, "chloé": RUSSE["benoît"]}
    assert [place.decision for place in adjudication(three)] == ["benoît"]


@pytest.mark.parametrize(("decision", "merged"), [
    ("anne", "[Goma](LOC) : l’[armée russe](FORCE)"), ("benoît", "[Goma](LOC) : l’[armée](FORCE) russe"),
    ("armée [russe](ORG)", "[Goma](LOC) : l’armée [russe](ORG)"), ("armée russe", "[Goma](LOC) : l’armée russe")])
def test_a_decision_is_an_annotator_or_the_stretch_as_it_shall_be(decision, merged):
    assert decided(RUSSE, decision) == merged


def test_the_default_stands_where_nothing_is_decided():
    assert decided(RUSSE, "", default="benoît") == "[Goma](LOC) : l’[armée](FORCE) russe"


def test_relations_follow_their_spans_whatever_each_annotator_called_them():
    two = pair("[Kiev](LOC id=a) : [12](KILLED by=a) [civils](CIVIL id=b)",
               "[Kiev](LOC id=x) : [12](INJURED by=x who=a) [civils](CIVIL id=a)")
    assert adjudication(two)[0].versions == {"anne": "[12](KILLED by=@0-4)",
                                             "benoît": "[12](INJURED by=@0-4 who=@10-16)"}
    assert decided(two, "benoît") == "[Kiev](LOC id=a) : [12](INJURED by=a who=b) [civils](CIVIL id=b)"
    assert decided(two, "[12](LOSSES who=@10-16)") == "[Kiev](LOC id=a) : [12](LOSSES who=b) [civils](CIVIL id=b)"


def test_a_span_that_only_a_decision_points_at_gets_an_id():
    assert decided(pair("[12](KILLED) [civils](CIVIL)", "[12](INJURED) [civils](CIVIL)"),
                   "[12](KILLED who=@3-9)") == "[12](KILLED who=3-9) [civils](CIVIL id=3-9)"


def test_a_relation_to_a_span_that_was_decided_against_is_lost_and_counted():
    two = pair("[Kiev](LOC id=a) : [12](KILLED by=a)", "Kiev : [12](KILLED)")
    report = Report()
    assert decided(two, "Kiev", report=report) == "Kiev : [12](KILLED)"
    assert report.losses == {"dropped: relation to a span that was decided against": 1}


def test_attributes_of_common_spans_are_the_first_annotators_and_differences_are_counted():
    report = Report()
    made = apply([], pair("[12](KILLED sûr=oui)", "[12](KILLED)"), report=report)
    assert annotated(made[0]) == "[12](KILLED sûr=oui)"
    assert report.counts == {"kept: attributes of the first annotator where they differ": 1}


def test_a_discontinuous_span_is_kept_by_the_name_of_its_annotator():
    split = Span(0, 14, "FORCE", fragments=((0, 5), (9, 14)))
    two = {"anne": [Document("d", "armée puis russe"[:14], (split,))], "benoît": [Document("d", "armée puis rus")]}
    (place,) = adjudication(two)
    assert place.versions["anne"] == "armée puis rus + 1 discontinuous span"
    assert apply([place._replace(decision="anne")], two)[0].spans == (split,)


@pytest.mark.parametrize(("decision", "said"), [
    ("", "document 'd', 9–20: 1 places are undecided, the first 'Goma : l’⟦armée russe⟧'"),
    ("[armée](FORCE)", "document 'd', 9–20: the decision reads 'armée', the text 'armée russe'"),
    ("chloé", "the decision reads 'chloé', the text 'armée russe'; write the text with its links, or one of anne,")])
def test_a_decision_that_is_none_is_refused(decision, said):
    with pytest.raises(BilanError, match=said):
        decided(RUSSE, decision)


def test_a_default_that_is_no_annotator_is_refused():
    with pytest.raises(BilanError, match="no annotator 'chloé'; annotators: anne, benoît"):
        decided(RUSSE, "", default="chloé")


def test_places_that_are_not_those_of_the_annotations_are_refused():
    (place,) = adjudication(RUSSE)
    for places, said in (([], "9–20 of document 'd' is not in the adjudication"),
                         ([place, place._replace(start=0)], "0–20 of document 'd' is not one of the annot"),
                         ([place, place], "is decided twice"),
                         ([place._replace(versions={"anne": "x"})], "are not those of the annotations")):
        with pytest.raises(BilanError, match=said):
            apply(places, RUSSE, default="anne")


def test_the_file_is_toml_that_can_be_edited(tmp_path):
    write(Adjudication({"anne": "a.md"}, tuple(adjudication(RUSSE))), tmp_path / "places.toml")
    content = (tmp_path / "places.toml").read_text("utf-8")
    assert content.endswith('''[annotations]
"anne" = "a.md"

[[place]]
document = "d"
start = 9
end = 20
context = "Goma : l’⟦armée russe⟧"
version."anne" = "[armée russe](FORCE)"
version."benoît" = "[armée](FORCE) russe"
decision = ""
''')


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.sampled_from(["", "anne"]))
def test_any_text_comes_back_from_the_file(tmp_path_factory, text, decision):
    file = tmp_path_factory.mktemp("toml") / "places.toml"
    places = [place._replace(decision=decision) for place in adjudication(
        {"anne": [Document(text, text, (Span(0, len(text), "X"),))], text + "2": [Document(text, text)]})]
    made = Adjudication({"anne": text}, tuple(places))
    write(made, file)
    assert read(file) == made


@pytest.mark.parametrize(("content", "said"), [
    ("place = ", "not TOML"), ("", "not an adjudication: KeyError 'annotations'"),
    ("[annotations]\n[[place]]\ndocument = 3", "not an adjudication"),
    ("annotations = 3", "not an adjudication"), ("place = [1]\n[annotations]", "not an adjudication")])
def test_a_file_that_is_no_adjudication_is_refused(tmp_path, content, said):
    (tmp_path / "places.toml").write_text(content)
    with pytest.raises(BilanError, match=said):
        read(tmp_path / "places.toml")


@given(documents(nested=True, attributes=True, relations=True), documents(nested=True))
def test_deciding_everything_for_one_annotator_gives_his_spans(made, other):
    rest = tuple(span for span in other.spans if span.end <= len(made.text))
    two = {"anne": [made], "benoît": [made.replace(spans=rest)]}
    places = [place._replace(decision="anne") for place in adjudication(two)]
    merged, = apply(places, two)
    assert {span.key for span in merged.spans} == {span.key for span in made.spans}


def test_render_says_how_to_edit_it():
    assert render(Adjudication({}, ())).startswith("# Write after each `decision` the name")
