"""Hints one at a time, predictions that stay, a solution that is asked for, and the overview."""

import dataclasses
import json
import os

import pytest

import tinyffn.lab.overview as overview_module
from tinyffn.lab import terminal
from tinyffn.lab.course import CourseError
from tinyffn.lab.exercise import Prediction
from tinyffn.lab.hints import give_up, next_hint
from tinyffn.lab.overview import first_unfinished, lesson_to_open, overview
from tinyffn.lab.predict import predict
from tinyffn.lab.progress import FILE, Progress


@pytest.fixture
def asking(exercise):
    questions = (
        Prediction("What is 1 + 1?", ("1", "2", "3"), "2", "Count on."),
        Prediction("And 0 x 5?", ("0", "5"), "0", "Nothing, five times."),
    )
    return dataclasses.replace(exercise, predict=questions)


def test_each_call_shows_the_next_and_the_last_stays(exercise, tmp_path):
    first, second, third, again = (next_hint(tmp_path, exercise) for _ in range(4))
    assert "hint 1 of 3: a question" in first and "What is twice?" in first
    assert "The next one is an idea and costs nothing: tinyffn hint 1.9" in first
    assert "hint 2 of 3: an idea" in second and "next one is nearly the code" in second
    assert "x + x" in third and "That was the last one" in third and again == third
    assert Progress(tmp_path)["1.9"].hints == 3


def test_a_level_can_be_asked_for(exercise, tmp_path):
    assert "Add it to itself." in next_hint(tmp_path, exercise, 2)
    assert "What is twice?" in next_hint(tmp_path, exercise, 1)
    assert Progress(tmp_path)["1.9"].hints == 2
    for level in (0, 4, -1):
        with pytest.raises(CourseError, match=rf"no hint of level {level}: the levels are 1 to 3"):
            next_hint(tmp_path, exercise, level)


def test_a_hint_is_shown_even_where_nothing_can_be_kept(exercise, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "replace", fail)
    said = next_hint(tmp_path, exercise)
    assert "What is twice?" in said and "cannot be kept" in said and "Read-only" in said


def test_predictions_in_a_terminal(asking, tmp_path):
    said, typed = [], iter(["maybe", "", " C) ", "a"])
    predict(tmp_path, asking, said.append, lambda prompt: next(typed))
    text = "\n".join(said)
    assert "  b)  2" in text and "You said: 3. The answer is: 2.\nCount on." in text
    assert "You said: 0. Yes.\nNothing, five times." in text
    assert text.index("Count on.") < text.index("And 0 x 5?")  # one after the other
    assert Progress(tmp_path)["1.9"].predictions == ["3", "0"]


def test_points_that_came_while_the_reader_thought_stay(asking, tmp_path):
    def read(prompt):
        progress = Progress(tmp_path)
        progress["1.9"].points += 1
        assert not progress.keep()
        return "b"

    predict(tmp_path, asking, str, read)
    entry = Progress(tmp_path)["1.9"]
    assert entry.points == 2 and entry.predictions == ["2", "5"]


def test_the_first_answer_stays(asking, tmp_path):
    predict(tmp_path, asking, str, answers="b,b")
    said = []
    predict(tmp_path, asking, said.append, lambda prompt: pytest.fail("asked again"))
    predict(tmp_path, asking, said.append, answers="a,a")
    assert "\n".join(said).count("You said: 5. The answer is: 0.") == 2
    assert said[-1] == "(Your first answers stay.)" and said.count(said[-1]) == 1
    predict(tmp_path, asking, said.append, answers="b,b")
    assert said.count("(Your first answers stay.)") == 1  # the same ones again are no late ones


def test_an_end_of_input_keeps_what_was_answered(asking, tmp_path):
    def read(prompt, answers=iter("b")):  # noqa: B008
        try:
            return next(answers)
        except StopIteration:
            raise EOFError from None

    said = []
    predict(tmp_path, asking, said.append, read)
    assert said[-1] == "\nThe rest can wait: tinyffn predict 1.9"
    assert Progress(tmp_path)["1.9"].predictions == ["2"]


