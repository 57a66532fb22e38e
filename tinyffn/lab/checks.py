"""What a check is, and how one is asked of a file.

An exercise's checks.py is a list of these:

    @check("forward", points=2)
    def forward(task, rng):
        x, w, b = inputs(rng, (5, 4))
        y, _ = task.dense(x, w, b)
        return {"y": y}

A check makes inputs from `rng`, calls functions of `task`, and returns named arrays. It does
not say what is right: it is asked of the reference first, and then of the student's file, and
the two dictionaries are compared. A check of a property calls `require` as well.
"""

import types
import warnings
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tinyffn.lab.judge import Failure, require
from tinyffn.lab.proxy import Ask, Conversation, Remote
from tinyffn.lab.runner import understand
from tinyffn.lab.worker import Given, Session, encode

__all__ = ["Answer", "Check", "Given", "ask_check", "check", "local", "require"]

CheckFunction = Callable[[Remote, np.random.Generator], dict[str, Any] | None]


@dataclass(frozen=True)
class Check:
    """One check: its name and worth, what must pass before it, and whether it keeps a secret."""

    name: str
    points: int
    after: tuple[str, ...]
    tolerance: float
    function: CheckFunction
    secret: bool = False


def check(
    name: str,
    *,
    points: int,
    after: str | tuple[str, ...] = (),
    tolerance: float = 1e-6,
    secret: bool = False,
) -> Callable[[CheckFunction], Check]:
    """Decorator that makes a function of (task, rng) a Check.

    It is skipped where a check named in `after` has not passed. `tolerance` is both relative
    and absolute. A `secret` check says which value is wrong and not what it should be: for answers
    that are the same at every seed, and could be copied from what is said.
    """
    before = (after,) if isinstance(after, str) else tuple(after)

    def make(function: CheckFunction) -> Check:
        return Check(name, points, before, tolerance, function, secret)

    return make


@dataclass(frozen=True)
class Answer:
    """What a check got from a file: its named arrays, and the form of every reply."""

    values: dict[str, Any]
    forms: list[str]


def ask_check(check: Check, ask: Ask, seed: int, expected: list[str] | None = None) -> Answer:
    """Run one check on the file behind `ask`.

    Raises Failure where the file at the other end fails. `expected` are the forms of the
    reference's answers; where they are given, the check itself is known to work.
    """
    conversation = Conversation(ask, expected)
    rng = np.random.default_rng([seed, zlib.crc32(check.name.encode())])
    try:
        values = check.function(conversation.task, rng) or {}
    except Failure as failure:
        failure.n_calls = len(conversation.forms)
        raise
    except Exception as error:
        if expected is None:
            raise  # a mistake in the check or in the reference: its author wants the traceback
        raise Failure("runs", f"the check cannot use what came back: {error}") from None
    return Answer(values, conversation.forms)


def local(path: Path, given: Path | None = None) -> Ask:
    """The other end for a file that we trust: the same Session, in this process.

    Raises Failure if the file cannot be loaded.
    """
    source = path.read_bytes()
    session = Session(types.ModuleType(path.stem))

    def ask(request: dict[str, Any], doing: str) -> dict[str, Any]:
        with warnings.catch_warnings():  # a known wrong answer may warn: not the student's warning
            warnings.simplefilter("ignore")
            return understand(session.answer(encode(request)), source)

    bytes_of_given = None if given is None else np.frombuffer(given.read_bytes(), np.uint8)
    load = {"do": "load", "source": np.frombuffer(source, np.uint8), "given": bytes_of_given}
    ask(load, f"loading {path.name}")
    return ask
