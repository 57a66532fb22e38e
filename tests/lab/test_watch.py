"""`tinyffn watch`, driven as a student drives it: a process, keys, and files that are saved."""

import contextlib
import os
import signal
import struct
import subprocess
import sys
import threading
import time
import types
from pathlib import Path

import pytest

import tinyffn
from tinyffn.lab import keys
from tinyffn.lab.course import exercise_folder
from tinyffn.lab.folder import prepare
from tinyffn.lab.progress import FILE, Progress

ROOT = Path(tinyffn.__file__).parents[1]
EXERCISE = exercise_folder("1.1")
RIGHT = (EXERCISE / "reference.py").read_bytes()
WRONG = (EXERCISE / "wrong" / "db_averaged.py").read_bytes()
HOSTILE = {
    "loop": b"while True:\n    pass\n",
    "loop in a call": b"def dense(x, w, b):\n    while True:\n        pass\n",
    "exit": b"exit(3)\n",
    "crash": b"import numpy\nnumpy.lib._utils_impl.sys.modules['os']._exit(3)\n",
    "memory": b"def dense(x, w, b):\n    return bytearray(2**40)\n",
    "memory, bit by bit": b"grown = [0]\nwhile True:\n    grown = grown + grown\n",
    "flood": b"def dense(x, w, b):\n    while True:\n        print('x' * 10**6, flush=True)\n",
    "escapes": b"print('\\x1b[2J\\x1b]0;title\\x07 hello')\n",
    "recursion": b"def dense(x, w, b):\n    return dense(x, w, b)\n",
    "not UTF-8": b"# \xff\xfe\n",
    "null": b"\0" * 100,
    "huge": b"x = 1\n" * 400_000,
}


class Student:
    """A `tinyffn watch` that is running: save files, press keys, read what it shows."""

    def __init__(self, folder: Path, *args: str, columns=80, rows=24, pipe=False, **env: str):
        import fcntl
        import pty
        import termios

        self.task = folder / "exercises" / EXERCISE.name / "task.py"
        self.shown = ""
        self.pipe = pipe
        if pipe:
            inside, self.keys = os.pipe()
            self.screen, outside = os.pipe()
        else:
            self.keys, inside = pty.openpty()
            outside, self.screen = inside, self.keys
            fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.terminal = inside
        clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "LC_ALL")}
        clean |= {"PYTHONPATH": str(ROOT), "TERM": "xterm", "LANG": "C.UTF-8", **env}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tinyffn", "watch", *args],
            stdin=inside, stdout=outside, stderr=subprocess.STDOUT,
            cwd=folder, env=clean, start_new_session=True,
        )  # fmt: skip
        if pipe:
            os.close(outside)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        with contextlib.suppress(OSError):
            while data := os.read(self.screen, 65536):
                self.shown += data.decode("utf-8", "replace")

    @property
    def frame(self) -> str:
        """What is on the screen now."""
        return self.shown.split("\x1b[H")[-1].replace("\x1b[K", "").split("\x1b[J")[0]

    def wait(self, text: str, seconds: float = 20.0) -> str:
        """Until the text is on the screen."""
        end = time.monotonic() + seconds
        while text not in self.frame:
            assert time.monotonic() < end, f"no {text!r} in:\n{self.frame}"
            assert self.process.poll() is None or text in self.frame, self.shown
            time.sleep(0.005)
        return self.frame

    def save(self, content: bytes) -> None:
        self.task.write_bytes(content)

    def press(self, key: str) -> None:
        os.write(self.keys, key.encode())

    def end(self) -> int:
        return self.process.wait(timeout=10)


posix = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")


@pytest.fixture
def start(tmp_path):
    folder = prepare(tmp_path).folder
    started = []

    def begin(*args, **settings) -> Student:
        started.append(Student(folder, *args, **settings))
        return started[-1]

    yield begin
    for student in started:
        if student.process.poll() is None:
            student.process.terminate()
            student.process.wait(timeout=10)


