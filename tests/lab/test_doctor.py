"""`tinyffn doctor`: each thing that may be wrong is said, with its remedy."""

import shutil
import subprocess
import sys
import types
from pathlib import Path

import pytest

from tinyffn.lab import doctor
from tinyffn.lab.doctor import examine
from tinyffn.lab.folder import prepare
from tinyffn.lab.progress import FILE, Progress

TASK = Path("exercises", "01_1_transposed_dense", "task.py")


@pytest.fixture
def folder(tmp_path):
    return prepare(tmp_path).folder


def said(folder, *words):
    """The findings in which all of the words stand, as (whether to mend, the remedy)."""
    return [
        (finding.mend, finding.remedy)
        for finding in examine(folder)
        if all(word in finding.text for word in words)
    ]


def test_all_is_well(folder, monkeypatch):
    monkeypatch.setattr(doctor, "notebooks", lambda: iter(()))
    monkeypatch.setattr(sys, "path", [p for p in sys.path if p])
    assert not [str(finding) for finding in examine(folder) if finding.mend]
    assert str(examine(folder)[0]).startswith("ok  Python 3.")


def test_versions_that_are_too_old(folder, monkeypatch):
    monkeypatch.setattr(doctor.sys, "version_info", (3, 10, 2))
    monkeypatch.setattr(doctor.np, "__version__", "1.26.4")
    assert said(folder, "Python 3.10.2 is too old")[0][0]
    ((mend, remedy),) = said(folder, "NumPy 1.26.4 is too old")
    assert mend and "pip install -U numpy" in remedy


def test_no_notebooks(folder, monkeypatch):
    monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda name: None)
    for module in ("jupyterlab", "ipykernel"):
        ((mend, remedy),) = said(folder, f"{module} is not installed")
        assert mend and "[course]" in remedy


@pytest.mark.parametrize(
    ("program", "text"),
    [
        (sys.executable, "a kernel of this Python"),
        ("python", "a kernel of this Python"),
        ("python3", "a kernel of this Python"),
        ("/nowhere/bin/python", "Python is gone: /nowhere"),
        (shutil.which("sh") or "sh", "another Python"),
    ],
)
def test_the_kernel(folder, monkeypatch, program, text):
    class Manager:
        def get_kernel_spec(self, name):
            return types.SimpleNamespace(argv=[program])

    fake = types.SimpleNamespace(KernelSpecManager=Manager, NoSuchKernel=KeyError)
    monkeypatch.setenv("PATH", "")  # an environment that is not active may have no such name
    monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda name: True)
    monkeypatch.setitem(sys.modules, "jupyter_client", types.SimpleNamespace(kernelspec=fake))
    monkeypatch.setitem(sys.modules, "jupyter_client.kernelspec", fake)
    (finding,) = doctor.notebooks()
    assert text in finding.text
    assert finding.mend == (program.startswith("/") and program != sys.executable)


def test_several_installations(folder, monkeypatch, tmp_path):
    other = tmp_path / "other" / "tinyffn"
    other.mkdir(parents=True)
    (other / "__init__.py").touch()
    monkeypatch.setattr(sys, "path", [*sys.path, str(other.parent)])
    ((mend, remedy),) = said(folder, "Several tinyffn", str(other))
    assert mend and "pip uninstall" in remedy
    monkeypatch.setattr(doctor.shutil, "which", lambda name: "/elsewhere/bin/tinyffn")
    assert said(folder, "/elsewhere/bin/tinyffn, of another Python") != []


def test_no_memory_cap_is_said_and_is_no_illness(folder, monkeypatch):
    monkeypatch.setattr(doctor.sys, "platform", "darwin")
    ((mend, remedy),) = said(folder, "No memory cap")
    assert not mend and remedy


def test_a_terminal_without_utf8(folder, monkeypatch):
    monkeypatch.setattr(doctor, "speaks_utf8", lambda: False)
    ((mend, remedy),) = said(folder, "does not show UTF-8")
    assert not mend and "C.UTF-8" in remedy


def test_no_course_folder(tmp_path):
    ((mend, remedy),) = said(tmp_path, "There is no course folder")
    assert not mend and "cd" in remedy


def test_a_folder_that_cannot_be_written_to(folder, monkeypatch):
    def fail(**_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", fail)
    ((mend, remedy),) = said(folder, "cannot be written to: Read-only file system")
    assert mend and "Copy it" in remedy


def test_moved_copied_and_nested_folders(folder, tmp_path):
    assert not Progress(folder).keep()
    assert not said(folder, "was moved") and not said(folder, "is a copy")
    copy = shutil.copytree(folder, tmp_path / "copy")
    assert said(copy, f"This is a copy of {folder}")
    moved = folder.rename(tmp_path / "moved")
    ((mend, remedy),) = said(moved, f"was moved here from {folder}")
    assert not mend and "That is fine" in remedy
    nested = shutil.copytree(copy, moved / "nested")
    assert said(nested, "lies inside another course folder")


def test_files_that_are_missing_or_damaged(folder):
    (folder / TASK).write_bytes("# é\n".encode("utf-16"))
    assert said(folder, "task.py is not in UTF-8") == [
        (True, "Save it again in your editor, with UTF-8 as its encoding.")
    ]
    (folder / TASK).write_bytes("# -*- coding: latin-1 -*-\n# é\n".encode("latin-1"))
    assert not said(folder, "not in UTF-8")  # it says what it is
    (folder / TASK).unlink()
    ((mend, remedy),) = said(folder, "task.py is missing")
    assert mend and "tinyffn" in remedy
    shutil.rmtree(folder / "lessons")
    assert said(folder, "has no lessons")[0][0]
    (folder / "course.json").write_text("{", encoding="utf-8")
    assert said(folder, "course.json is damaged")[0][0]
    (folder / FILE).write_text("{", encoding="utf-8")
    assert said(folder, "progress.json was damaged")
    (folder / FILE).mkdir()
    assert said(folder, "cannot read", FILE)[0][0]


def test_the_exit_code_says_whether_something_must_be_mended(folder):
    command = [sys.executable, "-m", "tinyffn", "doctor"]
    (folder / TASK).unlink()
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1 and not done.stderr
    assert f"!!{folder / TASK}ismissing" in "".join(done.stdout.split())
