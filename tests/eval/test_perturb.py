"""Robustness: each perturbation changes the text it names, and the spans stay on their words."""

import pytest
from bilan.data import BilanError, read
from bilan.data.formats.markup import annotated
from bilan.eval.perturb import PERTURBATIONS, perturb
from hypothesis import assume, given
from hypothesis import strategies as st

from ..shared import ROOT
from ..strategies import documents
from .made import document

CASES = [
    ("straight apostrophes", "l’[armée](FORCE)", "l'[armée](FORCE)"),
    ("curly apostrophes", "l'[armée](FORCE) 'oui'", "l’[armée](FORCE) 'oui'"),
    ("thousands with a space", "[3.000](KILLED) morts", "[3 000](KILLED) morts"),
    ("thousands with a no-break space", "[3 000 000](KILLED)", "[3\u00a0000\u00a0000](KILLED)"),
    ("thousands with a narrow no-break space", "[3 000](KILLED)", "[3\u202f000](KILLED)"),
    ("thousands with a dot", "[3 000](KILLED)", "[3.000](KILLED)"),
    ("thousands without separator", "[3\u202f000](KILLED) et 3 000", "[3000](KILLED) et 3000"),
    ("straight quotation marks", "« [Hemetti](PER) »", '"[Hemetti](PER)"'),
    ("curly quotation marks", '"[Hemetti](PER)"', "“[Hemetti](PER)”"),
    ("guillemets", 'dit "oui" et “[non](X)”', "dit «\u00a0oui\u00a0» et «\u00a0[non](X)\u00a0»"),
    ("accents dropped", "É, [où](LOC) ça ?", "E, [ou](LOC) ca ?"),
    ("accents dropped", "[e\u0301te\u0301](DATE) 2024", "[ete](DATE) 2024"),
    ("capitals without accents", "[État islamique](FORCE) à", "[Etat islamique](FORCE) à"),
    ("all capitals", "l’[armée](FORCE) straße", "L’[ARMÉE](FORCE) STRASSE"),
    ("double spaces", "l’[armée russe](FORCE) et", "l’[armée  russe](FORCE)  et"),
    ("numbers in letters", "[3 000](KILLED), [72](INJURED)",
     "[trois mille](KILLED), [soixante-douze](INJURED)"),
    ("numbers in letters", "[21](KILLED), [1,5 million](KILLED), [007](KILLED)",
     "[21](KILLED), [1,5 million](KILLED), [007](KILLED)"),
    ("numbers in letters", "en [2024](DATE)", "en [2024](DATE)"),
    ("numbers in digits", "[quatre-vingt-dix mille](KILLED) et [vingt et un](INJURED)",
     "[90 000](KILLED) et [21](INJURED)"),
    ("numbers in digits", "[un](KILLED) mort, [une vingtaine](INJURED), [vingt pour cent](MEASURE)",
     "[un](KILLED) mort, [une vingtaine](INJURED), [20 pour cent](MEASURE)"),
    ("numbers in digits", "[entre dix et quinze](KILLED)", "[entre 10 et 15](KILLED)"),
    ("numbers in digits", "[deux](X) villages", "[deux](X) villages"),
]


@pytest.mark.parametrize(("name", "before", "after"), CASES)
def test_each_perturbation_does_what_its_name_says(name, before, after):
    assert annotated(perturb(document(before), name)) == after


def test_every_perturbation_is_shown_above():
    assert {name for name, _, _ in CASES} | {"broken lines"} == set(PERTURBATIONS)


def test_a_date_beside_a_figure_is_no_number():
    changed = perturb(document("le [12](DATE) [300](KILLED) morts"), "thousands without separator")
    assert changed.text == "le 12 300 morts"


@pytest.mark.parametrize("text", ["1234 567", "1,234 567", "12 300,5", "3 0000", "1.2.2024"])
def test_what_is_not_in_groups_of_three_is_left_alone(text):
    assert perturb(document(text), "thousands without separator").text == text


def test_lines_are_broken_before_column_72_and_inside_mentions_too():
    broken = perturb(document("mot " * 16 + "[forces armées](FORCE) " + "mot " * 17 + "fin"), "broken lines")
    assert broken.mention(broken.spans[0]) == "forces\narmées"
    assert max(map(len, broken.text.split("\n"))) <= 72
    assert broken.text.replace("\n", " ") == "mot " * 16 + "forces armées " + "mot " * 17 + "fin"


def test_an_unknown_perturbation_is_refused_with_the_known_ones():
    with pytest.raises(BilanError, match="unknown perturbation 'upside down'; known: straight apostrophes, "):
        perturb(document("a"), "upside down")


# A span on a combining accent alone would vanish with the accents: see the refusal in `rewrite`.
@given(documents(nested=True), st.sampled_from(list(PERTURBATIONS)))
def test_every_span_survives_on_any_text(made, name):
    assume("\u0301" not in made.text)
    changed = perturb(made, name)
    assert sorted(span.label for span in changed.spans) == sorted(span.label for span in made.spans)


@pytest.mark.parametrize("name", [name for name in PERTURBATIONS if name != "double spaces"])
def test_doing_it_twice_is_doing_it_once(name):
    once = perturb(document("« L’été », [3 000](KILLED) morts à Goma, [trente-deux](INJURED) blessés"), name)
    assert perturb(once, name) == once


def test_articles_keep_all_their_mentions_under_all_perturbations():
    (article,) = read(ROOT / "data/corpus/seed-0001.md")
    for name in PERTURBATIONS:
        changed = perturb(article, name)
        assert len(changed.spans) == len(article.spans)
        assert all(changed.mention(span).strip() for span in changed.spans)
