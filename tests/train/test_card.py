"""The model card and the upload: what others get to see of a run, and nothing else of it."""

import json
from typing import Any

import pytest
from bilan.data import BilanError
from bilan.eval.commands import score
from bilan.models import load
from bilan.train.__main__ import app
from bilan.train.card import card, check, text
from bilan.train.finetune import finetune
from bilan.train.push import files, push
from huggingface_hub import ModelCard
from typer.testing import CliRunner

from .material import prepared, settings


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = prepared(tmp_path_factory.mktemp("card"))
    finetune(settings(folder, epochs=4, learning_rate=2e-2), folder / "mine")
    return folder / "mine"


def test_a_training_leaves_a_card_that_a_hub_understands(run):
    data: Any = ModelCard.load(run / "README.md").data
    assert (data.language, data.pipeline_tag, data.library_name) == ("fr", "token-classification", "transformers")
    (result,) = data.eval_results
    assert (result.dataset_split, result.metric_type, result.metric_value) == (
        "dev", "f1", round(json.loads((run / "run.json").read_text())["dev"]["saved"]["f1"], 4))


def test_the_card_shows_labels_data_and_the_settings_that_differ(run):
    lines = (run / "README.md").read_text().splitlines()
    entry = json.loads((run / "run.json").read_text())
    assert "| documents | 11 | 5 | 1 |" in lines and "| `DISPLACED` | 6 | 2 | 0 |" in lines
    assert "| `learning_rate` | 0.02 | 0.0003 |" in lines and not any(line.startswith("| `patience` | 4") for line in lines)
    assert any(entry["data"]["fingerprint"] in line for line in lines)


def test_the_card_gives_away_no_path_of_the_machine(run):
    assert str(run.parent) not in (run / "README.md").read_text()


def test_after_an_evaluation_the_card_has_scores_by_label_with_their_intervals(run):
    score([str(run)], split="dev")
    lines = card(run, name="someone/mine", license="mit").read_text().splitlines()
    content = json.loads((run / "scores-dev.json").read_text())
    micro, bounds = content["schemes"]["strict"]["micro"], content["intervals"]["f1"]["micro"]
    assert (f"| micro | {micro['gold']} | {100 * micro['precision']:.1f} | {100 * micro['recall']:.1f} | {100 * micro['f1']:.1f} "
            f"| {100 * bounds[1]:.1f} to {100 * bounds[2]:.1f} |") in lines
    assert 'reader = load("someone/mine")  # a folder or a hub id' in lines
    data: Any = ModelCard.load(run / "README.md").data
    assert data.license == "mit" and [result.metric_type for result in data.eval_results] == ["precision", "recall", "f1"]


def test_the_code_in_the_card_runs(run, monkeypatch):
    code = card(run).read_text().split("```python\n")[1].split("```")[0]
    monkeypatch.chdir(run.parent)
    names = {}
    exec(code, names)
    assert names["spans"] == load(run).read("À Goma, 12 civils ont été tués.").document.spans


def test_tables_of_the_card_are_whole(run):
    tables = [block.splitlines() for block in card(run).read_text().split("\n\n") if block.startswith("|")]
    assert tables[0][0] == "| | train | dev | test |"
    assert len(tables) == 2 + len(list(run.glob("scores-*.json")))
    for head, rule, *body in tables:
        assert set(rule) == set("|:-") and body
        assert {line.count("|") for line in (head, rule, *body)} == {head.count("|")}


def test_a_run_from_before_spans_were_recorded_has_a_card_too(run):
    entry = json.loads((run / "run.json").read_text())
    for key in ("spans", "spans_by_label", "source"):
        del entry["data"][key]
    entry = {key: value for key, value in entry.items() if key not in ("license", "processes")}
    assert "| `KILLED` | – | – | – |" in text(entry, {}, name="x").splitlines()


