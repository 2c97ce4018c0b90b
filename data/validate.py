"""The corpus against its guide: every rule of `rules` and `cases` on every document, with how to mend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from .cases import CASES
from .document import Document
from .mentions import in_context, line_of
from .rules import RULES, Finding

CHECKED = (*RULES, *CASES)


@dataclass(frozen=True, slots=True)
class Problem:
    """One break of one rule: where (`line` of the file, None where unknown), in context, how to mend."""

    document: str
    line: int | None
    rule: str
    context: str
    mend: str
    source: str = ""

    def __str__(self) -> str:
        """One line, `file:line: rule: context; mend`."""
        where = self.source or self.document
        return f"{where}{f':{self.line}' if self.line else ''}: {self.rule}: {self.context}; {self.mend}"

    def as_dict(self) -> dict[str, Any]:
        """The problem as plain values for JSON."""
        return asdict(self)


def validate(documents: Iterable[Document]) -> list[Problem]:
    """What the guide forbids (`data/GUIDE.md`), in the order of the documents, empty when they are clean.

    >>> [str(problem) for problem in validate([Document("d", "la [Seine", meta={
    ...     "title": "T", "genre": "brève", "conflict": "Divers", "date": "2025-02-07"})])]
    ['d: notation: la [[]Seine; write [text](LABEL), or take the bracket off']
    """
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for document in documents:
        if document.id in seen:
            twice = Finding(0, 0, f"another document has this id: {seen[document.id] or document.id}")
            problems.append(_problem(document, "document id", twice))
        seen.setdefault(document.id, document.source)
        problems += [_problem(document, rule.name, finding)
                     for rule in CHECKED for finding in rule.find(document)]
    return problems


def _problem(document: Document, rule: str, finding: Finding) -> Problem:
    whole = finding.start == finding.end  # of the document or its header
    context = document.id if whole else in_context(document, finding.start, finding.end)
    line = None if whole else line_of(document, finding.start)
    return Problem(document.id, line, rule, context, finding.mend, document.source)
