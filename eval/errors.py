"""Every error gets one cause by rule, so that the costliest habits of a system show first.

Strictly correct predictions are set aside; what overlaps among the rest is one error. One gold span
against one prediction goes through the table `RULES`, the first rule that holds names the cause.

>>> from bilan.data import Document, Span
>>> gold = Document("d", "au moins 12 morts", (Span(0, 11, "KILLED"),))
>>> predicted = Document("d", "au moins 12 morts", (Span(9, 11, "KILLED"),))
>>> errors([Pair(gold, predicted)])[0].cause
'qualifier missing'
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..data.document import Document, Span
from ..data.labels import ENTITY, FIGURE, group_of
from ..data.match import Counts, count, distinct, match, overlaps
from .score import Pair

FUNCTION_WORDS = frozenset((
    "l", "d", "le", "la", "les", "un", "une", "des", "du", "de", "au", "aux", "à", "en", "dans", "sur",
    "sous", "par", "pour", "vers", "chez", "contre", "depuis", "selon", "avec", "entre", "ce", "cet",
    "cette", "ces", "son", "sa", "ses", "leur", "leurs", "notre", "nos", "et", "ou"))
QUALIFIERS = frozenset((
    "au", "moins", "plus", "de", "d", "près", "environ", "quelque", "quelques", "aux", "alentours",
    "autour", "jusqu", "à", "peine", "presque", "entre", "un", "une", "bon", "bonne", "des", "l", "ordre",
    "quasi", "approximativement", "minimum", "maximum", "ou", "pas"))
MISSED, SPURIOUS, SPLIT, MERGED = "missed", "spurious", "split", "merged"
APPOSITION = re.compile(r"\s*[,(:]|\s+[–—-]\s")
WIDTH = 40  # characters of context on either side


@dataclass(frozen=True, slots=True)
class Error:
    """Spans of one document that do not agree, and why.

    `gold` and `predicted` are the spans concerned; one of them may be empty.
    """

    cause: str
    document: Document
    gold: tuple[Span, ...] = ()
    predicted: tuple[Span, ...] = ()

    @property
    def label(self) -> str:
        """The label concerned: that of the gold span, or of the prediction where there is none."""
        return (self.gold or self.predicted)[0].label

    @property
    def confusion(self) -> tuple[str, str] | None:
        """Gold and predicted label of one span against one prediction, when they differ."""
        if len(self.gold) == len(self.predicted) == 1 and self.gold[0].label != self.predicted[0].label:
            return self.gold[0].label, self.predicted[0].label
        return None

    @property
    def pattern(self) -> tuple[str, str]:
        """Cause and label; for a wrong label, `gold → predicted`."""
        return self.cause, " → ".join(self.confusion) if self.confusion else self.label

    @property
    def mended(self) -> Counts:
        """What mending the error adds to the counts."""
        return Counts(0, len(self.gold) - len(self.predicted), len(self.gold))

    def excerpt(self, side: str = "gold", *, width: int = WIDTH) -> list[tuple[str, str]]:
        """The place as pieces of (text, label), label "" outside spans; `side` is gold or predicted."""
        both, spans = [*self.gold, *self.predicted], self.gold if side == "gold" else self.predicted
        start = max(0, min(span.start for span in both) - width)
        end = min(len(self.document.text), max(span.end for span in both) + width)
        return _pieces(self.document.text, start, end, spans)

    def context(self, side: str = "gold", *, width: int = WIDTH) -> str:
        """The place on one line, in the notation of the guide: `…selon l’[armée](FORCE)…`."""
        parts = [f"[{text}]({label})" if label else text for text, label in self.excerpt(side, width=width)]
        return re.sub(r"\s*[\r\n]\s*", " ", "".join(parts)).strip()


class Pattern(NamedTuple):
    """A cause with a label: how often, the points of micro F1 that mending it would give, examples."""

    cause: str
    label: str
    count: int
    points: float
    examples: tuple[Error, ...]


@dataclass(frozen=True, slots=True)
class Boundary:
    """One gold span against one prediction that overlaps it, in the text of the document."""

    text: str
    gold: Span
    predicted: Span

    @property
    def left(self) -> str:
        """What stands between the two beginnings."""
        return self.text[slice(*sorted((self.gold.start, self.predicted.start)))]

    @property
    def right(self) -> str:
        """What stands between the two ends."""
        return self.text[slice(*sorted((self.gold.end, self.predicted.end)))]

    @property
    def left_extra(self) -> bool:
        """Whether the prediction begins too early."""
        return self.predicted.start < self.gold.start

    @property
    def left_cut(self) -> bool:
        """Whether the prediction begins too late."""
        return self.predicted.start > self.gold.start

    @property
    def right_extra(self) -> bool:
        """Whether the prediction ends too late."""
        return self.predicted.end > self.gold.end

    @property
    def right_cut(self) -> bool:
        """Whether the prediction ends too early."""
        return self.predicted.end < self.gold.end

    @property
    def figure(self) -> bool:
        """Whether the gold span is a figure."""
        return group_of(self.gold.label) == FIGURE


def words(text: str) -> list[str]:
    """The words in lower case; an elided one stands without its apostrophe."""
    return re.findall(r"[^\W_]+", text.lower())


def made_of(text: str, vocabulary: frozenset[str]) -> bool:
    """Whether a text has words and all of them are in the vocabulary."""
    found = words(text)
    return bool(found) and vocabulary.issuperset(found)


# The first rule that holds names the cause. Qualifiers come first: "au" and "de" are also determiners.
RULES: tuple[tuple[str, Callable[[Boundary], bool]], ...] = (
    ("wrong label", lambda b: b.gold.label != b.predicted.label),
    ("space or punctuation at an edge", lambda b: not words(b.left + b.right)),
    ("qualifier missing", lambda b: (b.left_cut and made_of(b.left, QUALIFIERS))
                                    or (b.right_cut and made_of(b.right, QUALIFIERS))),
    ("determiner or preposition inside", lambda b: (b.left_extra and made_of(b.left, FUNCTION_WORDS))
                                                   or (b.right_extra and made_of(b.right, FUNCTION_WORDS))),
    ("counted noun inside a figure", lambda b: b.figure and b.right_extra and not re.search(r"\d", b.right)),
    ("apposition", lambda b: (b.right_extra or b.right_cut) and bool(APPOSITION.match(b.right))),
    ("complement cut", lambda b: b.right_cut),
    ("complement too long", lambda b: b.right_extra),
    ("beginning cut", lambda b: b.left_cut),
    ("beginning too long", lambda b: b.left_extra),
)
INCONSISTENT = "inconsistent gold"
CAUSES = (*(name for name, _ in RULES), INCONSISTENT, SPLIT, MERGED, MISSED, SPURIOUS)


def errors(pairs: Sequence[Pair]) -> list[Error]:
    """All errors, in the order of the documents; a span is in one error at most."""
    labels = gold_labels(both.gold for both in pairs)
    return [error for gold, predicted in pairs for error in _of_document(gold, predicted, labels)]


def gold_labels(documents: Iterable[Document]) -> dict[str, set[str]]:
    """Mention (casefolded) → its entity labels; figures are ambiguous by nature and left out."""
    found: dict[str, set[str]] = defaultdict(set)
    for document in documents:
        for span in document.spans:
            if group_of(span.label) == ENTITY:
                found[document.mention(span).casefold()].add(span.label)
    return found


def _of_document(gold: Document, predicted: Document, labels: Mapping[str, set[str]]) -> Iterator[Error]:
    right = {span.key for span in gold.spans} & {span.key for span in predicted.spans}
    missed = [span for span in distinct(gold.spans) if span.key not in right]
    wrong = [span for span in distinct(predicted.spans) if span.key not in right]
    for golds, answers in _clusters(missed, wrong):
        if len(golds) > 1 and len(answers) > 1:
            yield from _paired(gold, golds, answers, labels)
        else:
            yield Error(_cause(gold, golds, answers, labels), gold, tuple(golds), tuple(answers))


def _clusters(gold: list[Span], predicted: list[Span]) -> list[tuple[list[Span], list[Span]]]:
    """Spans that overlap, directly or through others, together; in the order of the text."""
    nodes = [(0, i) for i in range(len(gold))] + [(1, j) for j in range(len(predicted))]
    home = {node: {node} for node in nodes}
    for i, j in overlaps(gold, predicted):
        first, second = home[0, i], home[1, j]
        if first is not second:
            first, second = (first, second) if len(first) >= len(second) else (second, first)
            first |= second
            home.update(dict.fromkeys(second, first))
    clusters = [sorted(members) for members in {id(members): members for members in home.values()}.values()]
    spans = [([gold[rank] for side, rank in members if side == 0],
              [predicted[rank] for side, rank in members if side == 1]) for members in clusters]
    return sorted(spans, key=lambda both: min(span.start for side in both for span in side))


def _paired(document: Document, golds: list[Span], answers: list[Span],
            labels: Mapping[str, set[str]]) -> Iterator[Error]:
    """Several against several: each pair of the best matching is an error, and each span left over."""
    links = dict(match(golds, answers))
    for rank, span in enumerate(golds):
        chosen = [answers[links[rank]]] if rank in links else []
        yield Error(_cause(document, [span], chosen, labels), document, (span,), tuple(chosen))
    for rank in sorted(set(range(len(answers))) - set(links.values())):
        yield Error(SPURIOUS, document, (), (answers[rank],))


def _cause(document: Document, golds: list[Span], answers: list[Span], labels: Mapping[str, set[str]]) -> str:
    if not golds or not answers:
        return MISSED if golds else SPURIOUS
    if len(golds) > 1 or len(answers) > 1:
        return MERGED if len(golds) > 1 else SPLIT
    gold, answer = golds[0], answers[0]
    same = (gold.start, gold.end) == (answer.start, answer.end)
    if same and answer.label in labels.get(document.mention(gold).casefold(), ()):
        return INCONSISTENT
    boundary = Boundary(document.text, gold, answer)
    return next(name for name, holds in RULES if holds(boundary))


def table(found: Iterable[Error]) -> dict[str, Counter[str]]:
    """Label → cause → number of errors."""
    result: dict[str, Counter[str]] = defaultdict(Counter)
    for error in found:
        result[error.label][error.cause] += 1
    return dict(result)


def confusions(pairs: Iterable[Pair]) -> Counter[tuple[str, str]]:
    """(gold label, predicted label) of spans with equal boundaries or the best overlap; "" is none."""
    result: Counter[tuple[str, str]] = Counter()
    for gold, predicted in pairs:
        golds, answers = distinct(gold.spans), distinct(predicted.spans)
        links = dict(match(golds, answers))
        result.update((span.label, answers[links[i]].label if i in links else "")
                      for i, span in enumerate(golds))
        result.update(("", answers[j].label) for j in set(range(len(answers))) - set(links.values()))
    return result


def costliest(pairs: Sequence[Pair], found: Sequence[Error] | None = None, *, keep: int = 10,
              examples: int = 3) -> list[Pattern]:
    """The patterns whose mending would raise micro F1 most, with their first examples."""
    found = errors(pairs) if found is None else found
    now = sum((c for g, p in pairs for c in count(g, p).values()), Counts())
    grouped: dict[tuple[str, str], list[Error]] = defaultdict(list)
    for error in found:
        grouped[error.pattern].append(error)
    rows = [Pattern(cause, label, len(members), _points(now, members), tuple(members[:examples]))
            for (cause, label), members in grouped.items()]
    return sorted(rows, key=lambda row: (-row.points, -row.count, row.cause, row.label))[:keep]


def _points(now: Counts, members: Iterable[Error]) -> float:
    then = sum((error.mended for error in members), now)
    return 100 * ((then.f1 or 0.0) - (now.f1 or 0.0))


def _pieces(text: str, start: int, end: int, spans: Iterable[Span]) -> list[tuple[str, str]]:
    pieces, position = [("…", "")] if start else [], start
    for span in spans:
        if span.start >= position:
            pieces += [(text[position:span.start], ""), (text[span.start:span.end], span.label)]
            position = span.end
    pieces += [(text[position:end], "")] + ([("…", "")] if end < len(text) else [])
    return [piece for piece in pieces if piece[0]]
