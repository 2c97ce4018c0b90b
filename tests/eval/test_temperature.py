"""The temperature: fitted on dev, kept only if confidences get better, stored with the model, no span touched."""

import json

import numpy as np
import pytest
from bilan.data import BilanError, Document, Span, write
from bilan.data.calibration import fit, quality, remembered
from bilan.eval import commands
from bilan.eval.temperature import store
from hypothesis import given
from hypothesis import strategies as st

from .made import document, sure

GOMA = Document("d", "Goma", (Span(0, 4, "LOC"),))


def system(temperature: float, *, number: int = 2_000):
    """Gold, and a system whose logits are `temperature` times too large for how often it is right."""
    dice = np.random.default_rng(0)
    logits = dice.normal(1, 2, size=number)
    right = dice.random(number) < 1 / (1 + np.exp(-logits))
    golds = [GOMA.replace(id=str(i), spans=GOMA.spans if right[i] else ()) for i in range(number)]

    def read(heat: float):
        scores = 1 / (1 + np.exp(-logits * temperature / heat))
        return [gold.replace(spans=(Span(0, 4, "LOC", score=float(score)),))
                for gold, score in zip(golds, scores, strict=True)]
    return golds, read


@pytest.mark.parametrize("temperature", [0.5, 2.0, 3.0])
def test_the_temperature_of_confidences_that_are_too_sure_or_too_shy_is_found(temperature):
    assert fit(*system(temperature)).temperature == pytest.approx(temperature, rel=0.1)


def test_a_better_temperature_lowers_the_likelihood_loss_and_the_calibration_error():
    golds, read = system(3.0)
    found = fit(golds, read)
    assert found.before == quality(zip(golds, read(1.0), strict=True))
    assert found.after == quality(zip(golds, read(found.temperature), strict=True))
    assert sure(found.after.nll) < sure(found.before.nll) and sure(found.after.ece) < sure(found.before.ece)
    assert found.kept == ""


def test_confidences_that_no_temperature_changes_keep_1():
    golds, read = system(3.0)
    found = fit(golds, lambda heat: read(3.0))
    assert (found.temperature, found.kept, found.before) == (1.0, "no better", found.after)


def test_too_few_right_or_wrong_predictions_fit_nothing():
    sure = [GOMA.replace(id=str(i)) for i in range(50)]
    found = fit(sure, lambda heat: [each.replace(spans=(Span(0, 4, "LOC", score=0.9),)) for each in sure])
    assert (found.temperature, found.kept) == (1.0, "fewer than 10 predictions are right, or wrong")


def test_a_temperature_that_would_change_the_spans_is_not_taken():
    golds, read = system(3.0)
    found = fit(golds, lambda heat: [*read(heat)[:-1], golds[-1].replace(spans=())] if heat != 1 else read(heat))
    assert (found.temperature, found.kept) == (1.0, "it would change the spans")


def test_the_fit_is_plain_values_for_json():
    plain = json.loads(json.dumps(fit(*system(2.0)).as_dict(), allow_nan=False))
    assert list(plain) == ["temperature", "predictions", "before", "after", "kept"]
    assert list(plain["before"]) == list(plain["after"]) == ["nll", "ece"]


def test_a_network_is_asked_once_for_the_same_batch():
    asked = []

    def predict(ids, mask):
        asked.append(ids)
        return np.zeros((*ids.shape, 3))

    again, batch = remembered(predict), np.array([[1, 2]])
    again(batch, batch)
    again(batch.copy(), batch.copy())
    again(batch, 0 * batch)
    assert len(asked) == 2


@given(st.integers(0, 10_000), st.floats(0.25, 8))
def test_spans_stay_the_same_at_any_temperature_and_only_scores_change(seed, temperature):
    pytest.importorskip("bilan.models")
    from bilan.data.align import encode
    from bilan.models.decode import decode, tag_set

    from .. import tiny

    encoded = encode(tiny.tokenizer(), "À Goma, 12 civils ont été tués, selon l’armée.")
    tags = tag_set(["O", "B-LOC", "I-LOC", "B-KILLED", "I-KILLED"])
    logits = np.random.default_rng(seed).normal(size=(len(encoded.ids), 5)).astype(np.float32)
    cold, warm = (decode(encoded, logits, tags, temperature=each) for each in (1.0, temperature))
    assert [span.key for span in cold] == [span.key for span in warm]


