"""A file that one writer at a time may have open."""

import pytest
from bilan.data import BilanError
from bilan.data.lock import open_alone

pytest.importorskip("fcntl", reason="this system has no flock")
BUSY = BilanError("taken")


def test_a_second_writer_is_refused_until_the_first_has_closed(tmp_path):
    path = tmp_path / "a"
    first = open_alone(path, "ab", busy=BUSY)
    with pytest.raises(BilanError, match="taken"):
        open_alone(path, "ab", busy=BUSY)
    first.close()
    open_alone(path, "ab", busy=BUSY).close()


def test_a_file_that_its_owner_took_away_is_made_anew(tmp_path, monkeypatch):
    import fcntl

    path, flock = tmp_path / "a", fcntl.flock
    leaving = [path]

    def late(stream, how):
        while leaving:
            leaving.pop().unlink()
        flock(stream, how)

    monkeypatch.setattr(fcntl, "flock", late)
    with open_alone(path, "ab", busy=BUSY) as stream:
        stream.write(b"kept")
    assert path.read_bytes() == b"kept"


def test_a_file_system_without_locks_is_used_without_one(tmp_path, monkeypatch):
    import errno
    import fcntl

    def unsupported(stream, how):
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr(fcntl, "flock", unsupported)
    open_alone(tmp_path / "a", "ab", busy=BUSY).close()
    assert (tmp_path / "a").exists()
