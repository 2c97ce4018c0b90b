"""Other values in the place of those of a document, written in other French ways, in sentences that stay French.

All values of a document are multiplied by one factor, so that what was more stays more (« 12 tués, dont
quatre enfants »). A form gives way only to forms that take the same words after them: « 3 000 » to « trois
mille » or « environ 2 400 », « une vingtaine » (de) to « une trentaine » (de). What is not understood stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from ..data.document import Document, Span
from ..data.figures import figure
from ..data.labels import FIGURE, group_of
from ..data.numerals import COLLECTIVES, written
from ..data.rewrite import Replacement
from .gazetteer import table
from .slots import before, vowel, wanted

QUALIFIER = re.compile(r"(?:(?:un peu )?plus (?:de |d['’])|moins (?:de |d['’])|près (?:de |d['’])|environ |quelque |"
                       r"au moins |jusqu['’]à |autour (?:de |d['’]))", re.IGNORECASE)
ADDED = ("plus de ", "près de ", "environ ", "quelque ", "au moins ", "jusqu’à ")
FIRM = frozenset("les des aux ces ses leurs nos vos mes tes deux premiers derniers autres quelques tous toutes le la l "
                 "du au un une que qu quelque environ".split())  # a qualifier does not follow these
PREPOSITIONS = frozenset("a de par pour en dans sur entre contre avec vers apres depuis d".split())
RANGE = re.compile(r"(?P<head>entre |de |)(?P<low>.+?)(?P<joint> et | à | ou |-)(?P<high>.+)", re.IGNORECASE)
SCALED = re.compile(r"(?P<count>\d{1,3}(?:,\d)?)(?P<space>[ \u00a0\u202f])(?P<noun>million|milliard)s?\b")
ROUGH = re.compile(r"(?P<article>une|un) (?P<noun>dizaine|quinzaine|vingtaine|trentaine|quarantaine|cinquantaine|"
                   r"soixantaine|centaine|millier)", re.IGNORECASE)
ORDER = re.compile(r"(?P<article>des|plusieurs|quelques) (?P<noun>dizaines|centaines|milliers)(?P<rest>(?: de \w+)?)",
                   re.IGNORECASE)
ROUGH_NOUNS = "dizaine quinzaine vingtaine trentaine quarantaine cinquantaine soixantaine centaine".split()
PART = re.compile(r"\s+(?:(?:des|sur|parmi|de (?:ces|ses|leurs|nos)|fois|ou|à|et demi)\b|"
                  r"d['’](?:entre|eux|elles)|\d|%)")
OTHERWISE = re.compile("million|milli|aine|demi|seul|unique|\\s(?:de |d['’])", re.IGNORECASE)  # not merely counted
UNIT = re.compile(r"[ \u00a0\u202f](?P<sign>[%€$]|k?m²?)?(?:pour cent|(?:de |d['’])?[\w’' ²-]+)?")
RATIO = re.compile(r"\b(?:sur|fois|contre)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Style:
    """What a document's figures have in common: the factor of values, the mark of thousands, the apostrophe."""

    factor: float
    thousands: str
    apostrophe: str


def revalued(document: Document, rng: Random, *, chance: float) -> list[Replacement]:
    """The replacements of the figures of a document, each figure with the given chance."""
    style = Style(rng.uniform(0.6, 1.7), rng.choice((" ", "\u00a0", "\u202f", ".", "")),
                  "'" if document.text.count("'") > document.text.count("’") else "’")
    edits: list[Replacement] = []
    for place, span in enumerate(document.spans):
        if group_of(span.label) == FIGURE and rng.random() < chance and not _beside_number(document, place):
            new = _other(document, span, style, rng)
            if new and new != document.mention(span):
                edits.append((span.start, span.end, new))
    return edits


