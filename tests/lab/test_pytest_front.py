"""The exercises under pytest: one item for each check, in the words of the terminal."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tinyffn.lab.course import exercise_folder
from tinyffn.lab.folder import prepare

TASK = "exercises/01_1_transposed_dense/task.py"
REFERENCE = exercise_folder("1.1") / "reference.py"
# Adds a word to a file whenever the student's file is run.
COUNTED = "with open(r'{}', 'a') as f:\n    f.write('run ')\n"
EXIT = b"__import__('os')._exit(0)\n"


@pytest.fixture
def folder(tmp_path) -> Path:
    return prepare(tmp_path).folder


def run_pytest(folder: Path, *args: str, cwd: Path | None = None) -> str:
    command = [sys.executable, "-m", "pytest", "--color=no", *args]
    env = {**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"}
    done = subprocess.run(
        command, cwd=cwd or folder, env=env, capture_output=True, encoding="utf-8", timeout=60
    )
    assert not done.stderr
    return done.stdout


def test_every_check_is_an_item_with_a_readable_name(folder):
    (folder / TASK).write_text("raise SystemExit('collected')\n", encoding="utf-8")
    start = time.monotonic()
    said = run_pytest(folder, "--collect-only", "-q")
    assert time.monotonic() - start < 3  # about half a second on an idle machine
    assert "test_exercises.py::test_check[1.1-transposed_dense-forward]" in said
    assert "test_exercises.py::test_check[1.1-transposed_dense-float32]" in said
    assert "error" not in said.lower()


def test_a_failure_is_the_feedback_alone_and_what_waits_is_skipped(folder):
    said = run_pytest(folder, "exercises", "-k", "transposed_dense", "-rs")
    assert re.search(r"_ test_check\[1\.1-transposed_dense-forward\] _+\nnot written yet: ", said)
    assert "Traceback" not in said and "test_exercises.py:" not in said.split("short test")[0]
    assert "waits for: y of a batch" in said
    assert re.search(r"1 failed, 7 skipped", said)


def test_the_answer_passes_and_is_run_once(folder, tmp_path):
    ran = tmp_path / "ran"
    (folder / TASK).write_bytes(COUNTED.format(ran).encode() + REFERENCE.read_bytes())
    said = run_pytest(folder, "-q", "-k", "transposed_dense")
    assert re.search(r"^8 passed", said, re.M) and "failed" not in said
    assert ran.read_text(encoding="utf-8") == "run "


def test_saved_twice_within_a_second(folder):
    task = folder / TASK
    times = os.stat(task)
    for k, result in ((2, "1 failed"), (1, "8 passed")):
        text = REFERENCE.read_text(encoding="utf-8")
        task.write_text(text.replace("return dx, dw, db", f"return dx, dw, db * {k}"), "utf-8")
        os.utime(task, ns=(times.st_atime_ns, times.st_mtime_ns))
        assert result in run_pytest(folder, "-q", "-k", "transposed_dense")


@pytest.mark.parametrize("source", [b"def dense(x:\n", b"x = '\xe9'\n", b"import os\n", EXIT, None])
def test_a_file_that_cannot_be_graded_fails_once(folder, source):
    if source is None:
        (folder / TASK).unlink()
    else:
        (folder / TASK).write_bytes(source)
    for words, skipped in (("transposed_dense", 7), ("transposed_dense-float32", 0)):
        said = run_pytest(folder, "-k", words)
        assert "\ncannot be graded yet: " in said and "Traceback" not in said
        assert f"1 failed{f', {skipped} skipped' if skipped else ''}" in said


def test_it_runs_from_outside_of_the_folder_too(folder):
    said = run_pytest(folder, "tinyffn-course/exercises", "-k", "transposed", cwd=folder.parent)
    assert "configfile: pytest.ini" in said and "1 failed, 7 skipped" in said