@posix
def test_an_hour_of_work(start, tmp_path):
    import termios

    student = start()
    before = termios.tcgetattr(student.terminal)
    said = student.wait("not written yet")
    assert "0 of " in said and "1.1  A dense layer" in said and "q quit" in said
    student.save(WRONG)
    student.wait("7 of 12 points")
    student.wait("db is a mean")
    assert "\x1b[32m✓" in student.frame and "\x1b[31m✗" in student.frame
    student.press("h")
    student.wait("hint 1 of 3: a question")
    student.press("h")
    student.wait("hint 2 of 3: an idea")
    student.press("l")
    student.wait("7/12")
    student.press("p")
    student.wait("This is the first exercise.")
    student.press("\x1b[A")  # the arrow upwards: no key of ours
    student.press("r")
    student.wait("7 of 12 points")
    student.save(RIGHT)
    student.wait("1.1 is done. Press n to go on with 1.2.")
    student.press("n")
    assert "1 of " in student.wait("1.2  ")
    student.press("p")
    student.wait("1.1 is done")
    assert termios.tcgetattr(student.terminal) != before  # keys come without Enter
    student.press("q")
    assert student.end() == 0
    assert termios.tcgetattr(student.terminal) == before
    entry = Progress(tmp_path / "tinyffn-course")["1.1"]
    assert entry.done and entry.hints == 2
    again = start()
    again.wait("1.2  ")  # the first that is not done


@posix
def test_saved_twice_at_once_and_in_the_middle_of_a_save(start):
    student = start()
    student.wait("not written yet")
    times = os.stat(student.task)
    for content, said in ((WRONG, "7 of 12"), (RIGHT, "12 of 12"), (WRONG, "7 of 12")):
        student.save(b"")
        time.sleep(0.12)  # long enough to be seen empty
        student.save(HOSTILE["loop"])
        time.sleep(0.3)
        assert "checking" in student.frame and "✓" not in student.frame  # not the old result
        student.save(content)
        os.utime(student.task, ns=(times.st_atime_ns, times.st_mtime_ns))
        saved = time.monotonic()
        while "checking" not in student.frame and said not in student.frame:
            time.sleep(0.005)  # what was there before may stay until it looks again
        start_of_new = len(student.shown)
        student.wait(said)
        assert time.monotonic() - saved < 4  # the loop was given up: its clock is 5 s
        time.sleep(0.3)
        later = student.shown[start_of_new:]
        assert "no answer within" not in later and said in student.frame


@posix
def test_nothing_in_the_file_takes_the_loop_down(start):
    student = start()
    student.wait("not written yet")
    for name, content in HOSTILE.items():
        student.save(content)
        time.sleep(0.4)
        student.press("p")
        student.wait("This is the first exercise", seconds=2)  # keys are answered all the while
        student.save(RIGHT)
        student.wait("12 of 12 points", seconds=4)
        assert student.process.poll() is None, name
    assert "Python ended while" in student.shown and "your file ends Python" in student.shown
    assert "\x1b]0;" not in student.shown


@posix
@pytest.mark.parametrize(
    ("name", "said"), [("loop", "no answer within"), ("memory", "out of memory")]
)
def test_what_is_said_when_the_end_is_waited_for(start, name, said):
    student = start()
    student.wait("not written yet")
    student.save(HOSTILE[name])
    student.wait(said)


@posix
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into /proc")
@pytest.mark.parametrize("how", ["q", "SIGTERM", "SIGINT", "save"])
def test_no_process_stays_behind(start, how):
    student = start()
    student.wait("not written yet")
    student.save(HOSTILE["loop"])
    student.wait("checking")
    time.sleep(0.4)
    (worker,) = children(student.process.pid)
    if how == "q":
        student.press("q")
    elif how == "save":
        student.save(RIGHT)
    else:
        student.process.send_signal(getattr(signal, how))
    if how == "save":
        student.wait("12 of 12 points")
    else:
        assert student.end() == (143 if how == "SIGTERM" else 0)
    assert not Path(f"/proc/{worker}").exists()


