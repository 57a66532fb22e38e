"""Each way an author gets a folder wrong has a sentence of its own."""

import pytest

from tinyffn.lab.exercise import ExerciseError, exercise_id, load_exercise
from tinyffn.lab.source import refusal

from .conftest import CHECKS, TOML, write_exercise

PREDICT = '[[predict]]\nquestion = "?"\nchoices = ["a", "b"]\nanswer = "%s"\nwhy = "so"\n'


def test_a_good_folder(exercise):
    assert (exercise.id, exercise.lesson, exercise.minutes) == ("1.9", "1", 5)
    assert [check.points for check in exercise.checks] == [2, 1, 1]
    assert exercise.checks[2].after == ("double",)
    assert list(exercise.wrong.values()) == ["That is the square: twice is a sum."]
    assert exercise.given is None


def test_ids_come_from_the_name(tmp_path):
    assert exercise_id(tmp_path / "12_3_keys_and_values") == "12.3"
    assert exercise_id(tmp_path / "e2_1_checkpoints") == "E2.1"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"exercise_toml": None}, "exercise.toml is missing"),
        ({"task_py": None}, "task.py is missing"),
        ({"reference_py": None}, "reference.py is missing"),
        ({"checks_py": None}, "checks.py is missing"),
        ({"exercise_toml": "title = "}, "is not TOML"),
        ({"exercise_toml": TOML.replace("minutes = 5", "")}, "minutes is missing"),
        ({"exercise_toml": TOML.replace("= 5", "= '5'")}, "minutes must be of type int"),
        ({"exercise_toml": TOML.replace("= 5", "= true")}, "minutes must be of type int"),
        ({"exercise_toml": TOML.replace("= 1\n", "= 6\n")}, "difficulty is 1 to 5"),
        ({"exercise_toml": "tittle = 'x'\n" + TOML}, "tittle is not a key"),
        ({"exercise_toml": TOML.replace(', "x + x"', "")}, "hints are three texts"),
        ({"exercise_toml": TOML.replace("uses = []", 'uses = ["os"]')}, "uses lists modules"),
        (
            {"exercise_toml": TOML.replace("predict = []", PREDICT % "c")},
            "predict 1: the answer is not one of the choices",
        ),
        (
            {"exercise_toml": TOML.replace("predict = []", "predict = ['why?']")},
            r"predict 1: write each question as a table",
        ),
        ({"checks_py": "x = 1\n"}, "has no checks"),
        ({"checks_py": "x = \n"}, "checks.py: SyntaxError"),
        ({"checks_py": "import nowhere\n"}, "checks.py: ModuleNotFoundError"),
        ({"checks_py": CHECKS.replace('"closure"', '"double"')}, "two checks are called 'double'"),
        ({"checks_py": CHECKS.replace("points=2", "points=0")}, "at least one point"),
        ({"checks_py": CHECKS.replace('after="double"', 'after="shape"')}, "comes after 'shape'"),
        ({"wrong_squares_py": "x = 1\n"}, "its docstring must begin with the message"),
        ({"wrong_squares_py": "x = \n"}, "squares.py: invalid syntax"),
    ],
)
def test_what_an_author_can_get_wrong(tmp_path, change, message):
    with pytest.raises(ExerciseError, match=message):
        load_exercise(write_exercise(tmp_path / "01_9_double", **change))


def test_a_name_without_a_number(tmp_path):
    with pytest.raises(ExerciseError, match="a name like 01_1_transposed_dense"):
        load_exercise(write_exercise(tmp_path / "double"))


def test_a_question_is_read(tmp_path):
    text = TOML.replace("predict = []", PREDICT % "b")
    loaded = load_exercise(write_exercise(tmp_path / "01_9_double", exercise_toml=text))
    assert (loaded.predict[0].choices, loaded.predict[0].answer) == (("a", "b"), "b")


@pytest.mark.parametrize(
    ("source", "refused"),
    [
        ("import numpy as np\nimport numpy.linalg\nfrom numpy import linalg", ""),
        ("from __future__ import annotations", ""),
        ("from tinyffn import tensor", ""),
        ("import tinyffn.tensor as t\nfrom tinyffn.tensor import Tensor", ""),
        ("import tinyffn", "line 1 imports tinyffn, but"),
        ("from tinyffn import tensors", "line 1 imports tinyffn, but"),
        ("import tinyffn.tensors", "line 1 imports tinyffn.tensors, but"),
        ("import numpyx", "numpyx"),
        ("import numpy, os", "imports os"),
        ("def f():\n    import sys", "line 2 imports sys"),
        ("from . import task", "line 1 imports ., but"),
        ("if __name__ == '__main__':\n    import doctest", ""),
        ("if __name__ == 'task':\n    import doctest", "doctest"),
        ("if True:\n    import doctest", "doctest"),
    ],
)
def test_which_imports_are_allowed(source, refused):
    answer = refusal(source.encode(), ("tinyffn.tensor",))
    assert refused in answer if refused else answer == ""
