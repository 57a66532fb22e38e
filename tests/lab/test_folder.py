"""The course folder: made, found again, brought up to date, and never overwritten."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import tinyffn.lab.folder as folder_module
from tinyffn.lab.course import (
    CourseError,
    course_files,
    exercise_folder,
    find_course,
    student_file,
)
from tinyffn.lab.folder import prepare, write_whole

TASK = "exercises/01_9_double/task.py"


@pytest.fixture
def course(tmp_path, monkeypatch) -> Path:
    """A course of one lesson and one exercise, which a test may change."""
    root = tmp_path / "course"
    exercise = root / "exercises" / "01_9_double"
    (exercise / "wrong").mkdir(parents=True)
    for name in ("task.py", "given.py", "reference.py", "checks.py", "wrong/one.py"):
        (exercise / name).write_text(f"# {name}\n", encoding="utf-8")
    (exercise / "exercise.toml").write_text("", encoding="utf-8")
    (root / "lessons").mkdir()
    (root / "lessons" / "01_first.ipynb").write_text("{}", encoding="utf-8")
    (root / "lessons" / "build.py").write_text("", encoding="utf-8")
    monkeypatch.setattr(folder_module, "course_files", lambda: root)
    return root


def files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_a_folder_holds_what_a_student_needs_and_no_answers(course, tmp_path):
    done = prepare(tmp_path)
    assert done.created and done.folder == tmp_path / "tinyffn-course" and not done.kept
    given = "exercises/01_9_double/given.py"
    assert files(done.folder) == {
        "course.json", "pytest.ini", "lessons/01_first.ipynb", TASK, given
    }  # fmt: skip


def test_it_is_found_from_inside_and_beside(course, tmp_path):
    folder = prepare(tmp_path).folder
    assert prepare(folder / "lessons").folder == folder
    again = prepare(tmp_path)
    assert again.folder == folder and not again.created and again.written == again.kept == ()
    assert find_course(folder / "exercises") == folder
    assert find_course(tmp_path) is None


def test_the_students_file_stays_and_untouched_files_follow_the_course(course, tmp_path):
    folder = prepare(tmp_path).folder
    (folder / TASK).write_text("mine", encoding="utf-8")
    (course / TASK).write_text("# newer task\n", encoding="utf-8")
    (course / "lessons" / "01_first.ipynb").write_text('{"newer": 1}', encoding="utf-8")
    (course / "lessons" / "02_second.ipynb").write_text("{}", encoding="utf-8")
    done = prepare(tmp_path)
    assert done.written == ("lessons/01_first.ipynb", "lessons/02_second.ipynb")
    assert done.kept == (TASK,)
    assert (folder / TASK).read_text(encoding="utf-8") == "mine"
    assert prepare(tmp_path).kept == (TASK,)


def test_without_course_json_every_differing_file_counts_as_the_students(course, tmp_path):
    folder = prepare(tmp_path).folder
    (folder / TASK).write_text("mine", encoding="utf-8")
    (folder / "course.json").unlink()
    done = prepare(tmp_path)
    assert done.kept == (TASK,) and (folder / TASK).read_text(encoding="utf-8") == "mine"


def test_a_deleted_file_comes_back(course, tmp_path):
    folder = prepare(tmp_path).folder
    shutil.rmtree(folder / "exercises")
    assert TASK in prepare(tmp_path).written


def test_a_broken_course_json_is_a_sentence(course, tmp_path):
    folder = prepare(tmp_path).folder
    for text in ("", "[]", '{"files": 3}'):
        (folder / "course.json").write_text(text, encoding="utf-8")
        with pytest.raises(CourseError, match=r"course.json cannot be read: delete it"):
            prepare(tmp_path)


def test_where_nothing_can_be_written(course, tmp_path):
    (tmp_path / "tinyffn-course").write_text("a file in the way", encoding="utf-8")
    with pytest.raises(CourseError, match=r"cannot write .*tinyffn-course: .*Go to a directory"):
        prepare(tmp_path)


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path, monkeypatch):
    path = tmp_path / "task.py"
    write_whole(path, b"old")

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old" and files(tmp_path) == {"task.py"}


def test_a_kill_in_the_middle_of_an_update_leaves_every_file_whole(course, tmp_path):
    folder = prepare(tmp_path).folder
    before = json.loads((folder / "course.json").read_text(encoding="utf-8"))
    (course / TASK).write_text("# newer\n" * 1000, encoding="utf-8")
    # Killed after the task was replaced, just before course.json is.
    code = (
        "import os, pathlib, sys\nimport tinyffn.lab.folder as f\n"
        "f.course_files = lambda: pathlib.Path(sys.argv[1])\nreplace = os.replace\n"
        "def once(a, b):\n"
        "    os._exit(9) if b.name == 'course.json' else replace(a, b)\n"
        "os.replace = once\nf.prepare(pathlib.Path(sys.argv[2]))\n"
    )
    child = subprocess.run([sys.executable, "-c", code, course, tmp_path], check=False)
    assert child.returncode == 9
    assert json.loads((folder / "course.json").read_text(encoding="utf-8")) == before
    assert (folder / TASK).read_text(encoding="utf-8") == "# newer\n" * 1000
    # The next start takes the new file for what it is: the course's own, not the student's.
    assert prepare(tmp_path).kept == ()
    (course / TASK).write_text("# newest\n", encoding="utf-8")
    assert prepare(tmp_path).written == (TASK,)


def test_the_real_course_is_found_and_asked_for_by_id(tmp_path):
    assert (course_files() / "exercises").is_dir()
    assert exercise_folder("1.1").name == "01_1_transposed_dense"
    with pytest.raises(CourseError, match=r"there is no exercise 9\.9; there are: 1\.1"):
        exercise_folder("9.9")
    with pytest.raises(CourseError, match="there is no course folder in"):
        student_file(exercise_folder("1.1"), tmp_path)
    folder = prepare(tmp_path).folder
    assert student_file(exercise_folder("1.1"), tmp_path) == student_file(
        exercise_folder("1.1"), folder / "lessons"
    )
    (folder / "exercises/01_1_transposed_dense/task.py").unlink()
    with pytest.raises(CourseError, match=r"task.py is missing: the command tinyffn puts it back"):
        student_file(exercise_folder("1.1"), folder)