def children(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text(encoding="utf-8").rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found


@posix
def test_a_file_that_goes_and_comes_back(start):
    student = start()
    student.wait("not written yet")
    student.task.unlink()
    student.wait("is missing: the command tinyffn")
    student.task.mkdir()
    time.sleep(0.2)
    student.task.rmdir()
    student.save(RIGHT)
    student.wait("12 of 12 points")
    (student.task.parents[2] / FILE).write_text("{", encoding="utf-8")
    student.press("l")
    student.wait("progress.json was damaged")
    (student.task.parents[2] / "course.json").unlink()
    student.task.parents[2].rename(student.task.parents[3] / "moved")
    student.wait("there is no course folder in")
    student.press("h")
    student.press("q")
    assert student.end() == 0


@posix
@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (60, 20), (40, 12)])
def test_the_screen_fits(start, columns, rows):
    student = start(columns=columns, rows=rows, NO_COLOR="1")
    student.wait("0 of 12 points")
    for content, key in ((WRONG, ""), (WRONG + b"print('a line\\n' * 90)\n", ""), (WRONG, "l")):
        student.save(content)
        student.wait("checked at")
        student.press(key)
        time.sleep(0.3)
        lines = student.frame.replace("\r", "").split("\n")
        assert len(lines) <= rows and max(map(len, lines)) < columns, student.frame
    assert "\x1b[3" not in student.shown  # NO_COLOR


@posix
def test_a_terminal_that_can_do_nothing(start):
    student = start(TERM="dumb", LANG="C")
    student.wait("not written yet")
    student.save(WRONG)
    student.wait("7 of 12 points")
    student.press("h")
    assert "sum_i x_i w_ji" in student.wait("hint 1 of 3")
    student.press("\x04")
    assert student.end() == 0
    assert "\x1b" not in student.shown and student.shown.isascii()


@posix
def test_without_a_terminal_it_prints_until_the_input_ends(start):
    student = start("1.1", pipe=True)
    student.wait("not written yet")
    student.save(WRONG)
    student.wait("7 of 12 points")
    student.press("q")  # is no key here
    student.save(RIGHT)
    student.wait("12 of 12 points")
    os.close(student.keys)
    assert student.end() == 0
    assert "\x1b" not in student.shown and student.shown.count("--- checked at") == 3
    ended = start("1.1", pipe=True)
    os.close(ended.keys)  # before the first result, which is printed all the same
    assert ended.end() == 0
    ended.wait("12 of 12 points")
    stopped = start("1.1", pipe=True)
    stopped.wait("12 of 12 points")
    stopped.process.send_signal(signal.SIGINT)
    assert stopped.end() == 0


@posix
def test_from_save_to_feedback(start):
    student = start()
    student.wait("not written yet")
    taken = []
    for content, said in [(WRONG, "7 of 12"), (RIGHT, "12 of 12")] * 3:
        began = time.monotonic()
        student.save(content)
        student.wait(said)
        taken.append(time.monotonic() - began)
        time.sleep(0.1)
    assert min(taken) < 1.0, taken  # 0.3 s on a quiet machine; a busy one gets its time


@posix
def test_an_exercise_that_does_not_exist(start):
    student = start("9.9")
    assert student.end() == 2
    assert "there is no exercise 9.9" in student.frame


def test_keys_on_windows(monkeypatch):
    pressed = ["q", "", "h"]  # "" stands for: nothing yet
    fake = types.SimpleNamespace(kbhit=lambda: bool(pressed[-1]), getwch=lambda: pressed.pop())
    monkeypatch.setitem(sys.modules, "msvcrt", fake)
    assert keys._windows_key(0.1) == "h"
    assert keys._windows_key(0.02) == ""
    pressed.pop()
    assert keys._windows_key(0.1) == "q"
