"""Many files: in order, restartable, one bad file never stops the rest."""

import gzip
import json
import os
import shutil

import pytest
from bilan.data import BilanError, Document
from bilan.data.report import Report
from bilan.models import batch, load, reading
from bilan.models.journal import Journal, Keys, index
from hypothesis import given
from hypothesis import strategies as st

from .taught import TEXT, lines, run

KEYS = Keys("model")


@pytest.fixture
def reads(monkeypatch):
    """The ids of the documents that a reader was given."""
    seen = []

    def read_portion(reader, documents, then=batch.read_portion):
        seen.extend(document.id for document in documents)
        return then(reader, documents)

    monkeypatch.setattr(batch, "read_portion", read_portion)
    return seen


def test_every_file_of_a_folder_is_read_in_order(taught_model, folder):
    assert run(taught_model, folder) == (20, 0)
    assert [line["id"][-6:] for line in lines(folder / "out.jsonl")] == [f"{number:02}.txt" for number in range(20)]
    assert not (folder / "out.jsonl.part").exists()


def test_what_is_finished_is_not_read_again(taught_model, folder, reads):
    run(taught_model, folder)
    (folder / "articles" / "03.txt").write_text("Tout autre chose.", encoding="utf-8")
    reads.clear()
    assert run(taught_model, folder) == (20, 0)
    assert [id_[-6:] for id_ in reads] == ["03.txt"]
    assert lines(folder / "out.jsonl")[3]["text"] == "Tout autre chose."


@pytest.mark.parametrize("options", [{"date": "2025-02-07"}, {"min_confidence": 0.5}])
def test_other_options_are_another_reading(taught_model, folder, reads, options):
    run(taught_model, folder)
    reads.clear()
    run(taught_model, folder, **options)
    assert len(reads) == 20


def test_another_model_is_another_reading(taught_model, folder, reads, tmp_path):
    other = shutil.copytree(taught_model, tmp_path / "other")
    cutting = json.loads((other / "bilan.json").read_text(encoding="utf-8"))
    (other / "bilan.json").write_text(json.dumps(cutting | {"note": "other"}), encoding="utf-8")
    run(taught_model, folder)
    reads.clear()
    run(other, folder)
    assert len(reads) == 20


@pytest.mark.parametrize("output", ["out.jsonl", "out.csv", "out.html"])
def test_an_interrupted_command_goes_on_and_ends_with_the_same_bytes(taught_model, folder, reads, monkeypatch, output):
    run(taught_model, folder, "whole" + output[3:])
    reads.clear()
    added = []

    def add(self, document, key, then=Journal.add):
        if len(added) == 7:
            raise KeyboardInterrupt
        added.append(key)
        return then(self, document, key)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Journal, "add", add)
        run(taught_model, folder, output)
    part = folder / f"{output}.part"
    with open(part, "ab") as stream:
        stream.write(part.read_bytes()[:100])  # the line that was being written
    assert not (folder / output).exists()
    reads.clear()
    run(taught_model, folder, output)
    assert len(reads) == 13
    assert (folder / output).read_bytes() == (folder / f"whole{output[3:]}").read_bytes()


def test_a_bad_file_is_reported_and_read_once_it_is_mended(taught_model, folder, reads, capsys):
    (folder / "articles" / "05.txt").write_bytes(b"d\xe9j\xe0")
    assert run(taught_model, folder, "out.csv") == (19, 1)
    assert "05.txt:1: not UTF-8 (byte 0xe9)" in capsys.readouterr().err
    (folder / "articles" / "05.txt").write_text("Rien.", encoding="utf-8")
    reads.clear()
    assert run(taught_model, folder, "out.csv") == (20, 0)
    assert len(reads) == 1 and not (folder / "out.csv.part").exists()


def test_processes_give_what_one_gives(taught_model, folder):
    run(taught_model, folder, "one.jsonl")
    run(taught_model, folder, "two.jsonl", jobs=2)
    assert (folder / "one.jsonl").read_bytes() == (folder / "two.jsonl").read_bytes()


def _die(documents):
    os._exit(9)


