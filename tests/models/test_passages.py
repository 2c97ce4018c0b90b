"""Long texts in passages: nothing lost, nothing cut inside a word, the same spans as for the parts."""

from dataclasses import replace

import pytest
from bilan.data import Document
from bilan.data.align import inseparable
from bilan.models.passages import hands, passages
from hypothesis import given
from hypothesis import strategies as st

LONG = "\n\n".join(f"À Goma, {number} civils ont été tués. Kiev affirme avoir capturé 3 000 combattants."
                   for number in range(40))


def cut(text, size):
    return [passage.text for passage in passages(Document("d", text), size=size)]


@given(st.text(alphabet=st.sampled_from("ab1,. \n’é\u0301\u200d"), max_size=80), st.integers(2, 30))
def test_passages_are_the_text_without_gaps(text, size):
    made = list(passages(Document("d", text), size=size))
    assert "".join(passage.text for passage in made) == text
    assert all(text.startswith(passage.text, passage.start) and len(passage.text) <= size for passage in made)
    assert [passage.last for passage in made] == [False] * (len(made) - 1) + [True]


@pytest.mark.parametrize(("text", "first"), [
    ("Un. Deux.\n\nTrois. Quatre cinq", "Un. Deux.\n\n"), ("Un deux.\nTrois quatre", "Un deux.\n"),
    ("Un deux. Trois quatre", "Un deux. "), ("Un deux trois quatre", "Un deux trois "), ("l’antiaérienne", "l’"),
])
def test_a_passage_ends_at_a_paragraph_else_a_line_a_sentence_a_word(text, first):
    assert cut(text, len(first) + 1 if first != "l’" else 8)[0] == first


def test_an_empty_line_of_windows_ends_a_paragraph_too():
    assert cut("Un.\r\n\r\nDeux\r\ntrois quatre", 16)[0] == "Un.\r\n\r\n"


def test_no_passage_ends_inside_a_number_if_it_can_be_helped():
    text = "morts:1234567"
    assert not any(inseparable(text, len(part)) for part in cut(text, 8)[:1])


def test_a_long_text_is_read_as_its_paragraphs_are(tiny_reader):
    short = replace(tiny_reader, passage=200)
    alone, start = [], 0
    for part in cut(LONG, 200):
        alone += [(s.start + start, s.end + start, s.label, s.score) for s in tiny_reader.read(part).document.spans]
        start += len(part)
    assert alone == [(s.start, s.end, s.label, s.score) for s in short.read(LONG).document.spans]


def test_long_and_short_texts_come_in_order(tiny_reader):
    texts = ["Goma", LONG, "", "12 morts", LONG[:500]]
    assert [d.text for d in replace(tiny_reader, passage=300).read_many(texts)] == texts


def test_a_hand_is_bounded_whatever_the_lengths():
    documents = [Document(str(n), "a " * 30_000) for n in range(5)] + [Document(f"s{n}", "a") for n in range(200)]
    made = list(hands(documents))
    assert all(len(hand) <= 64 and sum(len(p.text) for p in hand) <= 120_000 for hand in made)
    assert [p.document.id for hand in made for p in hand if p.last] == [d.id for d in documents]
