"""Single keys, without Enter, on every system; and the end of the input where there are none."""

import contextlib
import os
import select
import sys
import threading
import time
from collections.abc import Callable, Iterator

END = "end"  # no key will come any more
Key = Callable[[float], str]  # waits so many seconds at most; gives the key, "" for none, or END


@contextlib.contextmanager
def keyboard() -> Iterator[Key]:
    """Keys of the terminal on standard input, as they are pressed, until the block is left."""
    if os.name == "nt":
        yield _windows_key
        return
    import termios
    import tty

    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    try:
        tty.setcbreak(terminal)
        yield _posix_key
    finally:
        with contextlib.suppress(termios.error):  # the terminal is gone
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _posix_key(seconds: float) -> str:
    terminal = sys.stdin.fileno()
    if not select.select([terminal], [], [], seconds)[0]:
        return ""
    try:
        typed = os.read(terminal, 1)
        if typed == b"\x1b":  # an arrow or another key that sends several characters
            if select.select([terminal], [], [], 0.01)[0]:
                os.read(terminal, 64)
            return ""
    except OSError:
        return END
    return END if typed in (b"", b"\x04") else typed.decode("ascii", "replace")


def _windows_key(seconds: float) -> str:
    import msvcrt

    end = time.monotonic() + seconds
    while not msvcrt.kbhit():  # pyrefly: ignore [missing-attribute]
        if time.monotonic() > end:
            return ""
        time.sleep(0.01)
    return msvcrt.getwch()  # pyrefly: ignore [missing-attribute]


@contextlib.contextmanager
def no_keyboard() -> Iterator[Key]:
    """Standard input that is no terminal: nothing is a key, but its end is the END."""
    ended = threading.Event()

    def read_all() -> None:
        with contextlib.suppress(OSError):  # os.read, which holds no lock when Python ends
            while os.read(0, 4096):
                pass
        ended.set()

    threading.Thread(target=read_all, daemon=True).start()

    def key(seconds: float) -> str:
        if ended.is_set():
            time.sleep(seconds)
            return END
        return END if ended.wait(seconds) else ""

    yield key