def _beside_number(document: Document, place: int) -> bool:
    """Whether a number touches the figure or its part or whole follows: those two are best left alone."""
    span = document.spans[place]
    left, right = document.text[max(0, span.start - 2):span.start], document.text[span.end:span.end + 16]
    if PART.match(right) or re.search(r"\d\s?$", left) or right[:1].isalnum():
        return True
    earlier = document.spans[place - 1] if place else None  # the whole of « trois des cinq »
    if earlier is None or group_of(earlier.label) != FIGURE:
        return False
    return bool(re.fullmatch(r"\s+(?:des?|sur|d['’]entre|parmi|ou|à)?(?: (?:les|ces|ses|leurs))?\s*",
                             document.text[earlier.end:span.start]))


def _other(document: Document, span: Span, style: Style, rng: Random) -> str | None:
    """Another figure for a mention; None where we do not understand it or the place does not take it."""
    mention = document.mention(span)
    old = figure(mention)
    if old is None or RATIO.search(mention):
        return None
    found = QUALIFIER.match(mention)
    qualifier, rest = (found[0], mention[found.end():]) if found else ("", mention)
    feminine = _feminine(document.text[span.end:span.end + 30])
    core = _changed(rest, style, rng, feminine=feminine, exact=span.label != "MEASURE")
    if core is None:
        return None
    counted = not (ROUGH.fullmatch(rest) or ORDER.fullmatch(rest) or SCALED.search(rest) or RANGE.fullmatch(rest))
    made = _qualified(document, span, qualifier, core, style, rng, free=counted)
    new = figure(made)
    if new is None or new.unit != old.unit or not _fits(document, span, made):
        return None
    return made.upper() if mention.isupper() else made[0].upper() + made[1:] if mention[0].isupper() else made


def _fits(document: Document, span: Span, made: str) -> bool:
    want = wanted(document.text, span.start)
    return want is None or want == vowel(made)


def _feminine(after: str) -> bool | None:
    """Whether the noun that follows is feminine; None where we do not know."""
    found = re.match(r"\s+(?:autres |jeunes )?([^\W\d_]+)", after)
    noun = found[1].lower() if found else ""
    nouns = table()["nouns"]
    return True if noun in nouns["feminine"] else False if noun in nouns["masculine"] else None


def _changed(rest: str, style: Style, rng: Random, *, feminine: bool | None, exact: bool) -> str | None:
    """Another figure without its qualifier."""
    if found := ROUGH.fullmatch(rest):
        return _rough(found, style)
    if found := ORDER.fullmatch(rest):
        article = rng.choice(("plusieurs", "quelques", *(["des"] if found["article"] == "des" else [])))
        noun = found["noun"] if found["rest"] else rng.choice(("dizaines", "centaines", "milliers"))
        return f"{article} {noun}{found['rest']}"
    if found := SCALED.match(rest):
        return _scaled(found, style) + rest[found.end():]
    if found := RANGE.fullmatch(rest):
        return _range(found, style, rng, feminine)
    return _counted(rest, style, rng, feminine, exact=exact)


def _rough(found: re.Match[str], style: Style) -> str:
    """« une vingtaine » → the nearest of its kind."""
    wish = COLLECTIVES[found["noun"].lower()] * style.factor
    noun = "millier" if wish > 600 else min(ROUGH_NOUNS, key=lambda noun: abs(COLLECTIVES[noun] - wish))
    return f"{'un' if noun == 'millier' else 'une'} {noun}"


def _scaled(found: re.Match[str], style: Style) -> str:
    """« 1,5 million » → « 2,3 millions »; what is less than one stays so."""
    count = max(1.1, round(float(found["count"].replace(",", ".")) * style.factor, 1))
    said = f"{count:g}".replace(".", ",")
    return f"{said}{found['space']}{found['noun']}{'s' if count >= 2 else ''}"


def _range(found: re.Match[str], style: Style, rng: Random, feminine: bool | None) -> str | None:
    """« entre 10 et 15 », « 3 000 à 4 000 »: both ends in one style."""
    ends = [_value(found[name]) for name in ("low", "high")]
    if None in ends:
        return None
    low, high = (other(value or 0, style.factor) for value in ends)
    if low >= high:
        return None
    letters = found["low"][0].isalpha()
    made = [say(value, style, rng, letters=letters, feminine=feminine) for value in (low, high)]
    return None if None in made else f"{found['head'].lower()}{made[0]}{found['joint']}{made[1]}"


