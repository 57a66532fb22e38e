"""The course folder: made, found again, brought up to date, and never overwritten."""

import errno
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
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


def test_a_file_is_named_only_while_the_course_has_a_newer_one(course, tmp_path):
    folder = prepare(tmp_path).folder
    (folder / TASK).write_text("mine", encoding="utf-8")
    assert prepare(tmp_path).kept == ()
    (course / TASK).write_text("# newer task\n", encoding="utf-8")
    assert prepare(tmp_path).kept == (TASK,)
    (folder / TASK).write_text("# newer task\n", encoding="utf-8")  # taken over by hand
    assert prepare(tmp_path).kept == ()


def test_a_moved_or_copied_folder_goes_on(course, tmp_path):
    folder = prepare(tmp_path).folder
    (folder / TASK).write_text("mine", encoding="utf-8")
    moved = folder.rename(tmp_path / "somewhere else")
    copied = Path(shutil.copytree(moved, tmp_path / "Kopie von ü"))
    (course / "lessons" / "01_first.ipynb").write_text("newer", encoding="utf-8")
    for place in (moved, copied):
        done = prepare(place / "lessons")
        assert (done.folder, done.created) == (place, False)
        assert done.written == ("lessons/01_first.ipynb",)
        assert (place / TASK).read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("in_the_way", ["a folder", "a link", "a link to nothing"])
def test_what_stands_in_a_file_s_place_is_the_student_s(course, tmp_path, in_the_way):
    folder = prepare(tmp_path).folder
    task, elsewhere = folder / TASK, tmp_path / "elsewhere.py"
    task.unlink()
    if in_the_way == "a folder":
        task.mkdir()
    else:
        if in_the_way == "a link":
            elsewhere.write_bytes((course / TASK).read_bytes())
        try:
            task.symlink_to(elsewhere)
        except OSError:
            pytest.skip("no links here")
    (course / TASK).write_text("# newer task\n", encoding="utf-8")
    assert prepare(tmp_path).kept == (TASK,)
    assert task.is_dir() if in_the_way == "a folder" else task.is_symlink()
    assert elsewhere.exists() == (in_the_way == "a link")
    assert not elsewhere.exists() or elsewhere.read_text(encoding="utf-8") == "# task.py\n"


def test_a_file_that_is_no_utf8_or_read_only_is_kept(course, tmp_path):
    folder = prepare(tmp_path).folder
    (folder / TASK).write_bytes(b"# \xe9\xff\0")
    (folder / TASK).chmod(0o444)
    (course / TASK).write_text("# newer task\n", encoding="utf-8")
    assert prepare(tmp_path).kept == (TASK,)
    assert (folder / TASK).read_bytes() == b"# \xe9\xff\0"


def test_two_at_once(course, tmp_path):
    folder = prepare(tmp_path).folder
    (folder / TASK).write_text("mine", encoding="utf-8")
    for n in range(20):
        (course / "lessons" / f"{n + 2:02}_more.ipynb").write_text("{}" * 9999, encoding="utf-8")
    code = (
        "import pathlib, sys\nimport tinyffn.lab.folder as f\n"
        "f.course_files = lambda: pathlib.Path(sys.argv[1])\nf.prepare(pathlib.Path(sys.argv[2]))"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, course, tmp_path]) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert len(list((folder / "lessons").iterdir())) == 21  # and nothing half written is left
    assert all(len(p.read_bytes()) == 2 * 9999 for p in folder.glob("lessons/*_more.ipynb"))
    assert prepare(tmp_path).written == ()
    assert (folder / TASK).read_text(encoding="utf-8") == "mine"


def test_a_deleted_file_comes_back(course, tmp_path):
    folder = prepare(tmp_path).folder
    shutil.rmtree(folder / "exercises")
    assert TASK in prepare(tmp_path).written


def test_a_broken_course_json_is_a_sentence(course, tmp_path):
    folder = prepare(tmp_path).folder
    for text in ("", "[]", "{", '{"files": 3}', '{"format": "x", "files": {}}', '{"format": 1}'):
        (folder / "course.json").write_text(text, encoding="utf-8")
        with pytest.raises(CourseError, match=r"course.json cannot be read: delete it"):
            prepare(tmp_path)


