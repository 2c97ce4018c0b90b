"""Reader: texts in, predicted Documents out; long texts in passages and windows, nothing truncated."""

from __future__ import annotations

import datetime
import hashlib
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from ..data.align import Encoded, encode
from ..data.document import Document, Span
from ..data.errors import BilanError
from ..data.files import parse_json, read_text
from .checkpoint import Cutting, capacity, load_cutting, load_tokenizer, locate, tag_names, wrapping
from .claims import Claim, claims
from .confront import Row, confrontation
from .decode import TagSet, decode, tag_set
from .network import PRECISIONS, Predict, load_network
from .onnx import find
from .passages import SIZE, Passage, hands
from .windows import Frame, Todo, batches, compute, gathered, laid

TOKENS_PER_BATCH = 4096
PACKAGED = Path(__file__).parent / "ner"  # the model that comes with the package


@dataclass(frozen=True)
class Reading:
    """What a reader makes of one text; `date` is the day from which « vendredi » is counted."""

    document: Document
    date: str | None = None

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """One claim a figure: value, who is counted, who says so, when, where (`bilan.models.claims`)."""
        return claims(self.document, date=self.date)

    @property
    def confrontation(self) -> list[Row]:
        """The claims grouped by what they count, contradictions marked (`bilan.models.confront`)."""
        return confrontation(self.claims)


