"""Three hints for each exercise, and in the end its solution."""

from pathlib import Path

from tinyffn.lab.course import CourseError
from tinyffn.lab.exercise import Exercise
from tinyffn.lab.progress import Progress

LEVELS = ("a question", "an idea", "nearly the code")


def next_hint(
    folder: Path, exercise: Exercise, level: int | None = None, ask: str = "", again: str = ""
) -> str:
    """The next hint, or the one of a level: which it is, its text, and what comes after it.

    `folder` is the course folder, where it is remembered; `ask` says how to get the next one, and
    `again` an earlier one: in a terminal, if nothing is given.
    Raises CourseError if there is no such level.
    """
    n = len(exercise.hints)
    if level is not None and level not in range(1, n + 1):
        raise CourseError(f"there is no hint of level {level}: the levels are 1 to {n}")
    progress = Progress(folder)
    entry = progress[exercise.id]
    level = level or min(entry.hints + 1, n)
    note = progress.note
    if level > entry.hints:
        entry.hints = level
        note = progress.keep()
    ask = ask or f"tinyffn hint {exercise.id}"
    again = again or f"{ask} --level 1"
    after = f"The next one is {LEVELS[level]} and costs nothing: {ask}" if level < n else ""
    if level == n:
        after = f"That was the last one. Any of them again: {again}"
    lines = [f"{exercise.id}, hint {level} of {n}: {LEVELS[level - 1]}", ""]
    lines += [f"  {line}" for line in exercise.hints[level - 1].splitlines()]
    return "\n".join([*lines, "", after, *([f"({note})"] if note else [])])


def give_up(folder: Path, exercise_id: str) -> str:
    """Remember that the solution was asked for; a sentence where that fails, else ""."""
    progress = Progress(folder)
    entry = progress[exercise_id]
    if entry.done or entry.gave_up:
        return progress.note
    entry.gave_up = True
    return progress.keep()