def test_a_worker_that_dies_is_one_clear_error_and_what_was_finished_stays(taught_model, folder):
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    kept = Journal(folder / "j")
    kept.add(Document("done", "fini"), KEYS(Document("done", "fini")))
    with ProcessPoolExecutor(1, get_context("spawn")) as pool, pytest.raises(BilanError, match="a worker process died"):
        list(batch.read_all([Document("d", "a")], kept, keys=KEYS, executor=pool, work=_die))
    kept.close()
    assert list(index(folder / "j")[0]) == [KEYS(Document("done", "fini"))]


def test_one_text_that_cannot_be_read_does_not_take_its_portion_with_it(taught_model):
    class Choosy:
        def read_many(self, documents):
            for document in documents:
                if document.text == "bad":
                    raise BilanError("no", where=document.id)
                yield document

    results = batch.read_portion(Choosy(), [Document("a", "x"), Document("b", "bad"), Document("c", "y")])  # pyright: ignore
    assert [getattr(result, "id", str(result)) for result in results] == ["a", "b: no", "c"]


@given(st.lists(st.sampled_from([0, 1, 9_000, 70_000]), max_size=40))
def test_portions_hold_every_text_once_and_in_order(lengths):
    documents = [Document(str(number), "a" * length) for number, length in enumerate(lengths)]
    made = list(batch.portions(documents))
    assert [document for portion in made for document in portion] == documents
    assert all(len(portion) <= batch.TEXTS for portion in made)


@pytest.mark.parametrize(("options", "said"), [({"date": "hier"}, "'hier' is no day"),
                                               ({"min_confidence": 3.0}, "--min-confidence 3.0; from 0 to 1 is expected")])
def test_options_out_of_range_are_refused(taught_model, folder, options, said):
    with pytest.raises(BilanError, match=said):
        run(taught_model, folder, **options)


@pytest.mark.parametrize("options", [{"output": "articles/out.html"}, {"output": "articles/out", "format": "brat"}])
def test_an_output_in_the_folder_that_is_read_is_not_read(taught_model, folder, options):
    assert run(taught_model, folder, **options) == (20, 0)
    report = Report()
    assert run(taught_model, folder, **options, report=report) == (20, 0)
    assert report.counts["skipped: what this command writes"] > 0


def test_what_is_half_written_is_not_read_where_a_pattern_names_it(taught_model, folder):
    output = folder / "articles" / "out.csv"
    (folder / "articles" / "out.csv.part").write_text("", encoding="utf-8")
    assert reading.read([str(folder / "articles" / "*")], model=str(taught_model), output=str(output)) == (20, 0)


def test_nothing_but_its_own_output_to_read_is_an_error(taught_model, folder):
    article = str(folder / "articles/00.txt")
    with pytest.raises(BilanError, match="nothing to read but what this command writes"):
        reading.read([article], model=str(taught_model), output=article, format="table")


def test_a_second_run_on_the_same_output_is_refused(taught_model, folder):
    pytest.importorskip("fcntl", reason="this system has no flock")
    first = Journal(folder / "out.csv.part")
    with pytest.raises(BilanError, match=r"out\.csv\.part: another run writes this output; wait for it"):
        run(taught_model, folder, "out.csv")
    first.close()
    assert run(taught_model, folder, "out.csv") == (20, 0)


def test_processes_that_cannot_load_the_model_say_why(taught_model, folder):
    other = shutil.copytree(taught_model, folder / "other")
    (other / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(BilanError, match="config.json: not JSON"):
        run(other, folder, jobs=2)


def test_compressed_articles_are_read(taught_model, folder):
    (folder / "articles" / "z.txt.gz").write_bytes(gzip.compress(TEXT.encode()))
    assert run(taught_model, folder) == (21, 0)
    assert lines(folder / "out.jsonl")[-1]["text"] == TEXT


def test_reading_keeps_the_reader_for_one_job(taught_model):
    reader = load(taught_model)
    with batch.workers(None, jobs=1, reader=reader) as (executor, work):
        assert executor.submit(work, [Document("d", TEXT)]).result()[0].text == TEXT  # pyright: ignore
