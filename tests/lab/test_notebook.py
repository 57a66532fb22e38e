"""What a notebook shows: HTML with nothing of the student's unescaped, and plain text."""

import dataclasses
import errno
import html.parser
import json
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from tinyffn.lab import check, hint, mine, predict, run_example
from tinyffn.lab.folder import prepare
from tinyffn.lab.grade import grade
from tinyffn.lab.notebook import Note, Shown
from tinyffn.plot.compare import MAX_SIDE, draw_difference

from .conftest import OS, REFERENCE, TOML

EVIL = "<script>alert(1)</script>'\"&"


class Page(html.parser.HTMLParser):
    """Collects tags, and the description and the beginning of each image."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "img":
            self.images.append(dict(attrs))


def test_html_and_text_say_the_same(exercise):
    shown = Shown(grade(exercise, b"def double(x):\n    return x * x\n"))
    for said in ("That is the square: twice is a sum.", "your file has no scaled", "0 of 4 points"):
        assert said in shown._repr_html_() and said in repr(shown)


def test_everything_is_escaped(exercise):
    code = f"def double(x):\n    print({EVIL!r})\n    raise ValueError({EVIL!r})\n"
    page = Shown(grade(exercise, code.encode()))._repr_html_()
    assert "<script" not in page and "&lt;script&gt;" in page
    assert set(Page(page).tags) <= {"div", "p", "b", "table", "tr", "td", "br", "pre"}
    problem = Shown(grade(exercise, f"x = {EVIL!r} +\n".encode()))._repr_html_()
    assert "<script" not in problem and "cannot be graded yet" in problem


def test_a_picture_where_values_differ_with_words_for_who_cannot_see_it(exercise):
    code = b"def double(x):\n    y = x + x\n    y[1, 2] = 5\n    return y\n"
    (image,) = Page(Shown(grade(exercise, code))._repr_html_()).images
    assert image["src"].startswith("data:image/png;base64,iVBOR")
    assert "your y and the target. y[1, 2] is 5, expected" in image["alt"]
    assert not Page(Shown(grade(exercise, b""))._repr_html_()).images


@pytest.mark.parametrize("value", ["3.0", "10**400", "[10**400] * 6"])
def test_no_picture_of_a_single_number_or_of_what_is_no_number(exercise, value):
    shown = Shown(grade(exercise, f"def double(x):\n    return {value}\n".encode()))
    assert shown.report.outcomes[0].status == "failed"
    images = Page(shown._repr_html_()).images
    assert len(images) == (value == "3.0")  # beside a target of six numbers it can be drawn
    apply = "def scaled(k):\n    f = lambda x: k * x\n    f.k = k + 1\n    return f, k\n"
    shown = Shown(grade(exercise, f"{apply}double = abs\n".encode()))
    assert "k is 4, expected 3" in repr(shown)
    assert len(Page(shown._repr_html_()).images) == 1  # of double's answer, not of k


def test_of_a_secret_value_no_picture_is_drawn_and_no_number_is_said(exercise):
    checks = tuple(dataclasses.replace(check, secret=True) for check in exercise.checks)
    source = b"def double(x):\n    return 2 * x + 1\n"
    for ex, n_images in ((exercise, 1), (dataclasses.replace(exercise, checks=checks), 0)):
        shown = Shown(grade(ex, source))
        assert len(Page(shown._repr_html_()).images) == n_images
        assert ("y: another answer was expected" in repr(shown)) == (n_images == 0)


@pytest.mark.parametrize("shape", [(), (3,), (0,), (2, 3), (2, 3, 4), (100, 70)])
@pytest.mark.parametrize("dtype", ["float32", "bool", "complex64", "int64"])
def test_any_array_can_be_drawn(shape, dtype):
    draw_difference(np.ones(shape, dtype), np.zeros(shape, dtype)).draw_without_rendering()
    draw_difference(np.ones(shape, dtype), np.zeros((5, 2), dtype)).draw_without_rendering()


def test_crosses_stand_on_what_differs():
    got = np.zeros((2, 3))
    got[1, 2], got[0, 1] = 1.0, np.nan
    axis = draw_difference(got, np.zeros((2, 3))).axes[0]
    crosses = {tuple(point) for point in axis.collections[-1].get_offsets()}
    assert crosses == {(2.0, 1.0), (1.0, 0.0)}


def crosses_of(figure) -> set[tuple[float, float]]:
    return {tuple(point) for point in figure.axes[0].collections[-1].get_offsets()}


def test_of_a_large_array_the_part_that_differs_is_drawn():
    want = np.zeros((100, 200))
    got = want.copy()
    got[70, 190] = 1.0
    figure = draw_difference(got, want)
    top, left = 70 - MAX_SIDE // 2, 200 - MAX_SIDE
    assert crosses_of(figure) == {(190 - left, 70 - top)}
    assert figure.axes[0].get_xlabel() == (
        f"rows {top} to {top + MAX_SIDE - 1} of 100\ncolumns {left} to 199 of 200"
    )
    assert not draw_difference(want[:5, :5], want[:5, :5]).axes[0].get_xlabel()


def test_blocks_are_told_apart_and_phases_and_extremes_are_drawn():
    blocks = draw_difference(np.zeros((3, 5, 2)), np.ones((3, 5, 2))).axes[0]
    assert [line.get_ydata()[0] for line in blocks.lines] == [4.5, 9.5]
    assert crosses_of(draw_difference(np.array([1, 1j]), np.array([1, 1]))) == {(1.0, 0.0)}
    assert not crosses_of(draw_difference(np.zeros((0, 3)), np.ones((0, 3))))
    draw_difference(np.array([1e308, -1e308, np.inf]), np.zeros(3)).draw_without_rendering()


def test_check_reads_the_file_as_it_was_last_saved(tmp_path, monkeypatch):
    folder = prepare(tmp_path).folder
    monkeypatch.chdir(folder / "lessons")
    task = folder / "exercises/01_1_transposed_dense/task.py"
    times = os.stat(task)
    assert "not written yet" in repr(check("1.1"))
    for dtype in ("y = x @ w.T", "y = x @ w.T + b"):  # twice in the same second, and same clock
        task.write_text(f"def dense(x, w, b):\n    {dtype}\n    return y, lambda dy: dy\n", "utf-8")
        os.utime(task, ns=(times.st_atime_ns, times.st_mtime_ns))
        said = repr(check("1.1"))
        assert ("y is right but for b" in said) == (dtype == "y = x @ w.T")


@pytest.mark.parametrize("ask", [check, hint, predict])
def test_no_traceback_for_a_typing_mistake(ask, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "there is no exercise 9.9" in repr(ask("9.9"))
    assert "there is no exercise 9.9" in repr(ask(9.9))
    assert "there is no course folder" in ask("1.1")._repr_html_()


def progress_of(student: Path) -> dict:
    text = (student.parents[2] / "progress.json").read_text(encoding="utf-8")
    return json.loads(text)["exercises"]["1.9"]


def test_check_keeps_the_best_points(student):
    student.write_text(REFERENCE, encoding="utf-8")
    assert repr(check("1.9")).endswith("4 of 4 points, all done")
    student.write_text("", encoding="utf-8")
    assert repr(check("1.9")).endswith("0 of 4 points")
    assert progress_of(student)["points"] == 4


def test_points_that_cannot_be_kept_are_shown_with_a_word(student, monkeypatch):
    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    student.write_text(REFERENCE, encoding="utf-8")
    monkeypatch.setattr(os, "replace", fail)
    shown = check("1.9")
    for said in ("4 of 4 points, all done", "progress.json: No space left on device"):
        assert said in repr(shown) and said in shown._repr_html_()
    assert student.read_text(encoding="utf-8") == REFERENCE


def test_hints_come_one_after_the_other(student):
    said = [repr(hint("1.9")) for _ in range(4)]
    texts = ("What is twice?", "Add it to itself.", "x + x", "x + x")
    assert all(text in hint for text, hint in zip(texts, said, strict=True))
    assert 'hint("1.9")' in said[0] and "tinyffn hint" not in "".join(said)
    assert 'hint("1.9", 1)' in said[2] and texts[0] in repr(hint("1.9", 1))
    for level in (0, 4, "2"):
        assert f"there is no hint of level {level}" in repr(hint("1.9", level))
    assert progress_of(student)["hints"] == 3
    assert "<b>1.9, hint 1 of 3: a question</b>" in hint(1.9, 1)._repr_html_()


QUESTIONS = """\
[[predict]]
question = "Is <i>2 + 2</i> four?"
choices = ["<b>yes</b>", "no"]
answer = "<b>yes</b>"
why = "Count & see."

