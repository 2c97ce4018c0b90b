"""A small model that has learnt a few sentences by heart: real spans and claims without a trained checkpoint."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from bilan.data.align import IGNORE, encode, tag_targets, windows
from bilan.data.formats.markup import parse
from bilan.data.labels import tags_of
from bilan.models import reading
from bilan.models.checkpoint import Cutting
from transformers import CamembertForTokenClassification, set_seed

from .. import tiny

SIZE = 64  # tokens of a window, special ones included
LABELS = ["LOC", "KILLED", "FORCE", "DATE"]
MARKED = (
    "Selon [Kiev](LOC), [12](KILLED) [soldats](FORCE) ont été tués [vendredi](DATE) à [Koursk](LOC).",
    "[Moscou](LOC) affirme que [3](KILLED) [soldats](FORCE) ont été tués [vendredi](DATE) à [Koursk](LOC).",
)
TEXT = "\n".join(parse(line)[0] for line in MARKED)


def taught(folder: Path) -> Path:
    """A checkpoint in `folder` that finds the spans of MARKED, and only those, in TEXT."""
    tags = tags_of(LABELS)
    tiny.checkpoint(folder, tags, cutting=Cutting(window=SIZE, overlap=20))
    model = CamembertForTokenClassification.from_pretrained(folder)
    set_seed(0)
    optimiser = torch.optim.AdamW(model.parameters(), lr=5e-3)
    ids, mask, targets = _batch([row for marked in (*MARKED, "\n".join(MARKED)) for row in _rows(marked, tags)])
    model.train()
    loss = torch.tensor(1.0)
    while loss > 0.01:
        loss = model(input_ids=ids, attention_mask=mask, labels=targets).loss
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
    model.save_pretrained(folder)
    return folder


def _rows(marked: str, tags: list[str]) -> list[tuple[list[int], list[int]]]:
    """Token ids and tag columns of the windows of a text between `<s>` and `</s>`."""
    text, spans = parse(marked)
    made = tiny.tokenizer()
    tokens = encode(made, text)
    targets = tag_targets(tokens, spans, tags).tolist()
    first, last = made.token_to_id("<s>") or 0, made.token_to_id("</s>") or 0
    return [([first, *tokens.ids[start:end].tolist(), last], [IGNORE, *targets[start:end], IGNORE])
            for start, end, *_ in windows(len(tokens.ids), size=SIZE - 2, overlap=20)]


def _batch(rows: list[tuple[list[int], list[int]]]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Ids, mask and targets, (rows, SIZE) each."""
    pad = tiny.tokenizer().token_to_id("<pad>") or 0
    ids = torch.tensor([row + [pad] * (SIZE - len(row)) for row, _ in rows])
    targets = torch.tensor([row + [IGNORE] * (SIZE - len(row)) for _, row in rows])
    return ids, (ids != pad).long(), targets


def run(model: Path, folder: Path, output: str = "out.jsonl", **options: Any) -> tuple[int, int]:
    """`bilan read` on the articles of a folder."""
    return reading.read([str(folder / "articles")], model=str(model), output=str(folder / output), **options)


def lines(path: Path) -> list[Any]:
    """The values of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
