"""Every lesson runs and prints what its notebook shows: 01 always, all in the slow suite."""

import os
import re
import subprocess
import sys

import nbformat
import pytest

SECONDS = 60
LONGER = {"10": 120, "11": 120, "12": 120, "14": 120}  # lessons that train larger models
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?", re.I)
MARK = "\0"  # stands for a number, and for nothing else


def _run_script(source, folder):
    environment = {**os.environ, "MPLBACKEND": "agg", "OPENBLAS_NUM_THREADS": "1"}
    environment["PYTHONIOENCODING"] = "utf-8"
    return subprocess.run(
        [sys.executable, str(source)], cwd=folder, env=environment, capture_output=True,
        encoding="utf-8", timeout=LONGER.get(source.stem[:2], SECONDS),
    )  # fmt: skip


def _printed(notebook):
    """What the cells of a notebook print, figures in words, in order."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            text = output.get("text") or output.get("data", {}).get("text/plain", "")
            if output["output_type"] == "stream" or "".join(text).startswith("[figure]"):
                yield "".join(text)


def _said_in_order(texts, said):
    """Each text is in what was said, one after the other: equal words, and about equal numbers.

    Numbers may differ by one part in a thousand, or far below rounding.
    """
    words, numbers, at = NUMBER.sub(MARK, said), NUMBER.findall(said), 0
    for text in texts:
        wanted = NUMBER.sub(MARK, text)
        place = words.find(wanted, at)
        assert place >= 0, f"a fresh run does not say {text!r}: run python lessons/build.py"
        first = words.count(MARK, 0, place)
        for a, b in zip(NUMBER.findall(text), numbers[first:], strict=False):
            assert float(a) == pytest.approx(float(b), rel=1e-3, abs=1e-9), f"{a} in {text!r}"
        at = place + len(wanted)


def _runs_and_says_what_its_notebook_says(source, build, folder):
    """Outputs are compared only where Python and NumPy are those of the build."""
    done = _run_script(source, build.course_folder(folder))
    assert done.returncode == 0, done.stderr
    assert "[figure]" in done.stdout
    built = nbformat.read(build.target(source), as_version=4)
    if built.metadata["tinyffn"] == build.convert(source).metadata["tinyffn"]:
        _said_in_order(_printed(built), done.stdout)


def test_lesson_01_runs_as_a_plain_script(build, tmp_path):
    _runs_and_says_what_its_notebook_says(build.sources()[0], build, tmp_path)


@pytest.mark.slow
def test_every_lesson_runs_as_a_plain_script(build, source, tmp_path):
    _runs_and_says_what_its_notebook_says(source, build, tmp_path)


@pytest.mark.slow
def test_a_kernel_shows_what_the_notebook_shows(build, tmp_path):
    """Lesson 01 in a notebook's own process, with what only a notebook shows: checks as pages."""
    source = build.sources()[0]
    built = nbformat.read(build.target(source), as_version=4)
    fresh = build.execute(build.convert(source), source.stem, build.course_folder(tmp_path))
    if fresh.metadata["tinyffn"] != built.metadata["tinyffn"]:
        return  # it ran without an error, which is all that can be asked here
    shown = [
        "".join(output.get("text") or output["data"]["text/plain"])
        for notebook in (built, fresh)
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    ]
    half = len(shown) // 2
    assert half and len(shown) == 2 * half
    _said_in_order(shown[:half], "\n".join(shown[half:]))


def test_words_are_compared_exactly_numbers_roughly_and_order_counts():
    said = "first # 3\nmisfit 8e-16 of 1.2346\n"
    _said_in_order(["misfit 9e-16 of 1.2345"], said)
    _said_in_order(["first # 3\n", "misfit 8e-16 of 1.2346\n"], said)
    for other in (
        ["misfit 9e-16 of 1.3"],
        ["error 9e-16 of 1.2345"],
        ["misfit 9e-16 of 1.2345 or"],
        ["misfit 8e-16 of 1.2346\n", "first # 3\n"],
    ):
        with pytest.raises(AssertionError):
            _said_in_order(other, said)
