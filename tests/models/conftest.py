"""Fixtures of this room: the model that has learnt a few sentences by heart."""

import pytest

from .taught import taught


@pytest.fixture(scope="session")
def taught_model(tmp_path_factory):
    return taught(tmp_path_factory.mktemp("taught"))
