"""The temperature of a trained run, fitted on its dev side and written into its folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..data.calibration import Fit, fit, warmed
from ..data.document import Document
from ..data.errors import BilanError
from ..data.files import parse_json, read_text, write_json
from .runs import RUN

CUTTING = "bilan.json"


def calibrate(folder: str | Path, documents: Sequence[Document]) -> Fit:
    """Fit the temperature of a run on gold documents and store it (`bilan.json`, `run.json`).

    Each file is replaced whole. Raises BilanError where the folder is no run of ours.
    """
    folder = Path(folder)
    if not (folder / CUTTING).is_file():
        raise BilanError(f"no {CUTTING}: not a run of ours", where=folder, mend="name a run folder: runs/embedded")
    from ..models import load

    found = fit(documents, warmed(load(folder), documents))
    store(folder, found)
    return found


def store(folder: Path, found: Fit) -> None:
    """Write the temperature into `bilan.json`, then how it was found into `run.json`, if there is one."""
    content = _content(folder / CUTTING)
    if not isinstance(content.get("cutting"), dict):
        raise BilanError("not a bilan.json of ours (no cutting)", where=folder / CUTTING, mend="train the run again")
    content["cutting"]["temperature"] = found.temperature
    write_json(folder / CUTTING, content)
    if "files" in content:
        from ..models.checkpoint import stamp

        stamp(folder)
    if (folder / RUN).is_file():
        write_json(folder / RUN, _content(folder / RUN) | {"temperature": found.as_dict()})


def _content(file: Path) -> dict[str, Any]:
    content = parse_json(read_text(file), where=file)
    if not isinstance(content, dict):
        raise BilanError("a JSON object is expected", where=file, mend="train the run again")
    return content
