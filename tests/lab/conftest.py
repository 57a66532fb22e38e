"""A small exercise to break in every way: `double(x)` and a closure `scaled(k)(x)`."""

from pathlib import Path

import pytest

import tinyffn.lab.course as course_module
import tinyffn.lab.folder as folder_module
from tinyffn.lab.exercise import Exercise, load_exercise

TOML = """\
title = "Twice <b>as much</b>"
minutes = 5
difficulty = 1
uses = []
hints = ["What is twice?", "Add it to itself.", "x + x"]
predict = []
"""
REFERENCE = """\
def double(x):
    return x + x


def scaled(k):
    def apply(x):
        return k * x

    apply.k = k
    return apply, k
"""
CHECKS = """\
from tinyffn.lab.checks import check, require


@check("double", points=2)
def double(task, rng):
    return {"y": task.double(rng.normal(size=(2, 3)))}


@check("closure", points=1)
def closure(task, rng):
    apply, _ = task.scaled(3.0)
    return {"y": apply(rng.normal(size=4)), "k": apply.k}


@check("is linear", points=1, after="double")
def linear(task, rng):
    x = rng.normal(size=3)
    require((task.double(x + x) == 2 * task.double(x)).all(), "double(x + x) is not 2 double(x)")
"""
OS = "os = __import__('os')\n"  # gets past the look at the imports, as anyone can
SQUARES = '''"""That is the square: twice is a sum."""


def double(x):
    return x * x
'''


def write_exercise(folder: Path, **changes: str | None) -> Path:
    """An exercise's folder; a change replaces a file's text, or leaves the file out (None)."""
    texts = {
        "exercise.toml": TOML,
        "reference.py": REFERENCE,
        "task.py": "def double(x):\n    raise NotImplementedError\n",
        "checks.py": CHECKS,
        "wrong/squares.py": SQUARES,
    }
    names = {name.replace("_toml", ".toml").replace("_py", ".py"): name for name in changes}
    texts.update({name.replace("wrong_", "wrong/"): changes[key] for name, key in names.items()})
    for name, text in texts.items():
        if text is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Exercise:
    return load_exercise(write_exercise(tmp_path_factory.mktemp("e") / "01_9_double"))


@pytest.fixture
def student(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The student's file for that exercise, 1.9; the current directory is where notebooks lie."""
    course = tmp_path / "course"
    write_exercise(course / "exercises" / "01_9_double")
    (course / "lessons").mkdir()
    for module in (course_module, folder_module):
        monkeypatch.setattr(module, "course_files", lambda: course)
    folder = folder_module.prepare(tmp_path).folder
    (folder / "lessons").mkdir()
    monkeypatch.chdir(folder / "lessons")
    return folder / "exercises" / "01_9_double" / "task.py"
