"""Fine-tuning on transformers' Trainer: dataset folder + base → run folder.

The run folder holds all that inference needs (weights, tokenizer, config, `bilan.json`) and, written
last, `run.json`: a folder without it is not a finished run.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tokenizers import Tokenizer

from ..data.align import IGNORE, edges_for
from ..data.dataset import description, load_part
from ..data.document import Document, Span
from ..data.errors import BilanError
from ..data.labels import tags_of
from ..data.match import Counts, count
from ..data.report import Report
from ..models.checkpoint import Cutting, capacity, fast_tokenizer, load_tokenizer, locate, save_cutting
from ..models.decode import decode, tag_set
from .examples import Examples, examples, flat, gather, whole_words
from .record import record
from .settings import Settings

if TYPE_CHECKING:
    from transformers import Trainer

CHECKPOINTS, PLAN, RUN = "checkpoints", "plan.json", "run.json"


def finetune(settings: Settings, output: str | Path, *, resume: bool = False, overwrite: bool = False,
             report: Report | None = None) -> dict[str, Any]:
    """Train, keep the epoch with the best dev F1, save it; what `run.json` says.

    With `resume` a finished run of the same settings and data is left as it is (its record has
    `"skipped": true`), an interrupted one goes on from its last whole epoch. A folder that holds
    another run raises BilanError, unless `overwrite` empties it.
    """
    folder, report = Path(output), report if report is not None else Report()
    described = description(settings.data)
    plan = {"settings": settings.model_dump(), "fingerprint": described["fingerprint"]}
    done = prepare(folder, plan, resume=resume, overwrite=overwrite)
    if done:
        return done | {"skipped": True}
    started = time.perf_counter()
    base = locate(settings.base)
    tokenizer = load_tokenizer(base)
    train, dev = (flat(load_part(settings.data, side), overlaps=settings.overlaps, report=report)
                  for side in ("train", "dev"))
    known = [*train, *dev]
    cutting = Cutting(settings.window, settings.overlap, whole_words(known), edges_for(known))
    trainer = make_trainer(settings, folder / CHECKPOINTS, base, tokenizer, described["labels"],
                           (train, dev), cutting, report)
    last = _last_checkpoint(folder / CHECKPOINTS) if resume else None
    trainer.train(resume_from_checkpoint=last)
    save(trainer, folder, tokenizer, base, cutting)
    entry = record(plan, described, report, trainer.state.log_history, seconds=time.perf_counter() - started)
    (folder / RUN).write_text(json.dumps(entry, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(folder / CHECKPOINTS, ignore_errors=True)
    return entry


def prepare(folder: Path, plan: Mapping[str, Any], *, resume: bool, overwrite: bool) -> dict[str, Any] | None:
    """Make the run folder ready for this plan; the record of a finished run that `resume` may keep."""
    present = _read(folder / PLAN)
    if present is not None and resume and present == plan:
        return _read(folder / RUN)
    if folder.exists() and any(folder.iterdir()):
        if not overwrite:
            raise BilanError(_difference(present, plan) if present else "folder is not empty and no run",
                             where=folder, mend="choose another --output, or --overwrite")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PLAN).write_text(json.dumps(plan, indent=1) + "\n", encoding="utf-8")
    return None


def _difference(present: Mapping[str, Any], plan: Mapping[str, Any]) -> str:
    old, new = present.get("settings", {}), plan["settings"]
    changed = [f"{key} {old.get(key)!r} → {new[key]!r}" for key in new if old.get(key) != new[key]]
    if present.get("fingerprint") != plan["fingerprint"]:
        changed.append("the data changed")
    return f"holds a run already ({', '.join(changed) or 'the same: --resume goes on with it'})"


def _read(file: Path) -> dict[str, Any] | None:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _last_checkpoint(folder: Path) -> str | None:
    """The newest checkpoint that is whole: the Trainer writes trainer_state.json near the end."""
    whole = [path for path in folder.glob("checkpoint-*") if (path / "trainer_state.json").is_file()]
    return str(max(whole, key=lambda path: int(path.name.rpartition("-")[2]))) if whole else None


def make_trainer(settings: Settings, checkpoints: Path, base: Path, tokenizer: Tokenizer,
                 labels: Sequence[str], parts: tuple[Sequence[Document], Sequence[Document]],
                 cutting: Cutting, report: Report) -> Trainer:
    """The Trainer, ready to run: model with a new head, data, optimiser, early stopping."""
    import torch
    from datasets import Dataset
    from transformers import EarlyStoppingCallback, set_seed

    from .trainer import OrderedTrainer

    if settings.threads:
        torch.set_num_threads(settings.threads)
    set_seed(settings.seed)
    tags = tags_of(labels)
    model = load_base(base, tags, settings)
    positions = capacity(model.config.to_dict()) or settings.window
    if settings.window > positions:
        raise BilanError(f"window of {settings.window} tokens, but the base holds {positions}",
                         where=base, mend=f"--window {positions} or less")
    train, dev = (examples(part, tokenizer, tags, cutting, report) for part in parts)
    return OrderedTrainer(
        model=model,
        args=arguments(settings, checkpoints),
        train_dataset=Dataset.from_list(list(train.rows)),  # pyright: ignore[reportArgumentType]
        eval_dataset=Dataset.from_list(list(dev.rows)),  # pyright: ignore[reportArgumentType]
        data_collator=collator(model.config.pad_token_id or 0),
        compute_metrics=scorer(dev, tags, cutting),
        optimizers=(optimiser(model, settings), None),
        callbacks=[EarlyStoppingCallback(settings.patience)],
    )


def load_base(base: Path, tags: Sequence[str], settings: Settings) -> Any:
    """The base with a new token-classification head, in float32."""
    import torch
    from transformers import AutoModelForTokenClassification
    from transformers.utils import logging

    logging.set_verbosity_error()  # the new head and the dropped language head are meant
    logging.disable_progress_bar()
    chosen = {"hidden_dropout_prob": settings.dropout,
              "attention_probs_dropout_prob": settings.attention_dropout,
              "attn_implementation": settings.attention}
    given = {name: value for name, value in chosen.items() if value is not None}
    try:
        return AutoModelForTokenClassification.from_pretrained(
            base, dtype=torch.float32, use_safetensors=True, id2label=dict(enumerate(tags)),
            label2id={tag: number for number, tag in enumerate(tags)}, **given)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise BilanError(f"this base cannot be loaded ({str(error).strip().splitlines()[0][:200]})",
                         where=base, mend="a transformers encoder with safetensors is expected") from error


def arguments(settings: Settings, checkpoints: Path) -> Any:
    """The TrainingArguments of transformers for our settings."""
    import torch
    from transformers import TrainingArguments

    gpu = torch.cuda.is_available()
    half = precision(settings.precision)
    return TrainingArguments(
        output_dir=str(checkpoints), seed=settings.seed, data_seed=settings.seed, use_cpu=not gpu,
        per_device_train_batch_size=settings.batch_size, per_device_eval_batch_size=2 * settings.batch_size,
        gradient_accumulation_steps=settings.accumulation, num_train_epochs=settings.epochs,
        learning_rate=settings.learning_rate, warmup_steps=settings.warmup, lr_scheduler_type="linear",
        max_grad_norm=settings.max_grad_norm, label_smoothing_factor=settings.label_smoothing,
        bf16=half == "bf16", fp16=half == "fp16", train_sampling_strategy="group_by_length",
        eval_strategy="epoch", save_strategy="epoch", logging_strategy="epoch", save_total_limit=1,
        load_best_model_at_end=True, metric_for_best_model="f1", greater_is_better=True,
        dataloader_pin_memory=gpu, remove_unused_columns=False, report_to="none", disable_tqdm=False,
    )


def precision(wanted: str) -> str:
    """The precision in force: `auto` is bf16 where the hardware computes in it, else fp32."""
    import torch

    if wanted != "auto":
        return wanted
    if torch.cuda.is_available():
        return "bf16" if torch.cuda.is_bf16_supported() else "fp16"
    return "bf16" if torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported() else "fp32"


def collator(pad: int) -> Any:
    """A function from rows to a batch of tensors, (rows, longest), padded with `pad` and IGNORE."""
    import torch

    def collate(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        longest = max(len(row["input_ids"]) for row in rows)
        fill = {"input_ids": pad, "labels": IGNORE}
        batch = {name: [[*row[name], *[value] * (longest - len(row[name]))] for row in rows]
                 for name, value in fill.items()}
        batch["attention_mask"] = [[int(i < len(row["input_ids"])) for i in range(longest)] for row in rows]
        return {name: torch.tensor(values) for name, values in batch.items()}

    return collate


def optimiser(model: Any, settings: Settings) -> Any:
    """AdamW with the head's own rate, and no decay on biases and norms."""
    import torch

    groups: dict[tuple[bool, bool], list[Any]] = {}
    for name, parameter in model.named_parameters():
        head = not name.startswith(model.base_model_prefix)
        groups.setdefault((head, parameter.ndim > 1), []).append(parameter)
    return torch.optim.AdamW(
        [{"params": parameters, "lr": settings.learning_rate * (settings.head_factor if head else 1.0),
          "weight_decay": settings.weight_decay if decays else 0.0}
         for (head, decays), parameters in groups.items()], fused=True)


