"""A CamemBERT small enough for unit tests, built from a config and a tokenizer trained on the spot."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bilan.models.checkpoint import Cutting, save_cutting
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import CamembertConfig, CamembertForMaskedLM, PreTrainedTokenizerFast, set_seed

SENTENCES = (
    "À Goma, 12 civils ont été tués et 30 soldats blessés, selon l’armée.",
    "Kiev affirme avoir capturé 3 000 combattants près de Koursk en décembre.",
    "L’ONU compte 1,5 million de déplacés depuis trois ans au Soudan.",
    "Vendredi 7 février, des drones ont frappé l’hôpital de Kharkiv.",
)
SPECIALS = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>",
            "cls_token": "<s>", "sep_token": "</s>", "mask_token": "<mask>"}


@cache  # training breaks ties at random
def tokenizer() -> Tokenizer:
    """A Unigram tokenizer of the CamemBERT kind: NFKC, Metaspace, `<s> … </s>`."""
    made = Tokenizer(models.Unigram())
    made.normalizer = normalizers.NFKC()  # pyright: ignore[reportAttributeAccessIssue]
    made.pre_tokenizer = pre_tokenizers.Sequence(  # pyright: ignore[reportAttributeAccessIssue]
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    trainer = trainers.UnigramTrainer(vocab_size=160, special_tokens=list(dict.fromkeys(SPECIALS.values())),
                                      unk_token="<unk>", show_progress=False)
    made.train_from_iterator(SENTENCES * 4, trainer)
    made.post_processor = processors.TemplateProcessing(  # pyright: ignore[reportAttributeAccessIssue]
        single="<s> $A </s>", pair="<s> $A </s> $B </s>",
        special_tokens=[(token, made.token_to_id(token)) for token in ("<s>", "</s>")])
    return made


def base(folder: Path, *, hidden: int = 32) -> Path:
    """A base checkpoint of two layers with random weights in `folder`."""
    set_seed(0)
    made = tokenizer()
    config = CamembertConfig(
        vocab_size=made.get_vocab_size(), hidden_size=hidden, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=2 * hidden, max_position_embeddings=64 + (made.token_to_id("<pad>") or 0) + 1, type_vocab_size=1,
        pad_token_id=made.token_to_id("<pad>"), bos_token_id=made.token_to_id("<s>"),
        eos_token_id=made.token_to_id("</s>"), hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
    CamembertForMaskedLM(config).save_pretrained(folder)
    PreTrainedTokenizerFast(tokenizer_object=made, **SPECIALS).save_pretrained(folder)
    return folder


def checkpoint(folder: Path, tags: list[str], *, cutting: Cutting | None = None) -> Path:
    """A token-classification checkpoint with a random head in `folder`."""
    from transformers import CamembertForTokenClassification

    source = base(folder / "base")
    model = CamembertForTokenClassification.from_pretrained(
        source, id2label=dict(enumerate(tags)), label2id={tag: i for i, tag in enumerate(tags)})
    model.save_pretrained(folder)
    made = tokenizer()
    PreTrainedTokenizerFast(tokenizer_object=made, **SPECIALS).save_pretrained(folder)
    if cutting:
        save_cutting(folder, cutting, made)
    return folder
