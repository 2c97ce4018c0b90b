"""`bilan-train ship RUN --output models/ner`: a run's 8-bit export as the folder that goes into the package.

| file | what |
|---|---|
| `model-int8.onnx`, `tokenizer.json`, `config.json`, `bilan.json`, `export.json` | those of RUN/onnx |
| `run.json` | the record of the training, without paths of the machine |
| `README.md` | the model card: data, scores, baselines, what 8 bits cost, limits, biases, time and energy |

`bilan.models.load()` reads it where it lies in `models/ner`. Nothing is computed here: scores come from the
files that `bilan-eval` left in the run folder or that are named.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import prod
from pathlib import Path
from typing import Any

from ..data.errors import BilanError
from ..data.files import parse_json, read_bytes, read_text, replaced, write_json
from ..data.labels import GROUPS, NAMES
from ..models.checkpoint import stamp, stated
from ..models.onnx import EIGHT_BITS
from ..models.reader import load
from . import card
from .plan import RUN

TEMPLATE = "ship.md.j2"
EXPORT = "export.json"
SAME = ("tokenizer.json", "config.json")  # in the run and in its export, to the byte
STATED = "bilan.json"  # in both but for the digests
COPIED = (EIGHT_BITS, *SAME, STATED, EXPORT)
FILES = (*COPIED, RUN, card.CARD)
AGAIN = "bilan-train export RUN --onnx --int8"
LICENCE = "apache-2.0"
KINDS = (".onnx", ".json", ".md")  # of files in a folder that may be replaced


def ship(run: str | Path, output: str | Path, *, onnx: str | Path | None = None, scores: Sequence[str] = (),
         baselines: str | Path | None = None, watts: float | None = None, about: str | Path | None = None,
         license: str = LICENCE, name: str | None = None) -> dict[str, int]:
    """Write the folder of a finished run to be packaged, whole or not at all; its files and their bytes.

    `onnx` is the export (RUN/onnx). `scores` are more files of `bilan-eval`, `FILE` or `NAME=FILE` (`press=…`),
    `baselines` one of `bilan-eval baselines`; those in the run folder are taken by themselves. `watts` is what the
    machine is assumed to have drawn, for an estimate of energy; `about` is Markdown on the data and their
    biases, by default what holds for bilan's own corpus where the labels are its labels. Raises BilanError for
    what is no finished run, for an export that is absent or older than the run, for files of scores that
    are none, and for an output folder that holds anything else.
    """
    folder, target = Path(run), Path(output)
    entry = card.finished(folder)
    export = exported(folder, Path(onnx) if onnx else folder / "onnx")
    _refuse_other(target)
    found = sides(folder, scores)
    told = about_data(entry, about)
    more = {"network": networks(export), "beside": baseline_rows(folder, baselines), "size": size_of(folder, export),
            "kwh": energy(entry["seconds"], watts), "watts": watts, "lasted": lasted(entry["seconds"]), "about": told,
            "weights_license": license, "measured": {side: origin(content) for side, content in found.items()}}
    with replaced(target) as temporary:
        temporary.mkdir()
        for file in COPIED:
            shutil.copyfile(export / file, temporary / file)
        stamp(temporary)
        write_json(temporary / RUN, card.published(entry))
        text = card.text(entry, found, name=name or target.resolve().name, license=license, template=TEMPLATE,
                         library="bilan", **more)
        (temporary / card.CARD).write_text(text, encoding="utf-8")
        card.check(temporary / card.CARD)
        load(temporary)
    return {file: (target / file).stat().st_size for file in FILES}


def exported(run: Path, export: Path) -> Path:
    """The folder of a run's 8-bit export; BilanError where it is absent or not that of the run as it is now."""
    missing = [name for name in COPIED if not (export / name).is_file()]
    if missing:
        raise BilanError(f"no 8-bit export of this run (no {', '.join(missing)})", where=export, mend=AGAIN)
    fresh(run, export)
    return export


def fresh(run: Path, export: Path) -> None:
    """Raise BilanError where an export is older than the run: another tokenizer, other tags, another temperature."""
    for name in (*SAME, STATED):
        if (said := _said(run, name)) is None or said != _said(export, name):
            raise BilanError(f"this export is not that of the run as it is now ({name} differs)", where=export,
                             mend=AGAIN)


def _said(folder: Path, name: str) -> object:
    """What a file says, as run and export are compared; None where there is none."""
    if not (folder / name).is_file():
        return None
    return stated(folder) if name == STATED else read_bytes(folder / name)


def _refuse_other(output: Path) -> None:
    """Raise BilanError for a folder that holds anything but a model of ours: replacing it would take that away."""
    present = list(output.iterdir()) if output.is_dir() else []
    other = sorted(path.name for path in present if path.is_dir() or path.suffix not in KINDS)
    if other or (present and not (output / EIGHT_BITS).is_file()) or output.is_file():
        raise BilanError(f"not a folder of a shipped model ({', '.join(other[:3]) or 'other files'})", where=output,
                         mend="choose another --output")


