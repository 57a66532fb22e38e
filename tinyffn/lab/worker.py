"""The process in which a student's file runs, and the wire between it and the grader.

The grader starts this file as `python -P -u worker.py` and sends requests: load this source,
call this function with these arrays. The worker sends back values. It never learns which
values are right, so nothing that runs in here can decide a grade.

The file needs Python and NumPy alone, so that it can run by itself behind a sandbox. The
grader imports the wire from here: both ends of a wire are best read together.

    frame    8 bytes of length, then a payload
    payload  4 bytes of length, then JSON, then the bytes of the arrays that the JSON describes
"""

import inspect
import io
import json
import math
import os
import struct
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

import numpy as np

MAX_FRAME_BYTES = 64 * 2**20
MAX_MEMORY_BYTES = 2 * 2**30
MAX_CPU_SECONDS = 600
MAX_DEPTH = 20
# The dtypes that may cross, by name. There is no way to say any other: nothing is unpickled.
INTEGERS = [f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)]
FLOATS = ["float16", "float32", "float64", "complex64", "complex128"]
DTYPES = {name: np.dtype(name) for name in ["bool", *INTEGERS, *FLOATS]}


@dataclass(frozen=True)
class Handle:
    """Stands for something that stays in the worker: a function, a closure, an object."""

    number: int
    label: str
    is_function: bool


@dataclass(frozen=True)
class Given:
    """Stands for a function of the exercise's given.py, which is sent by its name."""

    name: str


class Unsendable(ValueError):
    """A value that cannot cross the wire. Its text is a sentence for the student."""


