"""Cut short, one bit flipped, of another model: what is damaged is named in one line, and never used."""

import json
import random
import shutil
from contextlib import suppress

import pytest
from bilan.data import BilanError, Document, Span, read, write
from bilan.data.dataset import build, load_part
from bilan.models import checkpoint, load
from bilan.models.checkpoint import stamp
from safetensors.torch import load_file, save_file

from ..models.taught import lines, run

FILES = ("model.safetensors", "config.json", "tokenizer.json", "bilan.json")


@pytest.fixture(scope="session")
def stamped(tiny_model, tmp_path_factory):
    """A whole checkpoint with its digests, as a training leaves it."""
    made = tmp_path_factory.mktemp("stamped") / "model"
    shutil.copytree(tiny_model, made, ignore=shutil.ignore_patterns("base"))
    stamp(made)
    return made


def cut(raw, rng):
    return raw[:rng.randrange(len(raw))]


def flipped(raw, rng):
    place = rng.randrange(len(raw))
    return raw[:place] + bytes([raw[place] ^ 1 << rng.randrange(8)]) + raw[place + 1:]


@pytest.mark.parametrize("harm", [cut, flipped])
@pytest.mark.parametrize("file", FILES)
def test_a_checkpoint_with_a_damaged_file_is_one_line_that_names_it(stamped, tmp_path, file, harm):
    rng = random.Random(f"{file} {harm.__name__}")
    made = shutil.copytree(stamped, tmp_path / "model")
    raw = (made / file).read_bytes()
    for _ in range(3):
        (made / file).write_bytes(harm(raw, rng))
        with pytest.raises(BilanError) as caught:
            load(made)
        assert "\n" not in str(caught.value) and str(made) in str(caught.value)
    (made / file).write_bytes(raw)
    assert load(made).labels == ("LOC", "KILLED")


def test_weights_and_labels_of_two_models_are_refused_together(stamped, tmp_path):
    made = shutil.copytree(stamped, tmp_path / "model")
    config = json.loads((made / "config.json").read_text(encoding="utf-8"))
    swapped = dict(zip(config["id2label"], reversed(config["id2label"].values()), strict=True))
    (made / "config.json").write_text(json.dumps(config | {"id2label": swapped}), encoding="utf-8")
    with pytest.raises(BilanError, match=r"config\.json: not as it was saved: damaged, or of another checkpoint; fetch or save"):
        load(made)


def test_fewer_labels_than_the_weights_have_are_refused_without_digests_too(tiny_model, tmp_path):
    made = shutil.copytree(tiny_model, tmp_path / "model", ignore=shutil.ignore_patterns("base"))
    config = json.loads((made / "config.json").read_text(encoding="utf-8"))
    fewer = {"id2label": {"0": "O", "1": "B-LOC", "2": "I-LOC"}, "label2id": {"O": 0, "B-LOC": 1, "I-LOC": 2}}
    (made / "config.json").write_text(json.dumps(config | fewer), encoding="utf-8")
    with pytest.raises(BilanError, match="these weights cannot be loaded"):
        load(made)


