"""Readings as one self-contained HTML page in French: the text with its spans marked, and its claims.

No script and no network: a Content-Security-Policy in the page allows its own style and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

from ..data.document import Document, flatten
from ..data.files import written
from ..data.report import Report
from .claims import Claim
from .confront import Row
from .french import bounds, word
from .reader import Reading

# Controls, and what reorders the text that is shown.
BOXED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
HEAD = ("Chiffre", "Type", "Qui ou quoi", "Lu comme", "Selon", "Quand", "Où")


def style() -> str:
    """The style sheet of the page of `bilan serve`, which this page shares."""
    return (Path(__file__).parent / "page" / "style.css").read_text(encoding="utf-8")


def write(readings: Iterable[Reading], path: Path, *, report: Report) -> None:
    """One page of all readings, each with its text, claims and confrontation."""
    css = style()
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    with written(path) as stream:
        stream.write(f"""<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{digest}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>bilan : lecture</title>
<style>{css}</style>
</head>
<body>
<main class="sheet">
<h1>Lecture par <i>bilan</i></h1>
""")
        for number, reading in enumerate(readings, 1):
            stream.writelines(f"{line}\n" for line in _section(reading, f"d{number}", report))
        stream.write("</main>\n</body>\n</html>\n")


def _section(reading: Reading, name: str, report: Report) -> Iterator[str]:
    document, claims = reading.document, reading.claims
    yield f'<section aria-labelledby="{name}">'
    yield f'<h2 id="{name}">{_shown(str(document.meta.get("title") or document.id))}</h2>'
    yield f'<div class="article labelled">{marked(document, name, report=report)}</div>'
    if claims:
        yield '<div class="scroll" tabindex="0" role="region" aria-label="Chiffres du texte"><table>'
        yield "<thead><tr>" + "".join(f'<th scope="col">{title}</th>' for title in HEAD) + "</tr></thead><tbody>"
        yield from (_row(claim, name) for claim in claims)
        yield "</tbody></table></div>"
    for row in reading.confrontation:
        if row.contradicted:
            yield f'<p class="against">≠ {_shown(_against(row))}</p>'
    yield "</section>"


def marked(document: Document, name: str, *, report: Report) -> str:
    """The text, escaped, with a `mark` around each span; of two that overlap the longer is shown."""
    flat, dropped = flatten(document)
    if dropped:
        report.lose("dropped: overlapping span", where=document.id, count=len(dropped))
    parts, position = [], 0
    for span in flat.spans:
        called = word(span.label)
        parts.append(_lines(document.text[position:span.start]))
        parts.append(f'<mark class="{called.family}" id="{name}-{span.start}" title="{_shown(called.what)}">'
                     f"{_shown(document.mention(span))}<small>{_shown(called.name)}</small></mark>")
        position = span.end
    return "".join([*parts, _lines(document.text[position:])])


def _lines(text: str) -> str:
    return _shown(text).replace("\n", '<span class="break">\n</span>')


def _row(claim: Claim, name: str) -> str:
    figure = f'<a href="#{name}-{claim.start}">{_shown(" ".join(claim.text.split()))}</a>'
    by = claim.mention("by") + (" (réserve)" if claim.hedged else "")
    when = claim.mention("when") + (f" ({claim.date.edtf})" if claim.date else "")
    cells = (word(claim.label).name, claim.mention("who"), bounds(claim), by.strip(), when, claim.mention("where"))
    return f'<tr><th scope="row">{figure}</th>' + "".join(f"<td>{_shown(cell)}</td>" for cell in cells) + "</tr>"


def _against(row: Row) -> str:
    pairs: Sequence[tuple[int, int]] = row.disjoint
    sides = [side.replace("(author)", "l’article") for side in row.sides]
    return "; ".join(f"{sides[first]} / {sides[second]}" for first, second in pairs) + "; …" * row.more


def _shown(text: str) -> str:
    """Text that stands for itself in HTML, in an attribute too; control characters are shown as boxes.

    A carriage return is written as a reference: HTML would read it as a line break.
    """
    return escape(BOXED.sub("\ufffd", text)).replace("\r", "&#13;")
