"""What the project is made of: versions pinned with hashes, licences that go with ours, one pure wheel."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .shared import ROOT

APART = {"bilan", "torch"}  # .ci/lock says why torch
FROM_TORCH = ("nvidia-", "cuda-", "triton")  # what the CUDA build of torch pins itself

ALLOWED = {"0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0",
           "CC0-1.0", "CNRI-Python", "ISC", "MIT", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Unlicense", "Zlib"}
SPDX = {  # what older metadata says, in classifiers or in words
    "Apache": "Apache-2.0", "Apache 2.0": "Apache-2.0", "Apache 2.0 License": "Apache-2.0",
    "Apache Software License": "Apache-2.0", "BSD License": "BSD", "3-Clause BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC", "MIT License": "MIT", "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
EXCEPTIONS = {
    # The tests hold our agreement figures against it; no part of it is in the package, nor loaded by it.
    "krippendorff": {"GPL-3.0-or-later"},
    # One of three, at choice; MPL-1.1 asks nothing of a program that only loads the library. Comes with trafilatura.
    "tld": {"MPL-1.1", "GPL-2.0-only", "LGPL-2.1-or-later"},
}


def locked() -> dict[str, tuple[Requirement, list[str]]]:
    """The entries of .ci/requirements.txt by name: the requirement and its hashes."""
    entries = (ROOT / ".ci/requirements.txt").read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    split = [re.split(r"\s+--hash=", entry.strip()) for entry in entries if entry and not entry.startswith("#")]
    return {canonicalize_name(Requirement(first).name): (Requirement(first), hashes) for first, *hashes in split}


def asked(name: str, extras: frozenset[str]) -> list[Requirement]:
    """What an installed distribution requires here, with some of its extras."""
    found = [Requirement(line) for line in metadata.requires(name) or []]
    return [one for one in found if one.marker is None
            or any(one.marker.evaluate({"extra": extra}) for extra in extras | {""})]


def needed() -> dict[str, list[Requirement]]:
    """Every distribution that `bilan[dev]` needs on this system, however far off, with all that is required of it."""
    found: dict[str, list[Requirement]] = {}
    todo, seen = [Requirement("bilan[dev]")], set()
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        found.setdefault(name, []).append(requirement)
        if (name, extras := frozenset(requirement.extras)) not in seen:
            seen.add((name, extras))
            todo += asked(name, extras)
    return found


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def wanted(extra: str) -> list[Requirement]:
    """What pyproject.toml lists for an extra, and for the extras that it names in its turn."""
    found = [Requirement(line) for line in project()["optional-dependencies"][extra]]
    named = [further for one in found if one.name == "bilan" for further in one.extras]
    return [one for one in found if one.name != "bilan"] + [one for further in named for one in wanted(further)]


def test_every_version_is_pinned_with_the_hashes_of_its_files():
    for requirement, hashes in locked().values():
        assert re.fullmatch(r"==[\w.!+]+", str(requirement.specifier)), requirement
        assert hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes), requirement


def test_the_pinned_versions_are_those_that_the_project_asks_for():
    pinned = {name: str(one.specifier).removeprefix("==") for name, (one, _) in locked().items()}
    pinned |= dict(re.findall(r"\b(torch)==([\d.]+)", (ROOT / "Makefile").read_text(encoding="utf-8")))
    requirements = [*map(Requirement, project()["dependencies"]), *wanted("dev")]
    assert [str(one) for one in requirements if not one.specifier.contains(pinned[canonicalize_name(one.name)])] == []


def test_nothing_is_installed_that_is_not_pinned():
    assert [name for name in needed() if name not in locked() and name not in APART and not name.startswith(FROM_TORCH)] == []


def test_what_is_installed_fits_together():
    unmet = [f"{requirement}, {metadata.version(name)} is there" for name, requirements in needed().items()
             for requirement in requirements if not requirement.specifier.contains(metadata.version(name), prereleases=True)]
    assert unmet == []


def licences(name: str) -> set[str]:
    """The licences that a distribution names: its SPDX expression, else its classifiers, else its own words."""
    about = metadata.metadata(name)
    classified = [line.split(" :: ")[-1] for line in about.get_all("Classifier") or [] if line.startswith("License :: ")]
    expression, words = ((about.get_all(field) or [""])[0] for field in ("License-Expression", "License"))
    first = words.strip().split("\n")[0]
    parts = classified if classified and not expression else re.split(r"\s+(?:AND|OR)\s+|[()]", expression or first)
    return {SPDX.get(part.strip(), part.strip()) for part in parts if part.strip()} or {"none named"}


def test_every_licence_goes_with_ours_and_each_exception_has_its_reason():
    ours = [name for name in needed() if not name.startswith(FROM_TORCH)]
    others = {name: licences(name) for name in ours if not licences(name) <= ALLOWED}
    assert others == EXCEPTIONS


def test_the_exception_that_would_bind_the_package_is_a_tool_of_its_tests_alone():
    assert "krippendorff" not in {canonicalize_name(one.name) for one in wanted("all")}
    assert [name for name in needed() if name != "bilan" and "krippendorff" in [one.name for one in asked(name, frozenset())]] == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of the project, built from a copy without a network."""
    place = tmp_path_factory.mktemp("wheel")
    for room in ("data", "eval", "models", "train"):
        shutil.copytree(ROOT / room, place / "source" / room, ignore=shutil.ignore_patterns("corpus", "base", "__pycache__"))
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, place / "source" / file)
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "--no-index", "--quiet",
                    "--disable-pip-version-check", "--wheel-dir", place, place / "source"], check=True, capture_output=True)
    return next(place.glob("*.whl"))


def test_the_wheel_is_pure_python_for_every_system(wheel):
    assert wheel.name == "bilan-0.1.0-py3-none-any.whl"
    about = zipfile.ZipFile(wheel).read("bilan-0.1.0.dist-info/METADATA").decode()
    assert "\nRequires-Python: >=3.11\n" in about and "\nLicense-Expression: Apache-2.0\n" in about


def test_the_wheel_holds_every_module_and_nothing_beside_the_package(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    modules = {f"bilan/{path.relative_to(ROOT)}" for room in ("data", "eval", "models", "train")
               for path in (ROOT / room).rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == modules
    assert {name.split("/")[0] for name in names} == {"bilan", "bilan-0.1.0.dist-info"}
