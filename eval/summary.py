"""The tables of a README, in Markdown, from the JSON files that evaluation leaves in a run folder.

Nothing is computed here: what was not measured is not shown, and the command that would measure it is named
in a comment. See `bilan.eval.runs` for the files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..data.errors import BilanError
from ..data.files import parse_json, read_text
from ..data.labels import ENTITY, FIGURE, GROUPS, in_order
from .baselines import NAMES
from .claims import SIDES
from .intervals import MACRO, MICRO, Interval
from .robustness import PLAIN
from .runs import kept, run_of
from .table import bounds, markdown, percent, points
from .values import FOUND

Scores = Mapping[str, Any]
Cells = tuple[str, ...]


def summary(run: str | Path, *, split: str = "test", press: str | None = None,
            baselines: str | Path | None = None) -> str:
    """The tables of a run: labels, figures and claims, baselines, robustness, and where they come from.

    `press` names more gold that was scored, by name or path (`real-dev`), shown on the right; `baselines` is
    a file, else that of the run folder. Raises BilanError where scores are missing or not ours.
    """
    names = [split] if press is None else [split, Path(press).stem]
    again = f"bilan-eval {run} --split {split}"
    scores = [kept(run, f"scores-{name}.json", made_by=again if name == split else f"bilan-eval {run} --gold {press}")
              for name in names]
    robust = Path(run) / f"robustness-{split}.json"
    beside = Path(baselines) if baselines else Path(run) / f"baselines-{split}.json"
    try:
        parts = [labels(scores, names), claims(scores, names),
                 systems(_content(beside), names) if baselines or beside.is_file()
                 else _absent(beside, f"bilan-eval baselines {run}"),
                 changes(_content(robust)) if robust.is_file() else _absent(robust, f"bilan-eval robustness {run}"),
                 provenance(run_of(run), scores[0])]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BilanError(f"a file of scores is not as bilan-eval writes it ({error})", where=run,
                         mend="make them again: " + again) from error
    return "\n\n".join(filter(None, parts)) + "\n"


def _content(file: Path) -> Any:
    return parse_json(read_text(file), where=file)


def _absent(file: Path, command: str) -> str:
    return f"<!-- no {file.name}: {command} -->"


def labels(scores: Sequence[Scores], names: Sequence[str]) -> str:
    """A line a label, group and average; of the first scores all columns, of the others F1 and support."""
    head = ["", "precision", "recall", "F1", "95 %", "gold"]
    head += [cell for name in names[1:] for cell in (f"F1, {name}", "95 %", "gold")]
    present = in_order({label for each in scores for label in each["schemes"]["strict"]["labels"]})
    lines = [_label(f"`{label}`", label, scores) for label in present]
    groups = [name for name in (*GROUPS, MICRO, MACRO) if any(name in each["intervals"]["f1"] for each in scores)]
    return markdown(head, [*lines, *(_label(f"**{name}**", name, scores) for name in groups)])


def _label(shown: str, name: str, scores: Sequence[Scores]) -> Cells:
    first, *others = scores
    row = _row(first, name)
    return (shown, percent(row.get("precision")), percent(row.get("recall")), *_f1(first, name, row),
            *(cell for each in others for cell in _f1(each, name, _row(each, name))))


def _row(scores: Scores, name: str) -> Mapping[str, Any]:
    strict = scores["schemes"]["strict"]
    return strict[name] if name in (MICRO, MACRO) else (strict["labels"] | strict["groups"]).get(name, {})


def _f1(scores: Scores, name: str, row: Mapping[str, Any]) -> Cells:
    found = Interval(*scores["intervals"]["f1"].get(name, (None,)))
    return percent(found.value), bounds(found), str(row.get("gold", "" if name == MACRO else 0))


def claims(scores: Sequence[Scores], names: Sequence[str]) -> str:
    """A line a measure of figures and links, three columns a set; "" where nothing was measured."""
    found = [_measures(each) for each in scores]
    head = ["figures and claims", *(cell for name in names for cell in (f"right, {name}", "95 %", "gold"))]
    lines = [(name, *(cell for each in found for cell in each.get(name, ("–", "", "0"))))
             for name in dict.fromkeys(name for each in found for name in each)]
    return markdown(head, lines) if lines else ""


def _measures(scores: Scores) -> dict[str, Cells]:
    values, rows = scores.get("values"), {}
    if values:
        rows = {f"{name} of matched figures": _measure(row["interval"], row["support"])
                for name, row in values["rates"]["all"].items()}
        rows["value and role, F1"] = _measure(values[FOUND]["interval"], values[FOUND]["gold"])
    return rows | {f"`{name}`, {SIDES[side]}, F1": _measure(row["interval"], row["gold"])
                   for side, part in scores.get("attribution", {}).items() for name, row in part.items()}


def _measure(interval: Sequence[float | None], support: int) -> Cells:
    found = Interval(*interval)
    return percent(found.value), bounds(found), str(support)


def systems(content: Mapping[str, Any], names: Sequence[str]) -> str:
    """A line a system: micro F1 on each set, then F1 of the groups and of names alone on the first set."""
    rows = {(row["system"], row["gold"]): row for row in content["systems"]}
    known = [name for name in names if any(gold == name for _, gold in rows)]
    if not known:
        raise BilanError(f"the baselines were not scored on {names[0]!r}", mend="make them again on that gold")
    head = ["system", *(cell for name in known for cell in (f"F1, {name}", "95 %")), ENTITY, FIGURE, " ".join(NAMES)]
    return markdown(head, [_system(system, [rows.get((system, name), {}) for name in known])
                           for system in dict.fromkeys(system for system, _ in rows)])


def _system(name: str, rows: Sequence[Mapping[str, Any]]) -> Cells:
    micro = [Interval(*(row["micro"]["interval"] if row.get("micro") else (None,))) for row in rows]
    groups = rows[0].get("groups") or {}
    return (name, *(cell for each in micro for cell in (percent(each.value), bounds(each))),
            *(percent(groups.get(group, {}).get("f1")) for group in GROUPS),
            percent(rows[0].get("names", {}).get("f1")))


def changes(content: Mapping[str, Any]) -> str:
    """A line a change of typography: documents that it changes, F1 under it, the difference with its bounds."""
    plain = content[PLAIN]
    first = (PLAIN, "", percent(plain["f1"]), "", "")
    return markdown(("change", "documents changed", "F1", "difference", "95 %"),
                    [first, *((name, str(row["changed"]), percent(row["f1"]), *points(Interval(*row["difference"])))
                              for name, row in content["changes"].items())])


def provenance(run: Mapping[str, Any], scores: Scores) -> str:
    """Where the numbers come from, in one sentence."""
    said = [f"scored at commit `{scores['commit']}`" if scores.get("commit") else "",
            f"gold fingerprint `{scores['fingerprint']}`" if scores.get("fingerprint") else "",
            f"trained at commit `{run['commit']}` on {run['finished'][:10]}" if run.get("commit") else "",
            f"{len(run['dev']['epochs'])} epochs in {_time(run['seconds'])}, "
            f"dev F1 {percent(run['dev'].get('saved', run['dev']['best'])['f1'])}" if run.get("dev") else ""]
    said.append(f"temperature {run['temperature']['temperature']:g}" if run.get("temperature") else "")
    sentence = "; ".join(filter(None, said))
    return sentence[:1].upper() + sentence[1:] + "." if sentence else ""


def _time(seconds: float) -> str:
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"
