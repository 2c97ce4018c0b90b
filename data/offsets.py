"""Offsets that count something else than code points, found out by the mentions and converted.

Tools count what their language counts: Python code points, JavaScript and Java UTF-16 units, C and
Go UTF-8 bytes; a browser counts a line end as one character where the file has two (CR LF), and an
upload as two where the export has one. A convention is a unit and, after `-`, what a line end counts:
nothing (as it stands in the text), `lf` (always one) or `crlf` (always two).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from .errors import BilanError

Mention = tuple[int, int, str]  # start and end in the tool's convention, the mention it displayed


class Convention(NamedTuple):
    """How long a character is, and how many units a line end counts (0: as it stands)."""

    width: Callable[[str], int]
    line_end: int


UNITS: dict[str, Callable[[str], int]] = {
    "code-points": len,
    "utf-16": lambda piece: len(piece) + sum(character > "\uffff" for character in piece),
    "utf-8": lambda piece: len(piece.encode("utf-8", "surrogatepass")),
}
LINE_ENDS = {"": 0, "-lf": 1, "-crlf": 2}
# Ordered: of two conventions under which as many mentions fit, the first is preferred.
CONVENTIONS = {unit + ending: Convention(width, count)
               for ending, count in LINE_ENDS.items() for unit, width in UNITS.items()}
OURS = "code-points"


def convert(text: str, start: int, end: int, convention: str) -> tuple[int, int] | None:
    """Half-open code-point offsets of a span given in another convention.

    None when an offset leaves the text or falls inside a character. Raises BilanError on an
    unknown convention. For many spans of one text, take the `ruler` once.

    >>> convert("🙂 Kiev", 3, 7, "utf-16")
    (2, 6)
    """
    places = ruler(text, convention)
    return (places[start], places[end]) if start in places and end in places else None


def ruler(text: str, convention: str) -> dict[int, int]:
    """Offset in the convention → offset in code points, for every character boundary of a text.

    >>> ruler("é!", "utf-8")
    {0: 0, 2: 1, 3: 2}
    """
    if convention not in CONVENTIONS:
        raise BilanError(f"unknown offset convention {convention!r}",
                         mend=f"expected one of {', '.join(CONVENTIONS)}")
    width, line_end = CONVENTIONS[convention]
    places = {0: 0}
    counted = position = 0
    for piece in re.findall(r"\r\n|[^\r]|\r", text) if line_end else text:
        counted += line_end if piece in ("\n", "\r\n") and line_end else width(piece)
        position += len(piece)
        places[counted] = position
    return places


def best_convention(text: str, mentions: Iterable[Mention]) -> str | None:
    """The convention under which most mentions are found where their offsets say.

    `code-points` when there is no mention to compare; None when no mention fits under any.

    >>> best_convention("🙂 Kiev", [(3, 7, "Kiev")])
    'utf-16'
    """
    mentions = list(mentions)
    wanted, best, most = len(mentions), None, 0
    for name in CONVENTIONS:
        fitting = _fitting(text, mentions, name)
        if fitting > most or fitting == wanted:
            best, most = name, fitting
        if most == wanted:
            break
    return best


def _fitting(text: str, mentions: Sequence[Mention], convention: str) -> int:
    if convention == OURS:
        return sum(shows(text, start, end, mention) for start, end, mention in mentions)
    places = ruler(text, convention)
    return sum(start in places and end in places and shows(text, places[start], places[end], mention)
               for start, end, mention in mentions)


def shows(text: str, start: int, end: int, mention: str) -> bool:
    r"""Whether `text[start:end]` is the mention, white space aside: tools show a line end as a space.

    Label Studio stores a line end as the two characters `\n`.

    >>> shows("à Kiev", 2, 6, "Kiev"), shows("Tchassiv\r\nIar", 0, 13, "Tchassiv Iar")
    (True, True)
    """
    if not 0 <= start <= end <= len(text):
        return False
    found = text[start:end]
    return found == mention or _spaced(found) == _spaced(mention.replace("\\r", "\r").replace("\\n", "\n"))


def _spaced(text: str) -> str:
    return re.sub(r"\r\n|\s", " ", text)
