"""The reader: any text in, a predicted Document out, whole and in order."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from bilan.data import BilanError, Document, Span
from bilan.data.labels import tags_of
from bilan.models import load
from bilan.models.windows import batches
from hypothesis import given
from hypothesis import strategies as st

from .. import tiny

TEXT = "À Goma, 12 civils ont été tués. " * 30
TAGS = tags_of(["LOC", "KILLED"])


@pytest.fixture
def folder(tiny_model):
    return tiny_model


@pytest.fixture
def reader(tiny_reader):
    return tiny_reader


def test_a_reading_holds_the_text_to_the_letter(reader):
    assert reader.read(TEXT).document.text == TEXT


def test_every_span_has_a_known_label_and_a_score(reader):
    spans = reader.read(TEXT).document.spans
    assert spans and all(span.label in ("LOC", "KILLED") and 0 < span.score <= 1 for span in spans)


def test_documents_keep_id_and_meta_and_lose_their_old_spans(reader):
    (read,) = reader.read_many([Document("d9", "Goma", (Span(0, 4, "OLD"),), {"genre": "brève"})])
    assert (read.id, read.meta) == ("d9", {"genre": "brève"})
    assert "OLD" not in [span.label for span in read.spans]


def test_many_texts_come_in_order_and_as_when_read_alone(reader):
    texts = [TEXT[:length] for length in (500, 3, 90, 240, 1, 60)] * 20
    assert [d.text for d in reader.read_many(texts)] == texts
    alone = [reader.read(text).document.spans for text in texts[:6]]
    together = [d.spans for d in reader.read_many(texts[:6], tokens_per_batch=64)]
    assert [[s.key for s in spans] for spans in alone] == [[s.key for s in spans] for spans in together]


def test_sixteen_threads_with_one_reader_find_what_one_thread_finds(reader):
    texts = [TEXT[:length] for length in (500, 3, 90, 240, len(TEXT))]
    alone = [[span.key for span in reader.read(text).document.spans] for text in texts]
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda text: [span.key for span in reader.read(text).document.spans], texts * 8))
    assert found == alone * 8


def test_texts_are_read_lazily(reader):
    def endless():
        while True:
            yield "Goma"

    assert next(iter(reader.read_many(endless()))).text == "Goma"


@pytest.mark.parametrize("text", ["", " ", "\n\u00a0", "🚀", "e\u0301", "\u202f", "a", "\0", "Goma\0Kiev", "À\r\nGoma\r\n"])
def test_odd_texts_are_read_without_error(reader, text):
    assert reader.read(text).document.text == text


def test_long_texts_are_read_to_the_end(reader):
    predict_rows = reader.read(TEXT).document.spans
    assert max(span.end for span in predict_rows) > len(TEXT) - 40


def test_the_golden_sentence_is_checked_on_loading(folder, tmp_path):
    other = shutil.copytree(folder, tmp_path / "other")
    content = json.loads((other / "bilan.json").read_text(encoding="utf-8"))
    content["golden"]["ids"][0] += 1
    (other / "bilan.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(BilanError, match="golden sentence otherwise"):
        load(other)


def test_a_plain_transformers_folder_is_read_too(tmp_path):
    assert load(tiny.checkpoint(tmp_path, TAGS)).labels == ("LOC", "KILLED")


def test_a_missing_folder_is_one_clear_error():
    with pytest.raises(BilanError, match=r"no such checkpoint folder; train one: make train"):
        load("./nowhere/run")


def test_damaged_weights_are_one_clear_error(folder, tmp_path):
    other = shutil.copytree(folder, tmp_path / "other")
    weights = other / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(BilanError, match="cannot be loaded"):
        load(other)


def test_an_unknown_precision_is_refused(folder):
    with pytest.raises(BilanError, match="unknown precision 'int4'; expected auto, fp32, bf16"):
        load(folder, precision="int4")


def test_bfloat16_is_near_full_precision(folder):
    from bilan.models.network import load_network

    ids = np.arange(5, 25).reshape(2, 10)
    full, half = (load_network(folder, device="cpu", precision=p).predict(ids, np.ones_like(ids)) for p in ("fp32", "bf16"))
    assert full.shape == (2, 10, 5) and np.abs(full - half).max() < 0.05


@given(st.lists(st.integers(1, 50), max_size=30), st.integers(1, 200))
def test_batches_hold_every_window_once_within_the_budget(lengths, budget):
    from bilan.data.align import Window

    todo = [(number, Window(0, length, 0, length)) for number, length in enumerate(lengths)]
    made = list(batches(todo, budget=budget))
    assert sorted(item for batch in made for item in batch) == sorted(todo)
    assert all(len(batch) == 1 or len(batch) * max(w.end for _, w in batch) <= budget for batch in made)


def test_without_a_path_the_packaged_model_is_meant(monkeypatch, folder, tmp_path):
    from bilan.models import reader as module

    monkeypatch.setattr(module, "PACKAGED", folder)
    assert load().labels == ("LOC", "KILLED")
    monkeypatch.setattr(module, "PACKAGED", tmp_path / "ner")
    with pytest.raises(BilanError, match="no model comes with this installation; train one"):
        load()


def test_the_fingerprint_is_that_of_weights_and_settings(folder, reader, tmp_path):
    other = shutil.copytree(folder, tmp_path / "other")
    assert load(other).fingerprint == reader.fingerprint and len(reader.fingerprint) == 64
    content = json.loads((other / "bilan.json").read_text(encoding="utf-8"))
    content["cutting"]["temperature"] = 2.0
    (other / "bilan.json").write_text(json.dumps(content), encoding="utf-8")
    assert load(other).fingerprint != reader.fingerprint


def test_min_confidence_drops_and_review_marks(reader):
    spans = reader.read(TEXT).document.spans
    middle = sorted(span.score for span in spans)[len(spans) // 2]
    kept = reader.read(TEXT, min_confidence=middle).document.spans
    marked = reader.read(TEXT, review=middle).document.spans
    assert [s.key for s in kept] == [s.key for s in spans if s.score >= middle] and 0 < len(kept) < len(spans)
    assert [s.attributes for s in marked] == [{"review": "yes"} if s.score < middle else {} for s in spans]


@pytest.mark.parametrize("threads", [0, -1])
def test_threads_that_are_none_are_refused(folder, threads):
    with pytest.raises(BilanError, match=f"threads {threads}; 1 or more is expected"):
        load(folder, threads=threads)


@pytest.mark.parametrize("options", [{"min_confidence": 1.5}, {"review": -0.1}, {"tokens_per_batch": 0}])
def test_options_out_of_bounds_are_refused(reader, options):
    with pytest.raises(BilanError, match="is expected"):
        reader.read_many(["Goma"], **options)


def test_what_is_no_text_is_refused(reader):
    with pytest.raises(BilanError, match="text 2 is NoneType; str or Document is expected"):
        list(reader.read_many(["Goma", None]))


def test_reading_may_be_given_up_half_way(reader):
    read = reader.read_many([TEXT] * 500)
    assert next(read).text == TEXT
    read.close()


def test_progress_is_shown_on_standard_error(reader, capsys):
    assert [d.text for d in reader.read_many(["Goma"], progress=True)] == ["Goma"]
    assert capsys.readouterr().out == ""
