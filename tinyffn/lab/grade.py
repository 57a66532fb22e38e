"""Grading one file: ask every check, and name the mistake where one is known."""

from collections.abc import Callable
from pathlib import Path

from tinyffn.lab.checks import Answer, Check, ask_check, local
from tinyffn.lab.course import exercise_folder, read_student
from tinyffn.lab.exercise import Exercise, load_exercise
from tinyffn.lab.judge import Failure, compare
from tinyffn.lab.proxy import Ask
from tinyffn.lab.report import Outcome, Report, clean
from tinyffn.lab.runner import MAX_OUTPUT_BYTES, Worker
from tinyffn.lab.source import refusal


def grade_student(exercise_id: str, start: Path) -> Report:
    """Grade the file of the student whose course folder is `start`, or holds it.

    Raises CourseError if there is no such exercise, or no course folder.
    """
    exercise = load_exercise(exercise_folder(exercise_id))
    return grade(exercise, read_student(exercise.folder, start))


def grade(
    exercise: Exercise,
    source: bytes,
    *,
    seed: int = 0,
    seconds: float = 5.0,
    started: Callable[[Worker], None] | None = None,
) -> Report:
    """Run all checks of an exercise on one file, in a process of its own.

    The same `seed` asks the same questions. `seconds` is what one check may take. `started` is
    handed the worker at the beginning, so that another thread can cancel it.
    """
    if problem := refusal(source, exercise.uses):
        return Report(exercise.id, exercise.title, problem=clean(problem))
    given = exercise.given.read_bytes() if exercise.given else None
    outcomes: list[Outcome] = []
    problem = ""
    with Worker(source, given, seconds) as worker:
        if started is not None:
            started(worker)
        try:
            worker.prepare()
        except Failure as failure:
            problem = clean(failure.message)
        else:
            outcomes = run_checks(exercise, worker, seed)
    output = clean(worker.output.decode("utf-8", "replace"))
    if len(worker.output) >= MAX_OUTPUT_BYTES:
        output += "\n... and more, which is not shown"
    return Report(exercise.id, exercise.title, tuple(outcomes), problem, output)


def run_checks(exercise: Exercise, student: Worker | Ask, seed: int = 0) -> list[Outcome]:
    """Every check in turn. A worker may be used for several seeds, one after the other."""
    outcomes: list[Outcome] = []
    passed: set[str] = set()
    for check in exercise.checks:
        waiting = [name for name in check.after if name not in passed]
        if waiting:
            outcomes.append(Outcome(check, "skipped", f"waits for: {waiting[0]}"))
            continue
        failure = try_check(check, student, expect(exercise, check, seed), seed)
        if failure is None:
            passed.add(check.name)
            outcomes.append(Outcome(check, "passed"))
        else:
            known = name_mistake(exercise, check, failure, seed)
            message = clean(f"{known}\n{in_words(check, failure)}".strip())
            told = [o.check.name for o in outcomes if o.message == message]
            outcomes.append(
                Outcome(check, "failed", f"as in: {told[0]}" if told else message, failure)
            )
    if not outcomes:
        raise RuntimeError(f"exercise {exercise.id}: not one check was run")
    return outcomes


def in_words(check: Check, failure: Failure) -> str:
    """What a student is told of a failure: of a secret value only which one it is."""
    if check.secret and failure.stage in ("nan", "values"):
        return f"{failure.name}: another answer was expected"
    return failure.message


def expect(exercise: Exercise, check: Check, seed: int) -> Answer:
    """What the reference answers to one check, in this process."""
    return ask_check(check, local(exercise.reference, exercise.given), seed)


def try_check(check: Check, student: Worker | Ask, expected: Answer, seed: int) -> Failure | None:
    """Ask one check of the student's file: None if it answers as the reference did."""
    try:
        if isinstance(student, Worker):
            student.prepare()
            student = student.ask
        answer = ask_check(check, student, seed, expected.forms)
        compare(answer.values, expected.values, check.tolerance)
    except Failure as failure:
        return failure
    return None


def name_mistake(exercise: Exercise, check: Check, failure: Failure, seed: int) -> str:
    """What is said of a known mistake, if exactly one behaves as the student's file does.

    A mistake that fails a check which this one comes after is another: the student passed that.
    """
    asked = [*(c for c in exercise.checks if c.name in check.after), check]
    expected = {c.name: expect(exercise, c, seed) for c in asked}
    messages = []
    for path, message in exercise.wrong.items():
        same = ask_known(exercise, path, check, expected[check.name], seed)
        if same is None or not failure.same_as(same, check.tolerance):
            continue
        before = (ask_known(exercise, path, c, expected[c.name], seed) for c in asked[:-1])
        if all(outcome is None for outcome in before):
            messages.append(message)
    return messages[0] if len(messages) == 1 else ""


def ask_known(
    exercise: Exercise, path: Path, check: Check, expected: Answer, seed: int
) -> Failure | None:
    """Ask one check of a known mistake, in this process: None if it passes."""
    return try_check(check, local(path, exercise.given), expected, seed)
