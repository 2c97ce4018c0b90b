"""`python -m bilan.train.bench`: an epoch of ours beside one of a plain transformers Trainer.

The plain one is what `run_ner.py` of transformers does: float32, the library's attention and dropouts, random
order, its own collator (https://github.com/huggingface/transformers, examples/pytorch/token-classification).
Both see the same windows of the same base, in batches of the same size. Each measurement is a process of its
own, the systems take turns, and the matrix peak of the machine is measured in each.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import gettempdir
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from ..data import console as shared
from ..data.dataset import description, load_part
from ..data.document import Document
from ..data.labels import tags_of
from ..data.report import Report
from ..models.checkpoint import Cutting, fast_tokenizer, load_tokenizer, locate
from .examples import Examples, examples
from .finetune import arguments, collator, network, precision
from .loss import objective
from .optimiser import optimiser
from .score import scorer
from .settings import Settings, settle

WARM = 2  # steps before the clock starts: allocations, first kernels
KINDS = {  # operators of the profile, by what they do
    "matrix products": ("aten::mm", "aten::addmm", "aten::bmm", "aten::baddbmm", "aten::linear"),
    "attention": ("_flash_attention", "aten::_softmax", "_scaled_dot_product"),
    "copies and casts": ("aten::copy_", "aten::fill_"),
    "dropout": ("aten::bernoulli_", "aten::native_dropout"),
    "optimiser": ("adam", "aten::_foreach"),
}
Row = Mapping[str, Any]
app = typer.Typer(help=__doc__, pretty_exceptions_enable=False)


def plain(settings: Settings, tags: Sequence[str], base: Path, folder: Path, rows: Sequence[Row]) -> dict[str, Any]:
    """What a Trainer is given by `run_ner.py`: nothing but batch size, rate and epochs."""
    del rows
    import torch
    from transformers import AutoModelForTokenClassification, DataCollatorForTokenClassification, TrainingArguments

    model = AutoModelForTokenClassification.from_pretrained(base, dtype=torch.float32, num_labels=len(tags))
    tokenizer: Any = fast_tokenizer(load_tokenizer(base), base)
    return {"model": model, "data_collator": DataCollatorForTokenClassification(tokenizer),
            "args": TrainingArguments(
                output_dir=str(folder), per_device_train_batch_size=settings.batch_size, disable_tqdm=True,
                learning_rate=settings.learning_rate, num_train_epochs=settings.epochs, seed=settings.seed,
                save_strategy="no", logging_strategy="no", report_to="none", use_cpu=not torch.cuda.is_available())}


def ours(settings: Settings, tags: Sequence[str], base: Path, folder: Path, rows: Sequence[Row]) -> dict[str, Any]:
    """What our training gives it: the pieces of `finetune` for these rows, without evaluation and checkpoints."""
    model = network(base, tags, settings)
    given = arguments(settings, folder)
    given.eval_strategy = given.save_strategy = given.logging_strategy = "no"
    given.load_best_model_at_end = False
    return {"model": model, "args": given,
            "data_collator": collator(model.config.pad_token_id or 0, units=settings.crf),
            "compute_loss_func": objective(settings, rows, len(tags), model),
            "optimizers": (optimiser(model, settings), None)}


SYSTEMS: dict[str, Callable[..., dict[str, Any]]] = {"plain": plain, "bilan": ours}


def measure(system: str, settings: Settings, *, windows: int = 0, long: bool = False, score: bool = False,
            profile: bool = False) -> dict[str, Any]:
    """Train one system on a sample of the training windows (0: all); tokens a second, memory, shares.

    `tokens` are those of the texts, padding apart; the clock starts after two steps. `long` joins
    articles to documents of 20,000 characters first. `score` adds the F1 on dev.
    """
    import torch
    from datasets import Dataset
    from transformers import Trainer, set_seed

    from .trainer import OrderedTrainer

    set_seed(settings.seed)
    torch.set_num_threads(settings.threads or torch.get_num_threads())
    base, report = locate(settings.base), Report()
    tags = tags_of(description(settings.data)["labels"])
    cutting = Cutting(settings.window, settings.overlap)
    tokenizer = load_tokenizer(base)
    train, dev = (examples(joined(load_part(settings.data, side)) if long else list(load_part(settings.data, side)),
                           tokenizer, tags, cutting, report) for side in ("train", "dev"))
    rows = random.Random(settings.seed).sample(train.rows, min(windows, len(train.rows)) or len(train.rows))
    keys = ("input_ids", "labels") if system == "plain" else ("input_ids", "labels", "units", "length")
    given = SYSTEMS[system](settings, tags, base, Path(gettempdir()) / "bilan-bench", rows)
    clock = Clock(given["data_collator"], batches=given["args"].gradient_accumulation_steps)
    maker: Any = Trainer if system == "plain" else OrderedTrainer
    trainer = maker(**(given | {"data_collator": clock.collate}), callbacks=[clock.callback()],
                    train_dataset=Dataset.from_list([{key: row[key] for key in keys} for row in rows]))
    with _profiler(wanted=profile) as seen:
        trainer.train()
    found = clock.result(trainer.model, precision(settings.precision) if system != "plain" else "fp32")
    return found | ({"f1": dev_f1(trainer.model, dev, tags, cutting, settings)} if score else {}) \
        | ({"profile": shares(seen)} if profile else {})


def joined(documents: Sequence[Document], *, size: int = 20_000) -> list[Document]:
    """Documents of about `size` characters, each of several articles after one another."""
    made, texts, spans, length = [], [], [], 0
    for document in documents:
        spans += [span.replace(start=span.start + length, end=span.end + length, attributes={})
                  for span in document.spans]
        texts.append(document.text)
        length += len(document.text) + 2
        if length >= size or document is documents[-1]:
            made.append(Document(f"long-{len(made)}", "\n\n".join(texts), tuple(spans)))
            texts, spans, length = [], [], 0
    return made


def dev_f1(model: Any, dev: Examples, tags: Sequence[str], cutting: Cutting,
           settings: Settings) -> float:
    """Strict micro F1 on dev, decoded as the reader does, whichever system trained the model."""
    from datasets import Dataset

    from .trainer import OrderedTrainer

    trainer = OrderedTrainer(model=model, args=arguments(settings, Path(gettempdir()) / "bilan-bench"),
                             eval_dataset=Dataset.from_list([dict(row) for row in dev.rows]),
                             data_collator=collator(model.config.pad_token_id or 0),
                             compute_metrics=scorer(dev, tags, cutting, model))
    return trainer.evaluate()["eval_f1"]


class Clock:
    """Counts the tokens of each batch and notes when each step, of `batches` each, ended."""

    def __init__(self, collate: Any, *, batches: int = 1) -> None:
        self.inner, self.accumulated = collate, batches
        self.ends: list[float] = []
        self.batches: list[tuple[int, int, int]] = []

    def collate(self, rows: Sequence[Row]) -> Any:
        """A batch as the system makes it, counted: tokens of texts, rows, width."""
        batch = self.inner([{key: row[key] for key in row if key != "length"} for row in rows])
        self.batches.append((int(batch["attention_mask"].sum()), *batch["input_ids"].shape))
        return batch

    def callback(self) -> Any:
        """What tells the clock that a step has ended."""
        from transformers import TrainerCallback

        clock = self

        class Steps(TrainerCallback):
            def on_step_end(self, *arguments: Any, **named: Any) -> None:
                clock.ends.append(time.perf_counter())

        return Steps()

    def result(self, model: Any, kind: str) -> dict[str, Any]:
        """Speed, padding, memory and share of the matrix peak in the precision `kind`, after the first steps."""
        seconds = self.ends[-1] - self.ends[WARM - 1]
        batches = self.batches[WARM * self.accumulated:len(self.ends) * self.accumulated]
        tokens, padded = sum(batch[0] for batch in batches), sum(rows * width for _, rows, width in batches)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
        rate, peak = operations(model, [batch[1:] for batch in batches]) / seconds / 1e9, matrix_peak(kind)
        return {"tokens_per_second": tokens / seconds, "seconds": seconds, "tokens": tokens,
                "steps": len(self.ends) - WARM, "padding": 1 - tokens / padded, "peak_mib": memory,
                "gflops": rate, "matrix_peak": peak, "share_of_peak": rate / peak}


def operations(model: Any, batches: Sequence[tuple[int, int]]) -> float:
    """Floating-point operations of the matrix products of forward and backward passes.

    Six a weight and token, and 12 · layers · hidden · width a token for attention (Narayanan et al.
    2021, https://arxiv.org/abs/2104.04473, without recomputation).
    """
    weights = sum(parameter.numel() for name, parameter in model.named_parameters()
                  if parameter.ndim == 2 and "embedding" not in name)
    scale = 12 * model.config.num_hidden_layers * model.config.hidden_size
    return sum(rows * width * (6 * weights + scale * width) for rows, width in batches)


def matrix_peak(kind: str, *, size: int = 2048) -> float:
    """The best rate of a square matrix product on this machine, now, in GFLOP/s."""
    import torch

    dtype = {"bf16": torch.bfloat16, "fp16": torch.float16}.get(kind, torch.float32)
    left, right = torch.randn(2, size, size).to(dtype)
    times = []
    for _ in range(12):
        started = time.perf_counter()
        _ = left @ right
        times.append(time.perf_counter() - started)
    return 2 * size**3 / min(times) / 1e9


def _profiler(*, wanted: bool) -> Any:
    from contextlib import nullcontext

    from torch.profiler import ProfilerActivity
    from torch.profiler import profile as profiled

    return profiled(activities=[ProfilerActivity.CPU]) if wanted else nullcontext()


def shares(profile: Any) -> dict[str, float]:
    """The share of the profiled time by kind of operator."""
    spent = {event.key: event.self_cpu_time_total for event in profile.key_averages()}
    total = sum(spent.values())
    found = {kind: sum(time for name, time in spent.items() if any(mark in name for mark in marks)) / total
             for kind, marks in KINDS.items()}
    return found | {"other": 1 - sum(found.values())}


@app.command()
def bench(
    *,
    data: Annotated[str, typer.Option(help="dataset folder")] = "runs/dataset",
    recipe: Annotated[str, typer.Option(help="recipe of ours")] = "embedded",
    base: Annotated[str | None, typer.Option(help="base checkpoint (the recipe's)")] = None,
    rounds: Annotated[int, typer.Option(help="measurements a system, taking turns")] = 2,
    windows: Annotated[int, typer.Option(help="training windows, 0: all")] = 0,
    epochs: Annotated[int, typer.Option(help="epochs a measurement")] = 1,
    threads: Annotated[int | None, typer.Option(help="CPU threads")] = None,
    long: Annotated[bool, typer.Option("--long", help="articles joined to documents of 20,000 characters")] = False,
    score: Annotated[bool, typer.Option("--score", help="F1 on dev after the epochs")] = False,
    profile: Annotated[bool, typer.Option("--profile", help="shares of time by kind of operator")] = False,
    one: Annotated[str | None, typer.Option(help="measure this system only, here", hidden=True)] = None,
) -> None:
    """Tokens a second, peak memory and share of the matrix peak, ours and a plain Trainer's."""
    options = {"data": data, "base": base, "epochs": epochs, "threads": threads}
    if one:
        settings, _ = settle(recipe, options)
        print(json.dumps(measure(one, settings, windows=windows, long=long, score=score, profile=profile)))
        return
    results: dict[str, list[dict[str, Any]]] = {name: [] for name in SYSTEMS}
    for _ in range(rounds):
        for name, found in results.items():
            ran = subprocess.run([sys.executable, "-m", "bilan.train.bench", *sys.argv[1:], "--one", name],
                                 capture_output=True, text=True, check=False)
            if ran.returncode:
                sys.exit(ran.stderr)
            found.append(json.loads(ran.stdout.splitlines()[-1]))
    Console(highlight=False).print(table(results))
    print(json.dumps(results))


def table(results: Mapping[str, Sequence[Mapping[str, Any]]]) -> Table:
    """The medians of the rounds, a system a line."""
    shown = Table("system", "tokens/s", "memory (MiB)", "padding", "share of peak", box=None, header_style="bold")
    for name, found in results.items():
        middle = {key: median(one[key] for one in found)
                  for key in ("tokens_per_second", "peak_mib", "padding", "share_of_peak")}
        shown.add_row(name, f"{middle['tokens_per_second']:,.0f}", f"{middle['peak_mib']:,.0f}",
                      f"{middle['padding']:.1%}", f"{middle['share_of_peak']:.0%}")
    return shown


def main() -> None:
    """The entry point of `python -m bilan.train.bench`."""
    shared.run(app)


if __name__ == "__main__":
    main()