def test_another_program_s_course_json_is_left_alone(course, tmp_path):
    foreign = tmp_path / "course.json"
    inside = tmp_path / "inside"
    inside.mkdir()
    for text in ("{}", "[1]", '{"course": "statistics", "files": {}}'):
        foreign.write_text(text, encoding="utf-8")
        assert prepare(inside).folder == inside / "tinyffn-course"
        assert find_course(inside) is None and foreign.read_text(encoding="utf-8") == text
    assert not (tmp_path / "pytest.ini").exists()


def test_a_course_json_of_a_newer_version_is_left_alone(course, tmp_path):
    folder = prepare(tmp_path).folder
    newer = json.dumps({"course": "tinyffn", "format": 2, "files": {}})
    (folder / "course.json").write_text(newer, encoding="utf-8")
    (folder / TASK).write_text("mine", encoding="utf-8")
    with pytest.raises(CourseError, match="of a newer tinyffn than this one: update tinyffn"):
        prepare(tmp_path)
    assert (folder / "course.json").read_text(encoding="utf-8") == newer


def test_where_nothing_can_be_written(course, tmp_path):
    (tmp_path / "tinyffn-course").write_text("a file in the way", encoding="utf-8")
    with pytest.raises(CourseError, match=r"cannot write .*tinyffn-course: .*Go to a directory"):
        prepare(tmp_path)


STEPS_OF_A_WRITE = [(tempfile, "mkstemp"), (os, "fdopen"), (os, "fsync"), (os, "replace")]


def fail_with_a_full_disk(monkeypatch, module, name, successes=0):
    """Let a function do its work some times, and then find the disk full."""
    original, left = getattr(module, name), [successes]

    def fail(*args, **kwargs):
        if left[0] == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        left[0] -= 1
        return original(*args, **kwargs)

    monkeypatch.setattr(module, name, fail)


@pytest.mark.parametrize(("module", "name"), STEPS_OF_A_WRITE)
def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path, monkeypatch, module, name):
    path = tmp_path / "task.py"
    write_whole(path, b"old")
    fail_with_a_full_disk(monkeypatch, module, name)
    with pytest.raises(OSError, match=r"No space left on device: '.*task\.py'$"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old" and files(tmp_path) == {"task.py"}


@pytest.mark.parametrize(("module", "name"), STEPS_OF_A_WRITE)
@pytest.mark.parametrize("successes", range(3))
def test_a_disk_that_fills_up_leaves_every_file_whole(
    course, tmp_path, monkeypatch, module, name, successes
):
    folder = prepare(tmp_path).folder
    names = (TASK, "lessons/01_first.ipynb")
    for file in names:
        (course / file).write_text("newer", encoding="utf-8")
    fail_with_a_full_disk(monkeypatch, module, name, successes)
    with pytest.raises(CourseError) as caught:
        prepare(tmp_path)
    said = str(caught.value)
    assert re.search(r"cannot write \S+(ipynb|task\.py|course\.json): No space left", said)
    assert "Your files are as they were: make room and give the command again" in said
    texts = [(folder / file).read_text(encoding="utf-8") for file in names]
    assert texts.count("newer") == successes
    assert set(texts) <= {"newer", "# task.py\n", "{}"}
    monkeypatch.undo()
    monkeypatch.setattr(folder_module, "course_files", lambda: course)
    assert prepare(tmp_path).kept == ()
    assert all((folder / file).read_text(encoding="utf-8") == "newer" for file in names)


def test_a_disk_that_is_full_from_the_start_is_a_sentence(course, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        fail_with_a_full_disk(patch, Path, "mkdir")
        with pytest.raises(CourseError, match="No space left on device"):
            prepare(tmp_path)
    assert prepare(tmp_path).created


def test_a_kill_in_the_middle_of_a_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "task.py"
    write_whole(path, b"old")
    code = (
        "import os, pathlib, sys\nfrom tinyffn.lab.folder import write_whole\n"
        "os.fsync = lambda file: os._exit(9)\nwrite_whole(pathlib.Path(sys.argv[1]), b'new')"
    )
    assert subprocess.run([sys.executable, "-c", code, path], check=False).returncode == 9
    assert path.read_bytes() == b"old"
    write_whole(path, b"newer")
    assert path.read_bytes() == b"newer"


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
