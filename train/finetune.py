"""Fine-tuning on transformers' Trainer: dataset folder + base → run folder.

The run folder holds all that inference needs (weights, tokenizer, config, `bilan.json`) and, written
last, `run.json`: a folder without it is not a finished run. The model is made among the checkpoints and
moved when it is whole, `bilan.json` last: without it no reader takes the folder.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from tokenizers import Tokenizer

from ..data.align import IGNORE, edges_for
from ..data.calibration import Fit, fit, warmed
from ..data.dataset import load_part
from ..data.document import Document
from ..data.errors import BilanError
from ..data.labels import tags_of
from ..data.report import Report
from ..models.checkpoint import Cutting, capacity, fast_tokenizer, load_tokenizer, locate, save_cutting, stamp
from ..models.decode import tag_set
from ..models.reader import load
from . import ranks
from .card import write_card
from .checkpoints import latest, step
from .choice import choose
from .data import gathered, settled
from .disk import told
from .distil import TEACHER, named, taught
from .examples import examples, flat, whole_words
from .history import CURVE, HISTORY, load_history, picture, reporters, spent
from .lock import locked
from .model import load_base
from .optimiser import optimiser
from .plan import CHECKPOINTS, DATASET, RUN, prepare, write
from .record import record
from .score import scorer, strict_f1
from .settings import Settings

if TYPE_CHECKING:
    from transformers import Trainer

    from .trainer import OrderedTrainer

MADE, CUTTING = "made", "bilan.json"  # among the checkpoints: the model that is to be moved; its last file


class Begun(NamedTuple):
    """A training that may start: the record of a finished one, its dataset, the checkpoint to go on from.

    `spent` are the seconds that the training took up to that checkpoint.
    """

    done: dict[str, Any] | None
    plan: dict[str, Any]
    described: dict[str, Any]
    dataset: Path
    last: Path | None
    spent: float


def finetune(settings: Settings, output: str | Path, *, resume: bool = False, overwrite: bool = False,
             report: Report | None = None) -> dict[str, Any]:
    """Train, keep the epoch with the best dev F1, save it; what `run.json` says.

    With `resume` a finished run of the same settings and data is left as it is (its record has
    `"skipped": true`), an interrupted one goes on from its last whole checkpoint, and ends with the
    weights that it would have had. A folder that holds another run, or in which a training is at
    work, raises BilanError; `overwrite` empties the former. Interrupted, after SIGINT or SIGTERM.
    Under `torchrun` each process does its share; the first one reads, writes and saves.
    """
    folder, report = Path(output), report if report is not None else Report()
    started = time.perf_counter()
    ranks.share(settings.batch_size)
    ranks.start()
    with ExitStack() as held:
        begun = ranks.shared(lambda: begin(settings, folder, held, resume=resume, overwrite=overwrite, report=report))
        if begun.done:
            return begun.done | {"skipped": True}
        log = train(settings, folder, begun, report)
        return ranks.shared(lambda: finish(folder, begun, log, report, seconds=time.perf_counter() - started))


def begin(settings: Settings, folder: Path, held: ExitStack, *, resume: bool, overwrite: bool,
          report: Report) -> Begun:
    """Read the data, then lock and prepare the run folder: nothing is written before all is checked."""
    reporters(settings.report_to)
    for checkpoint in (settings.base, *named(settings.teachers)):
        locate(checkpoint)
    data = gathered(settings, report)
    plan = {"settings": settings.model_dump(), "fingerprint": data.described["fingerprint"]}
    held.enter_context(locked(folder))
    done = prepare(folder, plan, resume=resume, overwrite=overwrite)
    dataset = data.folder if done and data.folder else settled(data, folder / DATASET)
    last = latest(folder / CHECKPOINTS) if resume else None
    return Begun(done, plan, data.described, dataset, last, spent(folder / HISTORY, step(last)) if last else 0.0)


def train(settings: Settings, folder: Path, begun: Begun, report: Report) -> list[dict[str, Any]]:
    """Train and save the best epoch; the Trainer's log."""
    from transformers.trainer_callback import PrinterCallback

    from .history import History
    from .progress import ProgressLine
    from .stopping import Saving

    base = locate(settings.base)
    tokenizer = load_tokenizer(base)
    parts = tuple(flat(load_part(begun.dataset, side), overlaps=settings.overlaps, report=report)
                  for side in ("train", "dev"))
    known = [document for part in parts for document in part]
    cutting = Cutting(settings.window, settings.overlap, whole_words(known), edges_for(known))
    trainer = make_trainer(settings, folder / CHECKPOINTS, base, tokenizer, begun.described["labels"],
                           (parts[0], parts[1]), cutting, report)
    for callback in trainer.callback_handler.callbacks:
        if type(callback).__name__ == "TensorBoardCallback":  # its own choice lies among the checkpoints, which go
            callback.logging_dir = callback.logging_dir or str(folder / "tensorboard")
    saving, progress = Saving(settings.save_steps), ProgressLine()
    trainer.remove_callback(PrinterCallback)
    for callback in (saving, History(folder / HISTORY), progress):
        trainer.add_callback(callback)
    try:
        with saving.listening(), told(folder):
            trainer.train(resume_from_checkpoint=str(begun.last) if begun.last else None)
    finally:
        progress.close()
    cutting = choose(trainer, trainer.examples, cutting, settings, report)
    if ranks.first():
        with told(folder):
            save(trainer, folder / CHECKPOINTS / MADE, tokenizer, base, cutting)
    return trainer.state.log_history


