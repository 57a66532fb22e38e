"""`tinyffn reset`: the original comes back, and what the student wrote is never lost."""

import errno
import os
import subprocess
import sys
import threading

import pytest

from tinyffn.lab import reset as reset_module
from tinyffn.lab.course import CourseError
from tinyffn.lab.reset import reset

MINE = "# né le matin\r\ndef double(x):\r\n    return 2 * x\r\n".encode("latin-1")


@pytest.fixture
def folder(exercise, tmp_path):
    path = tmp_path / "exercises" / exercise.folder.name
    path.mkdir(parents=True)
    (path / "task.py").write_bytes(MINE)
    return tmp_path


def contents(folder):
    return {p.name: p.read_bytes() for p in (folder / "exercises").rglob("*") if p.is_file()}


def test_yours_is_kept_byte_for_byte_and_numbered(exercise, folder):
    original = (exercise.folder / "task.py").read_bytes()
    assert reset(folder, exercise.folder).endswith("kept beside it as task.backup-1.py.")
    assert contents(folder) == {"task.py": original, "task.backup-1.py": MINE}
    assert "nothing to put back" in reset(folder, exercise.folder)
    task = folder / "exercises" / exercise.folder.name / "task.py"
    task.write_bytes(b"second")
    assert "task.backup-2.py" in reset(folder, exercise.folder)
    assert contents(folder)["task.backup-2.py"] == b"second"
    assert contents(folder)["task.backup-1.py"] == MINE
    task.unlink()
    assert reset(folder, exercise.folder).endswith("beginning.")
    assert contents(folder)["task.py"] == original


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_a_full_disk(exercise, folder, monkeypatch, broken):
    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, broken, fail)
    with pytest.raises(CourseError, match=r"nothing was put back: .*No space left.*as it was"):
        reset(folder, exercise.folder)
    assert contents(folder)["task.py"] == MINE
    if broken == "fsync":
        assert contents(folder) == {"task.py": MINE}  # no half a backup
    else:
        assert contents(folder)["task.backup-1.py"] == MINE


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_a_kill_in_the_middle(exercise, folder, moment):
    code = (
        "import os, pathlib, sys\nfrom tinyffn.lab.reset import reset\n"
        f"os.{moment} = lambda *_: os._exit(9)\n"
        "reset(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))\n"
    )
    command = [sys.executable, "-c", code, folder, exercise.folder]
    assert subprocess.run(command, check=False).returncode == 9
    assert contents(folder)["task.py"] == MINE
    assert "task.backup-2.py" in reset(folder, exercise.folder)
    assert contents(folder)["task.backup-2.py"] == MINE


def test_two_at_once_never_write_over_a_backup(exercise, folder, monkeypatch):
    meet = threading.Barrier(2)
    free_name = reset_module.free_name
    met = set()

    def free(path, word):
        name = free_name(path, word)
        if threading.get_ident() not in met:
            met.add(threading.get_ident())
            meet.wait()  # both have found the same name free
        return name

    monkeypatch.setattr(reset_module, "free_name", free)
    threads = [threading.Thread(target=reset, args=(folder, exercise.folder)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    backups = [content for name, content in contents(folder).items() if "backup" in name]
    assert backups == [MINE, MINE]
