"""The notebook's side: `check`, `hint` and `predict`, which show themselves as HTML or as text."""

import base64
import html
import io
from dataclasses import dataclass
from pathlib import Path

from tinyffn.lab.course import CourseError, course_home, exercise_folder
from tinyffn.lab.exercise import Prediction, load_exercise
from tinyffn.lab.grade import grade_student
from tinyffn.lab.hints import next_hint
from tinyffn.lab.judge import Failure
from tinyffn.lab.predict import LETTERS, question, verdict
from tinyffn.lab.progress import Progress, record
from tinyffn.lab.report import MARKS, Outcome, Report

# Marks say it as well as colours do, and both colours read on a light and on a dark page.
COLOURS = {"passed": "#009E73", "failed": "#D55E00", "skipped": "#888888"}


def check(exercise_id: str) -> "Shown":
    """Grade your file for an exercise, as it was last saved: check("1.1").

    In a notebook the result shows itself, with points and feedback; print it for plain text.
    """
    try:
        report = grade_student(str(exercise_id), Path.cwd())
        return Shown(report, record(course_home(Path.cwd()), report))
    except CourseError as error:
        return Shown(Report(str(exercise_id), "", problem=str(error)))


def hint(exercise_id: str, level: int | None = None) -> "Note":
    """The next of three hints: hint("1.1"); or a certain one again: hint("1.1", 1)."""
    try:
        exercise = load_exercise(exercise_folder(str(exercise_id)))
        folder = course_home(Path.cwd())
        call = f'hint("{exercise.id}"'
        return Note(next_hint(folder, exercise, level, f"{call})", f"{call}, 1)"))
    except CourseError as error:
        return Note(str(error))


def predict(exercise_id: str, number: int | None = None, answer: str | None = None) -> "Note":
    """Questions to answer before you run anything: predict("1.1") shows them.

    predict("1.1", 1, answer="b") answers the first one, and tells what is right. The first answer
    stays. Nothing waits for a key, so a notebook runs to its end with any number unanswered.
    """
    try:
        return _predict(str(exercise_id), number, answer)
    except CourseError as error:
        return Note(str(error))


def _predict(exercise_id: str, number: int | None, answer: str | None) -> "Note":
    exercise = load_exercise(exercise_folder(exercise_id))
    progress = Progress(course_home(Path.cwd()))
    said, note, n = progress[exercise.id].predictions, progress.note, len(exercise.predict)
    call = f'predict("{exercise.id}", {{}}, answer="{{}}")'.format
    if n == 0:
        raise CourseError(f"exercise {exercise.id} has no question to predict")
    if number is not None and number not in range(1, n + 1):
        raise CourseError(f"exercise {exercise.id} has the questions 1 to {n}, and no {number}")
    if answer is not None:
        if number is None:
            raise CourseError(f"say which question you answer: {call(1, answer)}")
        if number > len(said) + 1:
            raise CourseError(f"question {len(said) + 1} comes first: {call(len(said) + 1, 'a')}")
        choice = _choice(exercise.predict[number - 1], answer)
        if number > len(said):
            said.append(choice)
            note = progress.keep()
        elif choice != said[number - 1]:
            note = "Your first answer stays."
    parts = []
    for i in range(n) if number is None else [number - 1]:
        asked = exercise.predict[i]
        then = verdict(asked, said[i]) if i < len(said) else f"To answer: {call(i + 1, 'a')}"
        parts.append(f"{exercise.id}, question {i + 1} of {n}\n\n{question(asked)}\n\n{then}")
    return Note(*parts, *filter(None, [note]))


def _choice(asked: Prediction, answer: str) -> str:
    """The choice that is meant, by its letter or by its text."""
    given = str(answer).strip()
    letters: dict[str, str] = dict(zip(LETTERS, asked.choices, strict=False))
    if given in asked.choices:
        return given
    if given.lower() not in letters:
        raise CourseError(f"{given!r} is no answer to this question: choose {', '.join(letters)}")
    return letters[given.lower()]


class Note:
    """Some texts that show themselves, the first line of each in bold."""

    def __init__(self, *parts: str) -> None:
        self.parts = parts

    def __repr__(self) -> str:
        return "\n\n".join(self.parts)

    def _repr_html_(self) -> str:
        style = "style='white-space:pre-wrap;max-width:48em;margin-bottom:1em'"
        heads = [part.partition("\n") for part in self.parts]
        texts = [f"<b>{_escape(head)}</b>\n{_escape(rest)}" for head, _, rest in heads]
        return "".join(f"<div {style}>{text}</div>" for text in texts)


@dataclass(frozen=True, repr=False)
class Shown:
    """A report that shows itself: as HTML where there is HTML, as text elsewhere."""

    report: Report
    note: str = ""  # where the points cannot be kept

    def __repr__(self) -> str:
        return "\n".join(filter(None, [self.report.text(), self.note]))

    def _repr_html_(self) -> str:
        report = self.report
        rows = "".join(_row(outcome) for outcome in report.outcomes)
        parts = [f"<p><b>{_escape(f'{report.id} {report.title}')}</b></p>"]
        if report.problem:
            parts.append(f"<p>cannot be graded yet: {_escape(report.problem)}</p>")
        if rows:
            parts.append(f"<table style='text-align:left'>{rows}</table>")
            parts.append(f"<p><b>{_escape(report.summary())}</b></p>")
        if report.output:
            parts.append(f"<p>your file printed:</p><pre>{_escape(report.output)}</pre>")
        if self.note:
            parts.append(f"<p>{_escape(self.note)}</p>")
        return f"<div>{''.join(parts)}</div>"


def _row(outcome: Outcome) -> str:
    style = "style='text-align:left;vertical-align:top;padding:2px 8px'"
    colour = f"style='color:{COLOURS[outcome.status]}'"
    mark = f"<b {colour} title='{outcome.status}'>{MARKS[outcome.status]}</b>"
    points = f"{outcome.points}/{outcome.check.points}"
    lines = [_escape(line) for line in outcome.message.splitlines()]
    secret = outcome.check.secret  # a picture would show what the words keep to themselves
    if outcome.failure is not None and not secret and _can_be_drawn(outcome.failure):
        lines.append(_picture(outcome.failure, outcome.check.tolerance))
    cells = (mark, _escape(outcome.check.name), points, "<br>".join(lines))
    return "<tr>" + "".join(f"<td {style}>{cell}</td>" for cell in cells) + "</tr>"


def _can_be_drawn(failure: Failure) -> bool:
    """Whether there are two arrays of numbers. Two single numbers are said, and not drawn."""
    if failure.stage not in ("shape", "nan", "values") or failure.got is None:
        return False
    is_number = failure.got.dtype.kind in "biufc" and failure.want.dtype.kind in "biufc"
    return is_number and failure.got.size + failure.want.size > 2


def _picture(failure: Failure, tolerance: float) -> str:
    """Yours beside the target, as an image that carries its own description."""
    from tinyffn.plot.compare import draw_difference  # matplotlib: only for who sees a picture

    figure = draw_difference(failure.got, failure.want, tolerance)
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=100, bbox_inches="tight")
    data = base64.b64encode(file.getvalue()).decode("ascii")
    alt = f"Two grids of numbers side by side, your {failure.name} and the target. "
    alt += failure.message
    if failure.stage != "shape":
        alt += ". Crosses on yours mark the entries that differ."
    return f"<img alt='{_escape(alt)}' src='data:image/png;base64,{data}'>"


def _escape(text: str) -> str:
    return html.escape(text, quote=True)
