"""The floor of every comparison: each mention gets the label that it most often has in training.

A mention is its words (`bilan.data.formats.tokens`), whatever their case and apostrophes. One that the
training texts leave unmarked more often than marked is not in the dictionary. From left to right, the
longest mention wins.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

from ..data.document import Document, Span
from ..data.formats.tokens import Offsets, words

Mention = tuple[str, ...]
Lexicon = dict[Mention, str]


def train(documents: Sequence[Document]) -> Callable[[Document], Document]:
    """A reader that looks mentions up among those of the training documents.

    >>> read = train([Document("d", "à Goma", (Span(2, 6, "LOC"),))])
    >>> read(Document("e", "De Goma à Uvira")).spans[0].key
    (3, 7, 'LOC')
    """
    known = lexicon(documents)
    longest = max(map(len, known), default=0)
    return lambda document: document.replace(spans=tuple(
        Span(start, end, known[mention]) for start, end, mention in _matches(document, known, longest)))


def lexicon(documents: Sequence[Document]) -> Lexicon:
    """Mention → its most frequent label, the first in the alphabet among equals."""
    votes: dict[Mention, Counter[str]] = defaultdict(Counter)
    for document in documents:
        for span in document.spans:
            votes[tuple(word for _, word in _tokens(document.mention(span)))][span.label] += 1
    longest = max(map(len, votes), default=0)
    seen = Counter(mention for document in documents for mention in _sequences(document, votes, longest))
    return {mention: min(labels, key=lambda label: (-labels[label], label))
            for mention, labels in votes.items() if 2 * labels.total() >= seen[mention]}


def _tokens(text: str) -> list[tuple[Offsets, str]]:
    """The offsets and the folded form of each word."""
    return [((start, end), text[start:end].casefold().replace("’", "'")) for start, end in words(text)]


def _sequences(document: Document, known: dict[Mention, Counter[str]], longest: int) -> Iterator[Mention]:
    """Every place where the words of a mention stand, marked or not."""
    forms = [word for _, word in _tokens(document.text)]
    for first in range(len(forms)):
        for last in range(first + 1, min(first + longest, len(forms)) + 1):
            if (mention := tuple(forms[first:last])) in known:
                yield mention


def _matches(document: Document, known: Lexicon, longest: int) -> Iterator[tuple[int, int, Mention]]:
    tokens = _tokens(document.text)
    first = 0
    while first < len(tokens):
        for last in range(min(first + longest, len(tokens)), first, -1):
            mention = tuple(word for _, word in tokens[first:last])
            if mention in known:
                yield tokens[first][0][0], tokens[last - 1][0][1], mention
                first = last - 1
                break
        first += 1
