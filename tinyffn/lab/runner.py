"""Starting, asking and stopping the process in which a student's file runs.

The clock is on this side: a loop that never ends is killed from outside. Pipes are read by
threads, which works on every system.
"""

import contextlib
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

from tinyffn.lab.judge import Failure
from tinyffn.lab.worker import MAX_MEMORY_BYTES, decode, encode, read_frame, write_frame

WORKER_FILE = Path(__file__).with_name("worker.py")
START_SECONDS = 60.0  # importing NumPy for the first time on a slow disk
MAX_OUTPUT_BYTES = 4096
NUMPY_ON_MATMUL = re.compile(r"matmul: .*core dimension.*\(size (\d+) is different from (\d+)\)")


class Cancelled(BaseException):
    """Nobody waits for the answer any more. Not an Exception: it is no failure of the file's."""


class Worker:
    """A child process that holds one student's file; restarted after it was killed.

    `source` is the content of the file, `given` that of the exercise's given.py, and `seconds`
    what one check may take. Use it as a context manager: at its end the process is gone.
    """

    def __init__(self, source: bytes, given: bytes | None = None, seconds: float = 5.0) -> None:
        self.source, self.given, self.seconds = source, given, seconds
        self.output = bytearray()  # what the file printed, the first 4 kB
        self._process: subprocess.Popen[bytes] | None = None
        self._cancelled = False
        self._allowed = self._deadline = 0.0  # seconds, and the clock's time when they are over

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def prepare(self) -> None:
        """Get ready for one check: a live process with the file loaded, and a fresh clock.

        Raises Failure if the file cannot be loaded.
        """
        if self._cancelled:
            raise Cancelled
        if self._process is None:
            self._start()
            try:
                self._start_clock(START_SECONDS)
                self.ask({"do": "forget"}, "starting Python")  # answered once NumPy is there
                self._start_clock(self.seconds)
                given = None if self.given is None else np.frombuffer(self.given, np.uint8)
                source = np.frombuffer(self.source, np.uint8)
                self.ask({"do": "load", "source": source, "given": given}, "loading task.py")
            except Failure:
                self.stop()
                raise
        self._start_clock(self.seconds)

    def ask(self, request: dict[str, Any], doing: str) -> dict[str, Any]:
        """Send one request and return the reply's value; `doing` says in words what it is.

        Raises Failure, in the student's words, if an exception, a crash, the clock or a reply
        that is none comes back instead.
        """
        self._requests.put(encode(request))
        try:
            reply = self._replies.get(timeout=max(self._deadline - time.monotonic(), 0.001))
        except queue.Empty:
            self.stop()
            raise Failure(
                "runs",
                f"no answer within {self._allowed:g} s while {doing}: "
                "is it too much work, or is there a loop that never ends?",
                error="timeout",
            ) from None
        if self._cancelled:
            raise Cancelled
        if isinstance(reply, bytes):
            return understand(reply, self.source)
        raise Failure("runs", self._last_words(doing, reply), error="crash")

    def stop(self) -> None:
        """End the process, and whatever it has started, and collect what it printed."""
        if self._process is None:
            return
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):  # it has ended already
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        self._listener.join(timeout=1.0)
        self._requests.put(None)
        self._process = None

    def cancel(self) -> None:
        """From another thread: end what runs now, and raise Cancelled where it is waited for."""
        self._cancelled = True
        if (process := self._process) is not None:
            process.kill()

    def _start_clock(self, seconds: float) -> None:
        self._allowed, self._deadline = seconds, time.monotonic() + seconds

    def _start(self) -> None:
        env = {k: v for k, v in os.environ.items() if k != "PYTHONWARNINGS"}
        env["PYTHONIOENCODING"] = "utf-8"
        env["OPENBLAS_NUM_THREADS"] = "1"  # an exercise's arrays are small: starting is what costs
        process = self._process = subprocess.Popen(
            [sys.executable, "-P", "-u", str(WORKER_FILE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=env,
            start_new_session=True,  # its own group: killed whole, and not reached by Ctrl-C
        )
        self._requests: queue.Queue[bytes | None] = queue.Queue()
        self._replies: queue.Queue[bytes | Exception] = queue.Queue()
        threads = [
            threading.Thread(target=_pump, args=(process, self._requests, self._replies)),
            threading.Thread(target=_listen, args=(process, self.output)),
        ]
        for thread in threads:
            thread.daemon = True
            thread.start()
        self._listener = threads[1]

    def _last_words(self, doing: str, error: Exception) -> str:
        """A sentence about a process that ended, or that sent what no worker sends."""
        assert self._process is not None
        if not isinstance(error, EOFError | OSError):
            self.stop()
            return f"while {doing}, your file wrote into the grader's own pipe"
        try:
            code = self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            code = 0  # alive, but it has closed the pipe
        self.stop()
        if code < 0:
            return f"Python itself was killed while {doing} ({signal.Signals(-code).name})"
        return f"Python ended while {doing} (exit code {code}): does something call os._exit?"


def understand(reply: bytes, source: bytes) -> dict[str, Any]:
    """The content of a reply, with handles as they are. Raises Failure for anything else."""
    try:
        content = decode(reply)
        if "error" in content:
            kind, text = str(content["error"]["type"]), str(content["error"]["message"])
            line = content["error"]["line"]
        else:
            passed = [(str(name), value) for name, value in content["passed"]]
            return {"value": content["value"], "passed": passed}
    except Exception:  # the other end is not trusted: whatever is wrong with it, it is no answer
        raise Failure("runs", "what came back is not an answer", error="wire") from None
    raise Failure("runs", explain(kind, text, line, source), error=f"{kind}: {text}")


def explain(kind: str, text: str, line: Any, source: bytes) -> str:
    """One sentence about an exception in the student's file, with the line where it arose."""
    lines = source.decode("utf-8", "replace").splitlines()
    where = ""
    if isinstance(line, int) and 0 < line <= len(lines):
        where = f"line {line}, `{lines[line - 1].strip()}`"
    if kind == "Unsendable":
        return text
    if kind == "NotImplementedError":
        return f"not written yet: {where}" if where else "not written yet"
    if kind == "MemoryError":
        return f"out of memory (the cap is {MAX_MEMORY_BYTES // 2**30} GB): {where or text}"
    if kind in ("SystemExit", "KeyboardInterrupt"):
        return f"your file ends Python itself instead of returning: {where or kind}"
    if kind == "EOFError" and "input(" in where:
        return f"your file waits for something to be typed, and nobody is there: {where}"
    text = NUMPY_ON_MATMUL.sub(
        r"the axes that @ sums over differ: size \2 on the left, \1 on the right", text
    )
    return f"{kind} in {where}: {text}" if where else f"{kind}: {text}"


def _pump(
    process: subprocess.Popen[bytes],
    requests: "queue.Queue[bytes | None]",
    replies: "queue.Queue[bytes | Exception]",
) -> None:
    """Thread: send each request and wait for its reply, until the process or the grader ends."""
    assert process.stdin and process.stdout
    # Closing a pipe whose other end is gone is an error too, and of no interest.
    with contextlib.suppress(OSError), process.stdin as to_child, process.stdout as from_child:
        while (request := requests.get()) is not None:
            try:
                write_frame(to_child, request)
                replies.put(read_frame(from_child))
            except Exception as error:
                replies.put(error)
                return


def _listen(process: subprocess.Popen[bytes], output: bytearray) -> None:
    """Thread: read all that the file prints, so that it never blocks, and keep the beginning."""
    assert process.stderr
    with process.stderr as pipe:
        while chunk := os.read(pipe.fileno(), 65536):
            output += chunk[: max(MAX_OUTPUT_BYTES - len(output), 0)]
