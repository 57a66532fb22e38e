"""The build tool: names of cells, slides, what it drops, and an interrupted write."""

import platform

import matplotlib
import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_output

from tinyffn.data import documentation, fingerprint

SOURCE = """# %% [markdown]
# # A title
#
# Some words.

# %%
x = 1

# %% [markdown]
# ### A part

# %%
x = 1
"""


@pytest.fixture
def small(build, tmp_path):
    path = tmp_path / "99_small.py"
    path.write_text(SOURCE, encoding="utf-8")
    return build.convert(path)


def test_text_and_code_become_cells(small):
    assert [cell.cell_type for cell in small.cells] == ["markdown", "code", "markdown", "code"]
    assert small.cells[0].source == "# A title\n\nSome words."
    nbformat.validate(small)


def test_names_are_stable_and_unique(build, small, tmp_path):
    path = tmp_path / "99_longer.py"
    path.write_text("# %%\nnew = 0\n\n" + SOURCE, encoding="utf-8")
    names = [cell.id for cell in small.cells]
    assert len(set(names)) == 4
    assert [cell.id for cell in build.convert(path).cells][1:] == names


def test_headings_open_slides(small):
    kinds = [cell.metadata.slideshow.slide_type for cell in small.cells]
    assert kinds == ["slide", "fragment", "subslide", "fragment"]


def test_warnings_and_widgets_are_dropped_and_text_is_joined(build):
    outputs = [
        new_output("stream", name="stdout", text="one\n"),
        new_output("stream", name="stderr", text="a warning\n"),
        new_output("stream", name="stdout", text="two\n"),
        new_output("display_data", data={build.WIDGET: {}, "text/plain": "a slider"}),
        new_output("display_data", data={"text/plain": "a figure"}),
    ]
    kept = build._settled(outputs)
    assert [o.get("text") or o.data["text/plain"] for o in kept] == ["one\ntwo\n", "a figure"]


def test_a_write_that_fails_leaves_the_old_notebook(build, small, tmp_path, monkeypatch):
    target = tmp_path / "99_small.ipynb"
    build.write(small, target)
    before = target.read_bytes()
    monkeypatch.setattr(build.nbformat, "writes", lambda notebook: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        build.write(small, target)
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.glob("99_small*.ipynb")] == ["99_small.ipynb"]


def test_an_unknown_lesson_is_named(build):
    with pytest.raises(SystemExit, match="build: no lesson 77; there are: 01"):
        build.main(["77"])


def test_a_course_folder_has_tasks_and_no_answers(build, tmp_path):
    folder = build.course_folder(tmp_path)
    assert folder.name == "lessons"
    names = {path.name for path in folder.parent.glob("exercises/**/*.py")}
    assert "task.py" in names
    assert names <= {"task.py", "given.py", "test_exercises.py"}


def test_what_the_numbers_rest_on_is_recorded(build, small, monkeypatch):
    made_with = small.metadata["tinyffn"]
    assert set(made_with) == {"python", "numpy", "matplotlib", "text", "processor"}
    assert made_with["python"] == ".".join(platform.python_version_tuple()[:2])
    assert made_with["numpy"] == np.__version__
    assert made_with["matplotlib"] == matplotlib.__version__
    assert made_with["text"] == fingerprint(documentation())
    monkeypatch.setenv("OPENBLAS_CORETYPE", "another")
    assert build.made_with.__wrapped__()["processor"] != made_with["processor"]
