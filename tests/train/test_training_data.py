"""`--data`: any annotated documents, shared out by id or as told, and errors that say what to do."""

import json

import pytest
from bilan.data import BilanError, Document, Span, write
from bilan.data.dataset import build, load_part
from bilan.data.formats.markup import parse
from bilan.data.report import Report
from bilan.eval.commands import score
from bilan.train.data import gathered, settled
from bilan.train.finetune import finetune

from .material import documents, prepared, settings


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return prepared(tmp_path_factory.mktemp("data"))


def document(name, annotated="[Kiev](LOC) affirme.", **meta):
    text, spans = parse(annotated)
    return Document(name, f"{text} {name}", tuple(spans), meta)


def written(path, made, format="jsonl"):
    write(made, path, format=format)
    return str(path)


def test_a_file_of_documents_is_shared_out_as_build_does(folder, tmp_path):
    data = gathered(settings(folder, data=str(folder / "all.jsonl")), Report())
    described, _ = build(folder / "all.jsonl", tmp_path / "dataset")
    assert data.described == described and data.folder is None
    assert data.parts["dev"] == load_part(tmp_path / "dataset", "dev")


@pytest.mark.parametrize(("format", "name"), [("brat", "brat"), ("conll", "all.conll"), ("spacy", "all.spacy"), ("markup", "articles")])
def test_any_format_that_is_read_can_be_trained_on(folder, tmp_path, format, name):
    if format == "spacy":
        pytest.importorskip("spacy")
    made = [document(f"d{number}", "[Kiev](LOC) " + " ".join(letter * number for letter in "abcde")) for number in range(1, 31)]
    source = written(tmp_path / name, made, format)
    data = gathered(settings(folder, data=source), Report())
    assert sum(len(part) for part in data.parts.values()) == 30 and data.described["labels"] == ["LOC"]


def test_named_dev_and_test_leave_all_of_data_to_train(folder, tmp_path):
    paths = {side: written(tmp_path / f"{side}.jsonl", [document(f"{side}{number}") for number in range(size)])
             for side, size in (("data", 6), ("dev", 2), ("test", 3))}
    data = gathered(settings(folder, **paths), Report())
    assert {side: len(part) for side, part in data.parts.items()} == {"train": 6, "dev": 2, "test": 3}


def test_named_test_documents_leave_dev_and_train_to_the_ids(folder, tmp_path):
    source = written(tmp_path / "data.jsonl", [document(f"d{number}", split=side) for number, side in
                                               enumerate(["train", "dev", "test", "test"])])
    held = written(tmp_path / "held.jsonl", [document("held")])
    data = gathered(settings(folder, data=source, test=held), Report())
    assert {side: [each.id for each in part] for side, part in data.parts.items()} == {
        "train": ["d0", "d2", "d3"], "dev": ["d1"], "test": ["held"]}


def test_a_dataset_of_ours_may_have_another_dev_side(folder, tmp_path):
    source = written(tmp_path / "dev.jsonl", [document("mine")])
    data = gathered(settings(folder, dev=source), Report())
    assert [each.id for each in data.parts["dev"]] == ["mine"] and len(data.parts["train"]) == 11
    assert len(data.parts["test"]) == 1 and data.folder is None


def test_a_dataset_of_ours_is_used_where_it_lies(folder, tmp_path):
    data = gathered(settings(folder), Report())
    assert settled(data, tmp_path / "copy") == folder / "dataset" and not (tmp_path / "copy").exists()


def test_evaluation_finds_the_test_side_of_a_run_on_any_data(folder, tmp_path, capsys):
    entry = finetune(settings(folder, data=str(folder / "all.jsonl"), epochs=1), tmp_path / "run")
    assert entry["settings"]["data"] == str(tmp_path / "run/dataset")
    assert entry["data"]["source"] == str(folder / "all.jsonl")
    (found,) = score([str(tmp_path / "run")])
    assert found.strict.documents == 1 and "note" not in found.facts
    assert (tmp_path / "run/scores-test.json").is_file()


def test_a_run_on_any_data_is_left_as_it_is_until_the_data_change(folder, tmp_path):
    source = tmp_path / "all.jsonl"
    source.write_bytes((folder / "all.jsonl").read_bytes())
    chosen = settings(folder, data=str(source), epochs=1)
    finetune(chosen, tmp_path / "run")
    assert finetune(chosen, tmp_path / "run", resume=True)["skipped"]
    written(source, documents(["train"] * 10 + ["dev"] * 5))
    with pytest.raises(BilanError, match="the data changed"):
        finetune(chosen, tmp_path / "run", resume=True)


