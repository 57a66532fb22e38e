"""Save the file, see the checks: `tinyffn watch`.

One loop looks at the file's content and at the keyboard, twenty times a second. The checks run
in a thread (and the student's file in a process of its own), so that keys are answered meanwhile.
When the file changes, a run of its old content is given up and never shown.
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path

from tinyffn.lab.course import CourseError, exercise_folder, exercise_folders, read_student
from tinyffn.lab.exercise import Exercise, ExerciseError, load_exercise
from tinyffn.lab.grade import grade
from tinyffn.lab.hints import next_hint
from tinyffn.lab.keys import END, keyboard, no_keyboard
from tinyffn.lab.overview import first_unfinished, overview
from tinyffn.lab.progress import Progress, record
from tinyffn.lab.report import Report
from tinyffn.lab.runner import Cancelled, Worker
from tinyffn.lab.terminal import (
    bar,
    can_clear,
    coloured,
    is_terminal,
    say,
    say_wrapped,
    size,
    speaks_utf8,
    wrapped,
)

POLL_SECONDS = 0.05
KEYS = "h hint  n next  p previous  l list  r run again  q quit"


def watch(folder: Path, exercise_id: str | None = None) -> int:
    """Watch one exercise of a course folder, the first unfinished one by default, until q."""
    watcher = Watcher(folder, exercise_id)
    for name in ("SIGTERM", "SIGHUP"):  # so that the terminal is put back, and no process stays
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: sys.exit(143))
    try:
        with (keyboard if is_terminal() else no_keyboard)() as key:
            while watcher.step(key(POLL_SECONDS)):
                pass
    except KeyboardInterrupt:
        pass
    finally:
        watcher.stop()
        if can_clear():
            print()  # the last screen stays, and the shell goes on below it
    return 0


class Run(threading.Thread):
    """One run of an exercise's checks on one content of the file."""

    def __init__(self, exercise: Exercise, source: bytes) -> None:
        super().__init__(daemon=True)
        self.exercise, self.source = exercise, source
        self.report: Report | None = None
        self._worker: Worker | None = None
        self._cancelled = False

    def run(self) -> None:
        try:
            self.report = grade(self.exercise, self.source, started=self._remember)
        except Cancelled:
            pass
        except Exception as error:  # a mistake in the checks: the watching goes on
            problem = f"the checks themselves failed: {type(error).__name__}: {error}"
            self.report = Report(self.exercise.id, self.exercise.title, problem=problem)

    def cancel(self) -> None:
        """Nobody waits for this one any more."""
        self._cancelled = True
        if self._worker is not None:
            self._worker.cancel()

    def _remember(self, worker: Worker) -> None:
        self._worker = worker
        if self._cancelled:
            worker.cancel()


