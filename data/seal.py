"""A seal says that a folder is whole: `complete.json`, written last, with size and BLAKE2b digest of each file."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from .files import written

SEAL = "complete.json"


def seal(folder: Path) -> None:
    """Say that a folder is whole as it is now."""
    files = {str(path.relative_to(folder)): _print(path) for path in sorted(folder.rglob("*"))
             if path.is_file() and path.name != SEAL}
    with written(folder / SEAL) as stream:
        json.dump(files, stream, indent=1)


def whole(folder: Path) -> bool:
    """Whether every file of a folder is as it was when the folder was sealed; False where it was not."""
    try:
        files = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        return all((folder / file).stat().st_size == size for file, (size, _) in files.items()) and all(
            _print(folder / file) == stamp for file, stamp in files.items())
    except (OSError, ValueError, TypeError, AttributeError):
        return False


def harmed(file: Path) -> bool:
    """Whether a file is other than when its folder was sealed; False where the seal is gone or does not name it."""
    try:
        stamp = json.loads((file.parent / SEAL).read_text(encoding="utf-8"))[file.name]
        return _print(file) != stamp
    except (OSError, ValueError, TypeError, KeyError):
        return False


def _print(path: Path) -> list[int | str]:
    with open(path, "rb") as stream:
        digest = hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16))
    return [path.stat().st_size, digest.hexdigest()]