def test_weights_without_the_head_are_refused_not_drawn_at_random(tiny_model, tmp_path):
    made = shutil.copytree(tiny_model, tmp_path / "model", ignore=shutil.ignore_patterns("base"))
    weights = {name: value for name, value in load_file(made / "model.safetensors").items() if "classifier" not in name}
    save_file(weights, made / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(BilanError, match=r"these weights lack classifier\.bias, classifier\.weight \(2 in all\)"):
        load(made)


@pytest.mark.parametrize("change", [{"window": "a"}, {"window": -1}, {"overlap": 1.5}, {"temperature": 0}, {"trim": 3},
                                    {"temperature": "1"}, {"transitions": [[1], [2, 3]]}])
def test_a_bilan_json_with_values_out_of_range_is_refused(tiny_model, tmp_path, change):
    made = shutil.copytree(tiny_model, tmp_path / "model", ignore=shutil.ignore_patterns("base"))
    content = json.loads((made / "bilan.json").read_text(encoding="utf-8"))
    content["cutting"] |= change
    (made / "bilan.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(BilanError, match=r"bilan\.json: not a bilan\.json of ours"):
        load(made)


@pytest.mark.parametrize("harm", [cut, flipped])
def test_a_damaged_onnx_model_is_refused(small_model, tmp_path, harm):
    made = shutil.copytree(small_model, tmp_path / "model")
    raw = (made / "model.onnx").read_bytes()
    for seed in range(3):
        (made / "model.onnx").write_bytes(harm(raw, random.Random(seed)))
        with pytest.raises(BilanError, match=r"model\.onnx: not as it was saved: damaged"):
            load(made)
    assert load(small_model).read("À Goma, 12 morts.").document.spans


@pytest.fixture
def source(tmp_path):
    words = "alpha bravo charlie delta echo foxtrot golf hotel india juliet".split()
    write([Document(f"d{number}", f"À Goma, {number} morts, selon {word}.", (Span(2, 6, "LOC"),))
           for number, word in enumerate(words)], tmp_path / "in.jsonl", format="jsonl")
    return tmp_path / "in.jsonl"


@pytest.mark.parametrize("harm", [cut, flipped])
def test_a_damaged_side_of_a_dataset_is_refused_and_the_mend_it_names_mends_it(source, tmp_path, harm):
    build(source, tmp_path / "out")
    whole = load_part(tmp_path / "out", "train")
    file = tmp_path / "out/train.parquet"
    for seed in range(3):
        file.write_bytes(harm(file.read_bytes(), random.Random(seed)))
        with pytest.raises(BilanError, match=r"train\.parquet: damaged parquet file .*; build the dataset again"):
            load_part(tmp_path / "out", "train")
        assert build(source, tmp_path / "out")[1]
        assert load_part(tmp_path / "out", "train") == whole


@pytest.mark.parametrize("ending", ["parquet", "jsonl"])
def test_a_file_of_documents_with_a_flipped_bit_is_read_or_refused_and_never_more(source, tmp_path, ending):
    formats = {"parquet": "huggingface", "jsonl": "jsonl"}
    file = tmp_path / f"f.{ending}"
    write(read(source), file, format=formats[ending])
    raw = file.read_bytes()
    for seed in range(60):
        file.write_bytes(flipped(raw, random.Random(seed)))
        with suppress(BilanError):
            list(read(file, format=formats[ending]))


def test_lines_of_a_journal_that_are_damaged_are_read_again(small_model, folder):
    run(small_model, folder, "whole.jsonl")
    whole = (folder / "whole.jsonl").read_bytes()
    rows = whole.splitlines(keepends=True)
    (folder / "out.jsonl.part").write_bytes(rows[0] + bytes(len(rows[1])) + rows[2][:50] + b"\n" + b"".join(rows[3:9]) + rows[9][:70])
    assert run(small_model, folder, "out.jsonl") == (20, 0)
    assert (folder / "out.jsonl").read_bytes() == whole and len(lines(folder / "out.jsonl")) == 20


class Broken:
    """A hub client whose connection breaks after so many calls."""

    def __init__(self, error, folder, after):
        self.error, self.folder, self.left = error, folder, after

    def __call__(self, name, *, allow_patterns):
        if self.left == 0:
            raise self.error
        self.left -= 1
        self.asked = allow_patterns
        return str(self.folder)


@pytest.mark.parametrize("after", [0, 1])
@pytest.mark.parametrize("kind", ["httpx", "xet", "disk"])
def test_an_interrupted_download_is_one_line_and_began_with_the_small_files(tmp_path, monkeypatch, kind, after):
    import httpx
    import huggingface_hub

    error = {"httpx": httpx.RemoteProtocolError("peer closed connection without sending complete message body"),
             "xet": RuntimeError("Data processing error: CAS service error"), "disk": OSError(28, "No space left on device")}[kind]
    client = Broken(error, tmp_path, after)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", client)
    with pytest.raises(BilanError, match="me/model: neither a folder nor a repository that a hub gives") as caught:
        checkpoint.locate("me/model")
    assert "\n" not in str(caught.value)
    assert not after or not any("safetensors" in pattern or "onnx" in pattern for pattern in client.asked)
