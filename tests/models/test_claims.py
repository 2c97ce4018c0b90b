"""Links and claims: whom a figure counts, who says so, how surely, when and where."""

import datetime

import pytest
from bilan.data import BilanError, Document, Span, read
from bilan.data.formats.markup import parse
from bilan.data.sentences import sentences
from bilan.models.claims import claims, link
from bilan.models.links import WEIGHTS
from hypothesis import given
from hypothesis import strategies as st

from tests.shared import ROOT


def made(marked: str, **meta: str) -> Document:
    text, spans = parse(marked)
    return Document("d", text, tuple(spans), meta)


def linked(marked: str) -> list[dict[str, str]]:
    """For each figure of a text the texts of its targets."""
    document = link(made(marked))
    named = document.by_id()
    return [{name: document.mention(named[span.attributes[name]]) for name in ("who", "by")
             if name in span.attributes} for span in document.spans if span.label in ("KILLED", "INJURED", "MATERIEL")]


def test_the_noun_after_a_figure_is_whom_it_counts():
    assert linked("[Douze](KILLED) [civils](CIVIL) ont été tués.") == [{"who": "civils"}]


def test_selon_attributes_the_figure():
    assert linked("Selon [Kiev](LOC), [12](KILLED) [soldats](FORCE) sont morts.") == [{"who": "soldats", "by": "Kiev"}]


def test_an_inverted_verb_attributes_the_figure_before_it():
    assert linked("[Douze](KILLED) [civils](CIVIL) sont morts, a indiqué l’[ONU](ORG).") == [
        {"who": "civils", "by": "ONU"}]


def test_the_subject_of_a_verb_of_claim_is_the_source():
    assert linked("Le [M23](FORCE) affirme avoir tué [40](KILLED) [soldats](FORCE).") == [
        {"who": "soldats", "by": "M23"}]


def test_each_of_two_figures_has_its_own_group():
    assert linked("[Douze](KILLED) [civils](CIVIL) ont été tués, dont [quatre](KILLED) [enfants](CIVIL).") == [
        {"who": "civils"}, {"who": "enfants"}]


def test_the_unit_of_a_figure_is_nobody():
    assert linked("L’attaque a fait [12](KILLED) morts et [30](INJURED) blessés.") == [{}, {}]


def test_materiel_counts_nobody():
    assert linked("[Trente](MATERIEL) [drones](WEAPON) et des [soldats](FORCE).") == [{}]


def test_linking_drops_old_links_and_keeps_other_attributes():
    document = link(made("[12](KILLED who=x note=n) [civils](CIVIL id=c) sont morts. [Kiev](LOC id=x) est loin."))
    assert dict(document.spans[0].attributes) == {"note": "n", "who": "c"}


def test_a_new_id_avoids_those_of_the_document():
    document = link(made("[12](KILLED) [civils](CIVIL) sont morts à [Goma](LOC id=s1)."))
    assert document.spans[0].attributes["who"] == "s2"


def test_linking_moves_no_span():
    document = next(read(ROOT / "data/corpus/seed-0001.md"))
    assert [span.key for span in link(document).spans] == [span.key for span in document.spans]


def test_linking_again_changes_nothing():
    document = link(next(read(ROOT / "data/corpus/seed-0001.md")))
    assert link(document) == document


def test_a_document_without_spans_stays_as_it_is():
    assert link(Document("d", "Rien.")) == Document("d", "Rien.")


@given(st.lists(st.tuples(st.integers(0, 38), st.integers(1, 8),
                          st.sampled_from(["KILLED", "CIVIL", "ORG", "MEASURE", "DATE"])), max_size=8))
def test_any_spans_are_linked_without_loss_and_to_spans_that_exist(drawn):
    text = "Selon l’ONU, 12 civils sont morts, dit-il. »\n- 4 à Goma"
    spans = tuple({Span(start, start + length, label) for start, length, label in drawn})
    document = link(Document("d", text, spans))
    assert [span.key for span in document.spans] == [span.key for span in Document("d", text, spans).spans]
    assert {span.attributes[name] for span in document.spans for name in ("who", "by")
            if name in span.attributes} <= set(document.by_id())


@given(st.lists(st.tuples(st.integers(0, 38), st.integers(1, 8), st.sampled_from(["KILLED", "CIVIL", "LOC", "DATE"]),
                          st.dictionaries(st.sampled_from(["id", "who", "by"]), st.sampled_from(["s1", "s2 s1", "x", ""]))),
                max_size=8), st.sampled_from([None, "2025-02-07", "0001-01-01", "9999-12-31"]))
