"""Every lesson runs. Lesson 01 as a script in every run of the tests; all in the slow suite."""

import os
import re
import subprocess
import sys

import nbformat
import pytest

SECONDS = 60
LONGER = {"10": 120, "11": 120, "12": 120, "14": 120}  # lessons that train larger models
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?", re.I)


def _run_script(source, folder):
    environment = {**os.environ, "MPLBACKEND": "agg", "OPENBLAS_NUM_THREADS": "1"}
    environment["PYTHONIOENCODING"] = "utf-8"
    return subprocess.run(
        [sys.executable, str(source)], cwd=folder, env=environment, capture_output=True,
        encoding="utf-8", timeout=LONGER.get(source.stem[:2], SECONDS),
    )  # fmt: skip


def test_lesson_01_runs_as_a_plain_script(build, tmp_path):
    source = build.sources()[0]
    done = _run_script(source, build.course_folder(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "[figure]" in done.stdout
    built = nbformat.read(build.target(source), as_version=4)
    if built.metadata["tinyffn"] == build.convert(source).metadata["tinyffn"]:
        printed = [o.text for c in built.cells for o in c.get("outputs", []) if "text" in o]
        said = NUMBER.sub("#", done.stdout)
        for text in printed:
            assert NUMBER.sub("#", text) in said, "run python lessons/build.py"


@pytest.mark.slow
def test_every_lesson_runs_as_a_plain_script(build, source, tmp_path):
    done = _run_script(source, build.course_folder(tmp_path))
    assert done.returncode == 0, done.stderr


def _same(built, now):
    """Equal words; equal numbers, to one part in a thousand or far below rounding."""
    assert NUMBER.sub("#", built) == NUMBER.sub("#", now)
    for a, b in zip(NUMBER.findall(built), NUMBER.findall(now), strict=True):
        assert float(a) == pytest.approx(float(b), rel=1e-3, abs=1e-9), f"{a} in the notebook"


@pytest.mark.slow
def test_a_fresh_run_says_what_the_notebook_says(source, build, built, tmp_path):
    """Outputs are compared only where Python and NumPy are those of the build."""
    fresh = build.execute(build.convert(source), source.stem, build.course_folder(tmp_path))
    if fresh.metadata["tinyffn"] != built["metadata"]["tinyffn"]:
        return  # it ran without an error, which is all that can be asked here
    for cell, again in zip(built["cells"], fresh.cells, strict=True):
        pairs = zip(cell.get("outputs", []), again.get("outputs", []), strict=True)
        for output, new in pairs:
            assert output["output_type"] == new.output_type
            if new.output_type == "stream":
                _same("".join(output["text"]), new.text)
            else:
                plain = "".join(output["data"]["text/plain"])
                _same(plain, new.data["text/plain"])


def test_words_are_compared_exactly_and_numbers_roughly():
    _same("misfit 9e-16 of 1.2345", "misfit 8e-16 of 1.2346")
    for other in ("misfit 9e-16 of 1.3", "error 9e-16 of 1.2345"):
        with pytest.raises(AssertionError):
            _same("misfit 9e-16 of 1.2345", other)
