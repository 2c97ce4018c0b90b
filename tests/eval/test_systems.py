"""Systems: what kind a name is, and that every kind answers documents with documents, blind to the gold."""

import json

import pytest
from bilan.data import BilanError, write
from bilan.eval.systems import answers, kind_of, reader

from .made import document

GOLD = [document("[Anna Petrova](PER) est à [Goma](LOC).", id="1"), document("rien", id="2")]


@pytest.fixture
def pipeline(tmp_path):
    """A spaCy pipeline of rules on disk, as `spacy:PATH`."""
    spacy = pytest.importorskip("spacy", reason="the extra spacy is not installed")
    made = spacy.blank("fr")
    made.add_pipe("entity_ruler").add_patterns([{"label": "LOC", "pattern": "Goma"}])
    made.to_disk(tmp_path / "rules")
    return f"spacy:{tmp_path / 'rules'}"


@pytest.mark.parametrize(("files", "kind"), [
    (["config.json"], "checkpoint"), (["run.json"], "checkpoint"), (["answers.jsonl"], "predictions")])
def test_the_files_in_a_folder_tell_its_kind(tmp_path, files, kind):
    for name in files:
        (tmp_path / name).touch()
    assert kind_of(str(tmp_path)).name == kind


@pytest.mark.parametrize(("system", "kind"), [
    ("spacy:fr_core_news_md", "spaCy pipeline"), ("Jean-Baptiste/camembert-ner", "hub id")])
def test_a_name_that_is_no_path_tells_its_kind(system, kind):
    assert kind_of(system).name == kind


def test_a_file_of_predictions_answers_with_its_documents(tmp_path):
    write(GOLD, tmp_path / "answers.conll", format="conll")
    made = answers(str(tmp_path / "answers.conll"), GOLD)
    assert [[span.key for span in each.spans] for each in made] == [[(0, 12, "PER"), (19, 23, "LOC")], []]


def test_predictions_cannot_read_another_text(tmp_path):
    write(GOLD, tmp_path / "answers.jsonl", format="jsonl")
    with pytest.raises(BilanError, match=r"answers\.jsonl: predictions are answers to one text only"):
        reader(str(tmp_path / "answers.jsonl"))


def test_a_spacy_pipeline_answers_with_its_entities(pipeline):
    made = answers(pipeline, GOLD)
    assert [[span.key for span in each.spans] for each in made] == [[(19, 23, "LOC")], []]
    assert [each.text for each in made] == [each.text for each in GOLD]


def test_a_spacy_pipeline_that_is_not_there_is_named_with_what_installs_it():
    pytest.importorskip("spacy", reason="the extra spacy is not installed")
    with pytest.raises(BilanError, match=r"spacy:xx_none: no spaCy .* pip install xx-none, or name its"):
        reader("spacy:xx_none")


def test_a_spacy_pipeline_without_entities_is_refused(tmp_path):
    spacy = pytest.importorskip("spacy", reason="the extra spacy is not installed")
    made = spacy.blank("fr")
    made.add_pipe("sentencizer")
    made.to_disk(tmp_path)
    with pytest.raises(BilanError, match=r"without entities \(it has sentencizer\)"):
        reader(f"spacy:{tmp_path}")


def test_a_checkpoint_sees_texts_without_gold(tmp_path, monkeypatch):
    pytest.importorskip("bilan.models")
    (tmp_path / "config.json").write_text(json.dumps({}))
    seen = []

    class Reader:
        def read_many(self, documents):
            for each in documents:
                seen.append(each.spans)
                yield each

    monkeypatch.setattr("bilan.models.load", lambda system: Reader())
    assert answers(str(tmp_path), GOLD) == [each.replace(spans=()) for each in GOLD]
    assert seen == [(), ()]
