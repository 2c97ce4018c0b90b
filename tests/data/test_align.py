"""Documents ⇄ subword tags by character offsets, with French typography."""

import numpy as np
import pytest
from bilan.data import Document, Span, read
from bilan.data.align import (
    EDGES,
    IGNORE,
    carried,
    cuts_words,
    edges_for,
    encode,
    inseparable,
    spans_of,
    windows,
)
from bilan.data.labels import NAMES, tags_of
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from ..shared import ROOT, shared
from ..strategies import documents

REAL = ("camembert-base", "camembertv2-base", "camemberta-base")
TAGS = tags_of(NAMES)


def tokenizer(name: str = "") -> Tokenizer:
    folder = shared("tokenizers", name) if name else ROOT / "models/base"
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


@pytest.fixture(scope="module", params=["", *REAL], ids=["embedded", *REAL])
def real(request):
    return tokenizer(request.param)


def mentions(made: Tokenizer, text: str, *found: str) -> list[str]:
    """What comes back of the mentions after encoding and decoding."""
    spans = [Span(text.index(mention), text.index(mention) + len(mention), "FORCE") for mention in found]
    encoded = encode(made, text)
    targets, _ = carried(encoded, spans, TAGS)
    tags = [TAGS[target] if target != IGNORE else "O" for target in targets]
    return [text[span.start:span.end] for span in spans_of(encoded, tags)]


@pytest.mark.parametrize("mention", [
    "armée russe", "3 000", "3\u00a0000", "3\u202f000", "F-16", "½", "œuvres", "été", "e\u0301te\u0301", "1,5",
    "2015", "20 %", "a\u200db", "ﬁn", "mi-janvier", "drones « Shahed", "16 h 20", "155 mm", "№ 9", "³",
])
def test_a_mention_comes_back_to_the_character(real, mention):
    text = f"l’{mention}, puis (« {mention[:1]} »)…"
    assert mentions(real, text, mention) == [mention]


@pytest.mark.parametrize("space", ["\n", "\r\n", "\t", "  ", "\u2028", "\u3000"])
def test_white_space_before_a_mention_moves_nothing(real, space):
    assert mentions(real, f"à{space}Goma{space}fin", "Goma") == ["Goma"]


def test_adjacent_mentions_stay_apart(real):
    assert mentions(real, "soldats Kiev", "soldats", "Kiev") == ["soldats", "Kiev"]


def test_a_number_glued_to_punctuation_by_the_tokenizer_is_freed(real):
    assert mentions(real, "fin 2015, en 2016.", "fin 2015", "2016") == ["fin 2015", "2016"]


def test_a_span_inside_a_word_is_not_carried_and_is_told(real):
    encoded = encode(real, "à Goma")
    assert carried(encoded, [Span(2, 4, "LOC")], TAGS)[1] == [Span(2, 4, "LOC")]


def test_a_span_of_white_space_alone_is_not_carried(real):
    assert len(carried(encode(real, "a  b"), [Span(1, 3, "LOC")], TAGS)[1]) == 1


def test_a_text_without_visible_characters_has_no_span(real):
    encoded = encode(real, " \n\u00a0")
    assert spans_of(encoded, ["O"] * len(encoded.ids)) == []


def test_a_long_text_is_not_truncated(real):
    encoded = encode(real, "Goma est prise. " * 2000)
    assert encoded.offsets[encoded.visible][-1, 1] == 16 * 2000 - 1


def test_saved_truncation_and_padding_are_switched_off():
    made = tokenizer()
    made.enable_truncation(8)
    made.enable_padding(length=64)
    assert len(encode(made, "mot " * 20).ids) == 20


@given(documents())
def test_what_is_not_told_lost_comes_back_exactly(document):
    made = tokenizer()
    encoded = encode(made, document.text, whole_words=True)
    targets, lost = carried(encoded, document.spans, TAGS)
    back = {span.key for span in spans_of(encoded, [TAGS[t] if t != IGNORE else "O" for t in targets])}
    assert {span.key for span in document.spans} - {span.key for span in lost} <= back


@given(documents())
def test_units_never_fall_and_offsets_never_hold_white_space_at_the_edges(document):
    encoded = encode(tokenizer(), document.text)
    assert (np.diff(encoded.units) >= 0).all()
    for start, end in encoded.offsets[encoded.visible].tolist():
        assert document.text[start:end].strip() == document.text[start:end] != ""


@given(documents())
def test_no_character_is_in_two_units(document):
    encoded = encode(tokenizer(), document.text)
    owners: dict[int, int] = {}
    for (start, end), unit in zip(encoded.offsets.tolist(), encoded.units.tolist(), strict=True):
        for place in range(start, end):
            assert owners.setdefault(place, unit) == unit


def test_every_span_of_the_corpus_is_carried_by_the_embedded_tokenizer():
    made = tokenizer()
    lost = [(document.id, document.mention(span)) for document in read(ROOT / "data/corpus")
            for span in carried(encode(made, document.text), document.spans, TAGS)[1]]
    assert lost == []


@pytest.mark.parametrize("name", REAL)
def test_nearly_every_span_of_the_corpus_is_carried_by_the_real_tokenizers(name):
    made = tokenizer(name)
    lost = [document.mention(span) for document in read(ROOT / "data/corpus")
            for span in carried(encode(made, document.text), document.spans, TAGS)[1]]
    assert len(lost) <= 1  # one year stands between brackets in a single Unigram piece


@pytest.mark.parametrize(("text", "place", "joined"), [
    ("armée", 2, True), ("l’armée", 2, False), ("F-16", 2, False), ("3000", 2, True), ("1,5", 1, True),
    ("1,5", 2, True), ("1, 5", 2, False), ("3.000", 2, True), ("e\u0301t", 1, True), ("20h", 2, True),
    ("a.b", 1, False), ("ab", 0, False), ("ab", 2, False), ("3 000", 1, False),
])
def test_a_cut_is_forbidden_inside_words_and_numbers_only(text, place, joined):
    assert inseparable(text, place) is joined


def test_spans_that_cut_words_are_counted():
    assert cuts_words("armée russe", [Span(0, 3, "A"), Span(6, 11, "B")]) == 1


def test_edges_seen_in_gold_are_not_trimmed():
    assert "." not in edges_for([Document("d", "M. X", (Span(0, 2, "PER"),))]) and "," in EDGES


def test_a_few_abbreviations_do_not_leave_every_full_stop_in_the_mentions():
    usual = [Document(str(year), f"En {year}.", (Span(3, 7, "DATE"),)) for year in range(1950, 2000)]
    assert "." in edges_for([*usual, Document("d", "M. X", (Span(0, 2, "PER"),))])


@given(st.integers(0, 3000), st.integers(1, 400), st.data())
def test_windows_keep_each_token_once_and_hold_what_they_keep(tokens, size, data):
    overlap = data.draw(st.integers(0, size - 1))
    made = windows(tokens, size=size, overlap=overlap)
    kept = [place for window in made for place in range(window.keep_start, window.keep_end)]
    assert kept == list(range(tokens))
    assert all(w.start <= w.keep_start and w.keep_end <= w.end and w.end - w.start <= size for w in made)


def test_a_window_must_be_larger_than_its_overlap():
    with pytest.raises(ValueError, match="overlap 8"):
        windows(10, size=8, overlap=8)
