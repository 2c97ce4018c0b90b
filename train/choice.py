"""What dev decides when the epochs are over: whether mean weights are kept, which transitions decode."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from ..data.report import Report
from ..models.checkpoint import Cutting
from ..models.decode import tag_set
from .examples import Examples
from .score import dev_f1
from .settings import Settings
from .transitions import estimate, fit, unit_tags


def choose(trainer: Any, parts: tuple[Examples, Examples], cutting: Cutting, settings: Settings,
           report: Report) -> Cutting:
    """Leave in the trainer's model the weights to be saved; the cutting, with transitions if any."""
    if settings.average:
        keep_average(trainer, settings.average, report)
    if settings.crf:
        crf = trainer.model.crf
        del trainer.model.crf  # what it learnt goes into bilan.json, not among the weights
        return replace(cutting, transitions=crf.matrix())
    return learn_transitions(trainer, parts, cutting, report) if settings.transitions == "learned" else cutting


def keep_average(trainer: Any, number: int, report: Report) -> None:
    """Take the mean weights of the last epochs if their dev F1 is not lower than that of the best epoch."""
    from .average import folders, mean_weights

    model, best = trainer.model, trainer.state.best_metric
    before = {name: value.clone() for name, value in model.state_dict().items()}
    chosen = folders(Path(trainer.args.output_dir), trainer.state, number=number)
    model.load_state_dict(mean_weights(chosen))
    found = trainer.predict(trainer.eval_dataset).metrics["test_f1"]
    if found < best:
        model.load_state_dict(before)
    report.note(f"averaged: {'kept' if found >= best else 'not kept'}",
                example=f"dev F1 {found:.4f} of {len(chosen)} epochs' mean weights, {best:.4f} of the best epoch")


def learn_transitions(trainer: Any, parts: tuple[Examples, Examples], cutting: Cutting, report: Report) -> Cutting:
    """The cutting with the transition scores of train, weighted by F1 on dev."""
    train, dev = parts
    names = list(trainer.model.config.id2label.values())
    tags, outputs = tag_set(names), trainer.predict(trainer.eval_dataset).predictions
    scores = estimate((unit_tags(tokens, document, tags) for tokens, document in
                       zip(train.encoded, train.documents, strict=True)), len(tags.tags))
    weight, found, transitions = fit(scores, lambda one: dev_f1(dev, outputs, names, cutting, transitions=one))
    report.note("transitions learned", example=f"weight {weight:g}, dev F1 {found:.4f}")
    return replace(cutting, transitions=transitions)