def test_any_spans_and_links_give_one_claim_a_figure_of_spans_of_the_document(drawn, date):
    text = "Selon l’ONU, 12 civils sont morts, dit-il. »\n- 4 à Goma"
    spans = {(start, start + length, label): named for start, length, label, named in drawn}
    document = Document("d", text, tuple(Span(*key, named) for key, named in spans.items()))
    found = claims(document, date=date)
    assert {(claim.start, claim.end, claim.label) for claim in found} <= {
        span.key for span in document.spans if span.label == "KILLED"}
    for claim in found:
        named = {span.key for span in (claim.who, claim.by, claim.when, claim.where) if span is not None}
        assert named <= spans.keys() and claim.sentence[0] <= claim.start


def test_the_table_of_weights_stays_small():
    assert WEIGHTS.stat().st_size < 100_000


def test_a_claim_reads_the_figure_as_a_number():
    (claim,) = claims(made("[Au moins 12](KILLED) [civils](CIVIL) sont morts."))
    assert (claim.low, claim.high, claim.qualifier, claim.text) == (12, None, "at_least", "Au moins 12")


def test_a_figure_that_cannot_be_read_is_a_claim_all_the_same():
    (claim,) = claims(made("[beaucoup](KILLED) de morts"))
    assert (claim.low, claim.best, claim.high, claim.qualifier) == (None, None, None, "unread")


def test_a_measure_is_no_claim():
    assert claims(made("à [30 kilomètres](MEASURE) de là")) == ()


def test_links_of_the_document_are_used():
    (claim,) = claims(made("[Goma](LOC id=g). [12](KILLED by=g) morts."))
    assert claim.mention("by") == "Goma"


@pytest.mark.parametrize(("marked", "cue"), [
    ("Selon [Kiev](LOC id=k), [12](KILLED by=k) morts.", "Selon"),
    ("D’après [Kiev](LOC id=k), [12](KILLED by=k) morts.", "D’après"),
    ("[Kiev](LOC id=k) a affirmé avoir perdu [12](KILLED by=k) hommes.", "a affirmé"),
    ("[Douze](KILLED by=k) morts, a indiqué [Kiev](LOC id=k).", "a indiqué"),
    ("De source proche de [Kiev](LOC id=k), [12](KILLED by=k) morts.", "De source"),
    ("[Kiev](LOC id=k). [12](KILLED by=k) morts.", "")])
def test_the_cue_is_the_word_that_attributes(marked, cue):
    assert claims(made(marked))[0].cue == cue


@pytest.mark.parametrize(("marked", "hedged"), [
    ("[Douze](KILLED) [soldats](FORCE) auraient été tués.", True),
    ("[Douze](KILLED) rebelles présumés ont été tués.", True),
    ("Le bilan s’élèverait à [12](KILLED) morts.", True),
    ("[Douze](KILLED) soldats ont été tués.", False),
    ("L’armée tirait, opérait et montrait [12](KILLED) morts.", False),
    ("Il y aurait une trêve ; [12](KILLED) soldats sont morts.", False)])
def test_the_conditional_and_words_of_doubt_hedge_a_claim(marked, hedged):
    assert claims(made(marked))[0].hedged is hedged


def test_when_is_the_nearest_date_with_what_it_means():
    (claim,) = claims(made("[Hier](DATE), [12](KILLED) morts.", date="2025-02-07"))
    assert (claim.mention("when"), claim.date and claim.date.edtf) == ("Hier", "2025-02-06")


def test_the_day_may_be_given():
    (claim,) = claims(made("[Hier](DATE), [12](KILLED) morts."), date=datetime.date(2024, 1, 1))
    assert claim.date is not None and claim.date.edtf == "2023-12-31"


def test_without_a_day_dates_stay_text():
    (claim,) = claims(made("[Hier](DATE), [12](KILLED) morts."))
    assert (claim.mention("when"), claim.date) == ("Hier", None)


def test_a_day_that_is_none_is_refused():
    with pytest.raises(BilanError, match="has date 'hier'"):
        claims(made("[12](KILLED) morts"), date="hier")


def test_where_is_a_place_where_something_happens_and_not_a_side():
    (claim,) = claims(made("[12](KILLED) morts aux côtés de [Moscou](LOC), à [Koursk](LOC)."))
    assert claim.mention("where") == "Koursk"