def test_a_dev_label_that_train_lacks_is_told_and_kept(folder, tmp_path):
    made = [document("t", split="train"), document("d", "[Kiev](LOC) a perdu [dix](LOSSES) chars.", split="dev")]
    report = Report()
    data = gathered(settings(folder, data=written(tmp_path / "x.jsonl", made)), report)
    assert report.counts == {"impossible: dev label LOSSES that train lacks, always missed": 1}
    assert data.described["labels"] == ["LOC", "LOSSES"]


def test_a_text_on_both_sides_is_told(folder, tmp_path):
    report = Report()
    paths = {"data": written(tmp_path / "a.jsonl", [document("a"), document("b")]),
             "dev": written(tmp_path / "b.jsonl", [document("b")])}
    gathered(settings(folder, **paths), report)
    assert report.counts == {"seen: dev document with the text of a train document": 1}


@pytest.mark.parametrize(("made", "said"), [
    ([document("a")], "one document cannot be shared out between train and dev; name others for dev: --dev PATH"),
    ([document("a", split="dev"), document("b", split="dev")], "no document falls to train .of 2; look-alikes stay together."),
    ([document("a", split="train"), document("b", split="train")], "no document falls to dev .of 2; look-alikes stay together.; name documents for dev"),
    ([document("a", "rien", split="train"), document("b", split="dev")], "no span in the 1 documents of train"),
])
def test_data_that_nothing_can_be_learnt_from_is_refused(folder, tmp_path, made, said):
    source = written(tmp_path / "x.jsonl", made)
    with pytest.raises(BilanError, match=said):
        finetune(settings(folder, data=source), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_two_documents_of_one_side_with_one_id_are_refused(folder, tmp_path):
    source = written(tmp_path / "x.jsonl", [document("a"), document("a", "[Goma](LOC) aussi.")])
    with pytest.raises(BilanError, match="two documents of train have the id 'a'"):
        gathered(settings(folder, data=source, dev=str(folder / "dataset")), Report())


def test_evaluation_finds_the_dataset_of_a_run_that_moved_with_it(folder, tmp_path, capsys):
    finetune(settings(folder, data=str(folder / "all.jsonl"), epochs=1), tmp_path / "run")
    (tmp_path / "run").rename(tmp_path / "moved")
    (found,) = score([str(tmp_path / "moved")])
    assert found.strict.documents == 1 and found.facts["data"] == str(tmp_path / "moved/dataset")
    (tmp_path / "moved/dataset").rename(tmp_path / "other")
    with pytest.raises(BilanError, match="run/dataset: the dataset that the run names is not there; name another with --gold"):
        score([str(tmp_path / "moved")])


@pytest.mark.parametrize("path", ["nothing", "empty"])
def test_no_data_names_the_command_that_makes_a_dataset(folder, tmp_path, path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(BilanError, match="no data here; name annotated documents, or make the dataset: bilan-data build"):
        gathered(settings(folder, data=str(tmp_path / path)), Report())


DISCONTINUOUS = Document("d", "nord et sud de Gaza", (Span(0, 19, "LOC", fragments=((0, 4), (12, 19))),), {"split": "train"})


def test_discontinuous_gold_needs_a_policy_and_is_counted(folder, tmp_path):
    source = written(tmp_path / "x.jsonl", [DISCONTINUOUS, document("e", split="dev")])
    with pytest.raises(BilanError, match="document 'd' has overlapping or discontinuous spans.*--overlaps longest or first"):
        gathered(settings(folder, data=source), Report())
    report = Report()
    data = gathered(settings(folder, data=source, overlaps="first"), report)
    assert report.counts == {"moved: discontinuous span to its hull": 1}
    assert [span.fragments for span in data.parts["train"][0].spans] == [()]


def test_overlaps_of_any_data_are_counted_once_in_the_record(folder, tmp_path):
    nested, spans = parse("à l’[aéroport de [Goma](LOC)](LOC)")
    made = [Document("n", nested, tuple(spans), {"split": "train"}), document("e", split="dev")]
    chosen = settings(folder, data=written(tmp_path / "x.jsonl", made), overlaps="longest", epochs=1)
    finetune(chosen, tmp_path / "run")
    said = json.loads((tmp_path / "run/run.json").read_text())["report"]
    assert said["losses"] == {"dropped: overlapping gold (longest kept)": 1}
    assert len(load_part(tmp_path / "run/dataset", "train")[0].spans) == 2
