"""Augmentation: other names, values, dates and typography; the labels, the grammar and the rest stay."""

import re
from datetime import date
from random import Random

import pytest
from bilan.data import BilanError, Document, Span, read
from bilan.data.figures import figure
from bilan.data.formats.markup import annotated, parse
from bilan.data.labels import FIGURE, group_of
from bilan.data.rewrite import rewrite
from bilan.train.amounts import revalued
from bilan.train.augment import augment
from bilan.train.days import WEEKDAYS, moved
from bilan.train.gazetteer import forms, gazetteer
from bilan.train.renaming import renamed
from bilan.train.slots import fits
from hypothesis import given
from hypothesis import strategies as st

from ..shared import ROOT
from ..strategies import documents

WORDS = (" l’", " d'", " de ", " le ", " la ", " les ", " à ", " en ", " au ", ". ", " de l’", " dont ", " et ", " sur ",
         " personnes", " soldats", " tués", " des ", "\n\n")
MENTIONS = (("3 000", "KILLED"), ("une vingtaine", "INJURED"), ("deux", "TROOPS"), ("plus d’un million", "DISPLACED"),
            ("entre 10 et 15", "KILLED"), ("30 kilomètres", "MEASURE"), ("20 %", "MEASURE"), ("aucun", "KILLED"),
            ("des milliers", "DISPLACED"), ("vingt et une", "KILLED"), ("2 milliards d'euros", "MEASURE"),
            ("Kiev", "LOC"), ("Ukraine", "LOC"), ("Mali", "LOC"), ("Volodymyr Zelensky", "PER"), ("Zelensky", "PER"),
            ("Hamas", "FORCE"), ("soldats russes", "FORCE"), ("ONU", "ORG"), ("vendredi 7 février 2025", "DATE"),
            ("12 au 15 mai", "DATE"), ("1er avril", "DATE"), ("2022", "DATE"), ("habitants", "CIVIL"), ("drones", "WEAPON"))


def made(marked, **meta):
    text, spans = parse(marked)
    return Document("d", text, tuple(spans), meta)


def ways(change, marked, **meta):
    """What a change makes of a text under forty seeds."""
    document = made(marked, **meta)
    return {annotated(rewrite(document, change(document, Random(seed)))) for seed in range(40)}


def amounts(marked):
    return ways(lambda document, rng: revalued(document, rng, chance=1), marked)


def names(marked, *known):
    lists = gazetteer(known)
    return ways(lambda document, rng: renamed(document, lists, rng, chance=1), marked)


@st.composite
def articles(draw):
    """A text in which words and mentions take turns, as they come."""
    text, spans = "", []
    for word, (mention, label) in draw(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(MENTIONS)), max_size=8)):
        text += word
        spans.append(Span(len(text), len(text) + len(mention), label))
        text += mention
    return Document(draw(st.sampled_from(("d1", "d2"))), text + draw(st.sampled_from(WORDS)), tuple(spans))


def outside(document):
    """The text without its mentions, and without what typography may change."""
    text, position = "", 0
    for span in document.spans:
        text, position = text + document.text[position:span.start] + "|", span.end
    plain = (text + document.text[position:]).lower().translate(str.maketrans("éèêëàâîïôûùçœÉÀ’", "eeeeaaiiouucoea'"))
    return re.sub(r'["“”«»\s]+', "", plain)


@given(articles(), st.integers(0, 99))
def test_a_variant_has_the_spans_labels_and_attributes_of_its_document(document, seed):
    (variant,) = augment([document], seed=seed)
    assert variant.flat and variant.id == document.id and variant.meta == document.meta
    assert [(s.label, s.attributes) for s in variant.spans] == [(s.label, s.attributes) for s in document.spans]
    assert outside(variant) == outside(document)


@given(articles(), st.integers(0, 99))
def test_a_figure_that_could_be_read_can_be_read_in_the_variant(document, seed):
    (variant,) = augment([document], seed=seed)
    for old, new in zip(document.spans, variant.spans, strict=True):
        before = figure(document.mention(old)) if group_of(old.label) == FIGURE else None
        if before is not None:
            after = figure(variant.mention(new))
            assert after is not None and after.unit == before.unit


