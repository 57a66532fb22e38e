"""Where the course's own files lie, and where the student's copy of them is."""

import json
from pathlib import Path

import tinyffn
from tinyffn.lab.exercise import exercise_id

MARKER = "course.json"  # the file that makes a folder a course folder


class CourseError(Exception):
    """Something a student asked for that is not there, in one sentence that says what to do."""


def course_files() -> Path:
    """The directory that holds lessons/ and exercises/: in a clone, or in an installed package."""
    package = Path(tinyffn.__file__).resolve().parent
    for root in (package / "course", package.parent):
        if (root / "exercises").is_dir() and (root / "lessons").is_dir():
            return root
    raise CourseError("the course's lessons and exercises are not installed: reinstall tinyffn")


def exercise_folders() -> dict[str, Path]:
    """Every exercise's folder by its id, in the order of the course."""
    folders = sorted(p.parent for p in (course_files() / "exercises").glob("*/exercise.toml"))
    return {exercise_id(folder): folder for folder in folders}


def exercise_folder(wanted: str) -> Path:
    """The folder of one exercise. Raises CourseError, naming those that exist."""
    folders = exercise_folders()
    if wanted not in folders:
        raise CourseError(f"there is no exercise {wanted}; there are: {', '.join(folders)}")
    return folders[wanted]


def find_course(start: Path) -> Path | None:
    """The student's course folder: the nearest one upwards from `start` that has course.json."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / MARKER).is_file() and _is_ours(folder / MARKER):
            return folder
    return None


def _is_ours(marker: Path) -> bool:
    """Whether a course.json is not another program's. A damaged one may be ours."""
    try:
        content = json.loads(marker.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return True
    return isinstance(content, dict) and content.get("course") == "tinyffn"


def course_home(start: Path) -> Path:
    """The student's course folder, around `start` or in it. Raises CourseError without one."""
    home = find_course(start) or find_course(start / "tinyffn-course")
    if home is None:
        raise CourseError(f"there is no course folder in {start}: the command tinyffn makes one")
    return home


def student_file(exercise: Path, start: Path) -> Path:
    """The student's task.py for the exercise in that folder. Raises CourseError without one."""
    path = course_home(start) / "exercises" / exercise.name / "task.py"
    if path.is_dir():
        raise CourseError(f"{path} is a folder: move it away, and the command tinyffn makes a file")
    if not path.is_file():
        raise CourseError(f"{path} is missing: the command tinyffn puts it back")
    return path


def read_student(exercise: Path, start: Path) -> bytes:
    """The content of the student's task.py. Raises CourseError where it cannot be read."""
    path = student_file(exercise, start)
    try:
        return path.read_bytes()
    except OSError as error:
        raise CourseError(f"cannot read {path}: {error.strerror or error}") from None
