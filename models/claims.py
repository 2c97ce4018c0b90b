"""Claims: each figure of an article with what it counts, who says so, how surely, when and where.

A `Claim` joins the figure read as a number (`bilan.data.figures`), its links (`models.links`), the
cue and the doubt in the sentence, and the nearest date and place. Nothing is guessed: what the
text does not give near the figure is None. The date and the place are the nearest of the clause (from `;`
to `;`, a comma counting as a distance), else the last before it in the sentence, else the last that opens a
sentence of the paragraph: a convention, not a reading of the syntax.
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from ..data.dates import Date, dated
from ..data.document import Document, Span
from ..data.errors import BilanError
from ..data.figures import figure
from . import cues, hedges
from .links import ATTRIBUTES, link, linked
from .outline import Outline, linkable

__all__ = ["Claim", "claims", "link"]

OPENING = 10  # characters of article and preposition before what opens a sentence
COMMA = 16  # characters that a comma counts for in the distance to a date or a place
_figure = lru_cache(maxsize=4096)(figure)  # articles repeat their figures


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure of a document and what is said of it; spans are those of `document`.

    `low`, `best`, `high` are None where the figure states none (« au moins 12 » has no `high`) and all
    None, with qualifier "unread", where it cannot be read as a number. `by` is None when the author
    states the figure. `cue` is the word that attributes it (« selon », « a affirmé »), "" when there is
    none near the source. `date` is what the span `when` means. `sentence` is half-open, as `start`, `end`.
    """

    document: Document = field(repr=False)
    label: str
    start: int
    end: int
    low: float | None
    best: float | None
    high: float | None
    qualifier: str
    unit: str | None
    who: Span | None
    by: Span | None
    cue: str
    hedged: bool
    when: Span | None
    date: Date | None
    where: Span | None
    sentence: tuple[int, int]

    @property
    def text(self) -> str:
        """The figure as written."""
        return self.document.text[self.start:self.end]

    def mention(self, name: str) -> str:
        """The text of `who`, `by`, `when` or `where`, "" when there is none."""
        span = getattr(self, name)
        return " ".join(self.document.mention(span).split()) if span is not None else ""


def claims(document: Document, *, date: datetime.date | str | None = None) -> tuple[Claim, ...]:
    """The claims of a document, in reading order: one a figure, MEASURE excepted.

    Links that the document holds are used; a document without any is linked first. `date` is the day
    from which « vendredi » is counted, the header's by default; without either, `Claim.date` is None.
    Raises BilanError when `date` is given and is no ISO date. Of several ids in one link the first is taken.

    >>> text = "Selon Kiev, 12 soldats auraient été tués."
    >>> spans = Span(6, 10, "LOC"), Span(12, 14, "KILLED"), Span(15, 22, "FORCE")
    >>> [(c.best, c.mention("who"), c.mention("by"), c.hedged) for c in claims(Document("d", text, spans))]
    [(12, 'soldats', 'Kiev', True)]
    """
    outline = Outline(document)
    if not any(name in span.attributes for span in document.spans for name in ATTRIBUTES):
        document = linked(outline, document)
    setting = _setting(document, outline, date)
    return tuple(_claim(setting, span) for span in document.spans if linkable(span))


class Mentions(NamedTuple):
    """Some spans in reading order, those of them that open a sentence, and the length of the longest."""

    spans: Sequence[Span]
    opening: Sequence[Span]
    longest: int


class Setting(NamedTuple):
    """What all figures of a document share, made once; spans and bounds are in reading order.

    `marks` are the places of semicolons, commas and line ends; `hedges` says of clauses whether they doubt.
    """

    document: Document
    outline: Outline
    positions: dict[tuple[int, int, str], int]
    named: dict[str, Span]
    bounds: Sequence[tuple[int, int]]
    meanings: dict[Span, Date | None]
    dates: Mentions
    scenes: Mentions
    marks: dict[str, list[int]]
    hedges: dict[tuple[int, int], bool]


def _setting(document: Document, outline: Outline, date: datetime.date | str | None) -> Setting:
    text, bounds, meanings = document.text, outline.sentences, _dates(document, date)
    dates = _mentions([span for span in document.spans if span in meanings], text, bounds)
    scenes = _mentions([span for span in document.spans if _is_scene(text, span, dates)], text, bounds)
    return Setting(document, outline, {unit.span.key: i for i, unit in enumerate(outline.units) if unit.span},
                   document.by_id(), bounds, meanings, dates, scenes,
                   {mark: [found.start() for found in re.finditer(mark, text)] for mark in ";,\n"}, {})


def _mentions(spans: Sequence[Span], text: str, bounds: Sequence[tuple[int, int]]) -> Mentions:
    """Spans with those that stand in the first OPENING characters of a sentence, and on its first line."""
    opening = []
    for span in spans:
        at = bisect_left(bounds, (span.start + 1,)) - 1
        if at >= 0 and span.start - bounds[at][0] <= OPENING and "\n" not in text[bounds[at][0]:span.start]:
            opening.append(span)
    return Mentions(spans, opening, max((span.end - span.start for span in spans), default=0))


def _from(spans: Sequence[Span], start: int) -> int:
    """The place of the first that does not begin before some character."""
    return bisect_left(spans, start, key=_start)


def _start(span: Span) -> int:
    return span.start


