"""The training windows of an epoch, some documents replaced by a variant (`augment`): new ones each epoch.

Which document is replaced, and by what, follows from seed, epoch and document id, so that a resumed epoch
sees what the broken one would have seen. A variant has as many windows as its document: an epoch is the same
number of steps throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from torch.utils.data import Dataset as Rows

from ..data.document import Document
from ..data.report import Report
from .augment import variant
from .examples import Examples, blanks
from .gazetteer import gazetteer
from .settings import Settings

Row = dict[str, Any]
Cut = Callable[[Sequence[Document], Report], Examples]
COPIES = 4  # variants tried for one with as many windows and every span on tokens


class Variants(Rows):
    """The rows of `train`, then `blanks`; those of a document are a variant's with the given chance.

    `cut` makes examples of documents, as `train` was made. Rows are the originals until `at` names an epoch.
    """

    def __init__(self, train: Examples, cut: Cut, *, chance: float, seed: int,
                 blanks: Sequence[Row] = ()) -> None:
        self.documents, self.cut, self.chance, self.seed = list(train.documents), cut, chance, seed
        self.originals: list[list[Row]] = [[] for _ in self.documents]
        for (number, _), row in zip(train.places, train.rows, strict=True):
            self.originals[number].append(row)
        self.names, self.blanks = gazetteer(self.documents), list(blanks)
        self.rows = [*train.rows, *self.blanks]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> Row:
        return self.rows[index]

    def at(self, epoch: int) -> None:
        """Take the variants of an epoch, numbered from 0."""
        parts = [self._variant(number, epoch) for number in range(len(self.documents))]
        self.rows = [*(row for part in parts for row in part), *self.blanks]

    def _variant(self, number: int, epoch: int) -> list[Row]:
        """The rows of one document in an epoch: a variant's, or its own."""
        document, own = self.documents[number], self.originals[number]
        if Random(f"{self.seed} {document.id} {epoch}").random() >= self.chance:
            return own
        for copy in range(epoch * COPIES, (epoch + 1) * COPIES):
            report = Report()
            rows = self.cut([variant(document, self.names, seed=self.seed, copy=copy)], report).rows
            if len(rows) == len(own) and not report.lost:
                return list(rows)
        return own


def training_rows(train: Examples, settings: Settings, cut: Cut) -> Any:
    """The dataset that an epoch goes through: the windows of train, those of its variants where wanted."""
    last = blanks(train.rows)
    if settings.augment:
        return Variants(train, cut, chance=settings.augment, seed=settings.seed, blanks=last)
    if settings.teachers:
        return [*train.rows, *last]  # in memory: arrays of probabilities
    from datasets import Dataset

    return Dataset.from_list([*train.rows, *last])
