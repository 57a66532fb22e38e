"""What may be wrong on this machine, in sentences, each with its remedy: `tinyffn doctor`."""

import importlib.util
import io
import json
import shutil
import sys
import tempfile
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinyffn.lab.course import MARKER, CourseError, course_home, exercise_folders, find_course
from tinyffn.lab.progress import Progress
from tinyffn.lab.terminal import speaks_utf8

OLDEST_PYTHON, OLDEST_NUMPY = (3, 11), 2
COURSE = "pip install -e '.[course]' in a clone, else pip install 'tinyffn[course]'"


@dataclass(frozen=True)
class Finding:
    """Something that is well, or that has a remedy; `mend` if it stands in the way."""

    text: str
    remedy: str = ""
    mend: bool = False

    def __str__(self) -> str:
        mark = "!!" if self.mend else "--" if self.remedy else "ok"
        return f"{mark}  {self.text}" + (f"\n    {self.remedy}" if self.remedy else "")


def examine(start: Path) -> list[Finding]:
    """Look at this Python, this system, and the course folder around `start` or in it."""
    findings = [*versions(), *installations(), *notebooks(), *system()]
    try:
        folder = course_home(start)
    except CourseError:
        remedy = "Go to where it is (cd), or let the command tinyffn make one here."
        return [*findings, Finding(f"There is no course folder in {start}.", remedy)]
    return [*findings, *place(folder), *contents(folder)]


def versions() -> Iterator[Finding]:
    python = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        remedy = "Install a newer one from python.org, and make the environment anew with it."
        yield Finding(f"Python {python} is too old: 3.11 is needed.", remedy, mend=True)
    else:
        yield Finding(f"Python {python}, {sys.executable}")
    if int(np.__version__.split(".")[0]) < OLDEST_NUMPY:
        remedy = f"Give the command: {sys.executable} -m pip install -U numpy"
        yield Finding(f"NumPy {np.__version__} is too old: 2.0 is needed.", remedy, mend=True)
    else:
        yield Finding(f"NumPy {np.__version__}")


def installations() -> Iterator[Finding]:
    """Which tinyffn is in use, and whether another one could be taken for it."""
    used = Path(__file__).resolve().parents[1]
    found = [Path(entry or ".").resolve() / "tinyffn" for entry in sys.path]
    others = sorted({str(p) for p in found if (p / "__init__.py").is_file()} - {str(used)})
    if others:
        remedy = "Keep one: pip uninstall tinyffn, or do not work inside the other folder."
        text = f"Several tinyffn can be found: {used} is in use, and there is {', '.join(others)}."
        yield Finding(text, remedy, mend=True)
    else:
        yield Finding(f"tinyffn in {used}")
    command = shutil.which("tinyffn")
    if command is not None and Path(command).parent != Path(sys.executable).parent:
        remedy = "If you meant that one, or get another tinyffn than expected: activate one "
        remedy += "environment, and use the command there."
        yield Finding(f"The command tinyffn is {command}, of another Python than this.", remedy)


def notebooks() -> Iterator[Finding]:
    missing = [m for m in ("jupyterlab", "ipykernel") if importlib.util.find_spec(m) is None]
    for module in missing:
        yield Finding(f"{module} is not installed: no notebooks.", COURSE, mend=True)
    if missing:
        return
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    remedy = f"Give the command: {sys.executable} -m ipykernel install --sys-prefix"
    try:
        program = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except (NoSuchKernel, OSError, ValueError, IndexError) as error:
        yield Finding(f"Notebooks have no kernel python3: {error}", remedy, mend=True)
        return
    major, minor = sys.version_info[:2]
    if program in ("python", f"python{major}", f"python{major}.{minor}"):
        program = sys.executable  # Jupyter starts a bare name as the Python that it runs in itself
    there = shutil.which(program)
    if there is None:
        yield Finding(f"The notebooks' Python is gone: {program}", remedy, mend=True)
    elif Path(there).parent != Path(sys.executable).parent:
        yield Finding(f"Notebooks run in another Python: {program}", remedy, mend=True)
    else:
        yield Finding("JupyterLab, with a kernel of this Python")


def system() -> Iterator[Finding]:
    if sys.platform == "linux":
        yield Finding("A file that asks for too much memory is stopped")
    else:
        remedy = "If the machine becomes slow, end the checks with Ctrl-C."
        yield Finding("No memory cap on this system: only the clock stops your file.", remedy)
    if not speaks_utf8():
        remedy = "Nothing is lost: marks are ok and no, and Σ is spelled sum. For all characters: "
        remedy += "chcp 65001" if sys.platform == "win32" else "export LC_ALL=C.UTF-8"
        yield Finding("This terminal does not show UTF-8.", remedy)


def place(folder: Path) -> Iterator[Finding]:
    """Where the course folder is: writable, and the one that the student thinks it is."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            yield Finding(f"Course folder {folder}")
    except OSError as error:
        remedy = "Copy it to a place of your own, or give yourself the right to write there."
        text = f"{folder} cannot be written to: {error.strerror or error}."
        yield Finding(text, remedy, mend=True)
    if outer := find_course(folder.parent):
        remedy = "Each has its own files and points: better move one of them elsewhere."
        yield Finding(f"{folder} lies inside another course folder, {outer}.", remedy)
    try:
        progress = Progress(folder)
    except CourseError as error:
        remedy = "Move that file or folder away; a new one is begun with the next check."
        yield Finding(f"{error}.", remedy, mend=True)
        return
    if progress.note:
        yield Finding(f"{progress.note}.", "Your files are untouched: tinyffn check counts anew.")
    elif (before := Path(progress.folder)) != folder.resolve():
        if (before / MARKER).is_file():
            remedy = "Each has its own files and points: make sure that you work in one of them."
            yield Finding(f"This is a copy of {before}, which is still there.", remedy)
        else:
            remedy = "That is fine: nothing in it depends on the place. Open notebooks from here."
            yield Finding(f"The course folder was moved here from {before}.", remedy)


def contents(folder: Path) -> Iterator[Finding]:
    """Whether the course's own files are there, and can be read."""
    back = "Give the command tinyffn here: it puts back what is missing, and keeps your work."
    try:
        json.loads((folder / MARKER).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        remedy = f"Delete it. {back}"
        yield Finding(f"{folder / MARKER} is damaged.", remedy, mend=True)
    if not list((folder / "lessons").glob("*.ipynb")):
        yield Finding(f"{folder / 'lessons'} has no lessons.", back, mend=True)
    n_good = 0
    for exercise in exercise_folders().values():
        path = folder / "exercises" / exercise.name / "task.py"
        try:
            source = path.read_bytes()
            source.decode(tokenize.detect_encoding(io.BytesIO(source).readline)[0])
            n_good += 1
        except FileNotFoundError:
            yield Finding(f"{path} is missing.", back, mend=True)
        except OSError as error:
            remedy = "Give yourself the right to read it."
            yield Finding(f"{path} cannot be read: {error.strerror}.", remedy, mend=True)
        except (SyntaxError, UnicodeDecodeError):
            remedy = "Save it again in your editor, with UTF-8 as its encoding."
            yield Finding(f"{path} is not in UTF-8.", remedy, mend=True)
    if n_good:
        yield Finding(f"{n_good} of {len(exercise_folders())} task files can be read")