def finish(folder: Path, begun: Begun, log: Sequence[Mapping[str, Any]], report: Report, *,
           seconds: float) -> dict[str, Any]:
    """Write what says that the run is whole, last of all `run.json`; take the checkpoints away."""
    picture(load_history(folder / HISTORY), folder / CURVE, report)
    made = folder / CHECKPOINTS / MADE
    fitted, saved = calibrate(made, load_part(begun.dataset, "dev"), overlaps=begun.plan["settings"]["overlaps"])
    entry = record(begun.plan, begun.described, report, log, dataset=begun.dataset, saved=saved,
                   seconds=begun.spent + seconds)
    entry["temperature"] = fitted.as_dict()
    moved(made, folder)
    write_card(entry, folder)
    write(folder / RUN, entry)
    shutil.rmtree(folder / CHECKPOINTS, ignore_errors=True)
    return entry


def make_trainer(settings: Settings, checkpoints: Path, base: Path, tokenizer: Tokenizer,
                 labels: Sequence[str], parts: tuple[Sequence[Document], Sequence[Document]],
                 cutting: Cutting, report: Report) -> OrderedTrainer:
    """The Trainer, ready to run: model with a new head, data, optimiser, early stopping."""
    import torch
    from datasets import Dataset
    from transformers import set_seed

    from .loss import objective
    from .masking import masking
    from .stopping import Patience
    from .trainer import OrderedTrainer
    from .variants import training_rows

    if settings.threads:
        torch.set_num_threads(settings.threads)
    set_seed(settings.seed)
    tags = tags_of(labels)
    model = network(base, tags, settings)
    train, dev = (examples(part, tokenizer, tags, cutting, report) for part in parts)
    if settings.teachers:
        train = replace(train, rows=taught(train.rows, named(settings.teachers), tokenizer, tags,
                                           precision=precision(settings.precision)))
    trainer = OrderedTrainer(
        model=model,
        args=arguments(settings, checkpoints),
        train_dataset=training_rows(train, settings, lambda new, lost: examples(new, tokenizer, tags, cutting, lost)),
        eval_dataset=Dataset.from_list(list(dev.rows)),  # pyright: ignore[reportArgumentType]
        data_collator=collator(model.config.pad_token_id or 0, units=settings.crf),
        compute_loss_func=objective(settings, train.rows, len(tags), model),
        compute_metrics=scorer(dev, tags, cutting, model),
        optimizers=(optimiser(model, settings), None),
        callbacks=[Patience(settings.patience)],
    )
    trainer.masking, trainer.average = masking(tokenizer, chance=settings.word_dropout), settings.average
    trainer.examples = train, dev
    return trainer


def network(base: Path, tags: Sequence[str], settings: Settings) -> Any:
    """The base with its new head, and its CRF if one is asked for; BilanError where it cannot hold the window."""
    model = load_base(base, tags, settings)
    if settings.crf:
        from .crf import Crf

        model.crf = Crf(tag_set(tags))  # in the model, so that checkpoints hold it
    positions = capacity(model.config.to_dict()) or settings.window
    if settings.window > positions:
        raise BilanError(f"window of {settings.window} tokens, but the base holds {positions}",
                         where=base, mend=f"--window {positions} or less")
    return model


