"""Anything that can be scored, as one function from documents to answers.

| system                        | what it is                                                           |
|-------------------------------|----------------------------------------------------------------------|
| `spacy:NAME`                  | an installed spaCy pipeline, or the folder of one (extra `spacy`)    |
| a folder with a config.json   | a run of ours, or any transformers token-classification checkpoint   |
| any other path that exists    | predicted documents, in any format that `bilan.data.formats` reads   |
| anything else                 | the id of a token-classification model on a hub                      |

A system gets the documents without their spans, so it cannot see the gold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..data.dataset import documents_at
from ..data.document import Document, Span
from ..data.errors import BilanError
from ..data.extras import absent

if TYPE_CHECKING:
    from spacy.language import Language

Reader = Callable[[Sequence[Document]], list[Document]]
SPACY = "spacy:"
CHECKPOINT_FILES = ("config.json", "run.json")


class Kind(NamedTuple):
    """A kind of system: which names it claims, how it is opened, whether it reads any text given."""

    name: str
    claims: Callable[[str], bool]
    opened: Callable[[str, str], Reader]
    reads: bool


def answers(system: str, documents: Sequence[Document], *, split: str = "test") -> list[Document]:
    """What a system answers for each document: the same ids and texts with its own spans.

    `split` is the side that is meant where predictions are a dataset folder. Raises BilanError where
    the system is absent, unreadable, or needs an extra that is not installed.

    >>> answers("spacy:fr_core_news_md", [Document("d", "Il vit à Goma.")])      # doctest: +SKIP
    [Document(id='d', text='Il vit à Goma.', spans=(Span(start=9, end=13, label='LOC', …),), …)]
    """
    return kind_of(system).opened(system, split)(blind(documents))


def reader(system: str) -> Reader:
    """A system opened once, to read several sets of texts; BilanError for files of predictions."""
    kind = kind_of(system)
    if not kind.reads:
        raise BilanError("predictions are answers to one text only: a system that reads is needed",
                         where=system, mend="name a run folder, a hub id or spacy:NAME")
    opened = kind.opened(system, "")
    return lambda documents: opened(blind(documents))


def blind(documents: Sequence[Document]) -> list[Document]:
    """The documents without their spans."""
    return [document.replace(spans=()) for document in documents]


def kind_of(system: str) -> Kind:
    """The first row of the table that claims the name."""
    return next(kind for kind in KINDS if kind.claims(system))


def _is_checkpoint(system: str) -> bool:
    return any((Path(system) / name).is_file() for name in CHECKPOINT_FILES)


def _checkpoint(system: str, split: str) -> Reader:
    del split
    from ..models import load

    opened = load(system)
    return lambda documents: list(opened.read_many(documents))


def _predictions(system: str, split: str) -> Reader:
    return lambda documents: list(documents_at(system, split))


def _spacy(system: str, split: str) -> Reader:
    del split
    pipeline = spacy_pipeline(system.removeprefix(SPACY))
    return lambda documents: list(_entities(pipeline, documents))


def spacy_pipeline(name: str) -> Language:
    """A spaCy pipeline that finds entities; BilanError names what is to be installed."""
    try:
        import spacy
    except ImportError as error:
        raise absent(error, "a pipeline of spaCy", where=f"{SPACY}{name}") from error
    try:
        pipeline = spacy.load(name)
    except (OSError, ValueError) as error:
        raise BilanError(f"no spaCy pipeline that loads ({str(error).split('. ')[0][:160]})",
                         where=f"{SPACY}{name}",
                         mend=f"pip install {name.replace('_', '-')}, or name its folder") from error
    if not {"ner", "entity_ruler", "span_ruler", "beam_ner"} & set(pipeline.pipe_names):
        raise BilanError(f"a spaCy pipeline without entities (it has {', '.join(pipeline.pipe_names)})",
                         where=f"{SPACY}{name}", mend="name one with the component ner")
    return pipeline


def _entities(pipeline: Language, documents: Sequence[Document]) -> Iterator[Document]:
    texts = (document.text for document in documents)
    for document, read in zip(documents, pipeline.pipe(texts), strict=True):
        spans = (Span(found.start_char, found.end_char, found.label_) for found in read.ents)
        yield document.replace(spans=tuple(spans))


# Ordered: the first row that claims a name opens it, and the last claims every name.
KINDS = (
    Kind("spaCy pipeline", lambda system: system.startswith(SPACY), _spacy, True),
    Kind("checkpoint", _is_checkpoint, _checkpoint, True),
    Kind("predictions", lambda system: Path(system).exists(), _predictions, False),
    Kind("hub id", lambda system: True, _checkpoint, True),
)