@given(documents(attributes=True, relations=True), st.integers(0, 9))
def test_any_flat_document_has_a_variant(document, seed):
    (variant,) = augment([document], seed=seed)
    assert [span.label for span in variant.spans] == [span.label for span in document.spans]


def test_a_variant_depends_on_seed_id_and_copy_and_not_on_order():
    known = [document for document in read(ROOT / "data/corpus") if document.id.startswith("ua-001")]
    names = gazetteer(known)
    first, again = augment(known, seed=1, names=names), augment(known[::-1], seed=1, names=gazetteer(known[::-1]))[::-1]
    assert first == again
    assert all(a.text != b.text for a, b in zip(first, augment(known, seed=2, names=names), strict=True))
    assert all(a.text != b.text for a, b in zip(first, augment(known, seed=1, copy=1, names=names), strict=True))


def test_overlapping_spans_are_refused():
    with pytest.raises(BilanError, match="document 'd' has overlapping or discontinuous spans"):
        augment([Document("d", "armée russe", (Span(0, 11, "FORCE"), Span(6, 11, "LOC")))], seed=1)


def test_a_number_becomes_another_one_in_figures_or_letters():
    found = amounts("[300](KILLED) morts")
    assert len(found) > 10
    assert any(re.search(r"\[(?:plus de |environ )?[a-z]+ cents?", way) for way in found)
    values = [value.best or value.low or 0 for way in found if (value := figure(made(way).mention(made(way).spans[0])))]
    assert min(values) >= 180 and max(values) <= 510


def test_parts_stay_below_their_whole():
    for way in amounts("[12](KILLED) tués, dont [quatre](KILLED) enfants"):
        whole, part = (figure(made(way).mention(span)) for span in made(way).spans)
        assert whole and part and (whole.low or 0) >= (part.low or 0)


@pytest.mark.parametrize("kept", [
    "[un](KILLED) mort", "[aucun](INJURED) blessé", "[deux](DETAINED) des [cinq](DETAINED) otages",
    "[une vingtaine](KILLED) 20 morts", "[huit sur dix](MEASURE)", "[tiers](MEASURE) des", "[Trois, au moins](KILLED)",
])
def test_a_figure_that_is_hard_to_replace_stays(kept):
    assert amounts(kept) == {kept}


def test_a_rough_number_stays_one_that_takes_de():
    found = amounts("[une vingtaine](INJURED) de blessés")
    assert found > {"[une trentaine](INJURED) de blessés"}
    assert all(re.fullmatch(r"\[une \w+aine\]\(INJURED\) de blessés", way) for way in found)


def test_letters_agree_with_a_feminine_noun_and_are_avoided_before_an_unknown_one():
    every = amounts("[trente et une](KILLED) femmes") | amounts("[trente et une](KILLED) zouaves")
    assert any("et une](KILLED) femmes" in way for way in every)
    assert not any(re.search(r"[^e]\bun\]|un\](?!.*femmes)", way) for way in every)


def test_a_unit_stays_with_its_number():
    found = amounts("à [30 kilomètres](MEASURE) et [20 %](MEASURE)")
    assert len(found) > 10
    assert all(re.search(r" kilomètres\]\(MEASURE\) et \[\d+ %\]", way) for way in found)


def test_no_qualifier_follows_an_article_and_elision_is_kept():
    assert not any(re.search("environ|quelque|près|plus|moins", way) for way in amounts("les [300](TROOPS) hommes"))
    assert all(re.match(r"d’\[(?:environ|au moins) ", way) for way in amounts("d’[environ 400](TROOPS) hommes"))


def test_a_town_takes_the_place_of_a_town_and_a_country_that_of_one_with_its_article():
    found = names("à [Goma](LOC), au [Mali](LOC), en [Syrie](LOC), l’[Irak](LOC), d’[Odessa](LOC)")
    assert len(found) > 30
    for way in found:
        text, spans = parse(way)
        town, masculine, feminine, elided, vowel = (text[span.start:span.end] for span in spans)
        lists = gazetteer().lists
        assert town in lists["LOC", "town"] and vowel[0] in "AEÉIOU"
        assert masculine in lists["LOC", "country masculine"] and masculine[0] not in "AEÉIOU"
        assert feminine in lists["LOC", "country feminine"]
        assert elided in lists["LOC", "country masculine"] and elided[0] in "AEÉIOU"


