"""The model card: what a run's weights are, on what they were trained and how well they do.

`README.md` in the run folder, in the format of model hubs
(https://huggingface.co/docs/hub/model-cards): metadata in YAML, then Markdown. Scores by label come
from the `scores-*.json` that `bilan-eval RUN` leaves there; without them the card has dev F1 alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..data.errors import BilanError
from ..data.extras import absent
from ..data.files import parse_json, read_text, written
from ..models.checkpoint import saved_f1
from .plan import RUN, load
from .settings import Settings

TEMPLATE = "card.md.j2"
OURS = Settings.model_fields["base"].default  # a folder of ours, on no hub
CARD, FEW = "README.md", 50  # spans of a label in train below which the card warns
PATHS = ("base", "data", "dev", "test")  # settings that may be paths of the machine: shown by their name
METRICS = ("precision", "recall", "f1")


def card(run: str | Path, *, name: str | None = None, license: str | None = None) -> Path:
    """Write the card of a finished run again, with the scores that are there now; its path.

    `name` is what readers load (a hub id), `license` that of the weights (the base's own).
    """
    folder = Path(run)
    return write_card(finished(folder), folder, name=name, license=license)


def finished(folder: Path) -> dict[str, Any]:
    """The record of a finished run; BilanError where there is none."""
    entry = load(folder / RUN)
    if entry is None:
        raise BilanError("no finished run here (no run.json)", where=folder, mend="train it: bilan-train --output")
    return entry


def write_card(entry: Mapping[str, Any], folder: Path, *, name: str | None = None,
               license: str | None = None) -> Path:
    """Write the card that a record (`run.json`) and the scores in the folder make."""
    path = folder / CARD
    with written(path) as stream:
        stream.write(text(entry, scores(folder), name=name or folder.resolve().name, license=license))
    return path


def text(entry: Mapping[str, Any], found: Mapping[str, Mapping[str, Any]], *, name: str, license: str | None = None,
         template: str = TEMPLATE, library: str = "transformers", **more: Any) -> str:
    """The card as Markdown; `found` are contents of scores files by the side that they score.

    `template` is a file beside this one, `more` what it asks for beyond the card of a run; `library` is
    what loads the weights.
    """
    from huggingface_hub import ModelCard, ModelCardData

    base = entry["settings"]["base"]
    data = ModelCardData(
        language="fr", license=license or entry.get("license") or "unknown", library_name=library,
        pipeline_tag="token-classification", tags=["bilan", "token-classification", "named-entity-recognition"],
        base_model=base if hub_id(base) and base != OURS and not Path(base).exists() else None,
        model_name=name, eval_results=results(entry, found))
    body = _template(template).render(
        **more, name=name, base=shown("base", base),
        entry={"seeds": None, "averaged": None, "processes": 1, "license": None, **entry},
        labels=labels(entry), changed=changed(entry["settings"]), few=few(entry), fewest=FEW, told=told(entry),
        percent=percent, cell=cell, shown=shown, saved=saved_f1(entry),
        scores={side: rows(content) for side, content in found.items()},
        source=shown("data", entry["data"].get("source", entry["settings"]["data"])))
    return str(ModelCard(f"---\n{data.to_yaml()}\n---\n{body}"))


def _template(name: str) -> Any:
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError as error:
        raise absent(error, "a model card") from error
    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), undefined=StrictUndefined,
                              trim_blocks=True, keep_trailing_newline=True)
    return environment.get_template(name)


def hub_id(name: str) -> bool:
    """Whether a base is named as on a hub: `owner/name`.

    >>> hub_id("almanach/camembert-base"), hub_id("./models/base")
    (True, False)
    """
    return bool(re.fullmatch(r"\w[\w.-]*/[\w.-]+", name))


def scores(folder: Path) -> dict[str, dict[str, Any]]:
    """What `bilan-eval` left in a run folder, by side: `test` first."""
    paths = sorted(folder.glob("scores-*.json"), key=lambda path: (path.stem != "scores-test", path.stem))
    return {path.stem.removeprefix("scores-"): parse_json(read_text(path), where=path) for path in paths}


def results(entry: Mapping[str, Any], found: Mapping[str, Mapping[str, Any]]) -> list[Any]:
    """The scores for the card's metadata: of each side that was scored, else dev F1."""
    from huggingface_hub import EvalResult

    said = {side: content["schemes"]["strict"]["micro"] for side, content in found.items()}
    said = said or {"dev": {"f1": saved_f1(entry)}}

    def gold(side: str) -> str:
        return found.get(side, {}).get("fingerprint") or entry["data"]["fingerprint"]

    return [EvalResult(task_type="token-classification", dataset_type="bilan", metric_type=metric,
                       metric_value=round(scored[metric], 4), metric_name=f"strict micro {metric}",
                       dataset_name=f"{side}, data fingerprint {gold(side)}", dataset_split=side)
            for side, scored in said.items() for metric in METRICS if scored.get(metric) is not None]


def rows(content: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """The lines of a table of scores: name, gold, precision, recall, F1, its 95 % interval."""
    strict, bounds = content["schemes"]["strict"], content["intervals"]["f1"]
    named = {**strict["labels"], **strict["groups"], "micro": strict["micro"]}
    return [(name, str(scored["gold"]), *(percent(scored[metric]) for metric in METRICS),
             interval(bounds.get(name))) for name, scored in named.items()]


def interval(bounds: Iterable[float | None] | None) -> str:
    """The bounds of `[value, low, high]` as a percentage, "" where there are none.

    >>> interval([0.5, 0.4, 0.62])
    '40.0 to 62.0'
    """
    _, low, high = bounds or (None, None, None)
    return "" if low is None or high is None else f"{percent(low)} to {percent(high)}"


def percent(value: float | None) -> str:
    """A score as a percentage; an en dash where it is not defined.

    >>> percent(0.8127), percent(None)
    ('81.3', '–')
    """
    return "–" if value is None else f"{100 * value:.1f}"


def cell(value: object) -> str:
    r"""A value in a Markdown table.

    >>> print(cell("A|B"))
    A\|B
    """
    return " ".join(str(value).split()).replace("\\", "\\\\").replace("|", "\\|")


def changed(settings: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """The settings that differ from their default: name, value, default."""
    fields = {name: field.default for name, field in Settings.model_fields.items()}
    return [(name, shown(name, settings[name]), shown(name, default)) for name, default in fields.items()
            if settings.get(name, default) != default and name not in ("data", "dev", "test")]


def shown(name: str, value: Any) -> Any:
    """A setting as the card shows it: a path by its last part, a hub id whole.

    >>> shown("base", "/home/me/models/base"), shown("base", "almanach/camembert-base")
    ('base', 'almanach/camembert-base')
    """
    return Path(value).name if name in PATHS and value and not hub_id(str(value)) else value


def published(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The record as others get it: paths by their names, and no examples, which quote documents and paths.

    >>> entry = {"settings": {"base": "/home/me/base", "epochs": 3}, "data": {"source": "/home/me/notes"}}
    >>> published(entry)["settings"], published(entry)["data"]
    ({'base': 'base', 'epochs': 3}, {'source': 'notes'})
    """
    report = {name: value for name, value in entry.get("report", {}).items() if name != "examples"}
    settings = {name: shown(name, value) for name, value in entry["settings"].items()}
    data = {name: shown("data", value) if name == "source" else value for name, value in entry["data"].items()}
    found = {**entry, "settings": settings, "data": data, "report": report}
    if "averaged" in entry:
        found["averaged"] = [{**one, "settings": {name: shown(name, value) for name, value in one["settings"].items()}}
                             for one in entry["averaged"]]
    return found


def labels(entry: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Label and its spans in train, dev and test."""
    spans = entry["data"].get("spans_by_label", {})
    sides = entry["data"]["documents"]
    return [(label, *(str(spans[side].get(label, 0)) if spans else "–" for side in sides))
            for label in entry["data"]["labels"]]


def few(entry: Mapping[str, Any]) -> list[str]:
    """The labels with few spans to learn from."""
    train = entry["data"].get("spans_by_label", {}).get("train", {})
    return [label for label in entry["data"]["labels"] if train and train.get(label, 0) < FEW]


def told(entry: Mapping[str, Any]) -> list[tuple[str, int]]:
    """What the training was told of its data that limits what the scores say."""
    counts = entry.get("report", {}).get("counts", {})
    return [(cause, count) for cause, count in counts.items() if cause.startswith(("seen: ", "impossible: "))]


def check(path: Path) -> None:
    """Raise BilanError when a card is not there or lacks what a hub shows of a model."""
    from huggingface_hub import ModelCard

    try:
        data = ModelCard.load(path).data.to_dict()
    except (OSError, ValueError, KeyError) as error:
        raise BilanError(f"unreadable model card ({error})", where=path, mend="write it again: bilan-train card RUN"
                         ) from error
    missing = [key for key in ("language", "license", "tags", "pipeline_tag", "model-index") if not data.get(key)]
    if missing:
        raise BilanError(f"the model card lacks {', '.join(missing)}", where=path,
                         mend="write it again: bilan-train card RUN")
