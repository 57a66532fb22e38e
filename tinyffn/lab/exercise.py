"""Reading one exercise from its folder, with a clear word for each way to get a folder wrong.

    exercises/01_1_transposed_dense/     exercise 1.1: its id and lesson are in the folder's name
      exercise.toml    title, minutes, difficulty, uses, hints, predict
      task.py          what the student edits
      reference.py     the answer, with its reasoning
      checks.py        functions marked with @check
      given.py         (only where needed) functions that a check passes to the student's code
      wrong/*.py       known mistakes; the first docstring line is what is said to who made one

Everything is read from the files' bytes. Nothing is imported, so nothing comes from a cache.
"""

import ast
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinyffn.lab.checks import Check


class ExerciseError(Exception):
    """A mistake in an exercise's folder, in one sentence that names the file."""


@dataclass(frozen=True)
class Prediction:
    """A question to answer before running anything, and why the answer is what it is."""

    question: str
    choices: tuple[str, ...]
    answer: str
    why: str


@dataclass(frozen=True)
class Exercise:
    """One exercise as its folder describes it."""

    id: str
    folder: Path
    title: str
    minutes: int
    difficulty: int
    uses: tuple[str, ...]
    hints: tuple[str, ...]
    predict: tuple[Prediction, ...]
    checks: tuple[Check, ...]
    wrong: dict[Path, str]  # file -> what is said to a student who made this mistake

    @property
    def lesson(self) -> str:
        return self.id.split(".")[0]

    @property
    def reference(self) -> Path:
        return self.folder / "reference.py"

    @property
    def given(self) -> Path | None:
        path = self.folder / "given.py"
        return path if path.exists() else None


def exercise_id(folder: Path) -> str:
    """The id in a folder's name: 01_1_transposed_dense is 1.1, e2_1_ring is E2.1."""
    match = re.fullmatch(r"(\d\d|e\d)_(\d)_[a-z0-9_]+", folder.name)
    if match is None:
        raise ExerciseError(
            f"{folder}: a name like 01_1_transposed_dense must say lesson and number"
        )
    return f"{match[1].lstrip('0').upper()}.{match[2]}"


def load_exercise(folder: Path) -> Exercise:
    """Read an exercise. Raises ExerciseError, which names the file and what is wrong with it."""
    number = exercise_id(folder)
    for name in ("exercise.toml", "task.py", "reference.py", "checks.py"):
        if not (folder / name).is_file():
            raise ExerciseError(f"{folder / name} is missing")
    about = _read_toml(folder / "exercise.toml")
    wrong = {path: _message(path) for path in sorted((folder / "wrong").glob("*.py"))}
    return Exercise(number, folder, checks=_load_checks(folder), wrong=wrong, **about)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ExerciseError(f"{path} is not TOML: {error}") from None
    kinds = {"title": str, "minutes": int, "difficulty": int, "uses": list, "hints": list}
    kinds["predict"] = list
    _expect_keys(content, kinds, str(path))
    if not 1 <= content["difficulty"] <= 5 or content["minutes"] < 1:
        raise ExerciseError(f"{path}: difficulty is 1 to 5, and minutes is at least 1")
    if len(content["hints"]) != 3 or not all(isinstance(hint, str) for hint in content["hints"]):
        raise ExerciseError(f"{path}: hints are three texts: a question, an idea, nearly the code")
    if not all(re.fullmatch(r"tinyffn(\.\w+)+", str(name)) for name in content["uses"]):
        raise ExerciseError(f"{path}: uses lists modules of tinyffn, such as 'tinyffn.tensor'")
    content["predict"] = [
        _prediction(table, f"{path}, predict {i}") for i, table in enumerate(content["predict"], 1)
    ]
    return {key: tuple(v) if isinstance(v, list) else v for key, v in content.items()}


def _prediction(content: Any, where: str) -> Prediction:
    if not isinstance(content, dict):
        raise ExerciseError(f"{where}: write each question as a table, [[predict]]")
    _expect_keys(content, {"question": str, "choices": list, "answer": str, "why": str}, where)
    if content["answer"] not in content["choices"]:
        raise ExerciseError(f"{where}: the answer is not one of the choices")
    choices = tuple(str(choice) for choice in content["choices"])
    return Prediction(content["question"], choices, content["answer"], content["why"])


def _expect_keys(content: dict[str, Any], kinds: dict[str, type], where: str) -> None:
    for key, kind in kinds.items():
        if key not in content:
            raise ExerciseError(f"{where}: {key} is missing")
        if type(content[key]) is not kind:  # not isinstance: True is no number of minutes
            raise ExerciseError(f"{where}: {key} must be of type {kind.__name__}")
    if unknown := sorted(content.keys() - kinds.keys()):
        raise ExerciseError(f"{where}: {unknown[0]} is not a key of an exercise")


def _load_checks(folder: Path) -> tuple[Check, ...]:
    path = folder / "checks.py"
    names: dict[str, Any] = {"__name__": f"checks of {folder.name}"}
    try:
        exec(compile(path.read_bytes(), str(path), "exec", dont_inherit=True), names)
    except Exception as error:
        raise ExerciseError(f"{path}: {type(error).__name__}: {error}") from error
    checks = tuple(value for value in names.values() if isinstance(value, Check))
    if not checks:
        raise ExerciseError(f"{path} has no checks: mark its functions with @check(...)")
    seen: set[str] = set()
    for check in checks:
        if check.name in seen:
            raise ExerciseError(f"{path}: two checks are called {check.name!r}")
        if check.points < 1:
            raise ExerciseError(f"{path}: {check.name!r} must be worth at least one point")
        if missing := [name for name in check.after if name not in seen]:
            raise ExerciseError(
                f"{path}: {check.name!r} comes after {missing[0]!r}, which is not above it"
            )
        seen.add(check.name)
    return checks


def _message(path: Path) -> str:
    """The first docstring line of a wrong answer."""
    try:
        docstring = ast.get_docstring(ast.parse(path.read_bytes()))
    except SyntaxError as error:
        raise ExerciseError(f"{path}: {error}") from None
    if not docstring:
        raise ExerciseError(f"{path}: its docstring must begin with the message for the student")
    return docstring.splitlines()[0]
