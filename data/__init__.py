"""Ground floor: documents and spans, labels, formats, splits, building; no torch here."""

from .document import Document, Span
from .errors import BilanError
from .formats import read, write

__all__ = ["BilanError", "Document", "Span", "read", "write"]
