"""Checkpoints: where they are found, and what they must say of themselves."""

import json

import pytest
from bilan.data import BilanError
from bilan.models.checkpoint import (
    Cutting,
    capacity,
    fast_tokenizer,
    load_cutting,
    load_tokenizer,
    locate,
    save_cutting,
    tag_names,
    wrapping,
)

from .. import tiny
from ..shared import ROOT, shared


def test_a_cutting_comes_back_as_it_was_saved(tmp_path):
    save_cutting(tmp_path, Cutting(window=99, trim=".", temperature=1.5), tiny.tokenizer())
    assert load_cutting(tmp_path, tiny.tokenizer()) == Cutting(window=99, trim=".", temperature=1.5)


def test_a_damaged_description_is_one_clear_error(tmp_path):
    (tmp_path / "bilan.json").write_text(json.dumps({"cutting": {"windows": 3}}))
    with pytest.raises(BilanError, match="not a bilan.json of ours"):
        load_cutting(tmp_path, tiny.tokenizer())


@pytest.mark.parametrize("name", ["./missing", "a/b/c", "/missing"])
def test_a_path_that_is_not_there_is_not_sought_on_a_hub(name):
    with pytest.raises(BilanError, match="no such checkpoint folder"):
        locate(name)


def test_a_hub_that_does_not_answer_is_one_clear_error(monkeypatch):
    import huggingface_hub
    from huggingface_hub.errors import LocalEntryNotFoundError

    def unreachable(*arguments, **named):
        raise LocalEntryNotFoundError("offline")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", unreachable)
    with pytest.raises(BilanError, match=r"almanach/camembert-base: neither a folder nor .*\(offline\)"):
        locate("almanach/camembert-base")


def test_from_a_hub_only_configuration_tokenizer_and_safetensors_are_fetched(monkeypatch, tmp_path):
    import huggingface_hub

    asked = {}
    monkeypatch.setattr(huggingface_hub, "snapshot_download", lambda name, **named: asked.update(named) or tmp_path)
    locate("almanach/camembert-base")
    assert not any(pattern.endswith((".bin", ".pt", ".py", "*")) for pattern in asked["allow_patterns"])


def test_the_base_keeps_its_normaliser_when_saved_again(tmp_path):
    made = load_tokenizer(ROOT / "models/base")
    fast_tokenizer(made, ROOT / "models/base").save_pretrained(tmp_path)
    again = load_tokenizer(tmp_path)
    assert "<unk>" not in again.encode("« … »").tokens
    assert json.loads((tmp_path / "tokenizer_config.json").read_text())["tokenizer_class"] in (
        "PreTrainedTokenizerFast", "TokenizersBackend")


@pytest.mark.parametrize(("name", "before", "after"), [
    ("camembert-base", "<s>", "</s>"), ("camembertv2-base", "[CLS]", "[SEP]"), ("camemberta-base", "[CLS]", "[SEP]")])
def test_special_tokens_are_found_for_every_real_tokenizer(name, before, after):
    made = load_tokenizer(shared("tokenizers", name))
    ids = wrapping(made)
    assert [made.id_to_token(i) for part in ids for i in part] == [before, after]


@pytest.mark.parametrize(("config", "tokens"), [
    ({"model_type": "camembert", "max_position_embeddings": 514, "pad_token_id": 1}, 512),
    ({"model_type": "roberta", "max_position_embeddings": 1026, "pad_token_id": 0}, 1025),
    ({"model_type": "bert", "max_position_embeddings": 512, "pad_token_id": 0}, 512),
    ({"model_type": "deberta-v2", "max_position_embeddings": 0}, None), ({"model_type": "modernbert"}, None),
])
def test_the_position_table_says_how_many_tokens_fit(config, tokens):
    assert capacity(config) == tokens


@pytest.mark.parametrize("config", [{}, {"id2label": {}}, {"id2label": {"0": "O", "2": "B-X"}}])
def test_a_config_without_tags_is_refused(config):
    with pytest.raises(BilanError, match="names no output tags"):
        tag_names(config, where="config.json")


def test_a_damaged_tokenizer_is_one_clear_error(tmp_path):
    (tmp_path / "tokenizer.json").write_text('{"version": "1.0"')
    with pytest.raises(BilanError, match="unreadable tokenizer"):
        load_tokenizer(tmp_path)
