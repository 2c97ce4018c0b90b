"""Fixtures of this room: models, articles, and small disks that fill up or cannot be written."""

import subprocess

import pytest

from ..models.conftest import folder, tiny_model  # noqa: F401 - fixtures


@pytest.fixture(scope="session")
def small_model(tmp_path_factory):
    """A model that is loaded in a moment, with its digests."""
    pytest.importorskip("onnx", reason="the extra onnx is not installed")
    pytest.importorskip("onnxruntime", reason="the extra onnx is not installed")
    from .small import small

    return small(tmp_path_factory.mktemp("small"))


class Disk:
    """A file system of its own (tmpfs), mounted at `path`."""

    def __init__(self, path):
        self.path = path

    def mount(self, options):
        return subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", self.path], capture_output=True, check=False)

    def again(self, options):
        subprocess.run(["mount", "-o", f"remount,{options}", self.path], check=True)


@pytest.fixture
def disk(tmp_path):
    """A disk of 64 kB; the test is skipped where this user or system may not mount one."""
    made = Disk(tmp_path / "disk")
    made.path.mkdir()
    try:
        mounted = made.mount("size=64k").returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("no small file system can be mounted here (root and tmpfs are needed)")
    yield made
    subprocess.run(["umount", "-l", made.path], check=True)
