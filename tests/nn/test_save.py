"""Saving: what comes back is what went in, and whatever goes wrong, no file is left half done."""

import io
import os
import re
import signal
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from tinyffn.nn import load_arrays, save_arrays

ARRAYS = {
    "w": np.array([[1.5, -0.0, np.nan], [np.inf, 1e-40, 3.0]], np.float32),
    "blocks.0.b": np.arange(5.0) / 3.0,
    "file": np.array(["a name that np.savez takes for itself"]),
    "number": np.array(7),
    "nothing": np.zeros((0, 4), np.float32),
    "turned": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
}


def _same(a, b):
    return a.keys() == b.keys() and all(
        (a[n].shape, a[n].dtype, a[n].tobytes()) == (b[n].shape, b[n].dtype, b[n].tobytes())
        for n in a
    )


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "model.npz"
    save_arrays(path, ARRAYS)
    return path


def test_round_trip_is_exact(saved):
    assert _same(load_arrays(saved), ARRAYS)
    assert _same(load_arrays(str(saved)), ARRAYS)
    assert list(load_arrays(saved)) == list(ARRAYS)


def test_plain_numpy_reads_it_too(saved):
    with np.load(saved) as file:
        assert _same(dict(file), ARRAYS)


def test_the_name_is_taken_as_it_is(tmp_path):
    save_arrays(tmp_path / "weights", {"w": ARRAYS["w"]})
    assert [p.name for p in tmp_path.iterdir()] == ["weights"]


def test_saving_again_replaces(saved):
    save_arrays(saved, {"other": np.ones(3)})
    assert list(load_arrays(saved)) == ["other"]
    assert [p.name for p in saved.parent.iterdir()] == ["model.npz"]


def test_every_flipped_bit_is_noticed_or_harmless(tmp_path):
    """Harmless are bits that say nothing about the arrays, such as a date in the archive."""
    path = tmp_path / "small.npz"
    arrays = {"w": np.array([[1.5, 2.0]], np.float32), "b": np.array([3, -4])}
    save_arrays(path, arrays)
    whole = path.read_bytes()
    n_noticed = 0
    for i in range(8 * len(whole)):
        damaged = bytearray(whole)
        damaged[i // 8] ^= 1 << i % 8
        path.write_bytes(damaged)
        try:
            assert _same(load_arrays(path), arrays), f"bit {i} changed the arrays, unnoticed"
        except ValueError as error:
            assert "small.npz is not a whole .npz file of arrays" in str(error)
            n_noticed += 1
    assert n_noticed > 0.5 * 8 * len(whole)


def test_every_shorter_file_is_noticed(tmp_path, saved):
    whole = saved.read_bytes()
    for length in [*range(0, len(whole), 7), len(whole) - 1]:
        saved.write_bytes(whole[:length])
        with pytest.raises(ValueError, match=r"model\.npz is not a whole \.npz file of arrays"):
            load_arrays(saved)


def _npy(array):
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


def _zip(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return file.getvalue()


class Boom:
    def __reduce__(self):
        return (os.abort, ())


NOT_ARRAYS = {
    "empty": b"",
    "text": b"Once upon a time.\n" * 50,
    "a .npy file": _npy(np.ones(3)),
    "a pickle": np.array([Boom()]).dumps(),
    "pickled objects in a .npy": _npy(np.array([Boom()])),
    "pickled objects in a .npz": _zip(w=_npy(np.array([Boom()]))),
    "a zip of text": _zip(w="Once upon a time.\n"),
    "10^15 numbers announced": _zip(w=_npy(np.ones(10)).replace(b"(10,), }" + 16 * b" ",
                                                               b"(1" + 15 * b"0" + b",), } ")),
    "half the numbers": _zip(w=_npy(np.ones(10))[:-40]),
    "more numbers than announced": _zip(w=_npy(np.ones(10)) + bytes(8)),
    "zeros": bytes(3000),
}  # fmt: skip


@pytest.mark.parametrize("content", NOT_ARRAYS)
def test_a_file_of_something_else_is_refused(tmp_path, content):
    path = tmp_path / "strange.npz"
    path.write_bytes(NOT_ARRAYS[content])
    with pytest.raises(ValueError, match=r"strange\.npz is not a whole \.npz file of arrays"):
        load_arrays(path)


def test_the_absurd_header_is_what_it_seems():
    assert b"(1000000000000000,), }" in NOT_ARRAYS["10^15 numbers announced"]


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"load_arrays: there is no file .*none\.npz"):
        load_arrays(tmp_path / "none.npz")


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(OSError, match=re.escape(str(tmp_path))):
        load_arrays(tmp_path)
    (tmp_path / "folder" / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match="folder"):
        save_arrays(tmp_path / "folder", ARRAYS)
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]


def test_a_place_that_cannot_be_written(tmp_path, saved):
    with pytest.raises(FileNotFoundError, match=r"save_arrays: there is no folder .*missing"):
        save_arrays(tmp_path / "missing" / "model.npz", ARRAYS)
    with pytest.raises(OSError, match=r"model\.npz"):
        save_arrays(saved / "model.npz", ARRAYS)
    assert _same(load_arrays(saved), ARRAYS)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(saved):
    saved.parent.chmod(0o500)
    try:
        with pytest.raises(PermissionError):
            save_arrays(saved, {"w": np.ones(3)})
    finally:
        saved.parent.chmod(0o700)
    assert _same(load_arrays(saved), ARRAYS)


def _fail(*args, **kwargs):
    raise OSError("No space left on device")


@pytest.mark.parametrize("step", ["numpy.lib.format.write_array", "os.fsync", "os.replace"])
def test_a_save_that_fails_leaves_the_old_file(saved, monkeypatch, step):
    monkeypatch.setattr(step, _fail)
    with pytest.raises(OSError, match="No space left"):
        save_arrays(saved, {"w": np.ones(3)})
    monkeypatch.undo()
    assert [p.name for p in saved.parent.iterdir()] == ["model.npz"]
    assert _same(load_arrays(saved), ARRAYS)


def test_objects_are_refused_before_anything_is_written(saved):
    with pytest.raises(TypeError, match="save_arrays: bad holds Python objects"):
        save_arrays(saved, {"good": np.ones(3), "bad": np.array([None])})
    assert _same(load_arrays(saved), ARRAYS)
    assert [p.name for p in saved.parent.iterdir()] == ["model.npz"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("step", ["os.fsync", "os.replace"])
def test_a_kill_in_the_middle_leaves_the_old_file(saved, step):
    """Killed after half the writing, or just before the move."""
    code = (
        "import sys; sys.path[:] = eval(sys.argv[1]); import os, signal, numpy as np\n"
        "from tinyffn.nn import save_arrays\n"
        f"{step} = lambda *args: os.kill(os.getpid(), signal.SIGKILL)\n"
        "save_arrays(sys.argv[2], {'w': np.ones(100_000)})"
    )
    result = subprocess.run([sys.executable, "-c", code, repr(sys.path), str(saved)], check=False)
    assert result.returncode == -signal.SIGKILL
    assert _same(load_arrays(saved), ARRAYS)