@dataclass(frozen=True, slots=True)
class Reader:
    """A loaded checkpoint, for any number of threads. `labels` are what it finds.

    `fingerprint` is the SHA-256 of its weights and `bilan.json`. `workers` windows are computed side by
    side, each by itself (ONNX); with 0 they are computed in batches, one after another (PyTorch).
    """

    tokenizer: Tokenizer
    predict: Predict
    tags: TagSet
    cutting: Cutting
    pad: int
    fingerprint: str = ""
    workers: int = 0
    passage: int = SIZE

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that the reader can give."""
        return self.tags.labels

    def read(self, text: str | Document, *, date: datetime.date | str | None = None, id: str = "text",
             min_confidence: float | None = None, review: float | None = None) -> Reading:
        """The reading of one text, published on `date` (a Document's header says its own).

        `min_confidence` and `review` as in `read_many`.

        >>> reader.read("3 000 soldats").document.spans      # doctest: +SKIP
        (Span(start=0, end=5, label='TROOPS', …), Span(start=6, end=13, label='FORCE', …))
        """
        given = text if isinstance(text, Document) else Document(id, text)
        read = next(self.read_many([given], min_confidence=min_confidence, review=review))
        return Reading(read, str(date) if date is not None else None)

    def read_many(self, texts: Iterable[str | Document], *, tokens_per_batch: int = TOKENS_PER_BATCH,
                  progress: bool = False, min_confidence: float | None = None,
                  review: float | None = None) -> Iterator[Document]:
        """The predicted Document of each text, in order, in memory that does not grow with number and length.

        A Document keeps its id, text and meta and gets predicted spans for its own; a string gets
        the id `text-N`. Spans of a score below `min_confidence` are dropped, those below `review` get the
        attribute `review=yes`; both from 0 to 1. `progress` shows a bar on standard error. Spans do not
        depend on `tokens_per_batch`. Raises BilanError for what is no text and for wrong options.
        """
        if tokens_per_batch < 1:
            raise BilanError(f"tokens_per_batch {tokens_per_batch}", mend="1 or more is expected")
        sifted = sieve(share("min_confidence", min_confidence), share("review", review))
        read = self._documents(map(_document, texts, _counted()), tokens_per_batch, sifted)
        return _shown(read, texts) if progress else read

    def _documents(self, documents: Iterable[Document], budget: int, sifted: Sieve) -> Iterator[Document]:
        """Documents with their spans, as soon as their last passage is decoded."""
        found: list[Span] = []
        for passage, spans in self._passages(documents, budget):
            found += [span.replace(start=span.start + passage.start, end=span.end + passage.start)
                      for span in spans] if passage.start else spans
            if passage.last:
                yield passage.document.replace(spans=tuple(sifted(found)))
                found = []

    def _passages(self, documents: Iterable[Document], budget: int) -> Iterator[tuple[Passage, list[Span]]]:
        """Passages with their spans: while a hand of them is computed the next one is tokenised."""
        frame, waiting = self.frame(), deque()
        with ExitStack() as stack:
            pools = [stack.enter_context(ThreadPoolExecutor(size)) for size in (1, self.workers) if size]
            stack.callback(lambda: [pool.shutdown(wait=False, cancel_futures=True) for pool in pools])
            submit = pools[1].submit if self.workers else _now
            tokenised = ahead(pools[0], self._encoded, hands(documents, size=self.passage))
            for hand, encoded in tokenised:
                waiting.append((hand, encoded, self._begun(encoded, frame, budget, submit)))
                if not self.workers or len(waiting) > 1:
                    yield from self._decoded(*waiting.popleft())
            for hand in waiting:
                yield from self._decoded(*hand)

    def frame(self) -> Frame:
        """How windows are laid over the tokens of a text."""
        before, after = wrapping(self.tokenizer)
        size = self.cutting.window - len(before) - len(after)
        return Frame(size, min(self.cutting.overlap, size - 1), before, after, self.pad)

    def _encoded(self, hand: list[Passage]) -> tuple[list[Passage], list[Encoded]]:
        return hand, [encode(self.tokenizer, passage.text, whole_words=self.cutting.whole_words) for passage in hand]

    def _begun(self, encoded: Sequence[Encoded], frame: Frame, budget: int,
               submit: Submit) -> list[tuple[list[Todo], Future]]:
        """The batches of windows of a hand, each with its logits to come."""
        extra = len(frame.before) + len(frame.after)
        made = batches(laid(encoded, frame), budget=budget, extra=extra, rows=1 if self.workers else 0)
        return [(batch, submit(compute, self.predict, encoded, batch, frame)) for batch in made]

    def _decoded(self, hand: Sequence[Passage], encoded: Sequence[Encoded],
                 begun: Sequence[tuple[list[Todo], Future]]) -> Iterator[tuple[Passage, list[Span]]]:
        computed = ((item, scores) for batch, future in begun
                    for item, scores in zip(batch, future.result(), strict=True))
        logits = gathered(encoded, computed, tags=self.tags.columns)
        for passage, tokens, scores in zip(hand, encoded, logits, strict=True):
            yield passage, decode(tokens, scores, self.tags, trim=self.cutting.trim,
                                  temperature=self.cutting.temperature, transitions=self.cutting.transitions)


Submit = Callable[..., Future]
Sieve = Callable[[list[Span]], list[Span]]


def _now(function: Callable[..., Any], *arguments: Any) -> Future:
    """A pool's `submit` without the pool: the function runs here."""
    future: Future = Future()
    future.set_result(function(*arguments))
    return future


def ahead(pool: ThreadPoolExecutor, function: Callable[..., Any], items: Iterable[Any]) -> Iterator[Any]:
    """The results of the function, in order, each computed while the one before it is used."""
    waiting: deque[Future] = deque()
    for item in items:
        waiting.append(pool.submit(function, item))
        if len(waiting) > 1:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _counted() -> Iterator[int]:
    return iter(range(1, sys.maxsize))


def _document(text: str | Document, number: int) -> Document:
    if isinstance(text, Document):
        return text
    if not isinstance(text, str):
        raise BilanError(f"text {number} is {type(text).__name__}", mend="str or Document is expected")
    return Document(f"text-{number}", text)


def share(name: str, value: float | None) -> float | None:
    """The value of an option from 0 to 1; BilanError for another."""
    if value is not None and not 0 <= value <= 1:
        raise BilanError(f"{name} {value}", mend="from 0 to 1 is expected")
    return value


def sieve(min_confidence: float | None, review: float | None) -> Sieve:
    """A function that drops spans of a lower score than `min_confidence` and marks those below `review`."""
    def sifted(spans: list[Span]) -> list[Span]:
        kept = spans if min_confidence is None else [s for s in spans if (s.score or 0) >= min_confidence]
        if review is None:
            return kept
        return [s.replace(attributes={**s.attributes, "review": "yes"}) if (s.score or 0) < review else s for s in kept]

    return sifted


def _shown(read: Iterator[Document], texts: object) -> Iterator[Document]:
    from rich.console import Console
    from rich.progress import track

    yield from track(read, "reading", total=len(texts) if isinstance(texts, Sized) else None,
                     console=Console(stderr=True))


def load(path_or_id: str | Path | None = None, *, device: str = "auto", precision: str = "auto",
         threads: int | None = None) -> Reader:
    """The reader of a run or export folder, a plain transformers token-classification folder, or a hub id.

    Without a path, the model that comes with the package. A folder with an ONNX model is read on the CPU
    by onnxruntime, without torch and transformers; `precision` is `auto`, `fp32`, `bf16` or `int8`, and
    `threads` how many cores are used. Raises BilanError for anything that is not a whole checkpoint, or
    whose tokenizer has changed.

    >>> reader = load("runs/embedded")                # doctest: +SKIP
    >>> reader.read("Kiev affirme…").document.spans   # doctest: +SKIP
    """
    if precision not in PRECISIONS:
        raise BilanError(f"unknown precision {precision!r}", mend=f"expected {', '.join(PRECISIONS)}")
    if threads is not None and threads < 1:
        raise BilanError(f"threads {threads}", mend="1 or more is expected")
    folder = packaged() if path_or_id is None else locate(path_or_id)
    file = folder / "config.json"
    config = parse_json(read_text(file), where=file)
    tokenizer = load_tokenizer(folder)
    network = load_network(folder, device=device, precision=precision, threads=threads)
    weights = precision if network.workers else "bf16"  # for which no folder has ONNX: those that were read
    return Reader(tokenizer, network.predict, tag_set(tag_names(config, where=file)),
                  within(load_cutting(folder, tokenizer), config), config.get("pad_token_id") or 0,
                  fingerprint(folder, precision=weights), network.workers)


def packaged() -> Path:
    """The folder of the model that comes with the package; BilanError where it has none."""
    if not PACKAGED.is_dir():
        raise BilanError("no model comes with this installation", where=PACKAGED,
                         mend="train one (make train) and name it: --model RUN, or load(\"runs/embedded\")")
    return PACKAGED


def within(cutting: Cutting, config: Mapping[str, Any]) -> Cutting:
    """The cutting with a window that the model's position table can hold."""
    return replace(cutting, window=min(cutting.window, capacity(config) or cutting.window))


def fingerprint(folder: Path, *, precision: str = "auto") -> str:
    """The SHA-256 of the weights that are read and of `bilan.json`: 64 hexadecimal digits."""
    onnx = find(folder, precision=precision)
    weights = [onnx] if onnx else sorted(folder.glob("*.safetensors"))
    digest = hashlib.sha256()
    for file in [*weights, *folder.glob("bilan.json")]:
        with open(file, "rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()
