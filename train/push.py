"""Putting a finished run on a model hub: weights, tokenizer, configuration, card, record, nothing else.

The ONNX export of a run (`RUN/onnx`) goes up beside its weights, where `bilan.models.load` takes it first on a CPU; the
folder of a shipped model (`bilan-train ship`) goes up as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..data.errors import BilanError
from ..data.files import parse_json, read_text
from .card import CARD, check, published
from .plan import RUN

EXPORTED = ("*.onnx", "export.json")
ALLOWED = ("*.safetensors", "model.safetensors.index.json", *EXPORTED, "config.json", "tokenizer.json",
           "tokenizer_config.json", "special_tokens_map.json", "bilan.json", CARD, RUN)
NEEDED = ("config.json", "tokenizer.json", "bilan.json", CARD, RUN)


def push(run: str | Path, hub_id: str, *, private: bool = False, dry_run: bool = False) -> dict[str, int]:
    """Upload a run; what goes up, file → bytes. With `dry_run` all is checked and nothing sent.

    Raises BilanError for a run that is not whole, a card that lacks something, a name that a hub
    does not allow, and a hub that is not reached or refuses.
    """
    folder = Path(run)
    found = files(folder)
    check(folder / CARD)
    _check_name(hub_id)
    if dry_run:
        return {name: size(content) for name, content in found.items()}
    from huggingface_hub import CommitOperationAdd, HfApi

    api = HfApi()
    with _explained(hub_id):
        api.create_repo(hub_id, private=private, exist_ok=True)
        api.create_commit(hub_id, [CommitOperationAdd(name, content) for name, content in found.items()],
                          commit_message=f"bilan run {folder.resolve().name}")
    return {name: size(content) for name, content in found.items()}


def files(folder: Path) -> dict[str, Path | bytes]:
    """What of a run folder goes up, name → file, the record without what is the machine's own (`published`).

    Raises BilanError when something is missing, and for an export that is older than the run.
    """
    found: dict[str, Path | bytes] = {**_export(folder / "onnx", of=folder), **_matching(folder, ALLOWED)}
    missing = [name for name in NEEDED if name not in found]
    if missing or not any(name.endswith((".safetensors", ".onnx")) for name in found):
        raise BilanError(f"not a finished run (no {', '.join(missing) or 'weights'})", where=folder,
                         mend="train it to the end: bilan-train --output RUN --resume")
    entry = published(parse_json(read_text(folder / RUN), where=folder / RUN))
    return found | {RUN: json.dumps(entry, ensure_ascii=False, indent=1).encode()}


def _matching(folder: Path, patterns: Iterable[str]) -> dict[str, Path]:
    return {path.name: path for pattern in patterns for path in sorted(folder.glob(pattern))}


def _export(folder: Path, *, of: Path) -> dict[str, Path]:
    found = _matching(folder, EXPORTED)
    if found:
        from .ship import fresh

        fresh(of, folder)
    return found


def size(content: Path | bytes) -> int:
    """Bytes of a file or of what stands for one.

    >>> size(b"abc")
    3
    """
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def _check_name(hub_id: str) -> None:
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils import validate_repo_id

    try:
        validate_repo_id(hub_id)
    except HFValidationError as error:
        raise BilanError(str(error).split("\n")[0], where=hub_id, mend="expected OWNER/NAME") from error


@contextmanager
def _explained(hub_id: str) -> Iterator[None]:
    """Refusals of a hub in one line."""
    from huggingface_hub.errors import HfHubHTTPError, LocalTokenNotFoundError

    transport: Any = HfHubHTTPError.__bases__[0]  # HTTPError of httpx or, by the hub's release, of httpx2
    try:
        yield
    except LocalTokenNotFoundError as error:
        raise BilanError("not logged in to the hub", where=hub_id, mend="hf auth login, or set HF_TOKEN") from error
    except HfHubHTTPError as error:
        raise BilanError(f"the hub refuses ({_line(error)})", where=hub_id,
                         mend="check the name and the rights of your token (hf auth whoami)") from error
    except (transport, OSError) as error:
        raise BilanError(f"no hub is reached ({_line(error)})", where=hub_id,
                         mend="check the network, and that HF_HUB_OFFLINE is not set; --dry-run needs none") from error


def _line(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:160] or type(error).__name__
