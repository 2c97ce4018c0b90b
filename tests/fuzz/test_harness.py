"""The fuzzing itself: every format is entered, what it begins with is sound, mutations give bytes, faults are seen."""

import json
import shutil
from random import Random

import pytest
from bilan.data.formats import NAMES
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz import mutate
from tests.fuzz.readers import LIGHT, READERS, Wrong, desk, reader
from tests.fuzz.seeds import BY_HAND, DOCUMENTS, seeds
from tests.fuzz.targets import TARGETS

QUICK = [name for name, (format, *_) in READERS.items() if format in LIGHT or name in BY_HAND]


@pytest.fixture(scope="module", autouse=True)
def _swept():
    yield
    shutil.rmtree(desk())


def test_every_format_is_fuzzed():
    assert {format for format, *_ in READERS.values()} == set(NAMES)


@pytest.mark.parametrize("name", QUICK)
def test_what_a_reader_begins_with_is_read_and_written_again(name):
    format, file, _ = READERS[name]
    found = [seed for seed in seeds(name, format) if file != "d.json" or seed.lstrip()[:1] in (b"[", b"{")]
    assert found
    for seed in found:
        TARGETS[name].run(seed)


def test_a_reader_that_loses_an_annotation_without_a_word_is_a_finding(monkeypatch):
    monkeypatch.setattr("bilan.data.formats.prodigy.spans_of", lambda *_, **__: [])
    monkeypatch.setattr("bilan.data.formats.prodigy._links", lambda *_: [])
    with pytest.raises(Wrong, match="an annotation is neither read nor told"):
        reader("prodigy", "d.jsonl")(BY_HAND["prodigy"][0].encode())


@pytest.mark.parametrize("kind", ["json", "xml", "lines", "words"])
@given(st.one_of(st.binary(max_size=60), st.sampled_from([seed.encode() for texts in BY_HAND.values() for seed in texts])),
       st.integers(0, 2**32))
def test_any_bytes_are_mutated_into_bytes_and_the_same_ones_each_time(kind, data, seed):
    made = mutate.KINDS[kind](data, Random(seed))
    assert isinstance(made, bytes) and made == mutate.KINDS[kind](data, Random(seed))


def test_mutations_of_json_stay_json_and_seldom_the_same():
    data = json.dumps([{"text": document.text, "id": document.id} for document in DOCUMENTS]).encode()
    made = [mutate.json_like(data, Random(seed)) for seed in range(50)]
    assert len({json.dumps(json.loads(each)) for each in made}) > 40
