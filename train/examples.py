"""Training examples: the windows of documents as token ids and targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from ..data.align import IGNORE, Encoded, Window, carried, cuts_words, encode, windows
from ..data.document import Document, flatten
from ..data.errors import BilanError
from ..data.report import Report
from ..models.checkpoint import Cutting, wrapping
from . import ranks


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Windows of documents, in order; `rows[i]` is the `places[i] = (document, window)`.

    A row has `input_ids`, `labels` and `units` of one length, special tokens included; what another window
    shows more centrally has the target IGNORE, so that each token is learnt once.
    """

    documents: Sequence[Document]
    encoded: Sequence[Encoded]
    places: Sequence[tuple[int, Window]]
    rows: Sequence[dict[str, Any]]
    before: int


def flat(documents: Sequence[Document], *, overlaps: str, report: Report) -> list[Document]:
    """The documents with flat gold, by the policy; BilanError at the first overlap under `error`."""
    result = []
    for document in documents:
        if document.flat:
            result.append(document)
            continue
        if overlaps == "error":
            raise BilanError(f"document {document.id!r} has overlapping or discontinuous spans",
                             where=document.source, mend="choose --overlaps longest or first")
        kept, dropped = flatten(document, prefer=overlaps)
        report.lose(f"dropped: overlapping gold ({overlaps} kept)", where=document.id, count=len(dropped))
        result.append(kept)
    return result


def whole_words(documents: Sequence[Document]) -> bool:
    """Whether gold keeps to whole words: at most one span in two hundred cuts one."""
    spans = sum(len(document.spans) for document in documents)
    return 200 * sum(cuts_words(document.text, document.spans) for document in documents) <= spans


def examples(documents: Sequence[Document], tokenizer: Tokenizer, tags: Sequence[str], cutting: Cutting,
             report: Report) -> Examples:
    """The windows of the documents; spans that no token can carry are counted in the report."""
    before, after = wrapping(tokenizer)
    size = cutting.window - len(before) - len(after)
    encoded, places, rows = [], [], []
    for number, document in enumerate(documents):
        tokens = encode(tokenizer, document.text, whole_words=cutting.whole_words)
        targets, lost = carried(tokens, document.spans, tags, trim=cutting.trim)
        for span in lost:
            report.lose("dropped: no token carries the span", where=document.id,
                        example=document.mention(span))
        encoded.append(tokens)
        for window in windows(len(tokens.ids), size=size, overlap=cutting.overlap):
            places.append((number, window))
            rows.append(_row(tokens, targets, window, before, after))
    return Examples(documents, encoded, places, rows, len(before))


def _row(tokens: Encoded, targets: np.ndarray, window: Window, before: list[int],
         after: list[int]) -> dict[str, Any]:
    shown = targets[window.start:window.end].copy()
    shown[:window.keep_start - window.start] = IGNORE
    shown[window.keep_end - window.start:] = IGNORE
    inner = slice(window.start, window.end)
    return {"input_ids": [*before, *tokens.ids[inner].tolist(), *after],
            "labels": [*[IGNORE] * len(before), *shown.tolist(), *[IGNORE] * len(after)],
            "units": [*[-1] * len(before), *tokens.units[inner].tolist(), *[-1] * len(after)],
            "length": window.end - window.start + len(before) + len(after)}


def blanks(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The row without any target that fills the last batch of several processes; none for a single one."""
    if ranks.size() == 1:
        return []
    short = min(rows, key=lambda row: len(row["input_ids"]))
    return [{**short, "labels": [IGNORE] * len(short["labels"]), "length": 0}]


def gather(examples: Examples, outputs: np.ndarray) -> list[np.ndarray]:
    """Logits a document, (tokens, tags), from those of its windows, (windows, longest, tags)."""
    results = [np.zeros((len(tokens.ids), outputs.shape[-1]), dtype=np.float32)
               for tokens in examples.encoded]
    for (number, window), scores in zip(examples.places, outputs, strict=True):
        first = window.keep_start - window.start + examples.before
        results[number][window.keep_start:window.keep_end] = scores[
            first:first + window.keep_end - window.keep_start]
    return results
