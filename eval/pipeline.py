"""A small spaCy pipeline trained on our documents: hash embeddings, a convolution, transitions.

The architecture is spaCy's own default for named entities on a CPU (`tok2vec` of width 96 under the
transition-based recogniser, https://spacy.io/api/architectures#parser), without pretrained vectors.
Words are those of `bilan.data.formats.tokens`: spaCy's French words are longer than some spans.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..data.dataset import word_tags
from ..data.document import Document
from ..data.extras import absent
from ..data.formats.tokens import token_spans, words

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

EPOCHS, BATCH, DROPOUT, SEED = 20, 8, 0.2, 1  # chosen beforehand, not tuned


def train(documents: Sequence[Document], *, epochs: int = EPOCHS) -> Callable[[Document], Document]:
    """A reader trained for a fixed number of epochs, seeded; no document is held back to stop early.

    Spans whose edges no word has are not learned. Raises BilanError without spaCy.
    """
    try:
        import spacy
        from spacy.training import Example
        from thinc.api import fix_random_seed
    except ImportError as error:
        raise absent(error, "the spaCy baseline") from error
    fix_random_seed(SEED)
    pipeline = spacy.blank("fr")
    pipeline.add_pipe("ner")
    examples = [Example(_doc(pipeline, document), _doc(pipeline, document, tags=word_tags(document)[0]))
                for document in documents]
    optimizer = pipeline.initialize(lambda: examples)
    dice = random.Random(SEED)
    for _ in range(epochs):
        dice.shuffle(examples)
        for start in range(0, len(examples), BATCH):
            pipeline.update(examples[start:start + BATCH], sgd=optimizer, drop=DROPOUT)
    return lambda document: _read(pipeline, document)


def _doc(pipeline: Language, document: Document, *, tags: Sequence[str] | None = None) -> Doc:
    """The words of a document, with their IOB2 tags if given; white space is not kept."""
    from spacy.tokens import Doc

    forms = [document.text[start:end] for start, end in words(document.text)]
    return Doc(pipeline.vocab, words=forms, ents=None if tags is None else list(tags))


def _read(pipeline: Language, document: Document) -> Document:
    found = pipeline(_doc(pipeline, document)).ents
    spans = token_spans(words(document.text), [(each.start, each.end - 1, each.label_) for each in found])
    return document.replace(spans=tuple(spans))
