"""Making the student's course folder, and bringing it up to date, without touching their work.

course.json remembers the hash of every file as it was delivered. A file that still has that
hash is the course's and may be replaced by a newer one; any other file is the student's.
"""

import contextlib
import errno
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tinyffn.lab.course import MARKER, CourseError, course_files, find_course

FOLDER = "tinyffn-course"
FORMAT = 1  # of course.json
# A course folder may lie inside a project with test settings of its own: these come first.
PYTEST_INI = b"[pytest]\ntestpaths = .\naddopts = -p no:cacheprovider\n"


@dataclass(frozen=True)
class Delivery:
    """What preparing a folder did. Paths are relative to `folder`."""

    folder: Path
    created: bool
    written: tuple[str, ...]  # new files, and untouched ones of which the course has a newer one
    kept: tuple[str, ...]  # files that the student has changed, where the course has a newer one


def prepare(start: Path) -> Delivery:
    """Make `start`/tinyffn-course, or find the course folder around `start`, and fill it.

    Raises CourseError if the folder cannot be written, or its course.json cannot be read. Every
    file is whole then, old or new, and the next time goes on from there.
    """
    folder = find_course(start) or start / FOLDER
    created = not (folder / MARKER).is_file()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written, kept = _deliver(folder, dict(_course_content()))
    except OSError as error:
        remedy = "Go to a directory of your own (cd)"
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            remedy = "Your files are as they were: make room"
        raise CourseError(
            f"cannot write {error.filename or folder}: {error.strerror or error}. "
            f"{remedy} and give the command again"
        ) from None
    return Delivery(folder, created, tuple(written), tuple(kept))


def _course_content() -> Iterator[tuple[str, bytes]]:
    """Every file of a course folder: its path there, and its content."""
    root = course_files()
    yield "pytest.ini", PYTEST_INI
    for path in sorted(root.glob("lessons/*.ipynb")):
        yield f"lessons/{path.name}", path.read_bytes()
    for path in sorted(root.glob("exercises/*.py")):
        yield f"exercises/{path.name}", path.read_bytes()
    for name in ("task.py", "given.py"):  # never the reference, the checks or the wrong answers
        for path in sorted(root.glob(f"exercises/*/{name}")):
            yield f"exercises/{path.parent.name}/{name}", path.read_bytes()


def _deliver(folder: Path, content: dict[str, bytes]) -> tuple[list[str], list[str]]:
    delivered = _read_marker(folder / MARKER)
    written, kept = [], []
    for name, new in content.items():
        before, newest, present = delivered.get(name), _hash(new), _present(folder / name)
        if present is None or present == before != newest:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            write_whole(folder / name, new)
            written.append(name)
        elif present != newest:
            if before != newest:
                kept.append(name)
            continue
        delivered[name] = newest
    marker = {"course": "tinyffn", "format": FORMAT, "files": delivered}
    text = json.dumps(marker, indent=1, sort_keys=True)
    write_whole(folder / MARKER, f"{text}\n".encode())
    return written, kept


def _present(path: Path) -> str | None:
    """The hash of what is there, None if nothing is. A link or a folder is the student's doing."""
    if path.is_symlink() or path.is_dir():
        return "not ours"
    return _hash(path.read_bytes()) if path.exists() else None


def _read_marker(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content.get("format", 1) > FORMAT:
            raise CourseError(f"{path} is of a newer tinyffn than this one: update tinyffn")
        return dict(content["files"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CourseError(
            f"{path} cannot be read: delete it and give the command again (your work stays)"
        ) from None


def write_whole(path: Path, content: bytes) -> None:
    """Write a file at once: whoever looks, or pulls the plug, finds the old one or the new one."""
    name = ""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)  # mkstemp makes files that nobody else may read
        os.replace(name, path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.unlink(name)
        if isinstance(error, OSError):
            error.filename = str(path)  # not the name that it had while it was written
        raise


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
