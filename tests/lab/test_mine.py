"""`mine`: the student's functions once they pass, the course's answer before, and which of them."""

import inspect
import os
import traceback

import pytest

from tinyffn.lab import mine
from tinyffn.lab.course import CourseError
from tinyffn.lab.grade import grade

from .conftest import OS

RIGHT = """\
def double(x):
    return 2 * x


def scaled(k):
    def apply(x):
        return k * x

    apply.k = k
    return apply, k
"""
ANSWER = "1.9: the course's answer is in use: "


def test_an_unfinished_exercise_gives_the_course_s_answer(student, capsys):
    assert mine("1.9").double(3) == 6
    assert capsys.readouterr().out == f"{ANSWER}your file has 0 of 4 points so far.\n"


def test_a_finished_one_gives_the_student_s_own(student, capsys):
    student.write_text(RIGHT + "\n\nmark = 'mine'\n", encoding="utf-8")
    yours = mine("1.9")
    assert (yours.mark, yours.double(3)) == ("mine", 6)
    assert capsys.readouterr().out == "1.9: your own file is in use, since all its checks pass.\n"
    assert inspect.getsource(yours.double).startswith("def double(x):")
    assert mine(1.9).mark == "mine"  # the number does as well as the text


def test_saved_twice_within_a_second(student):
    times = os.stat(student)
    for k in (3, 4, 5):
        student.write_text(f"{RIGHT}\nmark = {k}\n", encoding="utf-8")
        os.utime(student, ns=(times.st_atime_ns, times.st_mtime_ns))
        assert mine("1.9").mark == k
    assert not list(student.parent.rglob("*.pyc"))


def test_almost_right_is_not_enough(student, capsys):
    student.write_text(RIGHT.replace("apply.k = k", "apply.k = 0"), encoding="utf-8")
    assert mine("1.9").scaled(2)[0].k == 2
    assert capsys.readouterr().out == f"{ANSWER}your file has 3 of 4 points so far.\n"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"def double(x:\n", "your file cannot be graded yet: line 1"),
        (b"x = '\xe9'\n", "utf-8"),
        (b"\0", "null bytes"),
        (f"{OS}os._exit(1)\n".encode(), "Python ended while loading task.py"),
        (b"def double(x):\n    while True: pass\n", "your file has 0 of 4 points so far"),
        (b"while True: pass\n", "is there a loop that never ends?"),
        (f"{RIGHT}\nif __name__ != 'task': raise SystemExit\n".encode(), "gives SystemExit"),
        (f"{RIGHT}\nif __name__ != 'task': 1 / 0\n".encode(), "gives ZeroDivisionError"),
    ],
)
def test_whatever_the_file_does_the_lesson_goes_on(student, capsys, monkeypatch, source, reason):
    monkeypatch.setitem(grade.__kwdefaults__, "seconds", 1.0)
    student.write_bytes(source)
    assert mine("1.9").double(3) == 6
    said = capsys.readouterr().out
    assert said.startswith(ANSWER) and reason in said and said.count("\n") == 1


def test_outside_of_a_course_folder_and_without_a_file(student, capsys, tmp_path, monkeypatch):
    student.unlink()
    assert mine("1.9").double(3) == 6
    student.mkdir()
    assert mine("1.9").double(3) == 6
    monkeypatch.chdir(tmp_path.parent)
    assert mine("1.9").double(3) == 6
    said = capsys.readouterr().out.splitlines()
    assert [line.startswith(ANSWER) for line in said] == [True] * 3
    for line, reason in zip(said, ("is missing", "is a folder", "no course folder"), strict=True):
        assert reason in line


def test_a_file_that_may_not_be_read(student, capsys, monkeypatch):
    def refuse(path):
        if path == student:
            raise PermissionError(13, "Permission denied")
        return original(path)

    original = type(student).read_bytes
    monkeypatch.setattr(type(student), "read_bytes", refuse)
    assert mine("1.9").double(3) == 6
    assert "task.py: Permission denied." in capsys.readouterr().out


def test_the_answer_stays_out_of_sight(student, capsys):
    answer = mine("1.9")
    with pytest.raises(OSError, match="source"):
        inspect.getsource(answer.double)
    with pytest.raises(TypeError) as caught:
        answer.double()
    with pytest.raises(TypeError) as inside:
        answer.double({})
    shown = "".join(traceback.format_exception(caught.value))
    shown += "".join(traceback.format_exception(inside.value))
    assert "return x + x" not in shown and "the course's answer to 1.9" in shown
    assert "x + x" not in capsys.readouterr().out


def test_a_wrong_number_is_an_error_that_names_the_right_ones(student):
    with pytest.raises(CourseError, match=r"there is no exercise 7\.7; there are: 1\.9"):
        mine("7.7")