def test_the_card_shows_what_seeds_say_and_what_data_lack(run):
    entry = json.loads((run / "run.json").read_text())
    entry["seeds"] = {"runs": [{}, {}], "mean": 0.5, "deviation": 0.0123}
    shown = text(entry, {}, name="x").splitlines()
    assert "The best by dev F1 of 2 seeds: mean 50.0, standard deviation" in shown
    assert "- seen: dev document with the text of a train document (5)." in shown
    assert "- Fewer than 50 spans to learn from in train: LOC, KILLED, INJURED, DETAINED, DISPLACED." in shown


@pytest.mark.parametrize(("text", "said"), [("---\nlanguage: fr\n---\n# x\n", "lacks license, tags"), ("# x\n", "lacks language")])
def test_a_card_that_lacks_something_is_told(tmp_path, text, said):
    (tmp_path / "README.md").write_text(text)
    with pytest.raises(BilanError, match=said):
        check(tmp_path / "README.md")


def test_a_dry_run_lists_what_would_go_up(run, monkeypatch):
    monkeypatch.setattr("huggingface_hub.HfApi", None)  # a call would fail
    (run / "secret.txt").write_text("mine")
    found = push(run, "someone/mine", dry_run=True)
    assert {"model.safetensors", "config.json", "tokenizer.json", "bilan.json", "README.md", "run.json"} <= found.keys()
    assert not {"secret.txt", "plan.json", "history.jsonl", "training_args.bin"} & found.keys()
    assert found["model.safetensors"] == (run / "model.safetensors").stat().st_size


def test_the_command_prints_files_and_sizes(run):
    result = CliRunner().invoke(app, ["push", str(run), "someone/mine", "--dry-run"])
    assert result.exit_code == 0 and "bilan.json" in result.stdout and "nothing sent (dry run)" in result.stdout


def test_what_is_allowed_is_uploaded(run, monkeypatch):
    calls, sent = [], {}

    class Api:
        def create_repo(self, *arguments, **named):
            calls.append(("create", *arguments, named["private"]))

        def create_commit(self, hub_id, operations, **_):
            sent.update({each.path_in_repo: each.path_or_fileobj for each in operations})
            calls.append(("upload", hub_id, sorted(sent)))

    monkeypatch.setattr("huggingface_hub.HfApi", Api)
    found = push(run, "someone/mine", private=True)
    assert calls == [("create", "someone/mine", True), ("upload", "someone/mine", sorted(found))]
    assert (found["run.json"], sent["bilan.json"]) == (len(sent["run.json"]), str(run / "bilan.json"))


def test_nothing_that_is_uploaded_names_a_path_of_the_machine(run):
    found = {name: content if isinstance(content, bytes) else content.read_bytes() for name, content in files(run).items()}
    assert [name for name, content in found.items() if str(run.parent).encode() in content] == []
    entry, local = json.loads(found["run.json"]), json.loads((run / "run.json").read_text())
    assert (entry["settings"]["base"], entry["settings"]["data"], entry["data"]["source"]) == ("base", "dataset", "dataset")
    assert entry["dev"] == local["dev"] and "examples" not in entry["report"]


def test_without_a_network_the_error_says_so(run, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(BilanError, match="someone/mine: no hub is reached.*--dry-run needs none"):
        push(run, "someone/mine")


def test_a_name_that_no_hub_allows_is_refused(run):
    with pytest.raises(BilanError, match="expected OWNER/NAME"):
        push(run, "a/b/c", dry_run=True)


def test_an_unfinished_run_is_not_uploaded(run, tmp_path):
    with pytest.raises(BilanError, match="not a finished run .no config.json"):
        push(tmp_path, "someone/mine", dry_run=True)
    with pytest.raises(BilanError, match="no finished run here"):
        card(tmp_path)


def test_a_broken_connection_is_one_line_whatever_library_the_hub_speaks_with(run, monkeypatch):
    from huggingface_hub.errors import HfHubHTTPError

    class Api:
        def create_repo(self, *arguments, **named):
            raise broken("name resolution failed")

    broken = HfHubHTTPError.__bases__[0]
    monkeypatch.setattr("huggingface_hub.HfApi", Api)
    with pytest.raises(BilanError, match=r"someone/mine: no hub is reached \(name resolution failed\)"):
        push(run, "someone/mine")
