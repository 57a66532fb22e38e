"""What a check holds in its hands instead of the student's functions.

    y, backward = task.dense(x, w, b)      # a call in the worker; y comes back as an array
    dx, dw, db = backward(dy)              # backward stayed there; this calls it there

The same check runs on the reference and on the known wrong answers, so the proxy does not know
whose file is at the other end.
"""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

from tinyffn.lab.judge import Failure
from tinyffn.lab.worker import Handle

# The exceptions that are easier to understand once one knows what the function was given.
ABOUT_SHAPES = ("ValueError", "TypeError", "IndexError", "AxisError")
# Sends one request, with words for what it does, and returns {"value": ..., "passed": ...}.
Ask = Callable[[dict[str, Any], str], dict[str, Any]]


class Conversation:
    """What one check has asked one file, and in which form the answers came.

    `expected` is the list of forms in which the reference answered the same questions. With it,
    an answer of another form ("an array" for "(an array, a function)") raises Failure, so that
    a check can unpack what it gets without looking.
    """

    def __init__(self, ask: Ask, expected: list[str] | None = None) -> None:
        self._ask, self._expected = ask, expected
        self.forms: list[str] = []
        self._sent: list[Any] = []  # a copy of every argument that the other end could change
        ask({"do": "forget"}, "between two checks")
        self.task = Remote(self, Handle(0, "task.py", False))

    def get(self, owner: "Remote", name: str) -> Any:
        request = {"do": "get", "target": owner._handle, "name": name}
        return self._answer(request, f"{owner._handle.label}'s {name}", "is")

    def call(self, function: "Remote", args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        args = tuple(_as_sent(value) for value in args)
        kwargs = {name: _as_sent(value) for name, value in kwargs.items()}
        for value in [*args, *kwargs.values()]:
            if isinstance(value, np.ndarray | list | dict):
                self._sent.append(copy.deepcopy(value))
        handles = [_to_handle(value) for value in args]
        named = {name: _to_handle(value) for name, value in kwargs.items()}
        request = {"do": "call", "target": function._handle, "args": handles, "kwargs": named}
        try:
            return self._answer(request, function._handle.label, "returned")
        except Failure as failure:
            shapes = [str(value.shape) for value in args if isinstance(value, np.ndarray)]
            if shapes and failure.error.startswith(ABOUT_SHAPES):
                what = "an array" if len(shapes) == 1 else "arrays"
                given = f"{what} of shape {', '.join(shapes)}"
                failure.message += f"\n({function._handle.label} was given {given})"
            raise

    def _answer(self, request: dict[str, Any], what: str, verb: str) -> Any:
        self.forms.append("nothing")  # counts the question, should it not be answered
        reply = self._ask(request, f"{'running' if verb == 'returned' else 'reading'} {what}")
        for before, (name, after) in zip(self._sent, reply["passed"], strict=False):
            if not unchanged(before, after):
                message = f"you wrote into {name}: its caller still needs it as it was"
                raise Failure("inputs", message, name=name)
        value = self._with_remotes(reply["value"])
        self.forms[-1] = form(value)
        if self._expected is not None and len(self.forms) <= len(self._expected):
            expected = self._expected[len(self.forms) - 1]
            if self.forms[-1] != expected:
                hint = ": is there a return?" if value is None else ""
                message = f"{what} {verb} {self.forms[-1]}, expected {expected}{hint}"
                raise Failure("runs", message, error=f"form {self.forms[-1]}")
        return value

    def _with_remotes(self, value: Any) -> Any:
        if isinstance(value, Handle):
            return Remote(self, value)
        if isinstance(value, list | tuple):
            return type(value)(self._with_remotes(item) for item in value)
        if isinstance(value, dict):
            return {key: self._with_remotes(item) for key, item in value.items()}
        return value


class Remote:
    """Something that stayed at the other end: call it, or read its attributes."""

    def __init__(self, conversation: Conversation, handle: Handle) -> None:
        self._conversation, self._handle = conversation, handle

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # NumPy and copy probe for such; nothing of theirs is here
            raise AttributeError(name)
        return self._conversation.get(self, name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._conversation.call(self, args, kwargs)


def form(value: Any) -> str:
    """What kind of thing came back, in words: "(an array, a function)"."""
    if isinstance(value, Remote):
        return "a function" if value._handle.is_function else "an object"
    if isinstance(value, list | tuple):
        parts = [form(item) for item in value]
        if len(parts) > 4 and len(set(parts)) == 1:
            return f"({len(parts)} times {parts[0]})"
        return "(" + ", ".join(parts) + ")"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {form(item)}" for key, item in value.items()) + "}"
    if value is None or isinstance(value, str):
        return "None" if value is None else "a string"
    return "an array"  # a bare number counts as one: shape and dtype are judged later


def unchanged(before: Any, after: Any) -> bool:
    """Whether an argument came back as it was sent, to the last bit."""
    if isinstance(before, np.ndarray):
        return (
            isinstance(after, np.ndarray)
            and before.shape == after.shape
            and before.dtype == after.dtype
            and before.tobytes() == after.tobytes()
        )
    if isinstance(before, list | tuple):
        return len(before) == len(after) and all(map(unchanged, before, after))
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(unchanged(before[k], after[k]) for k in before)
    return isinstance(after, Handle) or before == after


def _as_sent(value: Any) -> Any:
    """The value as the other end receives it: there a number of NumPy's is an array."""
    return np.asarray(value) if isinstance(value, np.generic) else value


def _to_handle(value: Any) -> Any:
    return value._handle if isinstance(value, Remote) else value
