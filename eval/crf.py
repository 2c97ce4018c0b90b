"""A conditional random field over hand-made features of words (Lafferty et al. 2001).

The words are those of `bilan.data.formats.tokens`, the sequences sentences, the tags IOB2, the learner
CRFsuite's L-BFGS (Okazaki 2007, http://www.chokkan.org/software/crfsuite) in python-crfsuite.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..data.dataset import word_tags
from ..data.document import Document, Span
from ..data.errors import BilanError
from ..data.formats.schemes import spans_of
from ..data.formats.tokens import Offsets, words
from ..data.sentences import sentences

PARAMETERS = {"c1": 0.1, "c2": 0.01, "max_iterations": 80, "feature.possible_transitions": False}