[[predict]]
question = "Which is larger?"
choices = ["2", "3"]
answer = "3"
why = "By one."
"""


@pytest.fixture
def asked(student, tmp_path) -> Path:
    toml = tmp_path / "course/exercises/01_9_double/exercise.toml"
    toml.write_text(TOML.replace("predict = []", QUESTIONS), encoding="utf-8")
    return student


def test_a_question_tells_its_answer_once_it_is_answered(asked):
    assert "b)  no" in repr(predict("1.9")) and "Count" not in repr(predict("1.9"))
    assert "Count" not in repr(predict("1.9", 1, answer=None))
    wrong = repr(predict("1.9", 1, answer="b"))
    assert "You said: no. The answer is: <b>yes</b>.\nCount & see." in wrong
    assert 'To answer: predict("1.9", 2, answer="a")' in repr(predict("1.9"))
    again = repr(predict("1.9", 1, answer="<b>yes</b>"))
    assert "You said: no." in again and "Your first answer stays." in again
    assert "You said: 3. Yes." in repr(predict("1.9", 2, answer=3))
    assert progress_of(asked)["predictions"] == ["no", "3"]
    assert repr(predict("1.9")).count("You said") == 2


def test_a_question_is_escaped(asked):
    page = predict("1.9", 1, answer="a")._repr_html_()
    assert "<i>" not in page and "&lt;i&gt;2 + 2&lt;/i&gt;" in page and "&amp; see" in page
    assert "<script" not in Note(EVIL, f"x\n{EVIL}")._repr_html_()
    assert set(Page(predict("1.9")._repr_html_()).tags) == {"div", "b"}


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ({"number": 2, "answer": "a"}, 'question 1 comes first: predict("1.9", 1, answer="a")'),
        ({"number": 3}, "has the questions 1 to 2, and no 3"),
        ({"number": "b"}, "has the questions 1 to 2, and no b"),
        ({"answer": "b"}, 'say which question you answer: predict("1.9", 1, answer="b")'),
        ({"number": 1, "answer": "c"}, "'c' is no answer to this question: choose a, b"),
        ({"number": 1, "answer": ""}, "'' is no answer to this question: choose a, b"),
    ],
)
def test_a_question_answered_in_a_way_that_it_cannot_be(asked, call, said):
    assert said in repr(predict("1.9", **call))
    assert not (asked.parents[2] / "progress.json").exists()


def test_an_exercise_without_questions(student):
    assert repr(predict("1.9")) == "exercise 1.9 has no question to predict"


LEFT = "__import__('threading').Thread(target=lambda: [0 for _ in iter(int, 1)]).start()"


@pytest.mark.parametrize("where", ["while loading", "in a call"])
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("while True: pass", "is there a loop that never ends?"),
        ("os._exit(0)", "does something call os._exit?"),
        ("hoard = bytearray(10**10)", "out of memory"),
        ("for _ in range(300): print('flood' * 2000)", "and more, which is not shown"),
        (LEFT, ""),
        ("os.remove('../exercises/01_9_double/task.py')", ""),
        ("os.chdir('/')", ""),
        ("raise SystemExit", "your file ends Python itself"),
        ("os.closerange(0, 50)", "Python ended"),
        ("os.kill(os.getpid(), 9)", "SIGKILL"),
    ],
)
def test_nothing_takes_the_notebook_down(student, monkeypatch, capsys, code, said, where):
    if not os.path.exists("/proc/self") and ("kill" in code or "hoard" in code):
        pytest.skip("no cap on memory here, or another word for a signal")
    monkeypatch.setitem(grade.__kwdefaults__, "seconds", 1.0)
    body = f"def double(x):\n    {code}\n    return 2 * x\n"
    student.write_text(OS + (body if where == "in a call" else f"{code}\n"), encoding="utf-8")
    here, threads = os.getcwd(), threading.active_count()
    shown = check("1.9")
    assert said in repr(shown) and said in shown._repr_html_()
    if not student.exists():
        assert "task.py is missing" in repr(check("1.9"))
    assert mine("1.9").double(3) == 6
    assert "the course's answer is in use" in capsys.readouterr().out
    student.write_text(REFERENCE, encoding="utf-8")
    assert repr(check("1.9")).endswith("4 of 4 points, all done")
    assert os.getcwd() == here and threading.active_count() <= threads + 1


@pytest.mark.skipif(os.name != "posix", reason="there, a wait is interrupted only at its end")
def test_interrupting_a_check_ends_what_it_runs(student, monkeypatch):
    started = []

    class Recorded(subprocess.Popen):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Recorded)
    student.write_text("while True: pass\n", encoding="utf-8")
    threading.Timer(1.0, os.kill, [os.getpid(), signal.SIGINT]).start()  # as a kernel gets it
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        check("1.9")
    assert time.monotonic() - start < 4
    assert [process.poll() is not None for process in started] == [True]


def right(x):
    """
    >>> right(3)
    3
    """
    return x


def chatty(x):
    """
    >>> y = chatty(3)
    >>> chatty(4)
    4
    """
    print("x is", x)
    return x


def wrong(x):
    """
    >>> wrong(3)
    4
    >>> wrong(4)
    5
    """
    return x


def stops(x):
    """
    >>> stops(3)
    3
    """
    raise ValueError("here")


def test_an_example_is_run_in_plain_words(capsys):
    run_example(right)
    assert capsys.readouterr().out == "The example of right comes out as its docstring says.\n"
    run_example(chatty)
    said = capsys.readouterr().out
    assert said.startswith("x is 3\nx is 4\nThe example of chatty comes out")
    run_example(wrong)
    assert capsys.readouterr().out == ">>> wrong(3)\ngives\n3\nbut the docstring says\n4\n"
    run_example(stops)
    line = stops.__code__.co_firstlineno + 5
    assert capsys.readouterr().out == f">>> stops(3)\nstops with ValueError in line {line}: here\n"
