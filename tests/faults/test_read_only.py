"""What may not be written, read or looked into is one line, and nothing is begun."""

import os

import pytest
from bilan.data import BilanError, Document, write
from bilan.data.__main__ import app
from bilan.data.console import run as run_command
from bilan.data.dataset import build
from bilan.data.files import os_error
from bilan.train.finetune import finetune
from bilan.train.lock import locked

from ..models.taught import run
from ..train.material import prepared, settings

READ_ONLY = "read-only file system; choose a place that can be written"


def test_nothing_is_written_on_a_read_only_disk_and_each_command_says_so(disk, small_model, folder):
    write([Document(f"d{number}", f"Goma {word}.") for number, word in enumerate("alpha bravo charlie delta".split())],
          folder / "in.jsonl", format="jsonl")
    (disk.path / "run").mkdir()
    disk.again("ro")
    material = prepared(folder)
    for job in (lambda: build(folder / "in.jsonl", disk.path / "out"),
                lambda: write([], disk.path / "out.conll", format="conll"),
                lambda: run(small_model, folder, "disk/out.csv"),
                lambda: finetune(settings(material), disk.path / "run"),
                lambda: locked(disk.path / "new").__enter__()):
        with pytest.raises(BilanError, match=READ_ONLY):
            job()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can become a user without rights")
@pytest.mark.parametrize(("closed", "said"), [("in.jsonl", "in.jsonl: permission denied"), ("out", "permission denied")])
def test_what_this_user_may_not_touch_is_one_line_and_exit_code_2(tmp_path, capsys, closed, said):
    place = tmp_path / "place"
    (place / "out").mkdir(parents=True)
    (place / "in.jsonl").write_text('{"id": "d", "text": "Goma", "spans": []}\n')
    for path in (place, *(path for path in place.parents if path.is_relative_to(tmp_path.parents[1]))):
        path.chmod(0o755)
    (place / "out").chmod(0o777)
    arguments = ["convert", "--from", "jsonl", str(place / "in.jsonl"), str(place / "out/x.conll")]
    codes = []
    for user in (0, 65534):  # root, whom no permission holds, and who loads what is needed; then nobody
        os.seteuid(user)
        try:
            with pytest.raises(SystemExit) as caught:
                run_command(app, arguments)
        finally:
            os.seteuid(0)
        codes.append(caught.value.code)
        (place / closed).chmod(0)
    assert codes == [0, 2]
    error = capsys.readouterr().err
    assert error.startswith("error: ") and said in error and error.count("\n") == 1


def test_a_device_and_a_pipe_are_never_replaced_by_a_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", "/dev/null", "/dev/stdout"):
        with pytest.raises(BilanError, match="this is a device or a pipe, not a file; name a file that may be replaced"):
            write([Document("d", "Goma")], path, format="jsonl")
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize(("number", "said"), [
    (28, "f: no space left on device; free some space"), (30, "f: read-only file system; choose a place"),
    (36, "f: file name too long; choose a shorter name"), (13, "f: permission denied; check the path and its permissions")])
def test_the_refusal_of_the_system_comes_with_what_mends_it(number, said):
    assert str(os_error(OSError(number, "whatever"), "f")).startswith(said)
