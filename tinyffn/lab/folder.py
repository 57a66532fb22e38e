"""Making the student's course folder, and bringing it up to date, without touching their work.

course.json remembers the hash of every file as it was delivered. A file that still has that
hash is the course's and may be replaced by a newer one; any other file is the student's.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tinyffn.lab.course import MARKER, CourseError, course_files, find_course

FOLDER = "tinyffn-course"
# A course folder may lie inside a project with test settings of its own: these come first.
PYTEST_INI = b"[pytest]\ntestpaths = .\naddopts = -p no:cacheprovider\n"


@dataclass(frozen=True)
class Delivery:
    """What preparing a folder did. Paths are relative to `folder`."""

    folder: Path
    created: bool
    written: tuple[str, ...]  # new files, and untouched ones of which the course has a newer one
    kept: tuple[str, ...]  # files that the student has changed


def prepare(start: Path) -> Delivery:
    """Make `start`/tinyffn-course, or find the course folder around `start`, and fill it.

    Raises CourseError if the folder cannot be written, or its course.json cannot be read.
    """
    folder = find_course(start) or start / FOLDER
    created = not (folder / MARKER).is_file()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written, kept = _deliver(folder, dict(_course_content()))
    except OSError as error:
        reason = error.strerror or str(error)
        raise CourseError(
            f"cannot write {error.filename or folder}: {reason}. "
            "Go to a directory of your own (cd) and give the command again"
        ) from None
    return Delivery(folder, created, tuple(written), tuple(kept))


def _course_content() -> Iterator[tuple[str, bytes]]:
    """Every file of a course folder: its path there, and its content."""
    root = course_files()
    yield "pytest.ini", PYTEST_INI
    for path in sorted(root.glob("lessons/*.ipynb")):
        yield f"lessons/{path.name}", path.read_bytes()
    for name in ("task.py", "given.py"):  # never the reference, the checks or the wrong answers
        for path in sorted(root.glob(f"exercises/*/{name}")):
            yield f"exercises/{path.parent.name}/{name}", path.read_bytes()


def _deliver(folder: Path, content: dict[str, bytes]) -> tuple[list[str], list[str]]:
    delivered = _read_marker(folder / MARKER)
    written, kept = [], []
    for name, new in content.items():
        path = folder / name
        present = _hash(path.read_bytes()) if path.exists() else None
        if present is None or (present == delivered.get(name) and present != _hash(new)):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, new)
            written.append(name)
        elif present != _hash(new):
            kept.append(name)
            continue
        delivered[name] = _hash(new)
    marker = json.dumps({"course": "tinyffn", "files": delivered}, indent=1, sort_keys=True)
    write_whole(folder / MARKER, f"{marker}\n".encode())
    return written, kept


def _read_marker(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        return dict(json.loads(path.read_text(encoding="utf-8"))["files"])
    except (ValueError, KeyError, TypeError):
        raise CourseError(
            f"{path} cannot be read: delete it and give the command again (your work stays)"
        ) from None


def write_whole(path: Path, content: bytes) -> None:
    """Write a file at once: whoever looks, or pulls the plug, finds the old one or the new one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)  # mkstemp makes files that nobody else may read
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
