"""Hugging Face datasets: parquet files and saved folders."""

import datasets
import pytest
from bilan.data.document import Document, Span
from bilan.data.errors import BilanError
from bilan.data.formats import huggingface, read, write
from bilan.data.report import Report
from datasets import ClassLabel, Features, List, Value
from hypothesis import given, settings

from ..strategies import documents

NAMES = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
FEATURES = Features({"id": Value("string"), "tokens": List(Value("string")),
                     "ner_tags": List(ClassLabel(names=NAMES))})
ROW = {"id": "0", "tokens": ["Zelensky", "à", "Kiev"], "ner_tags": [1, 0, 3]}
PLAIN = [("Zelensky", "PER"), ("Kiev", "LOC")]


@pytest.fixture(autouse=True)
def quiet():
    datasets.disable_progress_bars()


def dataset(*rows, features=FEATURES):
    return datasets.Dataset.from_list(list(rows), features=features)


def mentions(documents):
    return [(document.mention(span), span.label) for document in documents for span in document.spans]


def back(document, folder):
    write([document], folder / "d.parquet", format="huggingface")
    return next(read(folder / "d.parquet"))


def test_numbers_of_tags_are_named_by_the_features(tmp_path):
    dataset(ROW).to_parquet(tmp_path / "d.parquet")
    (document,) = read(tmp_path / "d.parquet")
    assert (document.id, document.text) == ("0", "Zelensky à Kiev")
    assert mentions([document]) == PLAIN


def test_a_saved_dataset_is_read_from_its_folder(tmp_path):
    dataset(ROW).save_to_disk(tmp_path / "d")
    assert mentions(read(tmp_path / "d")) == PLAIN


def test_the_splits_of_a_saved_dictionary_are_meta_and_part_of_numbered_ids(tmp_path):
    datasets.DatasetDict({"train": dataset(ROW), "validation": dataset(ROW)}).save_to_disk(tmp_path / "d")
    assert [(document.id, document.meta) for document in read(tmp_path / "d")] == [
        ("train-0", {"split": "train"}), ("dev-0", {"split": "dev"})]


def test_rows_without_id_are_numbered_over_the_files_of_a_split(tmp_path):
    for shard in range(2):
        rows = dataset(ROW, ROW).remove_columns("id")
        rows.to_parquet(tmp_path / f"train-{shard:05}-of-00002.parquet")
    assert [document.id for document in read(tmp_path)] == ["train-1", "train-2", "train-3", "train-4"]


def test_numbers_without_names_are_refused_with_the_way_out(tmp_path):
    datasets.Dataset.from_list([ROW]).to_parquet(tmp_path / "d.parquet")
    with pytest.raises(BilanError, match="tag 1 has no name") as caught:
        list(read(tmp_path / "d.parquet"))
    assert "names=…" in caught.value.mend


def test_names_may_be_given(tmp_path):
    datasets.Dataset.from_list([ROW]).to_parquet(tmp_path / "d.parquet")
    assert mentions(huggingface.read(tmp_path / "d.parquet", report=Report(), names=NAMES)) == PLAIN


@pytest.mark.parametrize("tags", [["B-PER", "O", "B-LOC"], ["I-PER", "O", "I-LOC"], ["U-PER", "O", "S-LOC"],
                                  ["PER", "O", "LOC"]])
def test_tags_are_read_in_any_scheme(tmp_path, tags):
    datasets.Dataset.from_list([{"words": ROW["tokens"], "ner": tags}]).to_parquet(tmp_path / "d.parquet")
    assert mentions(read(tmp_path / "d.parquet")) == PLAIN


def test_a_column_of_tags_may_be_named(tmp_path):
    row = {**ROW, "ner_tags": ["O", "O", "O"], "gold": ["B-PER", "O", "B-LOC"]}
    datasets.Dataset.from_list([row]).to_parquet(tmp_path / "d.parquet")
    assert mentions(huggingface.read(tmp_path / "d.parquet", report=Report(), tags="gold")) == PLAIN


def test_tokens_take_their_places_in_a_text_beside_them(tmp_path):
    row = {"text": "l’armée, hier", "tokens": ["l’", "armée", ",", "hier"], "tags": ["O", "B-X", "O", "O"]}
    datasets.Dataset.from_list([row]).to_parquet(tmp_path / "d.parquet")
    (document,) = read(tmp_path / "d.parquet")
    assert (document.text, document.spans) == ("l’armée, hier", (Span(2, 7, "X"),))


def test_spans_may_be_structs_with_numbered_labels(tmp_path):
    features = Features({"text": Value("string"), "spans": List({
        "start": Value("int32"), "end": Value("int32"), "label": ClassLabel(names=["PER", "LOC"])})})
    row = {"text": "À Kiev", "spans": [{"start": 2, "end": 6, "label": 1}]}
    dataset(row, features=features).to_parquet(tmp_path / "d.parquet")
    assert mentions(read(tmp_path / "d.parquet")) == [("Kiev", "LOC")]


def test_spans_may_be_a_struct_of_lists(tmp_path):
    row = {"text": "À Kiev", "entities": {"start": [2, 0], "end": [6, 1], "type": ["LOC", "X"]}}
    datasets.Dataset.from_list([row]).to_parquet(tmp_path / "d.parquet")
    assert mentions(read(tmp_path / "d.parquet")) == [("À", "X"), ("Kiev", "LOC")]


def test_other_columns_are_meta(tmp_path):
    datasets.Dataset.from_list([{**ROW, "ner_tags": ["O"] * 3, "source": "AFP", "n": 3}]).to_parquet(
        tmp_path / "d.parquet")
    assert next(read(tmp_path / "d.parquet")).meta == {"source": "AFP", "n": 3}


def test_datasets_reads_what_is_written(tmp_path):
    write([Document("d", "À Kiev", (Span(2, 6, "LOC"),))], tmp_path / "d.parquet", format="huggingface")
    row = datasets.Dataset.from_parquet(str(tmp_path / "d.parquet"), cache_dir=str(tmp_path / "cache"))[0]
    assert (row["id"], row["text"], row["spans"][0]["label"]) == ("d", "À Kiev", "LOC")


def test_everything_that_a_document_holds_comes_back(tmp_path):
    spans = (Span(0, 6, "X", {"who": "k"}, 0.5, ((0, 1), (2, 6))), Span(2, 6, "LOC", {"id": "k"}))
    document = Document("ua-0001", "À Kiev", spans, {"title": "Koursk", "n": 3})
    assert back(document, tmp_path) == document


@settings(deadline=None)
@given(documents(nested=True, discontinuous=True, attributes=True, blank_edges=True))
def test_documents_come_back_to_the_letter(tmp_path_factory, document):
    assert back(document, tmp_path_factory.mktemp("huggingface")) == document


def test_more_documents_than_a_batch_come_back_in_order(tmp_path):
    made = [Document(f"d{n}", "À Kiev", (Span(2, 6, "LOC"),)) for n in range(1201)]
    write(iter(made), tmp_path / "d.parquet", format="huggingface")
    assert list(read(tmp_path / "d.parquet")) == made
