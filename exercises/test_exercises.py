"""The exercises as tests, one for each check: `pytest -k transposed_dense`, or an editor's panel.

They say what `tinyffn check` says. Collecting them runs none of your files; each file is run once,
in a process of its own.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tinyffn.lab.course import CourseError, exercise_folders
from tinyffn.lab.exercise import load_exercise
from tinyffn.lab.grade import grade_student
from tinyffn.lab.report import Report

HERE = Path(__file__).parent
CASES = [
    # An id such as 1.1-transposed_dense-forward.
    pytest.param(id, i, id=f"{id}-{folder.name[5:]}-{check.function.__name__}")
    for id, folder in exercise_folders().items()
    for i, check in enumerate(load_exercise(folder).checks)
]


@pytest.fixture(scope="module")
def report_of() -> Callable[[str], Report]:
    """Grades an exercise when it is first asked for, and remembers the report for this run."""

    @cache
    def grade_once(exercise_id: str) -> Report:
        try:
            return grade_student(exercise_id, HERE)
        except CourseError as error:
            return Report(exercise_id, "", problem=str(error))

    return grade_once


@pytest.fixture(scope="module")
def told() -> set[str]:
    """The exercises of which it has been said that they cannot be graded yet."""
    return set()


@pytest.mark.parametrize(("exercise_id", "number"), CASES)
def test_check(
    exercise_id: str, number: int, report_of: Callable[[str], Report], told: set[str]
) -> None:
    report = report_of(exercise_id)
    if report.problem:
        if exercise_id in told:
            pytest.skip("the file cannot be graded yet")
        told.add(exercise_id)
        pytest.fail(f"cannot be graded yet: {report.problem}", pytrace=False)
    outcome = report.outcomes[number]
    if outcome.status == "skipped":
        pytest.skip(outcome.message)
    if outcome.status == "failed":
        pytest.fail(outcome.message, pytrace=False)
