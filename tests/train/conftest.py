"""Trainings in a second: no pictures but where they are tested, and little for the garbage collector to walk through."""

import gc

import bilan.train.finetune
import pytest
from transformers import Trainer  # noqa: F401 - what it imports is frozen below, and not collected at every training's end


@pytest.fixture(autouse=True, scope="session")
def quick():
    gc.collect()
    gc.freeze()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bilan.train.finetune, "picture", lambda *_: None)
        yield
    gc.unfreeze()
