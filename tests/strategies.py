"""Documents made by hypothesis, with the texts that break offsets: shared by the format tests."""

from __future__ import annotations

from bilan.data.document import Document, Span
from hypothesis import settings
from hypothesis import strategies as st

# Machines are slow at times, and no test of ours is about time.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# Each piece has broken a reader somewhere: no-break spaces, CRLF, tabs, characters outside the BMP,
# combining accents, right-to-left, a joined emoji, U+2028, and the marks that formats use themselves.
PIECES = ("armée", "Kiev", "l’", "L'", "à", "3 000", "3\u202f000", "12\u00a0morts", "F-16", "20 %", " ", "  ",
          "\n", "\r\n", "\n\n", "\t", "\u00a0", "\u202f", "\u2028", "\u200d", "\ufeff", "\u200f",
          "🚀", "👨\u200d👩\u200d👧", "❤️",
          "e\u0301te\u0301", "الجيش", "צבא", "𝔘", ".", ",", "«", "»", "\\", "|", "_",
          "*", "#", "#Text=", "[1]", "{", "}", "<b>", "&amp;", '"', ";", "-", "-DOCSTART-", "O", "B-PER",
          "T1", "->", "=")
LABELS = ("PER", "LOC", "FORCE", "KILLED", "DATE")
NAMES = ("who", "by", "note", "sûr")
VALUES = ("true", "oui", "a b", "ça", "3 %", "x|y", "k=v", "l’un", "é")

ATTRIBUTES = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES), max_size=2)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A text of up to twenty pieces, possibly empty."""
    return "".join(draw(st.lists(st.sampled_from(PIECES), max_size=20)))


@st.composite
def documents(draw: st.DrawFn, *, nested: bool = False, discontinuous: bool = False, attributes: bool = False,
              relations: bool = False, blank_edges: bool = False, blank: bool = True) -> Document:
    """A document with up to five spans; without the flags it is flat and has no attributes.

    `nested` lets spans nest and cross, `discontinuous` gives some of them fragments, `relations` lets
    them point at others by id, `blank_edges` lets them begin or end with white space; `blank` (default)
    lets the text have no visible character.
    """
    text = draw(texts().filter(lambda made: blank or bool(made.strip())))
    spans = draw(_spans(text, nested, discontinuous, attributes, blank_edges))
    if relations and len(spans) > 1:
        spans[0] = spans[0].replace(attributes={**spans[0].attributes, "id": "s"})
        spans[1] = spans[1].replace(attributes={**spans[1].attributes, "id": "k2"})
        by = draw(st.sampled_from(("s", "k2", "s k2")))
        spans[-1] = spans[-1].replace(attributes={**spans[-1].attributes, "by": by})
    return Document(draw(st.sampled_from(("d1", "ua-0001", "été 2024"))), text, tuple(spans))


@st.composite
def _spans(draw: st.DrawFn, text: str, nested: bool, discontinuous: bool, attributes: bool,
           blank_edges: bool) -> list[Span]:
    count = draw(st.integers(0, 5))
    edges = draw(st.lists(st.integers(0, len(text)), min_size=2 * count, max_size=2 * count))
    pairs = [edges[i:i + 2] for i in range(0, len(edges), 2)] if nested else _neighbours(sorted(edges))
    spans: list[Span] = []
    for first, second in map(sorted, pairs):
        start, end = (first, second) if blank_edges else _trimmed(text, first, second)
        if start >= end:
            continue
        named: dict[str, str] = {**draw(ATTRIBUTES)} if attributes else {}
        fragments = _halves(text, start, end) if discontinuous and draw(st.booleans()) else ()
        spans.append(Span(start, end, draw(st.sampled_from(LABELS)), named, fragments=fragments))
    return list({(span.key, span.fragments): span for span in spans}.values())


def _neighbours(edges: list[int]) -> list[list[int]]:
    """Consecutive pairs; every other one begins where the one before ends, so that spans are adjacent."""
    return [[edges[i], edges[i + 1]] for i in range(len(edges) - 1)]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    mention = text[start:end]
    return start + len(mention) - len(mention.lstrip()), end - len(mention) + len(mention.rstrip())


def _halves(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Two fragments that leave out a middle character, when it and the edges of both are visible."""
    middle = (start + end) // 2
    left, right = _trimmed(text, start, middle), _trimmed(text, middle + 1, end)
    whole = left[0] == start and right[1] == end and not text[middle].isspace()
    return (left, right) if whole and left[0] < left[1] and right[0] < right[1] else ()
