"""The base installation, `pip install bilan`: reading, converting, auditing and scoring without torch; the rest says its extra."""

import ast
import json
import shutil
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions, requires

import pytest
from bilan.data import Document, Span, write
from bilan.data.extras import EXTRAS
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .models.taught import TEXT, taught
from .shared import ROOT
from .test_house import ROOMS, project

DATED = "Selon Kiev, 12 soldats ont été tués vendredi à Koursk."


@cache
def brought() -> frozenset[str]:
    """The distributions that `pip install bilan` brings, by their normalised names."""
    found, todo = {"bilan"}, [Requirement(each) for each in project()["project"]["dependencies"]]
    while todo:
        wanted = todo.pop()
        name = canonicalize_name(wanted.name)
        if name in found or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        todo += [Requirement(each) for each in requires(name) or ()]
    return frozenset(found)


@cache
def absent() -> list[str]:
    """What can be imported here, but not in a base installation."""
    return sorted(name for name, distributions in packages_distributions().items()
                  if not {canonicalize_name(each) for each in distributions} & brought())


def light(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Code run by a Python that finds nothing but what a base installation has."""
    script = ("import sys\n"
              f"absent = set({absent()!r})\n"
              "class Blind:\n"
              "    def __init__(self, finder):\n"
              "        self.finder = finder\n"
              "    def find_spec(self, name, *given):\n"
              "        return None if name.partition('.')[0] in absent else self.finder.find_spec(name, *given)\n"
              "    def __getattr__(self, name):\n"
              "        return getattr(self.finder, name)\n"
              f"sys.meta_path[:] = map(Blind, sys.meta_path)\n{code}")
    return subprocess.run([sys.executable, "-c", script, *map(str, arguments)], capture_output=True, text=True,
                          check=False, cwd=ROOT)


def command(room: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return light(f"from bilan.{room}.__main__ import main\nmain()", *arguments)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A run, its 8-bit export, an article, gold and predicted documents."""
    pytest.importorskip("onnx", reason="without the extra onnx")
    pytest.importorskip("onnxscript", reason="without the extra onnx")
    from bilan.train.graph import exported, laid_out, quantised

    made = tmp_path_factory.mktemp("light")
    taught(made / "run")
    (made / "ner").mkdir()
    graph = quantised(laid_out(exported(made / "run"), heads=2))
    (made / "ner/model-int8.onnx").write_bytes(graph.SerializeToString())
    for name in ("tokenizer.json", "config.json", "bilan.json"):
        shutil.copyfile(made / "run" / name, made / "ner" / name)
    (made / "article.txt").write_text(TEXT, encoding="utf-8")
    gold = Document("a", DATED, (Span(12, 14, "KILLED"), Span(15, 22, "FORCE")))
    write([gold], made / "gold.jsonl", format="jsonl")
    write([gold.replace(spans=gold.spans[:1])], made / "predicted.jsonl", format="jsonl")
    return made


def test_what_is_heavy_is_not_in_the_base_installation():
    assert {"torch", "transformers", "datasets", "accelerate", "safetensors", "pyarrow", "onnx", "jinja2"} <= set(absent())
    assert not {"numpy", "onnxruntime", "tokenizers", "scipy", "typer", "bilan"} & set(absent())


def test_the_reader_reads_an_8_bit_folder(folder):
    code = ("import bilan.models.reader as module; document = module.load(sys.argv[1]).read(sys.argv[2]).document\n"
            "print([(document.mention(span), span.label) for span in document.spans])")
    ran = light(code, folder / "ner", TEXT.splitlines()[1])
    assert (ran.stderr, ran.stdout) == ("", f"{[('Moscou', 'LOC'), ('3', 'KILLED'), ('soldats', 'FORCE'), ('vendredi', 'DATE'), ('Koursk', 'LOC')]}\n")


def test_files_are_read(folder):
    ran = command("models", "read", folder / "article.txt", "--model", folder / "ner", "--json")
    record = json.loads(ran.stdout)
    assert (ran.returncode, ran.stderr, record["text"]) == (0, "", TEXT)
    assert [claim["low"] for claim in record["claims"]] == [12, 3]
    assert command("models", "info", folder / "ner").stdout.startswith("labels       LOC KILLED FORCE DATE\n")
    assert command("models", "labels").stdout.startswith("PER        name of a person")


def test_annotations_are_converted_and_audited(folder, tmp_path):
    ran = command("data", "convert", folder / "gold.jsonl", tmp_path / "gold.conll")
    assert (ran.returncode, ran.stderr) == (0, "") and "12 B-KILLED" in (tmp_path / "gold.conll").read_text().replace("\t", " ")
    assert command("data", "audit", folder / "gold.jsonl").stderr == ""


def test_predictions_are_scored_and_two_systems_compared(folder):
    ran = command("eval", folder / "predicted.jsonl", "--gold", folder / "gold.jsonl")
    assert (ran.returncode, ran.stderr) == (0, "") and "micro" in ran.stdout
    ran = command("eval", "compare", *[folder / f"{name}.jsonl" for name in ("gold", "gold", "predicted")])
    assert (ran.returncode, ran.stderr) == (0, "")


def test_training_tells_its_settings_and_then_what_it_needs(folder):
    assert command("train", "finetune", "--help").returncode == command("train", "--show").returncode == 0
    for arguments in (["--output", folder / "new"], ["adapt", "--text", folder / "article.txt", "--output", folder / "new"]):
        ran = command("train", *arguments)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert ran.stderr.startswith("error: this command needs ") and ran.stderr.endswith("; pip install 'bilan[train]'\n")
    assert not (folder / "new").exists()


@pytest.mark.parametrize(("room", "arguments", "said"), [
    ("models", ["read", "article.txt", "--model", "run"], "run: reading weights that are no ONNX needs torch; pip install 'bilan[train]'"),
    ("models", ["read", "article.txt", "--model", "ner", "--output", "new.parquet"], "new.parquet: parquet needs pyarrow; pip install 'bilan[parquet]'"),
    ("models", ["serve", "--model", "ner"], "the service needs uvicorn; pip install 'bilan[serve]'"),
    ("data", ["convert", "gold.jsonl", "new.parquet"], "new.parquet: parquet or Arrow needs pyarrow; pip install 'bilan[parquet]'"),
    ("data", ["convert", "gold.jsonl", "new.spacy"], "the format spacy needs spacy; pip install 'bilan[spacy]'"),
    ("data", ["build", "gold.jsonl", "new"], "splitting into train, dev and test needs datasketch; pip install 'bilan[train]'"),
    ("eval", ["predicted.jsonl", "--gold", "gold.jsonl", "--report", "new"], "the report needs jinja2 and matplotlib; pip install 'bilan[report]'"),
])
def test_what_needs_an_extra_says_how_to_install_it(folder, room, arguments, said):
    ran = command(room, *[folder / each if (folder / each).exists() or "new" in each else each for each in arguments])
    assert ran.returncode == 2 and ran.stderr.replace(f"{folder}/", "") == f"error: {said}\n"
    assert [path.name for path in folder.glob("new*") if path.suffix != ".part"] == []  # what was read is kept


def imports(path):
    """The libraries that a file imports: neither Python's own nor ours."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else \
            [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
        yield from (name.partition(".")[0] for name in names)


def test_every_library_is_of_the_base_or_of_an_extra_that_exists():
    used = {name for room in ROOMS for path in (ROOT / room).rglob("*.py") for name in imports(path)}
    assert used & set(absent()) <= EXTRAS.keys()


def test_each_library_is_in_the_extra_that_the_error_names():
    extras, names = project()["project"]["optional-dependencies"], packages_distributions()
    said = {(library, extra): {canonicalize_name(Requirement(each).name) for each in extras[extra]}
            for library, extra in EXTRAS.items()}
    alike = {"starlette": "fastapi", "thinc": "spacy"}  # come with them
    assert [library for (library, _), listed in said.items()
            if not {canonicalize_name(each) for each in names.get(alike.get(library, library), [library])} & listed] == []