def scorer(dev: Examples, tags: Sequence[str], cutting: Cutting) -> Any:
    """A compute_metrics that decodes as the reader does and gives strict micro F1 on spans."""
    meaning = tag_set(tags)

    def score(prediction: Any) -> dict[str, float]:
        logits = gather(dev, np.asarray(prediction.predictions))
        found = [decode(tokens, scores, meaning, trim=cutting.trim)
                 for tokens, scores in zip(dev.encoded, logits, strict=True)]
        return {"f1": strict_f1(dev.documents, found)}

    return score


def strict_f1(gold: Sequence[Document], predicted: Sequence[Sequence[Span]]) -> float:
    """Micro F1 of spans with the very start, end and label; 0 where it is not defined."""
    counts = [count(document, document.replace(spans=tuple(spans)))
              for document, spans in zip(gold, predicted, strict=True)]
    return sum((part for one in counts for part in one.values()), Counts()).f1 or 0.0


def save(trainer: Trainer, folder: Path, tokenizer: Tokenizer, base: Path, cutting: Cutting) -> None:
    """Write weights, config, tokenizer and `bilan.json` of the best epoch."""
    model: Any = trainer.model
    model.save_pretrained(folder)
    fast_tokenizer(tokenizer, base).save_pretrained(folder)
    save_cutting(folder, cutting, tokenizer)