@pytest.mark.parametrize(("marked", "when"), [
    ("[12](KILLED) morts ; la trêve finit [demain](DATE).", ""),
    ("[Hier](DATE), l’assaut ; [12](KILLED) morts.", "Hier"),
    ("Arrêtés en [août](DATE), [26](DETAINED) en [décembre](DATE), d’autres plus tard.", "décembre"),
    ("[Hier](DATE), l’assaut. [12](KILLED) morts.", "Hier"),
    ("Le [3 août](DATE), l’assaut. La ville brûle. [12](KILLED) morts.", "3 août"),
    ("Les autres sont partis [hier](DATE). [12](KILLED) morts.", "")])
def test_a_date_is_of_the_clause_or_shortly_before(marked, when):
    assert next(c for c in claims(made(marked)) if c.label != "MEASURE").mention("when") == when


@pytest.mark.parametrize(("marked", "where"), [
    ("[12](KILLED) morts à [Derna](LOC), en [Libye](LOC).", "Derna"),
    ("Des raids sur [Derna](LOC), en [Libye](LOC), tuent [12](KILLED) hommes.", "Derna"),
    ("[Konna](LOC), [10 janvier 2013](DATE). [12](KILLED) morts.", "Konna"),
    ("[KONNA](LOC) – [12](KILLED) morts.", "KONNA"),
    ("[Kiev](LOC) ment. [12](KILLED) morts.", "")])
def test_a_place_is_the_narrowest_and_may_be_a_dateline(marked, where):
    assert claims(made(marked))[0].mention("where") == where


@given(st.lists(st.sampled_from(["x ", ", ", "; ", ". Il ", "\n", "\nLe ", "[hier](DATE) ", "[août](DATE)", "[12](KILLED) "]),
                max_size=14))
def test_the_date_of_a_claim_is_what_the_rule_gives_word_by_word(drawn):
    document = made("".join(drawn))
    dates = [span for span in document.spans if span.label == "DATE"]
    assert [claim.when for claim in claims(document)] == [
        by_the_rule(document, span, dates) for span in document.spans if span.label == "KILLED"]


def by_the_rule(document: Document, span: Span, dates: list[Span]) -> Span | None:
    """The nearest date of the clause, else the last of the sentence before, else the last frame of the line."""
    text, bounds = document.text, sentences(document.text)
    low, high = next((a, b) for a, b in bounds if a <= span.start < b)
    cut = text.find(";", span.end, high)
    first, last = max(low, text.rfind(";", low, span.start) + 1), cut if cut >= 0 else high
    between = {date: sorted((date, span), key=lambda each: each.start) for date in dates}
    inside = [date for date in dates if first <= date.start < last]
    if inside:
        return min(inside, key=lambda date: between[date][1].start - between[date][0].end + 16 * text.count(
            ",", between[date][0].end, between[date][1].start))
    line = text.rfind("\n", 0, span.start) + 1
    before = [date for date in dates if line <= date.start < span.start and (
        date.start >= low or any(line <= a <= date.start <= a + 10 for a, _ in bounds))]
    return before[-1] if before else None


def test_the_sentence_of_a_claim_is_half_open():
    (claim,) = claims(made("Rien. [12](KILLED) morts. Fin."))
    assert claim.document.text[slice(*claim.sentence)] == "12 morts."


@pytest.mark.parametrize(("text", "parts"), [
    ("M. Zelensky parle. Fin.", ["M. Zelensky parle.", "Fin."]),
    ("« Douze morts. » Selon l’ONU.", ["« Douze morts. »", "Selon l’ONU."]),
    ("« Quoi ? » dit-il. Oui.", ["« Quoi ? » dit-il.", "Oui."]),
    ("Le n° 12 et l’art. 5. Fin.", ["Le n° 12 et l’art. 5.", "Fin."]),
    ("Le 3 sept. 2024. Ils sont sept. Fin.", ["Le 3 sept. 2024.", "Ils sont sept.", "Fin."]),
    ("Titre\nSuite des sol-\ndats.", ["Titre", "Suite des sol-\ndats."]),
    ("  \n", [])])
def test_sentences_of_french(text, parts):
    assert [text[start:end] for start, end in sentences(text)] == parts


@given(st.text(alphabet="aÉ .!?…«»\n-1M", max_size=40))
def test_sentences_leave_out_only_white_space(text):
    bounds = sentences(text)
    assert "".join(text[start:end] for start, end in bounds).split() == [] or all(a < b for a, b in bounds)
    kept = {i for start, end in bounds for i in range(start, end)}
    assert all(text[i].isspace() for i in range(len(text)) if i not in kept)
