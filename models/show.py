"""A reading on the terminal: the table of its spans, and the article with its spans in colour."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..data.console import safe
from ..data.document import Document
from ..data.formats.jsonl import to_record
from ..data.labels import FIGURE, NAMES, group_of
from .confront import table
from .exports import record
from .reader import Reading

COLOURS = ("bright_cyan", "bright_blue", "bright_red", "bright_green", "bright_magenta", "cyan", "red",
           "yellow", "green", "blue")


def show(reading: Reading, console: Console) -> None:
    """Print the table of the spans, the text in colour, and what is claimed, side by side."""
    console.print(span_table(reading.document), markup=False)  # [/b] in a text is no markup of ours
    console.print(highlighted(reading.document), soft_wrap=True)
    if reading.claims:
        console.print()
        console.print(table(reading.confrontation, title="claims"), markup=False)


def reading_record(reading: Reading) -> dict[str, Any]:
    """The document as in our jsonl format, with its claims as flat records beside."""
    return to_record(reading.document) | {"claims": [record(claim) for claim in reading.claims]}


def colour(label: str) -> str:
    """The terminal style of a label: figures stand out in reverse, entities in colour."""
    place = NAMES.index(label) if label in NAMES else sum(label.encode())
    return COLOURS[place % len(COLOURS)] + (" reverse" if group_of(label) == FIGURE else " bold")


def span_table(document: Document) -> Table:
    """One row a span: label, text, line of the text (from 1), score."""
    table = Table("label", "text", "line", "score", box=None, header_style="bold", title_justify="left",
                  title=Text(safe(document.id), "table.title"))
    starts = [0, *accumulate(len(line) + 1 for line in document.text.split("\n"))]
    for span in document.spans:
        score = "" if span.score is None else f"{span.score:.2f}"
        mention = safe(" ".join(document.mention(span).split()))
        table.add_row(Text(safe(span.label), colour(span.label)), Text(mention),
                      str(bisect_right(starts, span.start)), score)
    return table


def highlighted(document: Document) -> Text:
    """The text with its spans in colour; where spans overlap the first one is shown."""
    shown, position = Text(), 0
    for span in document.spans:
        if span.start >= position:
            shown.append(_safe(document.text[position:span.start]))
            shown.append(_safe(document.mention(span)), colour(span.label))
            position = span.end
    return shown.append(_safe(document.text[position:]))


def _safe(text: str) -> str:
    return safe(text.replace("\r\n", "\n"))
