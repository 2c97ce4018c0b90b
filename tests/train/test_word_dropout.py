"""Word dropout hides tokens, never special ones, and by torch's own generator."""

import pytest
import torch
from bilan.data import BilanError
from bilan.train.masking import masking
from tokenizers import Tokenizer, models

from .. import tiny

IDS = torch.tensor([[0, 20, 21, 22, 23, 2, 1, 1]] * 50)  # <s> … </s> <pad> <pad>


def test_every_token_but_the_special_ones_is_masked_at_the_chance_of_one():
    made, mask = masking(tiny.tokenizer(), chance=0.999999), tiny.tokenizer().token_to_id("<mask>")
    specials = {token: tiny.tokenizer().token_to_id(token) for token in ("<s>", "</s>", "<pad>")}
    row = torch.tensor([[specials["<s>"], 20, 21, specials["</s>"], specials["<pad>"]]])
    assert made is not None
    assert made(row).tolist() == [[specials["<s>"], mask, mask, specials["</s>"], specials["<pad>"]]]


def test_about_the_share_asked_for_is_masked_and_the_batch_itself_is_left_alone():
    made, before = masking(tiny.tokenizer(), chance=0.25), torch.full((100, 100), 20)
    torch.manual_seed(1)
    assert made is not None and 2300 < int((made(before) != 20).sum()) < 2700 and (before == 20).all()


def test_the_same_state_of_torch_masks_the_same_tokens():
    made = masking(tiny.tokenizer(), chance=0.5)
    assert made is not None
    state = torch.get_rng_state()
    first = made(IDS)
    torch.set_rng_state(state)
    assert torch.equal(made(IDS), first) and not torch.equal(made(IDS), first)


def test_without_a_chance_there_is_no_masking():
    assert masking(tiny.tokenizer(), chance=0.0) is None


def test_where_there_is_no_mask_token_the_unknown_one_is_taken():
    made = masking(Tokenizer(models.WordLevel({"[UNK]": 0, "a": 1}, unk_token="[UNK]")), chance=0.5)
    assert made is not None and made.mask == 0


def test_a_tokenizer_with_neither_is_one_clear_error():
    with pytest.raises(BilanError, match="no mask token.*leave --word-dropout out"):
        masking(Tokenizer(models.WordLevel({"a": 1})), chance=0.5)
