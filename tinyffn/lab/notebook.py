"""The notebook's side: the same report, as HTML with a picture of the first difference."""

import base64
import html
import io
from dataclasses import dataclass
from pathlib import Path

from tinyffn.lab.course import CourseError
from tinyffn.lab.grade import grade_student
from tinyffn.lab.judge import Failure
from tinyffn.lab.report import MARKS, Outcome, Report

# Marks say it as well as colours do, and both colours read on a light and on a dark page.
COLOURS = {"passed": "#009E73", "failed": "#D55E00", "skipped": "#888888"}


def check(exercise_id: str) -> "Shown":
    """Grade your file for an exercise, as it was last saved: check("1.1").

    In a notebook the result shows itself, with points and feedback; print it for plain text.
    """
    try:
        return Shown(grade_student(exercise_id, Path.cwd()))
    except CourseError as error:
        return Shown(Report(exercise_id, "", problem=str(error)))


@dataclass(frozen=True, repr=False)
class Shown:
    """A report that shows itself: as HTML where there is HTML, as text elsewhere."""

    report: Report

    def __repr__(self) -> str:
        return self.report.text()

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
        return f"<div>{''.join(parts)}</div>"


def _row(outcome: Outcome) -> str:
    style = "style='text-align:left;vertical-align:top;padding:2px 8px'"
    colour = f"style='color:{COLOURS[outcome.status]}'"
    mark = f"<b {colour} title='{outcome.status}'>{MARKS[outcome.status]}</b>"
    points = f"{outcome.points}/{outcome.check.points}"
    lines = [_escape(line) for line in outcome.message.splitlines()]
    if outcome.failure is not None and outcome.failure.stage in ("shape", "nan", "values"):
        lines.append(_picture(outcome.failure, outcome.check.tolerance))
    cells = (mark, _escape(outcome.check.name), points, "<br>".join(lines))
    return "<tr>" + "".join(f"<td {style}>{cell}</td>" for cell in cells) + "</tr>"


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
