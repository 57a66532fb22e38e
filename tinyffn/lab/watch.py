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
from tinyffn.lab.runner import Worker
from tinyffn.lab.terminal import (
    bar,
    can_clear,
    coloured,
    is_terminal,
    say,
    size,
    speaks_utf8,
    wrapped,
)

POLL_SECONDS = 0.05
KEYS = "h hint  n next  p previous  l list  r run again  q quit"


def watch(folder: Path, exercise_id: str | None = None) -> int:
    """Watch one exercise of a course folder, the first unfinished one by default, until q."""
    watcher = Watcher(folder, exercise_id)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the terminal is put back
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
        self.folder, self.order = folder, list(exercise_folders())
        start = exercise_id or first_unfinished(folder) or self.order[0]
        exercise_folder(start)  # raises CourseError for one that does not exist
        self.place = self.order.index(start)
        self.content: bytes | str | None = None  # of the file; a sentence where it cannot be read
        self.run: Run | None = None
        self.body = self.extra = self.status = ""  # on the screen: the report, and what is below
        self.window = size()
        if can_clear():
            print("\n" * self.window[1])  # what was on the screen can still be scrolled to
        else:
            say(f"tinyffn watch: save {self.path}, and the checks run. Ctrl-C ends it.")
            say(f"Keys: {KEYS}" if is_terminal() else "")

    @property
    def id(self) -> str:
        return self.order[self.place]

    @property
    def path(self) -> Path:
        return Path("exercises") / exercise_folder(self.id).name / "task.py"

    def step(self, key: str) -> bool:
        """One turn: a key, the file, a finished run. False when it is time to leave."""
        if key == "q" or (key == END and (self.run is None or is_terminal())):
            return False
        self.press(key)
        self.look()
        if self.run is not None and self.run.report is not None:
            self.finish(self.run.report)
        if can_clear() and self.window != size():
            self.draw()
        return True

    def stop(self) -> None:
        """Give up the run, if there is one. Nobody waits for it."""
        if self.run is not None:
            self.run.cancel()
            self.run = None

    def press(self, key: str) -> None:
        if key in ("n", "p"):
            place = self.place + (1 if key == "n" else -1)
            if 0 <= place < len(self.order):
                self.place, self.content = place, None
            else:
                self.show(self.body, f"This is the {'last' if key == 'n' else 'first'} exercise.")
        elif key == "r":
            self.content = None
        elif key in ("h", "l"):
            try:
                if key == "l":
                    self.show(overview(self.folder), "r: back to the checks")
                else:
                    exercise = load_exercise(exercise_folder(self.id))
                    self.show(self.body, next_hint(self.folder, exercise, ask="press h"))
            except (CourseError, ExerciseError) as error:
                self.show(self.body, str(error))

    def look(self) -> None:
        """Read the file. If it is another one than before, its checks start."""
        before = self.content
        try:
            self.content = read_student(exercise_folder(self.id), self.folder)
        except CourseError as error:
            self.content = str(error)
        if self.content == before:
            return
        self.stop()
        self.status = "checking ..."
        try:
            if isinstance(self.content, str):
                raise CourseError(self.content)
            self.run = Run(load_exercise(exercise_folder(self.id)), self.content)
            self.run.start()
            if can_clear():
                self.show("")  # not the old result: it is no longer true
        except (CourseError, ExerciseError) as error:
            self.status = ""
            self.show(f"{self.id}  {error}")

    def finish(self, report: Report) -> None:
        """Keep and show what a run has found."""
        self.run = None
        self.status = time.strftime("checked at %H:%M:%S")
        notes = [f"({note})"] if (note := record(self.folder, report)) else []
        if report.passed:
            notes.append(self.what_next())
        self.show(report.text(ascii_only=not speaks_utf8()), "\n".join(notes))

    def what_next(self) -> str:
        following = first_unfinished(self.folder)
        if following is None:
            return "Every exercise of the course is done."
        if self.order[self.place + 1 : self.place + 2] == [following]:
            return f"{self.id} is done. Press n to go on with {following}."
        return f"{self.id} is done. Not done yet: {following} (l lists all of them)."

    def show(self, body: str, extra: str = "") -> None:
        """Put this on the screen, or write it below the rest where nothing can be cleared."""
        if can_clear():
            self.body, self.extra = body, extra
            self.draw()
        else:
            new = [text for text in (body if body != self.body else "", extra, self.status) if text]
            self.body = body
            say("\n".join(line for text in [*new, ""] for line in wrapped(text) or [""]))

    def draw(self) -> None:
        """The whole screen: progress, the report as far as it fits, what is below it, the keys."""
        columns, rows = self.window = size()
        progress = Progress(self.folder)
        done = sum(progress[name].done for name in self.order)
        count = f" {done} of {len(self.order)} done"
        head = [bar(done, len(self.order), min(columns - len(count) - 4, 40)) + count]
        head += [*wrapped(f"{self.path}  {self.status}"), ""]
        foot = ["", *wrapped(self.extra), *([""] if self.extra else []), *wrapped(KEYS)]
        body = [coloured(line) for line in wrapped(self.body)]
        if len(body) > (room := max(rows - len(head) - len(foot) - 1, 3)):
            hidden = len(body) - room + 1
            body = [*body[: room - 1], f"  ... {hidden} more lines: tinyffn check {self.id}"]
        if os.name == "nt":
            os.system("")  # this makes the console of older Windows understand what follows
        text = "\n".join(f"{line}\x1b[K" for line in (*head, *body, *foot))
        print(f"\x1b[H{text}\x1b[J", end="", flush=True)
