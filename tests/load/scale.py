"""How time and memory grow with the size of what is given: a table and a plot, path by path.

    python tests/load/scale.py [--only claims] [--largest 1.0] [--steps 4] [--output /tmp/scale]

Not a test: each path (a reader, a writer, the linker …) runs in a process of its own at several sizes, each
twice the one before. Time is that of the processor, so that other programs disturb it little; memory is what
the path took at most beyond what it was given (Linux). The exponent is the slope of log(time) over log(size) at
the three largest sizes: 1 is linear, 2 is the square. Where a fixed cost is large it comes out below 1.
"""

from __future__ import annotations

import argparse
import math
import random
import re
import time
from collections.abc import Callable, Iterator
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
from bilan.data import Document, Span, formats
from bilan.data.align import carried, encode
from bilan.data.audit import audit
from bilan.data.convert import convert
from bilan.data.dataset import describe
from bilan.data.document import flatten
from bilan.data.formats import markup
from bilan.data.labels import NAMES, tags_of
from bilan.data.report import Report
from bilan.data.sentences import sentences
from bilan.data.split import split
from bilan.data.stats import stats
from bilan.data.validate import validate
from bilan.eval.errors import errors
from bilan.eval.score import Pair, score
from bilan.models.checkpoint import Cutting
from bilan.models.claims import claims
from bilan.models.confront import confrontation
from bilan.models.decode import decode, tag_set
from bilan.models.highlight import marked
from bilan.models.reader import Reader
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.pre_tokenizers import BertPreTokenizer

Work = Callable[[], Any]
META = {"title": "T", "genre": "brève", "conflict": "Divers", "date": "2025-02-07"}
PLACES = "Goma Sake Koursk Kharkiv Derna Marioupol Bakhmout Alep".split()
SOURCES = "Kiev Moscou Séoul Tripoli Kigali Kinshasa".split()
LINES = ("Selon [{source}](LOC), [{n}](KILLED) [soldats](FORCE) sont morts à [{place}](LOC) [lundi](DATE). ",
         "L’armée a tiré, puis s’est tue. ", "À [{place}](LOC), [{n}](INJURED) [civils](CIVIL) ont été blessés. ",
         "La route reste coupée et personne ne passe plus depuis l’aube. ", "[{source}](LOC) parle de [{n}](LOSSES) hommes ; "
         "l’[ONU](ORG) a compté [{m}](KILLED) morts, dont [{k}](KILLED) [enfants](CIVIL).\n\n")
FAST = 0.05  # seconds at its smallest: what takes less is not drawn
FOLDERS = ("brat", "markup", "webanno", "huggingface")


class Way(NamedTuple):
    """What is measured: its largest size and what that counts, and what makes the work of a size."""
    largest: int
    unit: str
    make: Callable[[int, Path], Work]


class Point(NamedTuple):
    """One measurement: seconds of the processor and MiB."""
    size: int
    seconds: float
    memory: float


