"""A file is written whole or not at all."""

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