def _claim(setting: Setting, span: Span) -> Claim:
    document, outline, positions, named, bounds, meanings, dates, scenes, *_ = setting
    read = _figure(document.mention(span))
    low, best, high = (read.low, read.best, read.high) if read else (None, None, None)
    who, by = (named.get(span.attributes.get(name, "").split(" ")[0]) for name in ATTRIBUTES)
    at = bisect_right(bounds, span.start, key=lambda sentence: sentence[0]) - 1
    sentence = bounds[at] if at >= 0 and span.start < bounds[at][1] else (span.start, span.end)
    when = _nearest(setting, span, sentence, dates)
    where = _widened(document.text, _nearest(setting, span, sentence, scenes, but=(who, by)), scenes, but=(who, by))
    return Claim(document, span.label, span.start, span.end, low, best, high,
                 read.qualifier if read else "unread", read.unit if read else None, who, by,
                 _cue(outline, positions.get(by.key) if by else None), _hedged(setting, span, sentence),
                 when, meanings.get(when) if when else None, where, sentence)


def _dates(document: Document, date: datetime.date | str | None) -> dict[Span, Date | None]:
    """The DATE spans with what they mean, all None when the day of the article is not known."""
    if date is not None:
        return dict(dated(document.replace(meta={**document.meta, "date": str(date)})))
    try:
        return dict(dated(document))
    except BilanError:  # no day in the header: dates stay text
        return {span: None for span in document.spans if span.label == "DATE"}


def _is_scene(text: str, place: Span, dates: Mentions) -> bool:
    """Whether a span is where something happens: any SITE, a LOC after a word of place or in a dateline."""
    if place.label != "LOC":
        return place.label == "SITE"
    before, after = text[max(0, place.start - 40):place.start], text[place.end:place.end + 40]
    if cues.LOCATIVE.search(before):
        return True
    opens = not before.rpartition("\n")[2].strip(" (#–—-•*")
    follows = _from(dates.spans, place.end) < _from(dates.spans, place.end + 10)
    return opens and (follows or bool(cues.DATELINE.match(after)))


def _nearest(setting: Setting, span: Span, sentence: tuple[int, int], among: Mentions, *,
             but: Sequence[Span | None] = ()) -> Span | None:
    """The nearest span of the same clause, else the last of the sentence before it, else the paragraph's frame.

    A frame opens a sentence: « À Goma, », « Le 3 août, », « 26 août. ».
    """
    spans, opening, longest = among
    low, high = clause(setting, span, sentence)
    here = _from(spans, span.start)
    sides = (_ends_last(spans, _from(spans, low), here, longest, but),
             next((spans[i] for i in range(here, _from(spans, high)) if spans[i] not in but), None))
    near = [side for side in sides if side is not None]
    if near:
        return min(near, key=lambda other: _distance(setting, span, other))
    breaks = setting.marks["\n"]
    at = bisect_left(breaks, span.start)
    paragraph = breaks[at - 1] + 1 if at else 0
    return (_begins_last(spans, _from(spans, max(paragraph, sentence[0])), here, but)
            or _begins_last(opening, _from(opening, paragraph), _from(opening, span.start), but))


def _ends_last(spans: Sequence[Span], first: int, last: int, longest: int,
               but: Sequence[Span | None]) -> Span | None:
    """Of the spans between two places the one that ends last, the first of several; none is longer than `longest`."""
    best = None
    for i in range(last - 1, first - 1, -1):
        if best is not None and spans[i].start + longest < best.end:
            break
        if spans[i] not in but and (best is None or spans[i].end >= best.end):
            best = spans[i]
    return best


def _begins_last(spans: Sequence[Span], first: int, last: int, but: Sequence[Span | None]) -> Span | None:
    """Of the spans between two places the one that begins last, the first of several."""
    best = None
    for i in range(last - 1, first - 1, -1):
        if best is not None and spans[i].start < best.start:
            break
        if spans[i] not in but:
            best = spans[i]
    return best


def clause(setting: Setting, span: Span, sentence: tuple[int, int]) -> tuple[int, int]:
    """The part of a sentence, from `;` to `;`, in which a span stands; half-open."""
    cuts = setting.marks[";"]
    before, after = bisect_left(cuts, span.start), bisect_left(cuts, span.end)
    return (max(sentence[0], cuts[before - 1] + 1 if before else 0),
            cuts[after] if after < len(cuts) and cuts[after] < sentence[1] else sentence[1])


def _distance(setting: Setting, span: Span, other: Span) -> int:
    """The characters between two spans; a comma counts as sixteen."""
    low, high = sorted((span, other), key=_start)
    commas = setting.marks[","]
    between = bisect_left(commas, high.start) - bisect_left(commas, low.end)
    return high.start - low.end + COMMA * max(0, between)


def _widened(text: str, place: Span | None, among: Mentions, *, but: Sequence[Span | None]) -> Span | None:
    """The place within a place: « à Derna, en Libye » is Derna."""
    if place is None:
        return None
    earlier = range(_from(among.spans, place.start) - 1, -1, -1)
    before = next((other for i in earlier if (other := among.spans[i]).end < place.start and other not in but), None)
    return before if before is not None and cues.WITHIN.fullmatch(text, before.end, place.start) else place


def _cue(outline: Outline, source: int | None) -> str:
    """The words that attribute, with auxiliary or elided preposition: « d’après », « a affirmé »."""
    if source is None or (at := outline.roles[source].cue if source in outline.roles else None) is None:
        return ""
    units, first = outline.units, at
    before = units[at - 1].text if at else ""
    if before in cues.AUXILIARIES or before in ("de", "d’", "à") and units[at].text in cues.SOURCES:
        first = at - 1
    return " ".join(outline.document.text[units[first].start:units[at].end].split())


def _hedged(setting: Setting, span: Span, sentence: tuple[int, int]) -> bool:
    """Whether the clause of the figure (from `;` to `;`) is in the conditional or withholds belief."""
    part = clause(setting, span, sentence)
    if part not in setting.hedges:
        setting.hedges[part] = bool(hedges.HEDGES.search(setting.document.text, *part))
    return setting.hedges[part]
