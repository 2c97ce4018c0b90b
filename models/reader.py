"""Reader: texts in, predicted Documents out; long texts in overlapping windows, nothing truncated."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from ..data.align import Encoded, Window, encode, windows
from ..data.document import Document
from ..data.errors import BilanError
from ..data.files import parse_json, read_text
from .checkpoint import Cutting, capacity, load_cutting, load_tokenizer, locate, tag_names, wrapping
from .claims import Claim, claims
from .confront import Row, confrontation
from .decode import TagSet, decode, tag_set
from .network import PRECISIONS, Predict, load_network

TOKENS_PER_BATCH = 4096
TEXTS_IN_HAND = 64  # texts that read_many holds at once, so that memory does not grow with their number


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
    """A loaded checkpoint. `labels` are what it finds, `fingerprint` the data it was trained on."""

    tokenizer: Tokenizer
    predict: Predict
    tags: TagSet
    cutting: Cutting
    pad: int
    fingerprint: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that the reader can give."""
        return self.tags.labels

    def read(self, text: str | Document, *, date: datetime.date | str | None = None,
             id: str = "text") -> Reading:
        """The reading of one text, published on `date` (a Document's header says its own).

        >>> reader.read("3 000 soldats").document.spans      # doctest: +SKIP
        (Span(start=0, end=5, label='TROOPS', …), Span(start=6, end=13, label='FORCE', …))
        """
        given = text if isinstance(text, Document) else Document(id, text)
        return Reading(next(self.read_many([given])), str(date) if date is not None else None)

    def read_many(self, texts: Iterable[str | Document], *,
                  tokens_per_batch: int = TOKENS_PER_BATCH) -> Iterator[Document]:
        """The predicted Document of each text, in order, a bounded number of texts in memory.

        A Document keeps its id, text and meta and gets predicted spans for its own; a string gets
        the id `text-N`.
        """
        hand: list[Document] = []
        for number, text in enumerate(texts, 1):
            hand.append(text if isinstance(text, Document) else Document(f"text-{number}", text))
            if len(hand) == TEXTS_IN_HAND:
                yield from self._read_hand(hand, tokens_per_batch)
                hand = []
        yield from self._read_hand(hand, tokens_per_batch)

    def _read_hand(self, documents: Sequence[Document], budget: int) -> Iterator[Document]:
        encoded = [encode(self.tokenizer, document.text, whole_words=self.cutting.whole_words)
                   for document in documents]
        logits = self._logits(encoded, budget)
        for document, tokens, scores in zip(documents, encoded, logits, strict=True):
            spans = decode(tokens, scores, self.tags, trim=self.cutting.trim,
                           temperature=self.cutting.temperature)
            yield document.replace(spans=tuple(spans))

    def _logits(self, encoded: Sequence[Encoded], budget: int) -> list[np.ndarray]:
        """The logits of every token of every text, (tokens, tags) each, from its most central window."""
        before, after = wrapping(self.tokenizer)
        size = self.cutting.window - len(before) - len(after)
        overlap = min(self.cutting.overlap, size - 1)
        results = [np.zeros((len(tokens.ids), self.tags.columns), dtype=np.float32) for tokens in encoded]
        todo = [(number, window) for number, tokens in enumerate(encoded)
                for window in windows(len(tokens.ids), size=size, overlap=overlap)]
        for batch in batches(todo, budget=budget, extra=len(before) + len(after)):
            rows = [[*before, *encoded[number].ids[window.start:window.end].tolist(), *after]
                    for number, window in batch]
            output = self.predict(*padded(rows, self.pad))[:, len(before):]
            for (number, window), scores in zip(batch, output, strict=True):
                kept, here = slice(*window[2:]), slice(*(place - window.start for place in window[2:]))
                results[number][kept] = scores[here]
        return results


def batches(todo: Sequence[tuple[int, Window]], *, budget: int,
            extra: int = 0) -> Iterator[list[tuple[int, Window]]]:
    """Windows of like length together, as many as keep the padded batch within `budget` tokens."""
    batch: list[tuple[int, Window]] = []
    for item in sorted(todo, key=lambda item: (item[1].start - item[1].end, item)):
        longest = (batch[0] if batch else item)[1]
        if batch and (len(batch) + 1) * (longest.end - longest.start + extra) > budget:
            yield batch
            batch = []
        batch.append(item)
    if batch:
        yield batch


def padded(rows: Sequence[Sequence[int]], pad: int) -> tuple[np.ndarray, np.ndarray]:
    """Token ids and attention mask, both (rows, longest) int64."""
    length = max(map(len, rows))
    ids = np.full((len(rows), length), pad, dtype=np.int64)
    mask = np.zeros((len(rows), length), dtype=np.int64)
    for number, row in enumerate(rows):
        ids[number, :len(row)] = row
        mask[number, :len(row)] = 1
    return ids, mask


def load(path_or_id: str | Path, *, device: str = "auto", precision: str = "auto",
         threads: int | None = None) -> Reader:
    """The reader of a run folder, a plain transformers token-classification folder, or a hub id.

    Raises BilanError for anything that is not a whole checkpoint, or whose tokenizer has changed.

    >>> reader = load("runs/embedded")                # doctest: +SKIP
    >>> reader.read("Kiev affirme…").document.spans   # doctest: +SKIP
    """
    if precision not in PRECISIONS:
        raise BilanError(f"unknown precision {precision!r}", mend=f"expected {', '.join(PRECISIONS)}")
    folder = locate(path_or_id)
    file = folder / "config.json"
    config = parse_json(read_text(file), where=file)
    tokenizer = load_tokenizer(folder)
    return Reader(
        tokenizer,
        load_network(folder, device=device, precision=precision, threads=threads),
        tag_set(tag_names(config, where=file)),
        within(load_cutting(folder, tokenizer), config),
        config.get("pad_token_id") or 0,
        _fingerprint(folder),
    )


def within(cutting: Cutting, config: Mapping[str, Any]) -> Cutting:
    """The cutting with a window that the model's position table can hold."""
    return replace(cutting, window=min(cutting.window, capacity(config) or cutting.window))


def _fingerprint(folder: Path) -> str:
    file = folder / "run.json"
    return json.loads(file.read_text(encoding="utf-8"))["data"]["fingerprint"] if file.is_file() else ""
