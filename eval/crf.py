"""A conditional random field over hand-made features of words (Lafferty et al. 2001).

The words are those of `bilan.data.formats.tokens`, the sequences sentences, the tags IOB2, the learner
CRFsuite's L-BFGS (Okazaki 2007, http://www.chokkan.org/software/crfsuite) in python-crfsuite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..data.dataset import word_tags
from ..data.document import Document, Span
from ..data.extras import absent
from ..data.formats.schemes import decode
from ..data.formats.tokens import Offsets, token_spans, words
from ..data.sentences import sentences

PARAMETERS = {"c1": 0.1, "c2": 0.01, "max_iterations": 80}  # chosen beforehand, not tuned
AROUND = (-2, -1, 1, 2)  # the neighbours whose form and shape a word sees


def train(documents: Sequence[Document]) -> Callable[[Document], Document]:
    """A reader with the weights learned from the documents; the same for the same documents.

    Spans whose edges no word has are not learned. Raises BilanError without python-crfsuite.
    """
    crfsuite = _crfsuite()
    trainer = crfsuite.Trainer(algorithm="lbfgs", params=PARAMETERS, verbose=False)
    for document in documents:
        tags = word_tags(document)[0]
        for places, offsets in sequences(document.text):
            trainer.append(features([document.text[a:b] for a, b in offsets]), [tags[i] for i in places])
    with TemporaryDirectory() as folder:
        model = Path(folder) / "model.crfsuite"
        trainer.train(str(model))
        tagger = crfsuite.Tagger()
        tagger.open(str(model))  # reads it whole; open_inmemory would point into bytes that Python frees
    return lambda document: _tagged(document, tagger.tag)


def _crfsuite() -> Any:
    try:
        import pycrfsuite
    except ImportError as error:
        raise absent(error, "the CRF") from error
    return pycrfsuite


def _tagged(document: Document, tag: Callable[[list[list[str]]], list[str]]) -> Document:
    spans: list[Span] = []
    for _, offsets in sequences(document.text):
        tags = tag(features([document.text[start:end] for start, end in offsets]))
        spans += token_spans(offsets, decode(tags))
    return document.replace(spans=tuple(spans))


def sequences(text: str) -> Iterator[tuple[list[int], list[Offsets]]]:
    """The words of each sentence: their numbers in the text and their offsets."""
    tokens = words(text)
    first = 0
    for _, end in sentences(text):
        last = first
        while last < len(tokens) and tokens[last][0] < end:
            last += 1
        yield list(range(first, last)), tokens[first:last]
        first = last


def features(sentence: Sequence[str]) -> list[list[str]]:
    """The features of each word: form, shape, edges, and the forms and shapes around it.

    >>> features(["3", "000", "soldats"])[0][:4]
    ['form=3', 'shape=0', 'start=3', 'end=3']
    """
    forms = [word.casefold().replace("’", "'") for word in sentence]
    shapes = [shape(word) for word in sentence]
    return [[*_own(forms[i], shapes[i]), *_near(forms, shapes, i)] for i in range(len(sentence))]


def _own(form: str, shape: str) -> list[str]:
    edges = [f"{name}={part}" for length in (1, 2, 3, 4)
             for name, part in (("start", form[:length]), ("end", form[-length:]))]
    return [f"form={form}", f"shape={shape}", *edges]


def _near(forms: Sequence[str], shapes: Sequence[str], i: int) -> list[str]:
    found = [f"{name}{step:+d}={values[i + step] if 0 <= i + step < len(forms) else ''}"
             for step in AROUND for name, values in (("form", forms), ("shape", shapes))]
    before, after = (forms[j] if 0 <= j < len(forms) else "" for j in (i - 1, i + 1))
    return [*found, f"before={before}|{forms[i]}", f"after={forms[i]}|{after}"]


def shape(word: str) -> str:
    """Capitals, small letters, digits and others as X, x, 0 and themselves, runs cut to two.

    >>> shape("Goma"), shape("2024"), shape("F"), shape("-")
    ('Xxx', '00', 'X', '-')
    """
    kinds = ["0" if c.isdigit() else "X" if c.isupper() else "x" if c.isalpha() else c for c in word]
    return "".join(kind for i, kind in enumerate(kinds) if kinds[max(0, i - 2):i] != [kind] * 2)
