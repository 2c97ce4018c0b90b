"""What the service takes and gives: requests, answers, refusals, as pydantic models."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictFloat, create_model
from pydantic_core import PydanticCustomError

from ..data.formats.jsonl import to_record
from .confront import Row
from .exports import CLAIM, record
from .reader import Reading

MOST = 64  # texts of one request
Share = Field(default=None, ge=0, le=1, description="spans of a lower score are dropped")
Day = Field(default=None, description="day of the article, 2025-02-07, from which « vendredi » is counted")


def _iso(value: Any) -> Any:
    """A day as it is written in ISO 8601; numbers and times of day, which pydantic would take, are refused."""
    if value is None or isinstance(value, datetime.date) or re.fullmatch(r"\d{4}-\d\d-\d\d", str(value), re.ASCII):
        return value
    raise PydanticCustomError("date_type", "Input should be a valid date, as 2025-02-07")


Iso = Annotated[datetime.date, BeforeValidator(_iso)]


class Text(BaseModel):
    """One text to read."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=1, description="the article, plain text")
    date: Iso | None = Day
    min_confidence: StrictFloat | None = Share


class Texts(BaseModel):
    """Several texts to read, with one date and one limit for all."""

    model_config = ConfigDict(extra="forbid")
    texts: list[str] = Field(min_length=1, max_length=MOST)
    date: Iso | None = Day
    min_confidence: StrictFloat | None = Share


class FoundSpan(BaseModel):
    """A stretch of the text, half-open, in Unicode code points."""

    start: int
    end: int
    label: str
    score: float | None = None
    attributes: dict[str, str] = {}


class Subject(BaseModel):
    """What is counted, folded: label, whom, place, month."""

    label: str
    who: str
    place: str
    period: str


class Side(BaseModel):
    """Claims on one subject; `claims` are places in the list of claims, `disjoint` pairs of those that exclude.

    Of very many such pairs the first are named, and `more` says that there are others.
    """

    subject: Subject
    claims: list[int]
    disjoint: list[tuple[int, int]]
    more: bool = False


ClaimRecord = create_model("Claim", **{  # pyright: ignore[reportCallIssue, reportArgumentType]
    name: (kind | None, None) for name, kind in CLAIM.items()})


class Answer(BaseModel):
    """A document with its spans, the claims of its figures, and what its sources say side by side."""

    id: str
    text: str
    spans: list[FoundSpan]
    claims: list[ClaimRecord]  # pyright: ignore[reportInvalidTypeForm]
    confrontation: list[Side]


class Health(BaseModel):
    """What answers."""

    status: str
    fingerprint: str
    labels: list[str]


class Refusal(BaseModel):
    """Why there is no answer."""

    detail: str


class Word(BaseModel):
    """A label as the page shows it."""

    label: str
    name: str
    family: str
    what: str


def answer(reading: Reading) -> dict[str, Any]:
    """The fields of an `Answer`."""
    claims = reading.claims
    place_of = {id(claim): place for place, claim in enumerate(claims)}  # two claims may be equal
    values = to_record(reading.document)
    return {"id": values["id"], "text": values["text"], "spans": values["spans"],
            "claims": [record(claim) for claim in claims],
            "confrontation": [_side(row, place_of) for row in reading.confrontation]}


def _side(row: Row, place_of: dict[int, int]) -> dict[str, Any]:
    places = [place_of[id(claim)] for claim in row.claims]
    pairs = [(places[first], places[second]) for first, second in row.disjoint]
    return {"subject": row.subject._asdict(), "claims": places, "disjoint": pairs, "more": row.more}
