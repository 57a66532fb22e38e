"""All exercises of the course with what the student has reached in each."""

from pathlib import Path

from tinyffn.lab.course import exercise_folders
from tinyffn.lab.exercise import Exercise, ExerciseError, load_exercise
from tinyffn.lab.progress import Progress
from tinyffn.lab.report import ASCII_MARKS, MARKS
from tinyffn.lab.terminal import size, speaks_utf8


def overview(folder: Path, now: str | None = None, rows: int | None = None) -> str:
    """A table of the exercises, and a total; one that cannot be read has a sentence.

    With `rows`, no more exercises than that are shown: those around the one called `now`.
    """
    progress = Progress(folder)
    exercises = {name: _load(path) for name, path in exercise_folders().items()}
    good = [e for e in exercises.values() if isinstance(e, Exercise)]
    longest = max((len(e.title) for e in good), default=8)
    width = max(min(longest, size()[0] - 38), 12)
    marks = MARKS if speaks_utf8() else ASCII_MARKS
    lines = []
    for name, exercise in exercises.items():
        entry = progress[name]
        if not isinstance(exercise, Exercise):
            lines.append(f" ! {name:<5}{exercise}")
            continue
        title = exercise.title
        if len(title) > width:
            title = title[: width - 3].rstrip() + "..."
        points = f"{entry.points}/{sum(check.points for check in exercise.checks)}"
        helped = "seen" if entry.gave_up else str(entry.hints or "")
        lines.append(
            f"{marks['passed'] if entry.done else '':>2} {name:<5}{title:<{width}}"
            f"  {exercise.minutes:>3}  {exercise.difficulty}/5    {points:<6}  {helped}".rstrip()
        )
    lines = _around(lines, list(exercises).index(now) if now in exercises else 0, rows)
    lines.insert(0, f"   {'id':<5}{'exercise':<{width}}  min  level  points  help")
    done = [e for e in good if progress[e.id].done]
    points = sum(progress[e.id].points for e in good)
    possible = sum(check.points for e in good for check in e.checks)
    left = sum(e.minutes for e in good if e not in done)
    lines += ["", f"{len(done)} of {len(exercises)} done, {points} of {possible} points."]
    lines[-1] += f" About {left} minutes are left." if left else " That is the whole course."
    lines.append("help: hints you have seen (of 3); seen: the solution, before the checks passed")
    return "\n".join(lines + ([f"({progress.note})"] if progress.note else []))


def _around(lines: list[str], place: int, rows: int | None) -> list[str]:
    """At most `rows` of the lines, with the one at `place`, and how many are left out."""
    if rows is None or len(lines) <= rows:
        return lines
    start = min(max(place - rows // 2, 0), len(lines) - rows)
    return [*lines[start : start + rows], f"   ... {len(lines) - rows} more: tinyffn list"]


def first_unfinished(folder: Path) -> str | None:
    """The id of the first exercise that is not done, or None if all are."""
    progress = Progress(folder)
    return next((name for name in exercise_folders() if not progress[name].done), None)


def lesson_to_open(folder: Path) -> str | None:
    """The file name of the lesson that has the first unfinished exercise, else of the last one."""
    lessons = sorted(path.name for path in (folder / "lessons").glob("*.ipynb"))
    unfinished = first_unfinished(folder)
    if unfinished is not None:
        prefix = exercise_folders()[unfinished].name.split("_")[0] + "_"
        lessons = [name for name in lessons if name.startswith(prefix)] or lessons[:1]
    return lessons[-1] if lessons else None


def _load(folder: Path) -> Exercise | str:
    try:
        return load_exercise(folder)
    except ExerciseError as error:
        return str(error)
