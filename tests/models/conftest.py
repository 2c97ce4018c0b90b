"""Fixtures of this room: a model of random weights, and one that has learnt a few sentences by heart."""

import pytest
from bilan.data.labels import tags_of
from bilan.models import load
from bilan.models.checkpoint import Cutting

from .. import tiny
from .taught import TEXT, taught


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory):
    """A checkpoint of LOC and KILLED with windows of 32 tokens, 8 shared."""
    return tiny.checkpoint(tmp_path_factory.mktemp("tiny"), tags_of(["LOC", "KILLED"]),
                           cutting=Cutting(window=32, overlap=8))


@pytest.fixture(scope="session")
def tiny_reader(tiny_model):
    return load(tiny_model)


@pytest.fixture(scope="session")
def taught_model(tmp_path_factory):
    return taught(tmp_path_factory.mktemp("taught"))


@pytest.fixture
def folder(tmp_path):
    """Twenty articles and no output."""
    articles = tmp_path / "articles"
    articles.mkdir()
    for number in range(20):
        (articles / f"{number:02}.txt").write_text(f"{TEXT}\n{'a' * number}", encoding="utf-8")
    return tmp_path
