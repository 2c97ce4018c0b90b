"""What was read already: one JSON line a document, found again by key after an interruption.

A key stands for the id, text and header of a document, the model and the options that change the result.
A line counts when it is whole: it ends in LF and is JSON with a key. The rest of a half-written line is cut off
before anything is added.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from ..data.document import Document
from ..data.errors import BilanError
from ..data.files import os_error
from ..data.formats.jsonl import from_record, to_record
from ..data.lock import open_alone

BEGINNING = b'{"id":'  # of each line


class Place(NamedTuple):
    """Where the line of a document stands, and the lowest score of its spans (1 without spans)."""

    file: Path
    start: int
    length: int
    least: float


@dataclass(frozen=True, slots=True)
class Keys:
    """What makes a key besides the document: fingerprint of the model, date, lowest confidence kept."""

    model: str
    date: str | None = None
    min_confidence: float | None = None

    def __call__(self, document: Document) -> str:
        """32 hexadecimal digits; spans do not count."""
        parts = [document.id, document.text, dict(document.meta), self.model, self.date, self.min_confidence]
        content = orjson.dumps(parts, default=str, option=orjson.OPT_SORT_KEYS)
        return hashlib.blake2b(content, digest_size=16).hexdigest()


def index(file: Path) -> tuple[dict[str, Place], int]:
    """The place of each key in a file, the last one where a key comes twice, and the bytes of whole lines."""
    found: dict[str, Place] = {}
    position = 0
    try:
        with open(file, "rb") as stream:
            for raw in stream:
                if not raw.endswith(b"\n"):
                    break
                found |= _entry(raw, file, position)
                position += len(raw)
    except FileNotFoundError:
        return {}, 0
    except OSError as error:
        raise os_error(error, file) from error
    return found, position


def _entry(raw: bytes, file: Path, position: int) -> dict[str, Place]:
    try:
        record = orjson.loads(raw)
        return {str(record["key"]): Place(file, position, len(raw), _least(record))}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}  # not a line of ours: it is read again


def _least(record: dict[str, Any]) -> float:
    return float(min((span.get("score") or 0.0 for span in record["spans"]), default=1.0))


class Journal:
    """A file that grows by one whole line a document.

    BilanError while another run has it open, and for a file that no run of ours began.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        busy = BilanError("another run writes this output", where=file,
                          mend="wait for it, stop it, or choose another --output")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._stream = open_alone(file, "ab", busy=busy)
            self.places, self._end = index(file)
            if not self.places:
                self._refuse_foreign()
            self._stream.truncate(self._end)
        except OSError as error:
            raise os_error(error, file) from error

    def _refuse_foreign(self) -> None:
        """Raise BilanError for a file whose lines are not ours, which would be cut and in the end taken away."""
        with open(self.file, "rb") as stream:
            head = stream.read(len(BEGINNING))
        if not BEGINNING.startswith(head):
            self._stream.close()
            raise BilanError("this file is not what an interrupted run left", where=self.file,
                             mend="move it away, or choose another --output")

    def add(self, document: Document, key: str) -> Place:
        """Append a document and hand it to the system at once."""
        record = to_record(document) | {"key": key}
        raw = orjson.dumps(record, default=str, option=orjson.OPT_APPEND_NEWLINE)
        try:
            self._stream.write(raw)
            self._stream.flush()
        except OSError as error:
            with suppress(OSError):  # what is left in the buffer; the next run cuts off what is half in the file
                self._stream.close()
            raise os_error(error, self.file) from error
        place = Place(self.file, self._end, len(raw), _least(record))
        self._end += len(raw)
        self.places[key] = place
        return place

    def close(self) -> None:
        """Close the file; what it holds stays."""
        self._stream.close()


def recall(place: Place) -> Document:
    """The document that stands at a place."""
    with open(place.file, "rb") as stream:
        stream.seek(place.start)
        raw = stream.read(place.length)
    return from_record(orjson.loads(raw), where=str(place.file))


def least_certain_first(places: Iterable[Place]) -> list[Place]:
    """The places by the lowest score of their spans, then in order; documents without spans come last."""
    return sorted(places, key=lambda place: place.least)
