"""A base, annotated documents and settings small enough for a training in a second."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bilan.data import Document, write
from bilan.data.dataset import build
from bilan.data.formats.markup import parse
from bilan.train.settings import Settings

from .. import tiny

ANNOTATED = (
    "À [Goma](LOC), [12](KILLED) civils ont été tués et [30](INJURED) soldats blessés, selon l’armée.",
    "[Kiev](LOC) affirme avoir capturé [3 000](DETAINED) combattants près de [Koursk](LOC) en décembre.",
    "L’ONU compte [1,5 million](DISPLACED) de déplacés depuis trois ans au [Soudan](LOC).",
    "Vendredi 7 février, des drones ont frappé l’hôpital de [Kharkiv](LOC).",
)


def documents(sides: Sequence[str]) -> list[Document]:
    """One document a side named, its id `SIDE-NUMBER`, pinned to its side."""
    made = []
    for number, side in enumerate(sides):
        text, spans = parse(" ".join(ANNOTATED[number % 4:number % 4 + 1 + number % 2]))
        made.append(Document(f"{side}-{number}", text, tuple(spans), {"split": side}))
    return made


def prepared(folder: Path) -> Path:
    """`folder/base` and `folder/dataset`: 11 documents to train (14 windows), 5 for dev, 1 for test."""
    write(documents(["train"] * 11 + ["dev"] * 5 + ["test"]), folder / "all.jsonl", format="jsonl")
    build(folder / "all.jsonl", folder / "dataset")
    tiny.base(folder / "base")
    return folder


def settings(folder: Path, **overrides: Any) -> Settings:
    """Settings for `prepared`: four steps an epoch, float32, one thread."""
    given: dict[str, Any] = {"base": str(folder / "base"), "data": str(folder / "dataset"), "epochs": 3, "patience": 9,
             "batch_size": 4, "learning_rate": 5e-3, "head_factor": 1.0, "window": 64, "overlap": 16,
             "attention": "eager", "attention_dropout": 0.0, "precision": "fp32", "threads": 1}
    return Settings(**given | overrides)


def difference(one: Path, two: Path) -> float:
    """The largest difference between the weights of two run folders."""
    from safetensors.numpy import load_file

    first, second = (load_file(folder / "model.safetensors") for folder in (one, two))
    assert first.keys() == second.keys()
    return max(float(abs(first[name] - second[name]).max()) for name in first)
