"""What one run of an exercise's checks has shown, and how it reads as plain text."""

from dataclasses import dataclass
from typing import Literal

from tinyffn.lab.checks import Check
from tinyffn.lab.judge import Failure

MARKS = {"passed": "✓", "failed": "✗", "skipped": "–"}
ASCII_MARKS = {"passed": "ok", "failed": "no", "skipped": "--"}


@dataclass(frozen=True)
class Outcome:
    """What became of one check: for one that did not pass, `message` says why."""

    check: Check
    status: Literal["passed", "failed", "skipped"]
    message: str = ""
    failure: Failure | None = None

    @property
    def points(self) -> int:
        return self.check.points if self.status == "passed" else 0


@dataclass(frozen=True)
class Report:
    """All outcomes of one run. With a `problem`, the file cannot be graded yet: no outcomes."""

    id: str
    title: str
    outcomes: tuple[Outcome, ...] = ()
    problem: str = ""
    output: str = ""  # what the student's file printed

    @property
    def points(self) -> int:
        return sum(outcome.points for outcome in self.outcomes)

    @property
    def possible(self) -> int:
        return sum(outcome.check.points for outcome in self.outcomes)

    @property
    def passed(self) -> bool:
        return bool(self.outcomes) and self.points == self.possible

    def summary(self) -> str:
        """The last line: what is reached, in points."""
        if self.problem:
            return "cannot be graded yet"
        return f"{self.points} of {self.possible} points" + (", all done" if self.passed else "")

    def text(self, ascii_only: bool = False) -> str:
        """The report for a terminal; `ascii_only` where that does not show other characters."""
        marks = ASCII_MARKS if ascii_only else MARKS
        lines = [f"{self.id}  {self.title}", ""]
        if self.problem:
            lines += [f"  cannot be graded yet: {self.problem}"]
        width = max((len(outcome.check.name) for outcome in self.outcomes), default=0)
        for outcome in self.outcomes:
            score = f"{outcome.points}/{outcome.check.points}"
            line = f"  {marks[outcome.status]} {outcome.check.name:<{width}}  {score}"
            if outcome.status == "skipped":
                line += f"  {outcome.message}"
            lines.append(line)
            if outcome.status == "failed":
                lines += [f"      {part}" for part in outcome.message.splitlines()]
        if self.output:
            lines += ["", "  your file printed:"]
            lines += [f"  | {line}" for line in self.output.splitlines()]
        if not self.problem:
            lines += ["", f"  {self.summary()}"]
        return "\n".join(lines)


def clean(text: str) -> str:
    """Text of the student's, made safe to show: no control characters, so no terminal tricks."""
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n")
    return "".join(c if c.isprintable() or c in "\n\t" else "?" for c in text)