@pytest.fixture
def run(tmp_path):
    """A run of random weights and gold that it answers right in every second document."""
    pytest.importorskip("bilan.models")
    from bilan.models import load
    from bilan.models.checkpoint import Cutting

    from .. import tiny

    folder = tmp_path / "run"
    tiny.checkpoint(folder, ["O", "B-LOC", "I-LOC", "B-KILLED", "I-KILLED"], cutting=Cutting(window=64, overlap=16))
    texts = [Document(f"d{i}", text) for i, text in enumerate(tiny.SENTENCES * 4)]
    golds = [each if i % 2 else each.replace(spans=()) for i, each in enumerate(load(folder).read_many(texts))]
    write(golds, tmp_path / "gold.jsonl", format="jsonl")
    (folder / "run.json").write_text(json.dumps({
        "settings": {"data": str(tmp_path / "gold.jsonl")}, "data": {"fingerprint": "f"}}))
    return folder, texts


def content(file):
    return json.loads(file.read_text("utf-8"))


def test_the_command_stores_the_temperature_and_leaves_spans_and_all_else_as_they_are(run, capsys):
    from bilan.models import load

    folder, texts = run
    before, spans = content(folder / "bilan.json"), [each.spans for each in load(folder).read_many(texts)]
    found = commands.calibrate(folder)
    assert found.temperature != 1 and found.kept == ""
    before["cutting"]["temperature"] = found.temperature
    assert content(folder / "bilan.json") == before
    assert content(folder / "run.json")["temperature"] == found.as_dict()
    shown = " ".join(capsys.readouterr().out.split())
    assert f"temperature {found.temperature:g}" in shown
    assert f"negative log-likelihood {found.before.nll:.3f} {found.after.nll:.3f}" in shown
    assert f"expected calibration error {100 * sure(found.before.ece):.1f} {100 * sure(found.after.ece):.1f}" in shown
    after = [each.spans for each in load(folder).read_many(texts)]
    assert [[s.key for s in each] for each in after] == [[s.key for s in each] for each in spans]
    assert [[s.score for s in each] for each in after] != [[s.score for s in each] for each in spans]


def test_calibrating_twice_gives_the_same(run):
    folder, _ = run
    assert commands.calibrate(folder) == commands.calibrate(folder)


def test_a_training_ends_with_the_temperature_and_records_it(tmp_path):
    pytest.importorskip("bilan.train.finetune")
    from bilan.data.dataset import build
    from bilan.train.finetune import finetune
    from bilan.train.settings import settle

    from .. import tiny

    marked = ["À [Goma](LOC), [12](KILLED) civils ont été tués.", "[Kiev](LOC) compte [30](INJURED) blessés.", "Rien."]
    write([document(text, id=f"{side}{i}", split=side) for side in ("train", "dev") for i, text in
           enumerate(marked * 4)], tmp_path / "all.jsonl", format="jsonl")
    build(tmp_path / "all.jsonl", tmp_path / "dataset")
    tiny.base(tmp_path / "base")
    settings = settle("embedded", {
        "base": str(tmp_path / "base"), "data": str(tmp_path / "dataset"), "epochs": 1, "batch_size": 4,
        "window": 64, "overlap": 16, "precision": "fp32", "threads": 1})[0]
    entry = finetune(settings, tmp_path / "run")
    assert list(entry["temperature"]) == ["temperature", "predictions", "before", "after", "kept"]
    assert content(tmp_path / "run/run.json")["temperature"] == entry["temperature"]
    assert content(tmp_path / "run/bilan.json")["cutting"]["temperature"] == entry["temperature"]["temperature"]


def test_a_folder_without_our_file_is_refused(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "run.json").write_text(json.dumps({"settings": {"data": "x"}}))
    write([GOMA], tmp_path / "gold.jsonl", format="jsonl")
    with pytest.raises(BilanError, match="no bilan.json: not a run of ours"):
        commands.calibrate(tmp_path, gold=str(tmp_path / "gold.jsonl"))


@pytest.mark.parametrize("written", ["[]", '{"golden": {}}', "{"])
def test_a_damaged_file_is_refused_and_stays_as_it_is(tmp_path, written):
    (tmp_path / "bilan.json").write_text(written)
    with pytest.raises(BilanError, match="bilan.json"):
        store(tmp_path, fit(*system(2.0, number=200)))
    assert (tmp_path / "bilan.json").read_text() == written