def test_without_a_terminal_the_questions_and_how_to_answer(asking, exercise, tmp_path):
    said = []
    predict(tmp_path, asking, said.append)
    text = "\n".join(said)
    assert "What is 1 + 1?" in text and "tinyffn predict 1.9 --answers a,b" in text
    assert "You said" not in text and "Count on." not in text and not (tmp_path / FILE).exists()
    predict(tmp_path, exercise, said.append)
    assert said[-1] == "Exercise 1.9 has no question to predict."


@pytest.mark.parametrize(
    ("answers", "said"),
    [("a", "2 questions"), ("a,b,a", "2 questions"), ("a,c", "no answer to question 2: .* a, b")],
)
def test_answers_that_do_not_fit(asking, tmp_path, answers, said):
    with pytest.raises(CourseError, match=said):
        predict(tmp_path, asking, str, answers=answers)
    assert not (tmp_path / FILE).exists()


def test_giving_up_is_remembered_unless_it_is_done(tmp_path):
    assert give_up(tmp_path, "1.1") == ""
    assert json.loads((tmp_path / FILE).read_text("utf-8"))["exercises"]["1.1"]["gave_up"]
    progress = Progress(tmp_path)
    progress["1.2"].points = progress["1.2"].possible = 5
    progress.keep()
    give_up(tmp_path, "1.2")
    assert not Progress(tmp_path)["1.2"].gave_up


@pytest.fixture
def three(exercise, tmp_path, monkeypatch):
    """A course of three exercises in two lessons, the second one damaged."""
    folders = {"1.9": exercise.folder, "2.1": tmp_path / "02_1_bad", "2.2": tmp_path / "02_2_gone"}
    monkeypatch.setattr(overview_module, "exercise_folders", lambda: folders)
    return tmp_path


def test_the_list(three, monkeypatch):
    progress = Progress(three)
    progress["1.9"].points, progress["1.9"].possible, progress["1.9"].hints = 4, 4, 2
    progress.keep()
    said = overview(three)
    assert " ✓ 1.9  Twice <b>as much</b>" in said and "4/4     2" in said
    assert " ! 2.1  " in said and "exercise.toml is missing" in said
    assert "1 of 3 done, 4 of 4 points." in said
    give_up(three, "2.1")
    (three / FILE).write_text("{", encoding="utf-8")
    assert "0/4" in (said := overview(three)) and "was damaged" in said


def test_a_list_that_is_too_long_shows_what_is_around(three):
    for now, shown in (("1.9", "1.9"), ("2.1", "2.1"), ("2.2", "2.2"), (None, "1.9")):
        said = overview(three, now, rows=1)
        assert [name for name in ("1.9", "2.1", "2.2") if f" {name}  " in said] == [shown]
        assert "... 2 more: tinyffn list" in said and "of 3 done" in said
    assert "more: tinyffn list" not in overview(three, "1.9", rows=3)


def test_the_lesson_to_open(three):
    lessons = three / "lessons"
    assert lesson_to_open(three) is None
    lessons.mkdir()
    for name in ("01_first.ipynb", "02_second.ipynb", "03_third.ipynb"):
        (lessons / name).touch()
    progress = Progress(three)
    assert first_unfinished(three) == "1.9"
    for done, lesson in (("1.9", "02_second"), ("2.1", "02_second"), ("2.2", "03_third")):
        progress[done].points = progress[done].possible = 1
        progress.keep()
        assert lesson_to_open(three) == f"{lesson}.ipynb"
    assert first_unfinished(three) is None


def test_lines_are_broken_under_their_beginning():
    lines = terminal.wrapped("  no db of a batch and so on\n\n      deeper text goes on", 20)
    assert lines == [
        "  no db of a batch", "  and so on", "", "      deeper text", "      goes on"
    ]  # fmt: skip
    assert terminal.wrapped("x" * 50, 20) == ["x" * 19, "x" * 19, "x" * 12]


def test_what_a_terminal_cannot_show_is_spelled_out(monkeypatch):
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    monkeypatch.setenv("LC_ALL", "C")
    assert terminal.shown("Σ_i γ ≤ é ✓") == "sum_i gamma <= ? ?"
    assert terminal.bar(1, 2, 4) == "[##--]" and not terminal.speaks_utf8()