def sides(run: Path, named: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The contents of files of scores by the side that they score: of the run folder, then those named.

    A file that is named is shown once, under its new name.
    """
    given = dict(map(_named, named))
    again = {path.resolve() for path in given.values()}
    own = {side: run / f"scores-{side}.json" for side in card.scores(run)}
    files = {side: path for side, path in own.items() if path.resolve() not in again} | given
    return {side: _read(path, lambda content: card.rows(content) and origin(content) and content)
            for side, path in files.items()}


def _named(given: str) -> tuple[str, Path]:
    side, equals, path = given.partition("=")
    if equals and not Path(given).is_file():
        return side, Path(path)
    return Path(given).stem.removeprefix("scores-"), Path(given)


def _read(file: Path, made: Callable[[Any], Any], mend: str = "make it again with bilan-eval") -> Any:
    """What a function makes of a JSON file; BilanError where the file is not as the function wants it."""
    content = parse_json(read_text(file), where=file)
    try:
        return made(content)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BilanError(f"not the file that is expected ({type(error).__name__} {error})", where=file,
                         mend=mend) from error


def origin(content: Mapping[str, Any]) -> str:
    """On what a side was scored, in a few words; `in 8 bits` where the system that was scored is an 8-bit folder.

    >>> origin({"documents": 93, "fingerprint": "4f09", "commit": None})
    '93 documents, gold fingerprint `4f09`'
    """
    system = Path(content.get("name", "").partition(" on ")[0])
    said = (f"{content['documents']} documents", "read in 8 bits" if (system / EIGHT_BITS).is_file() else "",
            content.get("fingerprint") and f"gold fingerprint `{content['fingerprint']}`",
            content.get("commit") and f"scored by commit `{content['commit']}`")
    return ", ".join(filter(None, said))


def baseline_rows(run: Path, named: str | Path | None) -> list[tuple[str, ...]]:
    """A line a system and gold: F1, its 95 % interval, F1 of entities, of figures, of PER, LOC and ORG alone."""
    files = [Path(named)] if named else sorted(run.glob("baselines-*.json"))
    return [row for file in files for row in _read(file, lambda content: list(map(_baseline, content["systems"])))]


def _baseline(row: Mapping[str, Any]) -> tuple[str, ...]:
    micro = row.get("micro") or {"f1": None, "interval": (None, None, None)}
    groups = row.get("groups") or {}
    system = card.shown("base", row["system"]) if Path(row["system"]).is_absolute() else row["system"]
    return (system, row["gold"], card.percent(micro["f1"]), card.interval(micro["interval"]),
            *(card.percent(groups.get(group, {}).get("f1")) for group in GROUPS), card.percent(row["names"]["f1"]))


def networks(export: Path) -> dict[str, Any]:
    """What `export.json` says of the 8-bit network beside PyTorch's, on dev."""
    def made(entry: Mapping[str, Any]) -> dict[str, Any]:
        eight, plain = entry["int8"], entry["pytorch"]
        return {"dev": entry["documents"], "f1": card.percent(eight["f1"]), "plain": card.percent(plain["f1"]),
                "same": eight["spans_as_pytorch"], "spans": plain["spans"], "rate": eight["tokens_per_second"]}

    return _read(export / EXPORT, made, mend=AGAIN)


def size_of(run: Path, export: Path) -> dict[str, float]:
    """Parameters of the run's weights in millions, megabytes of the 8-bit file."""
    from safetensors import safe_open

    count = 0
    for file in run.glob("*.safetensors"):
        with safe_open(file, "numpy") as weights:
            count += sum(prod(weights.get_slice(name).get_shape()) for name in weights.keys())  # noqa: SIM118
    return {"parameters": count / 1e6, "megabytes": (export / EIGHT_BITS).stat().st_size / 1e6}


def energy(seconds: float, watts: float | None) -> float | None:
    """Kilowatt hours of a training at a power that is assumed; None without one.

    >>> energy(1800, 100)
    0.05
    """
    if watts is not None and not watts > 0:
        raise BilanError(f"{watts:g} watts", where="--watts", mend="more than 0 is expected")
    return None if watts is None else watts * seconds / 3.6e6


def lasted(seconds: float) -> str:
    """A duration in words.

    >>> lasted(873), lasted(7384)
    ('14 min 33 s', '2 h 3 min')
    """
    hours, rest = divmod(round(seconds), 3600)
    return f"{hours} h {rest // 60} min" if hours else f"{rest // 60} min {rest % 60} s"


def about_data(entry: Mapping[str, Any], file: str | Path | None) -> str | None:
    """The Markdown that tells of data and biases; "" for bilan's own corpus, None where nobody told."""
    if file is not None:
        return read_text(Path(file)).strip()
    return "" if list(entry["data"]["labels"]) == list(NAMES) else None
