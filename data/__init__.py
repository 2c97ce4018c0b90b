"""Ground floor: documents and spans, labels, formats, splits, building; no torch here."""

from . import telemetry
from .document import Document, Span
from .errors import BilanError
from .formats import read, write

telemetry.forbid()  # here, since every room loads this one, and before any library that would report

__all__ = ["BilanError", "Document", "Span", "read", "write"]
