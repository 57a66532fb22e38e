"""Putting an exercise's task.py back, without losing what is in it."""

import os
from pathlib import Path

from tinyffn.lab.course import CourseError
from tinyffn.lab.folder import write_whole
from tinyffn.lab.progress import free_name


def reset(folder: Path, exercise: Path) -> str:
    """Put the original task.py back; returns a sentence that says where the student's now is.

    `folder` is the course folder, `exercise` the exercise's own. The backup is whole on the disk
    before task.py is touched. Raises CourseError where something cannot be written.
    """
    path = folder / "exercises" / exercise.name / "task.py"
    original = (exercise / "task.py").read_bytes()
    try:
        mine = path.read_bytes() if path.exists() else None
        if mine == original:
            return f"{path} is as it was at the beginning: there is nothing to put back."
        path.parent.mkdir(parents=True, exist_ok=True)
        backup = None if mine is None else back_up(path, mine)
        write_whole(path, original)
    except OSError as error:
        raise CourseError(
            f"nothing was put back: cannot write {error.filename or path}: "
            f"{error.strerror or error}; your file is as it was"
        ) from None
    kept = f" Yours is kept beside it as {backup.name}." if backup else ""
    return f"{path} is as it was at the beginning.{kept}"


def back_up(path: Path, content: bytes) -> Path:
    """Write the content beside `path` under a name that nothing has, and return that name."""
    while True:
        backup = free_name(path, "backup")
        try:
            file = backup.open("xb")  # never over another one, even if two do this at once
            break
        except FileExistsError:
            continue
    try:
        with file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException as error:
        backup.unlink()
        if isinstance(error, OSError):
            error.filename = error.filename or str(backup)
        raise
    return backup
