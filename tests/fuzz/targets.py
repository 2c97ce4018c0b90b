"""What is fuzzed: each target takes bytes and raises where something is wrong that is no BilanError."""

from __future__ import annotations

import datetime
import json
import re
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from random import Random
from typing import NamedTuple

import numpy as np
from bilan.data.align import EDGES, Encoded, carried, encode, inseparable, spans_of, tag_targets, windows
from bilan.data.dates import PREFERENCES, date
from bilan.data.document import Document, Span, flatten
from bilan.data.durations import duration
from bilan.data.figures import figure
from bilan.data.labels import NAMES, tags_of
from tokenizers import Tokenizer

from tests.fuzz import seeds
from tests.fuzz.readers import READERS, check, detect, places, reader
from tests.shared import ROOT


class Target(NamedTuple):
    """What runs an input, what it begins with, how inputs are mutated (`mutate.KINDS`)."""

    run: Callable[[bytes], object]
    seeds: Callable[[], list[bytes]]
    kind: str


# -- phrases -----------------------------------------------------------------------------------------

def figures(data: bytes) -> None:
    """A figure or none, with ordered bounds."""
    found = figure(data.decode("utf-8", "ignore"))
    bounds = [value for value in (found.low, found.best, found.high) if value is not None] if found else []
    check(bounds == sorted(bounds) and all(map(np.isfinite, map(float, bounds))), "bounds out of order", found)
    check(not found or bounds, "a figure without value", found)


def dates(data: bytes) -> None:
    """A date or none, from any day on."""
    random = Random(zlib.crc32(data))
    day = datetime.date.fromordinal(random.choice((1, 3_652_059, random.randint(1, 3_652_059), 739_289)))
    found = date(data.decode("utf-8", "ignore"), reference=day, prefer=random.choice(PREFERENCES),
                 anchor=random.choice((None, day)))
    check(not found or found.start <= found.end, "a date that ends before it begins", found)


def durations(data: bytes) -> None:
    """A duration or none."""
    found = duration(data.decode("utf-8", "ignore"))
    check(not found or found.iso.startswith("P"), "no ISO duration", found)


LIKELY = re.compile(r"\d[\d ]*|[A-ZÀ-Ý][\w-]+")  # a number or a name

# -- alignment, decoding, claims ---------------------------------------------------------------------

@cache
def tokenizer() -> Tokenizer:
    """The tokenizer of the embedded model."""
    return Tokenizer.from_file(str(ROOT / "models/base/tokenizer.json"))


def drawn(text: str, random: Random, *, links: bool = False) -> Document:
    """A document with up to twelve spans anywhere in the text."""
    spans: dict[tuple[int, int, str], Span] = {}
    for number in range(random.randint(0, 12) if text else 0):
        start = random.randrange(len(text))
        end = min(len(text), start + random.choice((1, 2, 4, 9, 30)))
        named = {"id": f"s{random.randint(0, 4)}", "who": random.choice(("s1", "s2 s3", "", f"s{number}")),
                 "by": random.choice(("s1", "x", " "))}
        kept = {name: value for name, value in named.items() if links and random.random() < 0.3}
        span = Span(start, end, random.choice((*NAMES, "DATE", "KILLED", "AUTRE")), kept)
        spans[span.key] = span
    return Document("d", text, tuple(spans.values()))


def likely(text: str, random: Random) -> Document:
    """A document that ends after any word, with figures on its numbers and actors on its capitals, as a model finds them."""
    ends = [found.end() for found in re.finditer(r"[^\w\s]|\w+", text)]
    text = text[:random.choice(ends)] if ends else text
    spans = [Span(*found.span(), random.choice(("KILLED", "DETAINED", "TROOPS", "MEASURE") if found[0][0].isdigit() else (
        "PER", "ORG", "LOC", "FORCE", "CIVIL"))) for found in LIKELY.finditer(text)]
    return Document("d", text, tuple(span for span in spans if random.random() < 0.8))


