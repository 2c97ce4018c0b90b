"""What reading costs: with the length of a text, by its parts, in padding."""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Callable, Sequence
from itertools import cycle
from typing import Any

from ..data.align import encode
from ..data.document import Document
from .decode import decode
from .reader import TOKENS_PER_BATCH, Reader, Reading
from .windows import batches, compute, gathered, laid, padding

SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)


def linear(read: Callable[[Sequence[str]], Any], texts: Sequence[str], *, largest: int) -> list[dict[str, float]]:
    """Seconds and peak memory of one text of 1 kB to 10 MB, made of the articles one after another."""
    read(texts[:2])
    found = []
    for size in (size for size in SIZES if size <= largest):
        whole = of_size(texts, size)
        gc.collect()
        seconds = min(_seconds(lambda whole=whole: read([whole])) for _ in range(3 if size < 1_000_000 else 1))
        found.append({"bytes": size, "seconds": seconds, "us_per_byte": 1e6 * seconds / size,
                      "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10})
    return found


def _seconds(function: Callable[[], Any]) -> float:
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def of_size(texts: Sequence[str], size: int) -> str:
    r"""The articles over and over, to `size` bytes of UTF-8.

    >>> of_size(["a", "b"], 4)
    'a\n\nb'
    """
    parts: list[str] = []
    held = 0
    for text in cycle(texts):
        parts.append(text)
        held += len(text.encode()) + 2
        if held >= size:
            break
    return "\n\n".join(parts).encode()[:size].decode(errors="ignore")


def profile(reader: Reader, texts: Sequence[str]) -> dict[str, float]:
    """The share of CPU time of each part of a reading, one after another in one thread."""
    list(reader.read_many(texts[:2]))
    spent: dict[str, float] = {}

    def part(name: str, function: Callable[[], Any]) -> Any:
        started = time.process_time()
        result = function()
        spent[name] = time.process_time() - started
        return result

    frame = reader.frame()
    encoded = part("tokenise", lambda: [encode(reader.tokenizer, text) for text in texts])
    todo = list(batches(laid(encoded, frame), budget=1, rows=1))
    computed = part("network", lambda: [(batch[0], compute(reader.predict, encoded, batch, frame)[0])
                                        for batch in todo])
    logits = gathered(encoded, computed, tags=reader.tags.columns)
    documents = part("decode", lambda: [
        Document("d", tokens.text, tuple(decode(tokens, scores, reader.tags, trim=reader.cutting.trim)))
        for tokens, scores in zip(encoded, logits, strict=True)])
    part("values and claims", lambda: [Reading(document).claims for document in documents])
    total = sum(spent.values())
    return {name: seconds / total for name, seconds in spent.items()} | {"seconds": total}


def waste(reader: Reader, texts: Sequence[str]) -> dict[str, float]:
    """The share of padding: of our ONNX and PyTorch readers, and of batches of 8 in the order of the texts."""
    frame = reader.frame()
    extra = len(frame.before) + len(frame.after)
    encoded = [encode(reader.tokenizer, text) for text in texts]
    lengths = [len(tokens.ids) + extra for tokens in encoded]
    groups = [lengths[place:place + 8] for place in range(0, len(lengths), 8)]
    todo = laid(encoded, frame)
    return {"onnx": padding(todo, budget=1, extra=extra, rows=1),
            "pytorch": padding(todo, budget=TOKENS_PER_BATCH, extra=extra),
            "batches of 8 in order": 1 - sum(lengths) / sum(len(group) * max(group) for group in groups)}
