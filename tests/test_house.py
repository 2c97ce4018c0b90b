"""The house: what is packaged, which way imports run, and the seed to the letter."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib

import pytest
from bilan.data import read

from .shared import ROOT, shared

ROOMS = ("data", "eval", "models", "train")
MAY_IMPORT = {"data": set(), "eval": {"data"}, "models": {"data"}, "train": {"data", "models"}}


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_folder_with_python_in_a_room_is_a_listed_package():
    folders = {path.parent for room in ROOMS for path in (ROOT / room).rglob("*.py")}
    names = {"bilan." + ".".join(folder.relative_to(ROOT).parts) for folder in folders}
    assert set(project()["tool"]["setuptools"]["packages"]) == names


def test_every_room_is_mapped_to_its_folder():
    assert project()["tool"]["setuptools"]["package-dir"] == {f"bilan.{room}": room for room in ROOMS}


@pytest.mark.parametrize("room", ROOMS)
def test_arrows_between_rooms_run_one_way(room):
    crossing = {name for path in (ROOT / room).rglob("*.py") if path.name != "__main__.py"
                for name in _rooms_imported(path, depth=len(path.relative_to(ROOT).parts) - 1)}
    allowed = MAY_IMPORT[room] | ({"models"} if room == "eval" else set())
    assert crossing - {room} <= allowed


def _rooms_imported(path, depth):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == depth + 1:
            yield (node.module or "").split(".")[0]


@pytest.mark.parametrize("module", ["bilan.data", "bilan.data.__main__", "bilan.eval.score", "bilan.eval.__main__"])
def test_data_and_eval_import_without_torch(module):
    code = f"import sys, {module}; sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_annotated_seed_is_the_raw_seed_to_the_letter():
    (document,) = read(ROOT / "data/corpus/seed-0001.md")
    assert document.text == (ROOT / "seeds/koursk-2025-02-07.txt").read_text(encoding="utf-8")


def test_the_raw_seed_is_the_one_that_was_given():
    given = shared("seeds", "koursk-2025-02-07.txt")
    assert (ROOT / "seeds/koursk-2025-02-07.txt").read_bytes() == given.read_bytes()


def test_each_article_still_says_what_it_said():
    folder = shared("corpus")
    given = {document.id: document.text for document in read(folder)}
    ours = {document.id: document.text for document in read(ROOT / "data/corpus")}
    assert {key: ours[key] for key in given} == given


def test_the_readme_shows_the_table_of_formats_that_the_code_has():
    from bilan.data.formats import markdown_table

    assert markdown_table() in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_that_the_readme_names_exists():
    from typer.main import get_command

    shown = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, room in (("bilan", "models"), ("bilan-data", "data"), ("bilan-train", "train"), ("bilan-eval", "eval")):
        commands = get_command(importlib.import_module(f"bilan.{room}.__main__").app).commands  # pyright: ignore
        words = set(re.findall(rf"^{name} ([a-z]+)\b(?![/.-])", shown, re.M))
        assert words <= commands.keys(), name
