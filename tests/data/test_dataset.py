"""The dataset folder that training reads."""

import json
import os
import subprocess
import sys

import pytest
from bilan.data import BilanError, Document, Span, write
from bilan.data.dataset import build, description, load_part, word_tags

DOCUMENTS = [Document(f"d{number}", f"À Goma, {number} morts, selon {word}.", (Span(2, 6, "LOC"),), {"genre": "brève"})
             for number, word in enumerate("alpha bravo charlie delta echo foxtrot golf hotel india juliet".split())]


@pytest.fixture
def source(tmp_path):
    write(DOCUMENTS, tmp_path / "source.jsonl", format="jsonl")
    return tmp_path / "source.jsonl"


def test_every_document_is_in_one_split_to_the_letter(source, tmp_path):
    build(source, tmp_path / "out")
    back = [document for side in ("train", "dev", "test") for document in load_part(tmp_path / "out", side)]
    assert sorted(back, key=lambda document: document.id) == DOCUMENTS


def test_building_again_leaves_an_up_to_date_dataset(source, tmp_path):
    assert [build(source, tmp_path / "out")[1] for _ in range(2)] == [True, False]


def test_a_changed_document_changes_the_fingerprint_and_builds_again(source, tmp_path):
    first, _ = build(source, tmp_path / "out")
    write([DOCUMENTS[0].replace(spans=()), *DOCUMENTS[1:]], source, format="jsonl")
    second, written = build(source, tmp_path / "out")
    assert written and first["fingerprint"] != second["fingerprint"] == description(tmp_path / "out")["fingerprint"]


def test_a_damaged_dataset_is_built_again(source, tmp_path):
    build(source, tmp_path / "out")
    (tmp_path / "out/dev.parquet").unlink()
    assert build(source, tmp_path / "out")[1]


def test_two_builds_of_two_copies_are_the_same_to_the_byte(tmp_path):
    build_one = "import sys; from bilan.data.dataset import build; build(*sys.argv[1:], format='jsonl')"
    for name, ordered, seed in (("one", DOCUMENTS, "1"), ("two", DOCUMENTS[::-1], "2")):  # another order in the folder
        (tmp_path / name / "source").mkdir(parents=True)
        for document in ordered:
            write([document], tmp_path / name / f"source/{document.id}.jsonl", format="jsonl")
        subprocess.run([sys.executable, "-c", build_one, tmp_path / name / "source", tmp_path / name / "out"], check=True,
                       env=os.environ | {"PYTHONHASHSEED": seed})
    one, two = ({file.name: file.read_bytes() for file in (tmp_path / name / "out").iterdir()} for name in ("one", "two"))
    assert one == two and {"train.parquet", "dev.parquet", "test.parquet", "dataset.json"} <= one.keys()


def test_other_tools_find_words_and_tags_with_their_names(source, tmp_path):
    from datasets import load_dataset

    build(source, tmp_path / "out")
    row = load_dataset("parquet", data_files=str(tmp_path / "out/train.parquet"), cache_dir=str(tmp_path / "cache"),
                       split="train")
    names = row.features["ner_tags"].feature.names
    assert row[0]["tokens"][:3] == ["À", "Goma", ","] and [names[t] for t in row[0]["ner_tags"][:3]] == ["O", "B-LOC", "O"]


def test_a_span_that_cuts_a_word_is_told_by_the_word_tags():
    assert word_tags(Document("d", "à Goma", (Span(2, 4, "LOC"),))) == (["O", "O"], [Span(2, 4, "LOC")])


def test_the_description_counts_labels_per_split(source, tmp_path):
    described, _ = build(source, tmp_path / "out")
    assert sum(part["labels"].get("LOC", 0) for part in described["splits"].values()) == len(DOCUMENTS)
    assert json.loads((tmp_path / "out/dataset.json").read_text(encoding="utf-8")) == described


def test_a_source_without_documents_is_refused(tmp_path):
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    with pytest.raises(BilanError, match="no document"):
        build(tmp_path / "empty.jsonl", tmp_path / "out", format="jsonl")


def test_a_folder_that_is_no_dataset_is_named_with_the_way_to_make_one(tmp_path):
    with pytest.raises(BilanError, match="no dataset.json"):
        description(tmp_path)