def alignment(data: bytes) -> None:
    """What is not told lost comes back from the tokens; what is decoded is flat and cuts no word."""
    text, random = data.decode("utf-8", "ignore"), Random(zlib.crc32(data))
    encoded = encode(tokenizer(), text, whole_words=random.random() < 0.8)
    tags = tags_of((*NAMES, "AUTRE"))
    document, _ = flatten(drawn(text, random))
    _, lost = carried(encoded, document.spans, tags)
    kept = [span.key for span in document.spans if span not in lost]
    targets = tag_targets(encoded, document.spans, tags)
    back = {span.key for span in spans_of(encoded, ["O" if target < 0 else tags[target] for target in targets])}
    check(back.issuperset(kept), "a span that was not told lost does not come back", kept, back)
    for window in windows(len(encoded.ids), size=30, overlap=10):
        check(window.start <= window.keep_start < window.keep_end <= window.end, "a window without what it keeps", window)
    decoded(encoded, tags, random)


def decoded(encoded: Encoded, tags: Sequence[str], random: Random) -> None:
    """Decode random scores, with and without transitions, for one scheme and another."""
    from bilan.models.decode import decode, tag_set

    names = random.choice((list(tags), ["O", "S-A", "B-A", "I-A", "E-A"], ["I-A", "O", "I-B"], ["O", "U-A", "B-A", "L-A"]))
    made = tag_set(names)
    dice = np.random.default_rng(random.randrange(2**32))
    logits = dice.normal(0, random.choice((0.01, 3, 60, 1e4)), (len(encoded.ids), len(names))).astype(np.float32)
    size = 1 + 2 * len(made.labels)
    moves = dice.normal(0, 3, (size, size)) if random.random() < 0.5 else None
    found = decode(encoded, logits, made, transitions=moves, temperature=random.choice((0.3, 1.0, 4.0)),
                   trim=random.choice((EDGES, "", ".,")))
    check(Document("d", encoded.text, tuple(found)).flat, "decoded spans overlap", found)
    for span in found:
        check(span.score is not None and 0 <= span.score <= 1, "no score from 0 to 1", span)
        cut = [place for place in (span.start, span.end) if inseparable(encoded.text, place, encoded.whole_words)]
        check(not cut, "a decoded span cuts a word", span, encoded.text[max(0, span.start - 9):span.end + 9])
        check(span.label in made.labels, "a label that the model has not", span)


def claims(data: bytes) -> None:
    """Any spans and links give claims that JSON can hold, of the figures of the document."""
    from bilan.models.claims import link
    from bilan.models.messages import Answer, answer
    from bilan.models.reader import Reading

    text, random = data.decode("utf-8", "ignore"), Random(zlib.crc32(data))
    document = likely(text, random) if random.random() < 0.7 else drawn(text, random, links=random.random() < 0.5)
    again = link(document)
    check(link(again) == again, "linking again changes something", again)
    check(places(again) == places(document), "linking moves a span", document)
    found = Reading(document, random.choice((None, "2025-02-07", "0001-01-01", "9999-12-31")))
    for claim in found.claims:
        check(claim.sentence[0] <= claim.start < claim.end, "a figure outside its sentence", claim)
        for name in ("who", "by", "when", "where"):
            span = getattr(claim, name)
            check(span is None or span in found.claims[0].document.spans, "a span of another document", claim)
    Answer.model_validate(json.loads(json.dumps(answer(found), allow_nan=False)))


TARGETS: dict[str, Target] = {
    **{name: Target(reader(format, file), lambda name=name, format=format: seeds.seeds(name, format), kind)
       for name, (format, file, kind) in READERS.items()},
    "detect": Target(detect, lambda: [seed for name, row in READERS.items() for seed in seeds.seeds(name, row[0])], "json"),
    "figure": Target(figures, lambda: seeds.phrases("KILLED") + seeds.phrases("MEASURE"), "words"),
    "date": Target(dates, lambda: seeds.phrases("DATE"), "words"),
    "duration": Target(durations, lambda: seeds.phrases("DURATION"), "words"),
    "alignment": Target(alignment, seeds.paragraphs, "words"),
    "claims": Target(claims, seeds.paragraphs, "words")}