def arguments(settings: Settings, checkpoints: Path) -> Any:
    """The TrainingArguments of transformers for our settings."""
    import torch
    from transformers import TrainingArguments

    gpu = torch.cuda.is_available()
    half = precision(settings.precision)
    made = TrainingArguments(
        output_dir=str(checkpoints), seed=settings.seed, data_seed=settings.seed, use_cpu=not gpu,
        per_device_train_batch_size=ranks.share(settings.batch_size),
        per_device_eval_batch_size=2 * settings.batch_size,
        gradient_accumulation_steps=settings.accumulation, num_train_epochs=settings.epochs,
        learning_rate=settings.learning_rate, warmup_steps=settings.warmup, lr_scheduler_type="linear",
        max_grad_norm=settings.max_grad_norm, label_smoothing_factor=settings.label_smoothing,
        bf16=half == "bf16", fp16=half == "fp16", train_sampling_strategy="group_by_length",
        eval_strategy="epoch", save_strategy="epoch", logging_strategy="epoch",
        load_best_model_at_end=True, metric_for_best_model="f1", greater_is_better=True,
        dataloader_pin_memory=gpu, remove_unused_columns=False, disable_tqdm=True, ddp_find_unused_parameters=False,
        report_to=reporters(settings.report_to) or "none", run_name=checkpoints.parent.name,
    )
    made._n_gpu = min(made.n_gpu, 1)  # several GPUs are for torchrun; DataParallel would multiply the batch
    return made


def precision(wanted: str) -> str:
    """The precision in force: `auto` is bf16 where the hardware computes in it, else fp32."""
    import torch

    if wanted != "auto":
        return wanted
    if torch.cuda.is_available():
        return "bf16" if torch.cuda.is_bf16_supported() else "fp16"
    return "bf16" if torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported() else "fp32"


def collator(pad: int, *, units: bool = False) -> Any:
    """A function from rows to a batch of tensors, (rows, longest), padded with `pad`, IGNORE and −1."""
    import torch

    def collate(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        longest = max(len(row["input_ids"]) for row in rows)
        fill = {"input_ids": pad, "labels": IGNORE} | ({"units": -1} if units else {})
        batch: dict[str, Any] = {name: [[*row[name], *[value] * (longest - len(row[name]))] for row in rows]
                                 for name, value in fill.items()}
        if TEACHER in rows[0]:
            short = [(row[TEACHER], longest - len(row[TEACHER])) for row in rows]
            batch[TEACHER] = np.stack([np.pad(shares, ((0, missing), (0, 0))) for shares, missing in short])
        batch["attention_mask"] = [[int(i < len(row["input_ids"])) for i in range(longest)] for row in rows]
        return {name: torch.as_tensor(values) for name, values in batch.items()}

    return collate


def save(trainer: Trainer, folder: Path, tokenizer: Tokenizer, base: Path, cutting: Cutting) -> None:
    """Write weights, config, tokenizer and `bilan.json` of the best epoch into a new folder."""
    model: Any = trainer.model
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    model.save_pretrained(folder)
    fast_tokenizer(tokenizer, base).save_pretrained(folder)
    save_cutting(folder, cutting, tokenizer)
    stamp(folder)


def moved(made: Path, folder: Path) -> None:
    """Move the files of a model into the run folder, last the one without which it is none."""
    for path in sorted(made.iterdir(), key=lambda path: path.name == CUTTING):
        os.replace(path, folder / path.name)


def calibrate(folder: Path, dev: Sequence[Document], *, overlaps: str) -> tuple[Fit, float]:
    """Store the temperature under which the saved model's confidences are likeliest on dev, 1 if none is better.

    That temperature, and the strict F1 of the saved model on dev, made flat by the policy `overlaps`.
    """
    reader = load(folder)
    read = warmed(reader, dev)
    fitted = fit(dev, read)
    save_cutting(folder, replace(reader.cutting, temperature=fitted.temperature), reader.tokenizer)
    stamp(folder)
    found = [document.spans for document in read(fitted.temperature)]
    return fitted, strict_f1(flat(dev, overlaps=overlaps, report=Report()), found)
