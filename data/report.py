"""What was read, written, mended, moved, dropped: counted by cause, with the first examples."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Report:
    """A collector passed to readers and writers, so that nothing happens silently.

    Memory is bounded: `keep` examples a cause. `losses` are the causes by which something of the
    source is not in the result; the others (`mended: …`, `skipped: …`) are told and allowed.

    >>> report = Report()
    >>> report.lose("dropped: empty span", where="a.ann:3", example="T1")
    >>> report.lost
    1
    """

    keep: int = 3
    counts: Counter[str] = field(default_factory=Counter)
    losses: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def note(self, cause: str, *, where: object = "", example: str = "", count: int = 1) -> None:
        """Count something told but harmless (documents, mended offsets, skipped headers)."""
        self.counts[cause] += count
        self._show(cause, where, example)

    def lose(self, cause: str, *, where: object = "", example: str = "", count: int = 1) -> None:
        """Count something of the source that the result does not hold."""
        self.losses[cause] += count
        self._show(cause, where, example)

    def _show(self, cause: str, where: object, example: str) -> None:
        shown = self.examples.setdefault(cause, [])
        if (where or example) and len(shown) < self.keep:
            told = f"{where}: {example}" if where and example else f"{where}{example}"
            shown.append(told.encode("utf-8", "backslashreplace").decode())  # halves of pairs: no file takes them

    @property
    def lost(self) -> int:
        """How many things were lost, over all causes."""
        return sum(self.losses.values())

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values for JSON."""
        return {"counts": dict(self.counts), "losses": dict(self.losses),
                "examples": {cause: shown for cause, shown in self.examples.items() if shown}}
