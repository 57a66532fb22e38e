"""Every exercise, and the parts of its folder."""

import functools
import types

import pytest

from tinyffn.lab import grade
from tinyffn.lab.checks import local
from tinyffn.lab.course import exercise_folders
from tinyffn.lab.exercise import load_exercise
from tinyffn.lab.grade import run_checks

FOLDERS = exercise_folders()


def pytest_generate_tests(metafunc):
    """A test that asks for `id` runs for every exercise; `wrong_name` adds each known mistake, and
    `seeds` is 5 seeds, or 200 in the slow suite.
    """
    if "wrong_name" in metafunc.fixturenames:
        known = [
            pytest.param(i, path.stem, marks=together(i)) for i in FOLDERS for path in load(i).wrong
        ]
        metafunc.parametrize(("id", "wrong_name"), known)
    elif "id" in metafunc.fixturenames:
        metafunc.parametrize("id", [pytest.param(i, marks=together(i)) for i in FOLDERS])
    if "seeds" in metafunc.fixturenames:
        few = pytest.param(range(5), id="5 seeds")
        many = pytest.param(range(200), id="200 seeds", marks=pytest.mark.slow)
        metafunc.parametrize("seeds", [few, many])


def together(exercise_id):
    """Where tests are spread over processes, those of one exercise share one, and its answers."""
    return pytest.mark.xdist_group(f"exercise {exercise_id}")


@functools.cache
def load(exercise_id):
    return load_exercise(FOLDERS[exercise_id])


@pytest.fixture(scope="session")
def exercise():
    """An exercise by its id."""
    return load


@pytest.fixture(scope="session", autouse=True)
def known_mistakes_are_asked_once():
    """A failure is compared with all known mistakes: run each of them once for one question.

    And all are compared with the reference: it answers a question once, too.
    """
    ask_known, answers = grade.ask_known, {}
    expect, expected_answers = grade.expect, {}

    def ask_once(exercise, path, check, expected, seed):
        question = path, check.name, seed
        if question not in answers:
            answers[question] = ask_known(exercise, path, check, expected, seed)
        return answers[question]

    def expect_once(exercise, check, seed):
        question = exercise.reference, check.name, seed
        if question not in expected_answers:
            expected_answers[question] = expect(exercise, check, seed)
        return expected_answers[question]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grade, "ask_known", ask_once)
        patch.setattr(grade, "expect", expect_once)
        yield


@pytest.fixture(scope="session")
def outcomes():
    """What the checks say of a known mistake, for one seed: outcomes("1.1", path, seed)."""

    @functools.cache
    def run(exercise_id, path, seed=0):
        return run_checks(load(exercise_id), local(path, load(exercise_id).given), seed)

    return run


@pytest.fixture(scope="session")
def part():
    """A file of an exercise, run as a module of its own: part("1.1", "reference")."""

    def run(exercise_id, name):
        module = types.ModuleType(name)
        path = FOLDERS[exercise_id] / f"{name}.py"
        exec(compile(path.read_bytes(), str(path), "exec", dont_inherit=True), module.__dict__)
        return module

    return run