def test_one_name_is_replaced_by_one_other_and_its_parts_by_parts():
    for way in names("[Volodymyr Zelensky](PER) parle. [Zelensky](PER) part. [KIEV](LOC), [Kiev](LOC)"):
        text, spans = parse(way)
        full, last, loud, plain = (text[span.start:span.end] for span in spans)
        assert full.split(" ", 1)[1].lower() == last.lower() != "zelensky"
        assert loud == plain.upper() != "KIEV"


def test_a_name_of_the_training_set_is_placed_by_its_articles():
    known = made("le [Front du fleuve](FORCE), au [Front du fleuve](FORCE)")
    assert gazetteer([known]).kinds["FORCE", "front du fleuve"] == "name masculine"
    doubtful = made("le [Zabar](FORCE), la [Zabar](FORCE)")
    assert ("FORCE", "zabar") not in gazetteer([doubtful]).kinds


def test_a_nationality_keeps_gender_and_number():
    for way in names("[soldats russes](FORCE), [armée ukrainienne](FORCE), [Français](CIVIL)"):
        text, spans = parse(way)
        soldiers, army, people = (text[span.start:span.end].split()[-1] for span in spans)
        assert soldiers.endswith("s") and soldiers != "russes" and army.endswith(("e", "è"))
        assert people.endswith("s") and people[0].isupper()


@pytest.mark.parametrize(("adjective", "four"), [
    ("russe", ("russe", "russe", "russes", "russes")), ("français", ("français", "française", "français", "françaises")),
    ("turc", ("turc", "turque", "turcs", "turques")), ("ukrainien", ("ukrainien", "ukrainienne", "ukrainiens", "ukrainiennes")),
])
def test_forms_of_adjectives(adjective, four):
    assert forms(adjective) == four


@pytest.mark.parametrize(("before", "mention", "kind", "fitting"), [
    ("l’", "Irak", "country masculine", True), ("le ", "Irak", "country masculine", False),
    ("en ", "Irak", "country masculine", True), ("en ", "Mali", "country masculine", False),
    ("à la ", "Tripoli", "town", False), ("de ", "Homs", "town", True), ("d’", "Homs", "town", False),
    ("aux ", "Philippines", "country plural", True), ("au ", "Philippines", "country plural", False),
    ("de ", "Tsahal", "name bare", True), ("la ", "Tsahal", "name bare", False),
])
def test_a_mention_fits_where_french_allows_it(before, mention, kind, fitting):
    assert fits("x " + before + mention, len("x " + before), mention, kind) is fitting


def test_dates_move_together_and_weekdays_follow_the_calendar():
    months = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
              "décembre")
    found = ways(moved, "le [vendredi 7 février 2025](DATE) et [samedi](DATE), [6 heures](DATE), [années 1990](DATE)")
    assert len(found) == 40
    for way in found:
        text, spans = parse(way)
        first, second, hour, decade = (text[span.start:span.end] for span in spans)
        weekday, day, month, year = first.split()
        calendar = date(int(year), months.index(month) + 1, int(day.removesuffix("er")))
        assert WEEKDAYS[calendar.weekday()] == weekday and WEEKDAYS[(calendar.weekday() + 1) % 7] == second
        assert (hour, decade) == ("6 heures", "années 1990")


def test_a_date_keeps_its_form_and_its_elision():
    found = ways(moved, "du [12 au 15 mai](DATE), [mois d’avril](DATE), [Lundi](DATE), [2022](DATE)", date="2025-05-20")
    pattern = (r"du \[(?:1er|\d+) au (?:1er|\d+) [a-zéû]+\]\(DATE\), \[mois d’(?:avril|août|octobre)\]\(DATE\), "
               r"\[[A-Z][a-z]+di\]\(DATE\), \[20\d\d\]\(DATE\)|.*Dimanche.*")
    assert all(re.fullmatch(pattern, way) for way in found)


def test_articles_keep_their_spans_without_blanks_at_the_edges():
    known = list(read(ROOT / "data/corpus"))[::3]
    for document, variant in zip(known, augment(known, seed=3), strict=True):
        assert variant.flat and [span.label for span in variant.spans] == [span.label for span in document.spans]
        assert all(variant.mention(span).strip() == variant.mention(span) for span in variant.spans), document.id
