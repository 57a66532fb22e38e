"""A file is written whole or not at all."""

import os

import pytest

from tinyffn.files import whole_file


def test_the_file_appears_when_all_is_written(tmp_path):
    path = tmp_path / "a.bin"
    with whole_file("owner", path) as file:
        file.write(b"one")
        assert not path.exists()
    assert path.read_bytes() == b"one"
    assert [p.name for p in tmp_path.iterdir()] == ["a.bin"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_after_a_failure_the_old_file_is_still_there(tmp_path, error):
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    with pytest.raises(error), whole_file("owner", str(path)) as file:
        file.write(b"half")
        raise error
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.bin"]


def test_a_missing_folder_is_named(tmp_path):
    with (
        pytest.raises(FileNotFoundError, match="owner: there is no folder"),
        whole_file("owner", tmp_path / "nowhere" / "a.bin"),
    ):
        pass


def test_until_then_it_lies_beside_its_place_under_a_name_of_this_process(tmp_path):
    """So that two processes that write the same file do not write into each other's."""
    path = tmp_path / "a.bin"
    unfinished = tmp_path / f"a.bin.{os.getpid()}.part"
    unfinished.write_bytes(b"left by a process that died")
    with whole_file("owner", path) as file:
        file.write(b"one")
        assert [p.name for p in tmp_path.iterdir()] == [unfinished.name]
    assert path.read_bytes() == b"one"
    assert [p.name for p in tmp_path.iterdir()] == ["a.bin"]


def test_all_bytes_are_on_the_disk_before_it_takes_its_place(tmp_path, monkeypatch):
    path, seen = tmp_path / "a.bin", []

    def fsync(number):
        seen.append((os.fstat(number).st_size, path.exists()))

    monkeypatch.setattr(os, "fsync", fsync)
    with whole_file("owner", path) as file:
        file.write(b"one")
    assert seen == [(3, False)]


def test_a_place_that_cannot_be_written_is_said_as_the_system_says_it(tmp_path, monkeypatch):
    def no_place(*_):
        raise PermissionError("no place")

    monkeypatch.setattr("tinyffn.files.open", no_place, raising=False)
    with pytest.raises(PermissionError, match="no place"), whole_file("owner", tmp_path / "a.bin"):
        pass
