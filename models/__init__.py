"""The trained model at work: text ⇄ tokens, decoding, the reader, the command line.

>>> from bilan.models import load                    # doctest: +SKIP
>>> reader = load("runs/embedded")                   # doctest: +SKIP
>>> reader.read("3 000 soldats").document.spans      # doctest: +SKIP
"""

from .reader import Reader, Reading, load

__all__ = ["Reader", "Reading", "load"]
