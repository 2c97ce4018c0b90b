"""The benchmark counts tokens, operations and offsets rightly; its speeds are for reading, not for testing."""

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from bilan.data.document import Document, Span
from bilan.train import bench


def test_joined_documents_keep_their_mentions():
    first = Document("a", "Douze morts à Goma.", (Span(0, 5, "KILLED"), Span(14, 18, "LOC")))
    second = Document("b", "À Kiev, trois blessés.", (Span(2, 6, "LOC"),))
    (made,) = bench.joined([first, second])
    assert [made.mention(span) for span in made.spans] == ["Douze", "Goma", "Kiev"]


def test_a_joined_document_ends_once_it_is_long_enough():
    documents = [Document(str(n), "x" * 10, ()) for n in range(5)]
    assert [len(document.text) for document in bench.joined(documents, size=20)] == [22, 22, 10]


def test_operations_are_six_a_weight_and_token_and_attention_by_the_square_of_the_width():
    model: Any = torch.nn.Linear(4, 3, bias=False)
    model.config = SimpleNamespace(num_hidden_layers=2, hidden_size=4)
    assert bench.operations(model, [(5, 7)]) == 5 * 7 * (6 * 12 + 12 * 2 * 4 * 7)


def test_embeddings_are_looked_up_and_not_multiplied():
    model: Any = torch.nn.ModuleDict({"embeddings": torch.nn.Embedding(100, 4)})
    model.config = SimpleNamespace(num_hidden_layers=0, hidden_size=4)
    assert bench.operations(model, [(5, 7)]) == 0


def test_a_profile_names_every_share_of_the_time():
    events = [SimpleNamespace(key=key, self_cpu_time_total=time)
              for key, time in (("aten::mm", 6), ("aten::copy_", 1), ("aten::gelu", 3))]
    found = bench.shares(SimpleNamespace(key_averages=lambda: events))
    assert found["matrix products"] == 0.6 and found["copies and casts"] == 0.1
    assert found["other"] == pytest.approx(0.3)


def test_the_clock_counts_the_tokens_of_all_batches_of_the_steps_it_measured(monkeypatch):
    monkeypatch.setattr(bench, "matrix_peak", lambda kind: 1.0)
    clock = bench.Clock(None, batches=2)
    clock.batches = [(10, 2, 6), (8, 2, 6)] * 4 + [(9, 2, 6)]  # the last one fetched ahead, never used
    clock.ends = [1.0, 3.0, 4.0, 6.0]
    model: Any = torch.nn.Linear(4, 3)
    model.config = SimpleNamespace(num_hidden_layers=2, hidden_size=4)
    found = clock.result(model, "fp32")
    assert (found["tokens"], found["steps"], found["tokens_per_second"]) == (36, 2, 12.0)
    assert found["padding"] == 0.25


def test_the_table_shows_the_medians_of_the_rounds():
    rounds = [{"tokens_per_second": speed, "peak_mib": 1000, "padding": 0.05, "share_of_peak": 0.6}
              for speed in (100, 300, 200)]
    shown = bench.table({"bilan": rounds})
    assert [column._cells[0] for column in shown.columns] == ["bilan", "200", "1,000", "5.0%", "60%"]