def article(characters: int, *, seed: int = 0, name: str = "d", flat: str = "") -> Document:
    """A made article of about that length; `flat` stands for what ends sentences and lines."""
    draw, parts, length = random.Random(seed), [], 0
    while length < characters:
        n = draw.randrange(20, 5000)
        line = draw.choice(LINES).format(source=draw.choice(SOURCES), place=draw.choice(PLACES), n=n, m=n // 2, k=n // 9)
        line = re.sub(r"\.\s*", flat, line) if flat else line
        parts.append(line)
        length += len(re.sub(r"\]\([A-Z]+\)|\[", "", line))
    text, spans = markup.parse("".join(parts))
    return Document(name, text, tuple(spans), META)


def paired(document: Document) -> Pair:
    """With a prediction: each third span is missing, each fifth ends a character late."""
    kept = [span.replace(end=min(span.end + (rank % 5 == 0), len(document.text)))
            for rank, span in enumerate(document.spans) if rank % 3]
    return Pair(document, document.replace(spans=tuple(kept)))


def one(work: Callable[[Any], Any], *, given: Callable[[Document], Any] = lambda document: document,
        flat: str = "") -> Callable[[int, Path], Work]:
    """A path over one article, or what is made of it beforehand."""
    def make(size: int, folder: Path) -> Work:
        value = given(article(size, flat=flat))
        return lambda: work(value)
    return make


def written(name: str) -> Callable[[int, Path], Work]:
    """Writing an article in a format."""
    def make(size: int, folder: Path) -> Work:
        document = article(size)
        formats.write([article(100)], target(folder / "first", name), format=name)  # imports what it needs
        return lambda: formats.write([document], target(folder, name), format=name)
    return make


def read(name: str) -> Callable[[int, Path], Work]:
    """Reading it back."""
    def make(size: int, folder: Path) -> Work:
        written(name)(size, folder)()
        return lambda: sum(1 for _ in formats.read(target(folder, name), format=name))
    return make


def target(folder: Path, name: str) -> Path:
    """Where a format is written: a folder, or a file."""
    return folder / (name if name in FOLDERS else f"{name}.json")


def many(work: Callable[[list[Document], Path], Any], characters: int = 400) -> Callable[[int, Path], Work]:
    """A path over so many short articles, which lie in a JSONL file too."""
    def make(size: int, folder: Path) -> Work:
        documents = [article(characters, seed=number, name=f"d{number}") for number in range(size)]
        formats.write(documents, folder / "many.jsonl", format="jsonl")
        return lambda: work(documents, folder)
    return make


def labelled(work: Callable[[list[Document]], Any]) -> Callable[[int, Path], Work]:
    """A path over one article with a span for each of so many labels."""
    def make(size: int, folder: Path) -> Work:
        spans = tuple(Span(5 * i, 5 * i + 4, f"LABEL{i}") for i in range(size))
        return lambda: work([Document("d", "Kiev " * size, spans, META)])
    return make


def nested(work: Callable[[Document, Path], Any]) -> Callable[[int, Path], Work]:
    """A path over so many spans: each hundred of them inside one of ten thousand characters."""
    def make(size: int, folder: Path) -> Work:
        spans = [Span(10_000 * i, 10_000 * (i + 1), "SITE") for i in range(-(-size // 100))]
        spans += [Span(100 * i, 100 * i + 4, "LOC") for i in range(size)]
        document = Document("d", "Kiev brûle. ".ljust(100, "a") * (100 * -(-size // 100)), tuple(spans), META)
        return lambda: work(document, folder)
    return make


@cache
def tokenizer() -> Tokenizer:
    """One token a letter."""
    letters = sorted(set("".join(LINES) + "".join(PLACES) + "".join(SOURCES) + "0123456789aeiou"))
    pieces = ["[UNK]", *letters, *(f"##{letter}" for letter in letters)]
    made = Tokenizer(WordPiece({piece: rank for rank, piece in enumerate(pieces)}, unk_token="[UNK]"))
    made.pre_tokenizer = BertPreTokenizer()  # pyright: ignore[reportAttributeAccessIssue]
    return made


def aligned(document: Document) -> None:
    """Tokens, their targets, and the spans back."""
    carried(encode(tokenizer(), document.text), document.spans, tags_of(NAMES))


def decoded(size: int, folder: Path) -> Work:
    """Spans from logits that favour the gold tags."""
    document, tags = article(size), tags_of(NAMES)
    tokens = encode(tokenizer(), document.text)
    logits = np.zeros((len(tokens.ids), len(tags)), dtype=np.float32)
    targets, _ = carried(tokens, document.spans, tags)
    logits[np.arange(len(targets)), np.maximum(targets, 0)] = 5
    return lambda: decode(tokens, logits, tag_set(tags))


def streamed(documents: list[Document], folder: Path) -> None:
    """All texts through a reader whose network finds nothing."""
    tags = tag_set(tags_of(NAMES))
    reader = Reader(tokenizer(), lambda ids, mask: np.zeros((*ids.shape, tags.columns), np.float32), tags, Cutting(), 0)
    assert sum(1 for _ in reader.read_many(document.text for document in documents)) == len(documents)


PATHS = {
    "sentences": Way(4_000_000, "characters", one(lambda d: sentences(d.text))),
    "align and encode": Way(1_000_000, "characters", one(aligned)),
    "decode": Way(1_000_000, "characters", decoded),
    "claims": Way(500_000, "characters", one(claims)),
    "claims, one paragraph": Way(500_000, "characters", one(claims, flat=". ")),
    "claims, one sentence": Way(100_000, "characters", one(claims, flat=", ")),
    "confrontation": Way(400_000, "characters", one(confrontation, given=claims)),
    "html": Way(1_000_000, "characters", one(lambda d: marked(d, "d", report=Report()))),
    "validate": Way(1_000_000, "characters", one(lambda d: validate([d]))),
    "stats": Way(2_000_000, "characters", one(lambda d: stats([d]))),
    "score": Way(2_000_000, "characters", one(lambda pair: score([pair]), given=paired)),
    "score, scheme type": Way(1_000_000, "characters", one(lambda pair: score([pair], scheme="type"), given=paired)),
    "causes of errors": Way(1_000_000, "characters", one(lambda pair: errors([pair]), given=paired)),
    **{f"write {row.name}": Way(1_000_000, "characters", written(row.name)) for row in formats.FORMATS if row.writes},
    **{f"read {row.name}": Way(1_000_000, "characters", read(row.name)) for row in formats.FORMATS if row.writes},
    "convert many": Way(16_000, "documents", many(
        lambda documents, folder: convert(folder / "many.jsonl", folder / "many.out", to="doccano"))),
    "audit many": Way(4_000, "documents", many(lambda documents, folder: audit(folder / "many.jsonl"))),
    "split many": Way(2_000, "documents", many(lambda documents, folder: split(documents))),
    "read_many": Way(8_000, "documents", many(streamed)),
    "labels: dataset": Way(4_000, "labels", labelled(lambda ds: describe({"train": ds, "dev": [], "test": []}))),
    "labels: validate": Way(4_000, "labels", labelled(validate)),
    "labels: score": Way(4_000, "labels", labelled(lambda ds: score(map(paired, ds)).macro)),
    "labels: tags": Way(4_000, "labels", labelled(lambda ds: tag_set(tags_of([s.label for s in ds[0].spans])))),
    "spans: markup": Way(100_000, "spans", nested(lambda d, folder: markup.annotated(d))),
    "spans: flatten": Way(100_000, "spans", nested(lambda d, folder: flatten(d))),
    "spans: validate": Way(50_000, "spans", nested(lambda d, folder: validate([d]))),
    "spans: score": Way(100_000, "spans", nested(lambda d, folder: score([paired(d)], scheme="type"))),
}


def held(name: str) -> float:
    """Memory of this process in MiB: `VmRSS` now, `VmHWM` at most."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1024


def measured(name: str, size: int, pipe: Any) -> None:
    """In a process of its own: make what is given, then time the work."""
    with TemporaryDirectory() as folder:
        work = PATHS[name].make(size, Path(folder))
        Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # sets what was held at most to what is held
        before, begun = held("VmRSS"), time.process_time()
        work()
        pipe.send(Point(size, time.process_time() - begun, held("VmHWM") - before))


def points(name: str, *, steps: int, largest: float) -> Iterator[Point]:
    """The measurements of a path, from small to large."""
    processes = get_context("fork")
    for step in range(steps - 1, -1, -1):
        ours, theirs = processes.Pipe()
        process = processes.Process(target=measured, args=(name, int(PATHS[name].largest * largest) >> step, theirs))
        process.start()
        theirs.close()
        try:
            yield ours.recv()
        except EOFError:  # the process died and said why, or had no memory left
            return
        process.join()


def exponent(found: list[Point]) -> float:
    """The slope of log(time) over log(size) at the three largest sizes."""
    last = [(point.size, point.seconds) for point in found[-3:] if point.seconds > 0]
    return float(np.polyfit(np.log(last)[:, 0], np.log(last)[:, 1], 1)[0]) if len(last) > 1 else math.nan


def row(name: str, found: list[Point]) -> str:
    """A line of the table."""
    cells = (", ".join(f"{read(point):,.{digits}f}" for point in found) for read, digits in (
        (lambda p: p.size, 0), (lambda p: p.seconds, 2), (lambda p: p.memory, 0)))
    return f"| {name} | {PATHS[name].unit} | {' | '.join(cells)} | {exponent(found):.2f} |"


def plot(results: dict[str, list[Point]], path: Path) -> None:
    """Time over size, both as a share of the smallest, against a straight line and the square."""
    from matplotlib.figure import Figure

    picture = Figure(figsize=(9, 6), layout="constrained")
    axes = picture.subplots()
    for name, found in ((name, found) for name, found in results.items() if found and found[0].seconds >= FAST):
        axes.loglog([p.size / found[0].size for p in found], [p.seconds / found[0].seconds for p in found],
                    marker=".", linewidth=0.8, label=f"{name} ({exponent(found):.2f})")
    steps = [2.0**step for step in range(max(map(len, results.values())))]
    axes.loglog(steps, steps, "k--", label="linear")
    axes.loglog(steps, [step**2 for step in steps], "k:", label="square")
    axes.set(xlabel="size, in the smallest", ylabel="time, in that of the smallest")
    axes.legend(fontsize=5, ncols=2)
    picture.savefig(path, dpi=150)


def scale(*, only: str, largest: float, steps: int, output: Path) -> None:
    """The table, as it grows, and in `output` the table, the plot and the numbers."""
    output.mkdir(parents=True, exist_ok=True)
    lines = ["| path | of | sizes | seconds | MiB | exponent |", "|:--|:--|--:|--:|--:|--:|"]
    results: dict[str, list[Point]] = {}
    print("\n".join(lines), flush=True)
    for name in (name for name in PATHS if re.search(only, name)):
        results[name] = list(points(name, steps=steps, largest=largest))
        lines.append(row(name, results[name]))
        print(lines[-1], flush=True)
        (output / "scale.md").write_text("\n".join([*lines, ""]), encoding="utf-8")
    plot(results, output / "scale.png")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="a pattern: the paths whose names it is found in")
    parser.add_argument("--largest", type=float, default=1.0, help="the largest sizes, as a share of those of the table")
    parser.add_argument("--steps", type=int, default=4, help="how many sizes")
    parser.add_argument("--output", type=Path, default=Path("scale"))
    scale(**vars(parser.parse_args()))
