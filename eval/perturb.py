"""Robustness: the same article in another typography, with exactly recomputed offsets.

Each perturbation lists replacements in a text; `bilan.data.rewrite` applies them and moves the
spans. Scores before and after, on the same gold, say what a system owes to typography.

>>> from bilan.data import Span
>>> perturb(Document("d", "l’armée", (Span(2, 7, "FORCE"),)), "straight apostrophes").text
"l'armée"
"""

from __future__ import annotations

import re

from ..data.document import Document
from ..data.errors import BilanError
from ..data.figures import figure
from ..data.labels import FIGURE, group_of
from ..data.numerals import written
from ..data.rewrite import Replacement, rewrite
from ..data.typography import Change, by_character, edges, quotes, substitute, thousands, unaccented, whole

COLUMNS = 72  # width at which lines are broken, that of plain-text mail
WHOLE = re.compile(r"(?<![\d.,/-])\d+(?:[ \u00a0\u202f]\d{3})*(?![\d.,/-]*\d)")
UNITS = "zéro|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize"
TENS = "vingts?|trente|quarante|cinquante|soixante|septante|huitante|octante|nonante|cents?|mille"
LETTERS = re.compile(rf"(?<!pour )\b(?:{UNITS}|{TENS})"
                     rf"(?:(?: et |-et-)(?:une?|onze)\b|[ -](?:{UNITS}|{TENS})\b)*\b", re.IGNORECASE)


def broken_lines(document: Document) -> list[Replacement]:
    """A line break in place of the last space before every 72nd column."""
    found: list[Replacement] = []
    line = 0
    for space in re.finditer(r" (?=\S+)\S*", document.text):
        line = max(line, document.text.rfind("\n", 0, space.start()) + 1)
        if space.end() - line > COLUMNS:
            found.append((space.start(), space.start() + 1, "\n"))
            line = space.start() + 1
    return found


def in_letters(document: Document) -> list[Replacement]:
    """The whole numbers of figures, below a million, in letters; those in *un* stay: gender unknown."""
    return [(start, end, spelled) for start, end, text in _in_figures(document, WHOLE)
            if text[0] != "0" and (value := int("".join(filter(str.isdigit, text)))) < 10**6
            for spelled in [next(form for form in written(value) if form.isascii() and form[0].isalpha())]
            if not spelled.endswith("un")]


def in_digits(document: Document) -> list[Replacement]:
    """The numbers in letters of figures, in digits; *un* and *une* alone stay, they may be articles."""
    found: list[Replacement] = []
    for start, end, text in _in_figures(document, LETTERS):
        value = figure(text)
        if value and value.qualifier == "exact" and isinstance(value.best, int) and value.best > 1:
            digits = f"{value.best:,}".replace(",", " ") if value.best > 9999 else str(value.best)
            found.append((start, end, digits))
    return found


def _in_figures(document: Document, pattern: re.Pattern[str]) -> list[tuple[int, int, str]]:
    """Start, end and text of the matches inside figures, each place once."""
    cuts = edges(document)
    places = {(m.start(), m.end()) for span in document.spans if group_of(span.label) == FIGURE
              for m in pattern.finditer(document.text, span.start, span.end)
              if whole(cuts, m.start(), m.end())}
    return [(start, end, document.text[start:end]) for start, end in sorted(places)]


PERTURBATIONS: dict[str, Change] = {
    "straight apostrophes": substitute("[’ʼ]", "'"),
    "curly apostrophes": substitute(r"(?<=\w)'(?=\w)", "’"),
    "thousands with a space": thousands(" "),
    "thousands with a no-break space": thousands("\u00a0"),
    "thousands with a narrow no-break space": thousands("\u202f"),
    "thousands with a dot": thousands("."),
    "thousands without separator": thousands(""),
    "straight quotation marks": quotes('"', '"'),
    "curly quotation marks": quotes("“", "”"),
    "guillemets": quotes("«\u00a0", "\u00a0»"),
    "accents dropped": by_character(unaccented),
    "capitals without accents": by_character(lambda char: unaccented(char) if char.isupper() else char),
    "all capitals": by_character(str.upper),
    "double spaces": substitute(" ", "  "),
    "broken lines": broken_lines,
    "numbers in letters": in_letters,
    "numbers in digits": in_digits,
}


def perturb(document: Document, name: str) -> Document:
    """The document under one of `PERTURBATIONS`; BilanError lists them when the name is unknown."""
    if name not in PERTURBATIONS:
        raise BilanError(f"unknown perturbation {name!r}", mend=f"known: {', '.join(PERTURBATIONS)}")
    return rewrite(document, PERTURBATIONS[name](document))