class Watcher:
    """What is watched and what is on the screen. `step` is one turn of the loop."""

    def __init__(self, folder: Path, exercise_id: str | None) -> None:
        self.folder, self.folders = folder, exercise_folders()
        self.order = list(self.folders)
        start = exercise_id or first_unfinished(folder) or self.order[0]
        exercise_folder(start)  # raises CourseError for one that does not exist
        self.place = self.order.index(start)
        self.content: bytes | str | None = None  # of the file; a sentence where it cannot be read
        self.run: Run | None = None
        self.body = self.extra = ""  # on the screen: the report, and what is below it
        self.status = self.points = ""  # above it: when it was checked, and the result
        self.window = size()
        if can_clear():
            if os.name == "nt":
                os.system("")  # makes the console of older Windows understand what draw writes
            print("\n" * self.window[1])  # what was on the screen can still be scrolled to
        else:
            say_wrapped(f"tinyffn watch: save {self.path}, and the checks run. Ctrl-C ends it.")
            say(f"Keys: {KEYS}\n" if is_terminal() else "")

    @property
    def id(self) -> str:
        return self.order[self.place]

    @property
    def path(self) -> Path:
        return Path("exercises") / self.folders[self.id].name / "task.py"

    def step(self, key: str) -> bool:
        """One turn: a key, the file, a finished run. False when it is time to leave."""
        looked = self.content is not None and self.run is None  # at the input's end: a last look
        if key == "q" or (key == END and (looked or is_terminal())):
            return False
        try:
            self.press(key)
            self.look()
            if self.run is not None and self.run.report is not None:
                self.finish(self.run.report)
        except (CourseError, ExerciseError) as error:
            self.status = ""
            self.show(extra=str(error))
        if can_clear() and self.window != size():
            self.draw()
        return True

    def stop(self) -> None:
        """Give up the run, if there is one. Nobody waits for it."""
        if self.run is not None:
            self.run.cancel()
            self.run.join(timeout=1.0)  # so that what the file has started is gone as well
            self.run = None

    def press(self, key: str) -> None:
        if key in ("n", "p"):
            place = self.place + (1 if key == "n" else -1)
            if 0 <= place < len(self.order):
                self.place, self.content = place, None
            else:
                self.show(extra=f"This is the {'last' if key == 'n' else 'first'} exercise.")
        elif key == "r":
            self.content = None
        elif key == "l":
            room = max(size()[1] - 15, 5)  # what is left beside all that stands around the table
            self.show(overview(self.folder, self.id, room), "r: back to the checks")
        elif key == "h":
            exercise = load_exercise(self.folders[self.id])
            again = f"tinyffn hint {self.id} --level 1"
            self.show(extra=next_hint(self.folder, exercise, ask="press h", again=again))

    def look(self) -> None:
        """Read the file. If it is another one than before, its checks start."""
        before = self.content
        try:
            self.content = read_student(self.folders[self.id], self.folder)
        except CourseError as error:
            self.content = str(error)
        if self.content == before:
            return
        self.stop()
        self.status, self.points, self.body = "checking ...", "", ""
        if isinstance(self.content, str):
            raise CourseError(self.content)
        self.run = Run(load_exercise(self.folders[self.id]), self.content)
        self.run.start()
        if can_clear():
            self.show()  # not the old result: it is no longer true

    def finish(self, report: Report) -> None:
        """Keep and show what a run has found."""
        self.run = None
        self.status = time.strftime("checked at %H:%M:%S")
        if report.outcomes:
            self.points = f"{report.points} of {report.possible} points"
        notes = [f"({note})"] if (note := record(self.folder, report)) else []
        if report.passed:
            notes.append(self.what_next())
        if not can_clear():
            say(f"--- {self.status}")
        self.show(report.text(ascii_only=not speaks_utf8()), "\n".join(notes))

    def what_next(self) -> str:
        following = first_unfinished(self.folder)
        if following is None:
            return "Every exercise of the course is done."
        if self.order[self.place + 1 : self.place + 2] == [following]:
            return f"{self.id} is done. Press n to go on with {following}."
        return f"{self.id} is done. Not done yet: {following} (l lists all of them)."

    def show(self, body: str | None = None, extra: str = "") -> None:
        """A new body (None: the old one stays) with something below it.

        Where nothing can be cleared, what is new is written below the rest.
        """
        self.body, self.extra = self.body if body is None else body, extra
        if can_clear():
            self.draw()
        else:
            for text in filter(None, (body, extra)):
                say_wrapped(f"{text}\n\n")

    def draw(self) -> None:
        """The whole screen: progress, the report as far as it fits, what is below it, the keys."""
        self.window = size()
        line = f"{self.progress()}  {self.status}"
        head = [*wrapped(line), *wrapped(f"{self.path}  {self.points}"), ""]
        foot = ["", *wrapped(self.extra), *([""] if self.extra else []), *wrapped(KEYS)]
        body = [coloured(line) for line in wrapped(self.body)]
        if len(body) > (room := max(self.window[1] - len(head) - len(foot) - 1, 3)):
            hidden = len(body) - room + 1
            body = [*body[: room - 1], f"  ... {hidden} more lines: tinyffn check {self.id}"]
        text = "\n".join(f"{line}\x1b[K" for line in (*head, *body, *foot))
        print(f"\x1b[H{text}\x1b[J", end="", flush=True)

    def progress(self) -> str:
        try:
            progress = Progress(self.folder)
        except CourseError as error:
            return str(error)
        done, total = sum(progress[name].done for name in self.order), len(self.order)
        note = f"  ({progress.note})" if progress.note else ""
        return f"{bar(done, total, 20)} {done} of {total} done{note}"
