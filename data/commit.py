"""The commit of the code that made a result."""

from __future__ import annotations

import subprocess


def commit() -> str | None:
    """The commit of the working folder, with `+` when files differ from it; None outside git.

    >>> found = commit()
    >>> found is None or len(found.removesuffix("+")) == 12
    True
    """
    found = _git("rev-parse", "--short=12", "HEAD")
    return found + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "") if found else None


def _git(*arguments: str) -> str | None:
    try:
        return subprocess.run(["git", *arguments], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None
