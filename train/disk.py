"""What libraries say when a disk is full or a checkpoint is damaged, as one of our errors."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..data.errors import BilanError
from ..data.files import os_error


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Raise BilanError, naming the run folder, where a file cannot be written, or a checkpoint not be read."""
    from safetensors import SafetensorError

    try:
        yield
    except OSError as error:
        raise os_error(error, error.filename or folder) from error
    except SafetensorError as error:
        raise _refused(error, folder) from error
    except pickle.UnpicklingError as error:
        raise BilanError("a checkpoint holds more than numbers, not loaded", where=folder,
                         mend="train again without --resume, into another --output") from error
    except RuntimeError as error:  # of torch, which writes its archives itself
        if not any(word in str(error) for word in ("PytorchStreamWriter", "inline_container", "PytorchStreamReader")):
            raise
        raise _refused(error, folder) from error


def _refused(error: Exception, folder: Path) -> BilanError:
    reason = str(error).strip().split("\n")[0][:160]
    return BilanError(f"weights could not be written or read ({reason})", where=folder,
                      mend="free some space, then go on with the same command and --resume")