def _counted(rest: str, style: Style, rng: Random, feminine: bool | None, *, exact: bool) -> str | None:
    """A plain number, with its unit where it has one: another one, in figures or letters."""
    number, tail = _with_unit(rest) if not exact else (rest, "")
    value = _value(number)
    if value is None:
        return None
    percent = tail.strip() in ("%", "pour cent")
    value = min(other(value, style.factor), 99) if percent else other(value, style.factor)
    letters = number[0].isalpha()
    if not number[0].isupper() and rng.random() < 0.4:
        letters = not letters and not re.match(r"\s(?:[%€$]|k?m²?\b)", tail)
    made = say(value, style, rng, letters=letters, feminine=feminine)
    return None if made is None else made + tail


def _with_unit(rest: str) -> tuple[str, str]:
    """The longest number at the head, and the unit after it."""
    spaces = [found.start() for found in re.finditer(r"[ \u00a0\u202f]", rest)]
    for cut in (len(rest), *reversed(spaces)):
        if _value(rest[:cut]) is not None and (cut == len(rest) or UNIT.fullmatch(rest, cut)):
            return rest[:cut], rest[cut:]
    return rest, ""


def _value(number: str) -> int | None:
    """The value of a whole number from two up that is only counted, not rough nor in millions."""
    found = figure(number)
    if found is None or found.qualifier != "exact" or found.unit is not None or OTHERWISE.search(number):
        return None
    return found.best if isinstance(found.best, int) and 2 <= found.best < 10**6 else None


def other(value: int, factor: float) -> int:
    """The value times the factor, two at least, rounded to as many digits as it has, two at least.

    >>> other(1870, 1.3), other(300, 1.3), other(3, 0.6)
    (2430, 390, 2)
    """
    digits = max(2, len(str(value).rstrip("0")))
    scaled = value * factor
    return max(2, int(round(scaled, min(0, digits - len(str(int(scaled)))))))


def say(value: int, style: Style, rng: Random, *, letters: bool, feminine: bool | None) -> str | None:
    """A number in figures or letters; None where letters need a gender that nobody knows."""
    short = value <= 100 or (value < 10**6 and len(str(value).rstrip("0")) <= 2)
    if not letters or not short:
        mark = style.thousands if value > 9999 or style.thousands else ""
        return f"{value:,}".replace(",", mark or (" " if value > 9999 else ""))
    ways = [way for way in written(value, feminine=bool(feminine)) if way[0].isalpha()]
    way = ways[0] if rng.random() < 0.85 else rng.choice(ways)
    return None if feminine is None and re.search(r"(?<![a-z])un$", way) else way


def _qualified(document: Document, span: Span, old: str, core: str, style: Style, rng: Random, *, free: bool) -> str:
    """The core with its qualifier, another one, or none, as the place allows."""
    word = before(document.text, span.start)
    may = [new for new in ADDED if not (new.startswith("jusqu") and word in PREPOSITIONS)]
    want = wanted(document.text, span.start)
    may = [new for new in may if want is None or want == vowel(new)]
    value = _value(core)
    if value is not None and (value % 10 or len(str(value).rstrip("0")) > 2):  # « environ 43 » is no French of news
        may = [new for new in may if new == "au moins "]
    if not free or word in FIRM or value is None or value < 10 or not may or rng.random() < (0.5 if old else 0.7):
        return _joined(old, core)
    new = rng.choice(may) if not old or rng.random() < 0.7 else ""
    return _joined(new.replace("’", style.apostrophe), core)


def _joined(qualifier: str, core: str) -> str:
    """« plus d’ » before « un », « plus de » before all other numbers."""
    if re.search(r"(?<![\w’'])d(?:e |['’])$", qualifier):
        mark = re.search("['’]$", qualifier)
        stem = re.sub(r"d(?:e |['’])$", "", qualifier)
        return stem + (f"d{mark[0] if mark else '’'}" if core.startswith("un") else "de ") + core
    return qualifier + core
