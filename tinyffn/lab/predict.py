"""Questions to answer before anything is run: first the reader's answer, then the right one."""

from collections.abc import Callable
from pathlib import Path

from tinyffn.lab.course import CourseError
from tinyffn.lab.exercise import Exercise, Prediction
from tinyffn.lab.progress import Progress

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def predict(
    folder: Path,
    exercise: Exercise,
    say: Callable[[str], None],
    read: Callable[[str], str] | None = None,
    answers: str | None = None,
) -> None:
    """Ask each question that has not been answered yet, and show the others with their answers.

    `answers` are letters, "a,b"; else `read` asks for one; without either, the questions are
    shown with how to answer them. The first answer stays. Raises CourseError if `answers` does
    not fit.
    """
    if not exercise.predict:
        say(f"Exercise {exercise.id} has no question to predict.")
        return
    given = None if answers is None else _letters(exercise, answers)
    progress = Progress(folder)
    committed = progress[exercise.id].predictions
    note, n = progress.note, len(exercise.predict)
    is_late = given and given[: len(committed)] != _letters_of(exercise, committed)
    for i, prediction in enumerate(exercise.predict):
        say(f"{exercise.id}, question {i + 1} of {n}\n\n{question(prediction)}")
        say("")
        if i == len(committed):
            letter = given[i] if given else _read(prediction, read) if read else ""
            if not letter and read:
                say(f"\nThe rest can wait: tinyffn predict {exercise.id}")
                break
            if not letter:
                continue
            committed.append(prediction.choices[LETTERS.index(letter)])
            progress = Progress(folder)  # again: the reader took time, and may check meanwhile
            progress[exercise.id].predictions = committed
            note = progress.keep()
        if i < len(committed):
            say(verdict(prediction, committed[i]))
            say("")
    if len(committed) < n and read is None:
        example = ",".join("ab"[i % 2] for i in range(n))
        say(f"To answer: tinyffn predict {exercise.id} --answers {example}")
    if is_late:
        say("(Your first answers stay.)")
    if note:
        say(f"({note})")


def question(prediction: Prediction) -> str:
    """The question, and its choices with a letter each."""
    choices = zip(LETTERS, prediction.choices, strict=False)
    return "\n".join([prediction.question, *(f"  {letter})  {text}" for letter, text in choices)])


def verdict(prediction: Prediction, chosen: str) -> str:
    """What the reader said, what is right, and why."""
    right = chosen == prediction.answer
    said = "Yes." if right else f"The answer is: {prediction.answer}."
    return f"You said: {chosen}. {said}\n{prediction.why}"


def _letters(exercise: Exercise, answers: str) -> list[str]:
    letters = [letter.strip().lower() for letter in answers.split(",")]
    if len(letters) != len(exercise.predict):
        raise CourseError(
            f"exercise {exercise.id} has {len(exercise.predict)} questions, and --answers "
            f"needs a letter for each, such as a,b; it has {len(letters)}"
        )
    for number, (letter, prediction) in enumerate(
        zip(letters, exercise.predict, strict=True), start=1
    ):
        if letter not in _allowed(prediction):
            allowed = ", ".join(_allowed(prediction))
            raise CourseError(f"{letter!r} is no answer to question {number}: choose of {allowed}")
    return letters


def _letters_of(exercise: Exercise, committed: list[str]) -> list[str]:
    """The letters of answers that are there already; an older exercise may have had others."""
    return [
        LETTERS[p.choices.index(chosen)] if chosen in p.choices else "?"
        for p, chosen in zip(exercise.predict, committed, strict=False)
    ]


def _read(prediction: Prediction, read: Callable[[str], str]) -> str:
    """A letter from the reader, who is asked until it is one; "" at the end of the input."""
    allowed = ", ".join(_allowed(prediction))
    while True:
        try:
            letter = read(f"Your answer ({allowed}): ").strip().lower().rstrip(")")
        except EOFError:
            return ""
        if letter in _allowed(prediction):
            return letter


def _allowed(prediction: Prediction) -> list[str]:
    return list(LETTERS[: len(prediction.choices)])
