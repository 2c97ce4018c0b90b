"""Scores, intervals, comparisons, errors and reports; pure on Documents, no torch.

>>> from bilan.data import Document, Span
>>> gold = [Document("d", "à Goma", (Span(2, 6, "LOC"),))]
>>> score(pair(gold, gold)).micro.f1
1.0
"""

from .evaluation import Evaluation, evaluate
from .intervals import compare
from .score import Counts, Pair, Scores, pair, score

__all__ = ["Counts", "Evaluation", "Pair", "Scores", "compare", "evaluate", "pair", "score"]
