"""What a notebook shows: HTML with nothing of the student's unescaped, and plain text."""

import html.parser
import os

import numpy as np
import pytest

from tinyffn.lab import check, run_example
from tinyffn.lab.folder import prepare
from tinyffn.lab.grade import grade
from tinyffn.lab.notebook import Shown
from tinyffn.plot.compare import draw_difference

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


def test_no_traceback_for_a_typing_mistake(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "there is no exercise 9.9" in repr(check("9.9"))
    assert "there is no course folder" in check("1.1")._repr_html_()


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
