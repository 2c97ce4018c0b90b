"""Continued pre-training: a base learns to fill masks in raw French text of the domain (Gururangan et al. 2020).

The output is a base again, with its language head, for `bilan-train --base`. While it is made, the folder
holds a plan and checkpoints only; weights, tokenizer, card and `adapt.json` come in one move at the end.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from tokenizers import Tokenizer

from ..data.document import Document
from ..data.errors import BilanError
from ..data.files import replaced
from ..data.report import Report
from ..models.checkpoint import capacity, fast_tokenizer, load_tokenizer, locate
from . import ranks
from .checkpoints import latest
from .disk import told
from .lock import locked
from .plan import CHECKPOINTS, PLAN, prepare, write
from .record import commit, licence, versions
from .texts import fingerprint, held_out, texts

ADAPTED = "adapt.json"


class Adaptation(BaseModel):
    """The settings of an adaptation, with the unit and range of each."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base: str = Field("models/base", description="base checkpoint with a language head: a folder or a hub id")
    text: tuple[str, ...] = Field(description=".txt files, folders of them, annotated documents, dataset folders")
    epochs: int = Field(1, ge=1, description="passes over the text")
    steps: int | None = Field(None, ge=1, description="steps in all, instead of epochs")
    batch_size: int = Field(8, ge=1, description="windows in a batch (8 of 512 tokens take 5 GB on a CPU)")
    learning_rate: float = Field(1e-4, gt=0, lt=1, description="peak rate (AdamW)")
    warmup: float = Field(0.1, ge=0, lt=1, description="share of the steps in which the rate rises")
    masked: float = Field(0.15, gt=0, lt=1, description="share of the words that are to be filled in")
    whole_words: bool = Field(True, description="mask all tokens of a word together")
    window: int | None = Field(None, ge=16, description="tokens read at once (all that the base holds)")
    held_out: float = Field(0.05, gt=0, lt=1, description="share of the documents to measure with, by id")
    precision: Literal["auto", "fp32", "bf16", "fp16"] = Field("auto", description="auto, fp32, bf16, fp16")
    seed: int = Field(1, ge=0, description="of masks, order of windows and dropout")
    threads: int | None = Field(None, ge=1, description="CPU threads (torch's own choice)")
    save_steps: int | None = Field(None, ge=1, description="steps between checkpoints, beside one an epoch")


def settled(**given: Any) -> Adaptation:
    """The settings of these values; BilanError, one line, for a wrong one."""
    try:
        return Adaptation(**given)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0])
        raise BilanError(f"setting {key!r}: {first['msg'].lower()}, got {first['input']!r}",
                         mend=str(Adaptation.model_fields[key].description)) from error


class Material(NamedTuple):
    """What there is to learn from and to measure with, and what the plan says of it."""

    learnt: list[Document]
    aside: list[Document]
    plan: dict[str, Any]


def adapt(settings: Adaptation, output: str | Path, *, resume: bool = False, overwrite: bool = False,
          report: Report | None = None) -> dict[str, Any]:
    """Train the language head and the encoder on raw text; what `adapt.json` says.

    With `resume` a finished adaptation is left as it is (`"skipped": true`), an interrupted one goes on and
    ends with the weights that it would have had. Raises BilanError for a base without language head, texts
    that cannot be read, and a folder that holds something else, unless `overwrite` empties it.
    """
    if ranks.size() > 1:
        raise BilanError("adaptation runs in one process", where="WORLD_SIZE", mend="start it without torchrun")
    folder, report = Path(output), report if report is not None else Report()
    started = time.perf_counter()
    material = gather(settings, report)
    with locked(folder):
        done = prepare(folder, material.plan, resume=resume, overwrite=overwrite, record=ADAPTED)
        if done:
            return done | {"skipped": True}
        return _adapt(settings, folder, material, report, resume=resume, started=started)


def gather(settings: Adaptation, report: Report) -> Material:
    """Read the texts and share them out."""
    documents = texts(settings.text, report)
    learnt, aside = held_out(documents, settings.held_out)
    plan = {"settings": settings.model_dump(mode="json"), "fingerprint": fingerprint(documents)}
    return Material(learnt, aside, plan)


