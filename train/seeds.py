"""The same training with several seeds: how much of a score is luck, and the best run kept."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from ..data.errors import BilanError
from ..data.files import replaced
from ..data.report import Report
from ..models.checkpoint import saved_f1
from . import ranks
from .card import write_card
from .data import gathered, settled
from .finetune import CUTTING, finetune
from .history import reporters
from .lock import locked
from .plan import DATASET, RUN, prepare, write
from .settings import Settings

OWN = {DATASET, RUN, "checkpoints"}  # what is not taken over from the best run


def finetune_seeds(settings: Settings, output: str | Path, *, seeds: int, resume: bool = False,
                   overwrite: bool = False, report: Report | None = None) -> dict[str, Any]:
    """Train with `seeds` seeds from `settings.seed` on, each in `OUTPUT/seed-K`; what `run.json` says.

    The run with the best dev F1 is copied into `OUTPUT`, where its record has an entry `seeds`: the
    dev F1 of each, their `mean`, and their standard deviation over n − 1. With `resume` finished
    seeds are left as they are and an interrupted one goes on. Raises BilanError as `finetune` does.
    """
    if seeds < 1:
        raise BilanError(f"{seeds} seeds", where="--seeds", mend="1 or more")
    folder, report = Path(output), report if report is not None else Report()
    ranks.share(settings.batch_size)
    ranks.start()
    with ExitStack() as held:
        done, each = ranks.shared(lambda: _begin(settings, folder, held, seeds, resume, overwrite, report))
        if done:
            return done | {"skipped": True}
        entries = {}
        for seed in range(settings.seed, settings.seed + seeds):
            own = Report()
            entries[seed] = finetune(each.model_copy(update={"seed": seed}), folder / f"seed-{seed}", resume=True,
                                     report=own)
            report.losses |= own.losses  # alike with every seed: counted once
            report.examples |= {cause: own.examples[cause] for cause in own.losses}
        return ranks.shared(lambda: _finish(folder, entries, settings, report))


def _begin(settings: Settings, folder: Path, held: ExitStack, seeds: int, resume: bool, overwrite: bool,
           report: Report) -> tuple[dict[str, Any] | None, Settings]:
    reporters(settings.report_to)
    data = gathered(settings, report)
    plan = {"settings": settings.model_dump(), "fingerprint": data.described["fingerprint"], "seeds": seeds}
    held.enter_context(locked(folder))
    done = prepare(folder, plan, resume=resume, overwrite=overwrite)
    if done:
        return done, settings
    dataset = settled(data, folder / DATASET)
    return None, settings.model_copy(update={"data": str(dataset), "dev": None, "test": None})


def _finish(folder: Path, entries: dict[int, dict[str, Any]], settings: Settings, report: Report) -> dict[str, Any]:
    scores = {seed: saved_f1(entry) for seed, entry in entries.items()}
    best = max(scores, key=lambda seed: scores[seed])
    source = folder / f"seed-{best}"
    for path in sorted(source.iterdir(), key=lambda path: path.name == CUTTING):  # no reader takes a run without it
        if path.is_file() and path.name not in OWN and not path.name.startswith((".", "scores-", "plan")):
            with replaced(folder / path.name) as temporary:
                shutil.copy2(path, temporary)
    entry = entries[best] | {"seeds": summary(scores), "seconds": sum(each["seconds"] for each in entries.values())}
    entry.pop("skipped", None)
    entry["data"]["source"] = settings.data
    entry["settings"] |= {"dev": settings.dev, "test": settings.test}  # each seed was given the dataset made of them
    entry["report"]["losses"] = dict(report.losses)  # what reading the data lost, too
    write_card(entry, folder)
    write(folder / RUN, entry)
    return entry


def summary(scores: dict[int, float]) -> dict[str, Any]:
    """What several runs say together; no deviation of a single one.

    >>> summary({1: 0.5, 2: 0.75})["mean"]
    0.625
    """
    values = list(scores.values())
    return {"runs": [{"seed": seed, "f1": f1, "folder": f"seed-{seed}"} for seed, f1 in scores.items()],
            "mean": mean(values), "deviation": stdev(values) if len(values) > 1 else None,
            "best": max(scores, key=lambda seed: scores[seed])}