def encode(value: Any, handle_for: Callable[[Any], Handle] | None = None) -> bytes:
    """Turn a value into a payload.

    None, bool, int, float, str, arrays, lists, tuples and dicts cross by value. For anything
    else `handle_for` is asked for a Handle. Raises Unsendable for what cannot cross.
    """
    blobs: list[bytes] = []

    def walk(v: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise Unsendable(f"a value nested more than {MAX_DEPTH} deep cannot be graded")
        if v is None or type(v) in (bool, int, float, str):
            return v
        if isinstance(v, np.ndarray | np.generic):
            array = np.asarray(v)
            name = array.dtype.name
            if name not in DTYPES:
                raise Unsendable(f"an array of dtype {array.dtype} cannot be graded")
            blobs.append(array.astype(DTYPES[name], copy=False).tobytes())
            return {"array": [name, array.shape]}
        if isinstance(v, list | tuple):
            kind = "tuple" if isinstance(v, tuple) else "list"
            return {kind: [walk(item, depth + 1) for item in v]}
        if isinstance(v, dict):
            pairs = [[walk(k, depth + 1), walk(item, depth + 1)] for k, item in v.items()]
            return {"dict": pairs}
        if isinstance(v, Handle):
            return {"handle": [v.number, v.label, v.is_function]}
        if isinstance(v, Given):
            return {"given": v.name}
        if handle_for is None:
            raise Unsendable(f"a value of type {type(v).__name__} cannot be sent")
        return walk(handle_for(v), depth)

    header = json.dumps(walk(value, 0)).encode()
    payload = b"".join([struct.pack(">I", len(header)), header, *blobs])
    if len(payload) > MAX_FRAME_BYTES:
        raise Unsendable(f"more than {MAX_FRAME_BYTES // 2**20} MB came back")
    return payload


def decode(payload: bytes, resolve: Callable[[Handle | Given], Any] = lambda v: v) -> Any:
    """Turn a payload back into a value; `resolve` says what a Handle or a Given becomes.

    The other end is not trusted: anything that is not as `encode` makes it raises an
    exception, of whatever type. No size is believed before the bytes are there.
    """
    (header_bytes,) = struct.unpack(">I", payload[:4])
    rest = io.BytesIO(payload[4 + header_bytes :])

    def walk(v: Any) -> Any:
        if not isinstance(v, dict):
            if isinstance(v, list):
                raise ValueError("a bare list is not part of the wire")
            return v
        ((kind, content),) = v.items()
        if kind == "array":
            return read_array(rest, *content)
        if kind == "list":
            return [walk(item) for item in content]
        if kind == "tuple":
            return tuple(walk(item) for item in content)
        if kind == "dict":
            return {walk(k): walk(item) for k, item in content}
        if kind == "handle":
            number, label, is_function = content
            return resolve(Handle(int(number), str(label)[:100], bool(is_function)))
        if kind == "given":
            return resolve(Given(str(content)))
        raise ValueError(f"{kind!r} is not part of the wire")

    return walk(json.loads(payload[4 : 4 + header_bytes]))


def read_array(blobs: IO[bytes], name: str, shape: list[int]) -> np.ndarray:
    """The next array, fresh and writable; raises ValueError if its bytes are not all there."""
    if not all(type(size) is int and size >= 0 for size in shape):
        raise ValueError(f"{shape} is no shape")
    n_bytes = math.prod(shape) * DTYPES[name].itemsize
    if n_bytes > MAX_FRAME_BYTES:
        raise ValueError(f"an array of {n_bytes} bytes")
    data = read_exactly(blobs, n_bytes)
    return np.frombuffer(data, DTYPES[name]).reshape(shape).copy()


def write_frame(pipe: IO[bytes], payload: bytes) -> None:
    """Send one payload, with its length in front."""
    pipe.write(struct.pack(">Q", len(payload)) + payload)
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> bytes:
    """Wait for one payload. Raises EOFError at the end, ValueError if it is too large."""
    (size,) = struct.unpack(">Q", read_exactly(pipe, 8))
    if size > MAX_FRAME_BYTES:
        raise ValueError(f"a frame of {size} bytes")
    return read_exactly(pipe, size)


def read_exactly(pipe: IO[bytes], n_bytes: int) -> bytes:
    data = pipe.read(n_bytes)
    if len(data) < n_bytes:
        raise EOFError("the pipe ended")
    return data


class Session:
    """One loaded file, and the objects of it that the grader holds handles to.

    `answer` turns a request into a reply. The grader also uses a Session in its own process,
    for code that it trusts: the reference and the known wrong answers.
    """

    def __init__(self, module: types.ModuleType) -> None:
        self.module = module
        self.given: dict[str, Any] = {}
        self.kept: list[Any] = [module]  # what handle 0, 1, 2, ... stand for
        self.passed: list[list[Any]] = []  # [name, value] of every argument that code can change

    def answer(self, payload: bytes) -> bytes:
        """Do what one request asks. Whatever goes wrong becomes a reply, too."""
        try:
            request = decode(payload, self.resolve)
            do = {"load": self.load, "forget": self.forget, "get": self.get, "call": self.call}
            value = do[request.pop("do")](**request)
            return encode({"value": value, "passed": self.passed}, self.keep)
        except BaseException as error:  # SystemExit too: exit() must not end the run unseen
            return encode({"error": describe(error, self.module.__name__ + ".py")})

    def load(self, source: np.ndarray, given: np.ndarray | None) -> None:
        """Run the file, whose bytes come as an array. Bytes: no import, so no stale cache."""
        if given is not None:
            exec(compile(given.tobytes(), "given.py", "exec", dont_inherit=True), self.given)
        name = self.module.__name__ + ".py"
        code = compile(source.tobytes(), name, "exec", dont_inherit=True)
        exec(code, self.module.__dict__)

    def forget(self) -> None:
        """Between two checks: let go of every object but the module."""
        del self.kept[1:]
        self.passed.clear()

    def get(self, target: Any, name: str) -> Any:
        if not hasattr(target, name):
            owner = "your file" if target is self.module else type(target).__name__
            raise Unsendable(f"{owner} has no {name}")
        return getattr(target, name)

    def call(self, target: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        try:
            names = list(inspect.signature(target).parameters)
        except (TypeError, ValueError):  # not every callable has a signature
            names = []
        names += [f"argument {i + 1}" for i in range(len(names), len(args))]
        for name, value in [*zip(names, args, strict=False), *kwargs.items()]:
            if isinstance(value, np.ndarray | list | dict):
                self.passed.append([name, value])
        return target(*args, **kwargs)

    def keep(self, value: Any) -> Handle:
        self.kept.append(value)
        label = str(getattr(value, "__name__", type(value).__name__))
        return Handle(len(self.kept) - 1, label, callable(value))

    def resolve(self, reference: Handle | Given) -> Any:
        if isinstance(reference, Given):
            return self.given[reference.name]
        return self.kept[reference.number]


def describe(error: BaseException, filename: str) -> dict[str, Any]:
    """What the grader is told of an exception: type, message, and the line in `filename`."""
    line, step = None, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == filename:
            line = step.tb_lineno
        step = step.tb_next
    try:
        message = str(error)[:500]
    except Exception:  # an exception class of the student's own, with a __str__ that fails
        message = ""
    return {"type": type(error).__name__, "message": message, "line": line}


def limit_resources() -> None:
    """Cap this process's memory, where the system can (elsewhere only the clock protects).

    The grader's clock is the one that counts. The cap on processor time is for a loop that has
    lost its grader, say to a restart of the notebook in the middle of a check.
    """
    if sys.platform == "linux":
        import resource  # POSIX only

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))


def main() -> None:
    # Move the two pipes away before any student code runs. Afterwards 0 is empty, and what the
    # student prints on 1 joins 2, which the grader shows: it cannot be mistaken for a reply.
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    limit_resources()
    module = sys.modules["task"] = types.ModuleType("task")
    session = Session(module)
    while True:
        try:
            payload = read_frame(requests)
        except EOFError:  # the grader has closed its end
            return
        write_frame(replies, session.answer(payload))


if __name__ == "__main__":
    main()