def _adapt(settings: Adaptation, folder: Path, material: Material, report: Report, *, resume: bool,
           started: float) -> dict[str, Any]:
    from .masked import perplexity, rows

    base = locate(settings.base)
    tokenizer = load_tokenizer(base)
    model = load(base)
    window = _window(settings, model.config.to_dict(), base)
    learnt, aside = (rows(part, tokenizer, window, whole_words=settings.whole_words)
                     for part in (material.learnt, material.aside))
    trainer = make_trainer(settings, folder / CHECKPOINTS, model, tokenizer, learnt)

    def measured() -> tuple[float, int]:
        return perplexity(trainer.model, aside, trainer.corrupt, _pad(model), seed=settings.seed,
                          batch=settings.batch_size, autocast=trainer.accelerator.autocast)

    before, number = measured()
    train(trainer, settings, latest(folder / CHECKPOINTS) if resume else None)
    after, _ = measured()
    entry = {
        **material.plan,
        "data": {"documents": len(material.learnt), "windows": len(learnt), "window": window,
                 "tokens": sum(row["length"] for row in learnt), "held_out": len(material.aside)},
        "perplexity": {"before": round(before, 3), "after": round(after, 3), "masked_tokens": number},
        "steps": trainer.state.global_step,
        "loss": [{"step": line["step"], "loss": line["loss"]} for line in trainer.state.log_history if "loss" in line],
        "report": report.as_dict(), "license": licence(settings.base), "commit": commit(), "versions": versions(),
        "seconds": round(time.perf_counter() - started),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    save(folder, trainer.model, tokenizer, base, material.plan, entry)
    return entry


def load(base: Path) -> Any:
    """The base with its language head, in float32; BilanError where it has none."""
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForMaskedLM
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        model, loading = AutoModelForMaskedLM.from_pretrained(
            base, dtype=torch.float32, use_safetensors=True, output_loading_info=True)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise BilanError(f"this base cannot be loaded ({str(error).strip().splitlines()[0][:200]})",
                         where=base, mend="a transformers encoder with safetensors is expected") from error
    if loading["missing_keys"]:
        raise BilanError(f"this base has no language head (missing {sorted(loading['missing_keys'])[0]})",
                         where=base, mend="choose a base that fills masks")
    return model


def _window(settings: Adaptation, config: Mapping[str, Any], base: Path) -> int:
    most = capacity(config) or 512
    if settings.window and settings.window > most:
        raise BilanError(f"window of {settings.window} tokens, but the base holds {most}", where=base,
                         mend=f"--window {most} or less")
    return settings.window or most


def _pad(model: Any) -> int:
    return model.config.pad_token_id or 0


def make_trainer(settings: Adaptation, checkpoints: Path, model: Any, tokenizer: Tokenizer,
                 learnt: Sequence[dict[str, Any]]) -> Any:
    """The Trainer, ready to run."""
    import torch
    from transformers import TrainingArguments, set_seed

    from .finetune import precision
    from .masked import MaskedTrainer, collator, corruption

    if settings.threads:
        torch.set_num_threads(settings.threads)
    set_seed(settings.seed)
    gpu, half = torch.cuda.is_available(), precision(settings.precision)
    arguments = TrainingArguments(
        output_dir=str(checkpoints), seed=settings.seed, data_seed=settings.seed, use_cpu=not gpu,
        per_device_train_batch_size=settings.batch_size, max_steps=settings.steps or -1,
        num_train_epochs=1 if settings.steps else settings.epochs, learning_rate=settings.learning_rate,
        warmup_steps=settings.warmup, lr_scheduler_type="linear", weight_decay=0.01, max_grad_norm=1.0,
        bf16=half == "bf16", fp16=half == "fp16", train_sampling_strategy="group_by_length", save_strategy="epoch",
        logging_steps=0.05, dataloader_pin_memory=gpu, remove_unused_columns=False, disable_tqdm=True,
        report_to="none")
    arguments._n_gpu = min(arguments.n_gpu, 1)
    trainer = MaskedTrainer(model=model, args=arguments, data_collator=collator(_pad(model)),
                            train_dataset=list(learnt))  # pyright: ignore[reportArgumentType]
    trainer.corrupt = corruption(tokenizer, settings.masked)
    return trainer


def train(trainer: Any, settings: Adaptation, last: Path | None) -> None:
    """Train from the start or from a checkpoint; Interrupted after SIGINT or SIGTERM, once all is saved."""
    from transformers.trainer_callback import PrinterCallback

    from .progress import ProgressLine
    from .stopping import Saving

    saving, progress = Saving(settings.save_steps), ProgressLine()
    trainer.remove_callback(PrinterCallback)
    for callback in (saving, progress):
        trainer.add_callback(callback)
    try:
        with saving.listening(), told(Path(trainer.args.output_dir).parent):
            trainer.train(resume_from_checkpoint=str(last) if last else None)
    finally:
        progress.close()


def save(folder: Path, model: Any, tokenizer: Tokenizer, base: Path, plan: Mapping[str, Any],
         entry: Mapping[str, Any]) -> None:
    """Put a whole base in the place of plan and checkpoints."""
    with replaced(folder) as made, told(folder):
        made.mkdir()
        model.save_pretrained(made)
        fast_tokenizer(tokenizer, base).save_pretrained(made)
        (made / "README.md").write_text(readme(entry, folder.name), encoding="utf-8")
        write(made / PLAN, plan)
        write(made / ADAPTED, entry)


def readme(entry: Mapping[str, Any], name: str) -> str:
    """The card of an adapted base."""
    settings, data, found = entry["settings"], entry["data"], entry["perplexity"]
    head = ["---", "language: fr", *([f"license: {entry['license']}"] if entry["license"] else []),
            "library_name: transformers", "pipeline_tag: fill-mask", "---"]
    body = (f"# {name}: {Path(settings['base']).name}, adapted to raw French text\n\n"
            f"Masked-language-model training continued for {entry['steps']} steps of {settings['batch_size']} windows "
            f"of up to {data['window']} tokens on {data['documents']} documents ({data['tokens']} tokens), "
            f"{settings['masked']:.0%} of the {'words' if settings['whole_words'] else 'tokens'} masked (80/10/10), "
            f"AdamW, peak rate {settings['learning_rate']:g}.\n\n"
            f"Perplexity on {data['held_out']} held-out documents ({found['masked_tokens']} masked tokens, the same "
            f"masks): {found['before']:.2f} before, {found['after']:.2f} after.\n\n"
            f"Use it: `bilan-train --base {name}`. `{ADAPTED}` holds settings, fingerprint of the text and losses.\n")
    return "\n".join(head) + "\n" + body
