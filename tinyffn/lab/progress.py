"""What the student has reached: progress.json in the course folder, which anyone can read.

    {"folder": "/courses/tinyffn-course",
     "exercises": {"1.1": {"points": 7, "possible": 12, "hints": 2, "predictions": ["it doubles"],
                           "gave_up": false}}}

Nothing is sent anywhere. The file is replaced as a whole: whoever reads it while two terminals
write finds one state or the other, and the last write stays.
"""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tinyffn.lab.course import CourseError
from tinyffn.lab.folder import write_whole
from tinyffn.lab.report import Report

FILE = "progress.json"


@dataclass
class Entry:
    """How far one exercise is."""

    points: int = 0  # the best so far
    possible: int = 0  # of how many; 0 before the first check
    hints: int = 0  # the highest level that was shown
    predictions: list[str] = field(default_factory=list)
    gave_up: bool = False  # the solution was shown before the checks passed

    @property
    def done(self) -> bool:
        return self.points == self.possible > 0


class Progress:
    """The state of one course folder, as it was on the disk a moment ago.

    `note` is a sentence for the student where the file was damaged, else empty.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self.folder = str(folder.resolve())  # where the file was begun
        self.entries: dict[str, Entry] = {}
        self.note = ""
        try:
            self._read()
        except FileNotFoundError:
            return
        except OSError as error:
            raise CourseError(f"cannot read {self.path}: {error.strerror or error}") from None
        except (ValueError, RecursionError):
            self.note = self._set_aside()

    def __getitem__(self, exercise_id: str) -> Entry:
        """The entry of an exercise; an untouched one has an empty entry."""
        return self.entries.setdefault(exercise_id, Entry())

    def keep(self) -> str:
        """Replace the file. Returns a sentence where something is wrong, else ""."""
        entries = {name: asdict(self.entries[name]) for name in sorted(self.entries)}
        text = json.dumps({"folder": self.folder, "exercises": entries}, indent=1)
        try:
            write_whole(self.path, f"{text}\n".encode())
        except OSError as error:
            reason = error.strerror or str(error)
            return f"your progress cannot be kept in {self.path}: {reason}"
        return self.note

    def _read(self) -> None:
        content = json.loads(self.path.read_text(encoding="utf-8-sig"))  # Notepad adds a mark
        entries = _expect(_expect(content, dict).get("exercises"), dict)
        self.folder = _expect(content.get("folder", self.folder), str)
        self.entries = {str(name): _entry(entry) for name, entry in entries.items()}

    def _set_aside(self) -> str:
        self.entries = {}
        aside = free_name(self.path, "damaged")
        try:
            os.replace(self.path, aside)
        except OSError as error:
            return f"{self.path} is damaged, and cannot be set aside: {error.strerror or error}"
        return f"{self.path.name} was damaged: it is now {aside.name}, and a new one is begun"


def record(folder: Path, report: Report) -> str:
    """Keep the points of a report in the course folder `folder`, if they are the best so far.

    Never raises. Returns a sentence for the student where something is wrong, else "".
    """
    if not report.outcomes:  # not graded, so nothing was reached
        return ""
    try:
        progress = Progress(folder)
    except CourseError as error:
        return str(error)
    entry = progress[report.id]
    if entry.possible == report.possible and entry.points >= report.points:
        return progress.note
    entry.points, entry.possible = report.points, report.possible
    return progress.keep()


def free_name(path: Path, word: str) -> Path:
    """A name beside `path` that is not taken: task.backup-1.py, task.backup-2.py, ..."""
    n = 1
    while (free := path.with_name(f"{path.stem}.{word}-{n}{path.suffix}")).exists():
        n += 1
    return free


def _entry(content: Any) -> Entry:
    """An entry from its table; keys that another version may have written are left out."""
    values = {
        key: _expect(_expect(content, dict).get(key, value), type(value))
        for key, value in asdict(Entry()).items()
    }
    values["predictions"] = [_expect(text, str) for text in values["predictions"]]
    return Entry(**values)


def _expect(value: Any, kind: type) -> Any:
    if type(value) is not kind:  # not isinstance: True is no number of points
        raise ValueError(f"{value!r} is not of type {kind.__name__}")
    return value
