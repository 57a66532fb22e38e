"""The command `tinyffn`. Every command imports what it needs when it is given, and no more."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tinyffn.lab.exercise import Exercise

_Parser = argparse.ArgumentParser
Command = Callable[[argparse.Namespace], int]


def main(argv: list[str] | None = None) -> int:
    """Run one command line and return the exit code: 0 done, 1 not passed, 2 cannot be done."""
    args = _parser().parse_args(argv)
    from tinyffn.lab.course import CourseError
    from tinyffn.lab.exercise import ExerciseError

    try:
        return args.run(args)
    except BrokenPipeError:  # `tinyffn check | head`: the reader has all it wanted
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (CourseError, ExerciseError, OSError) as error:
        print(f"tinyffn: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(file=sys.stderr)  # the shell goes on in a line of its own
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tinyffn",
        description="Without a command: make or open the course folder here, and start "
        "JupyterLab on the first lesson that is not done.",
        epilog="ID is an exercise, such as 1.1. What you reach is kept in progress.json in the "
        "course folder, and nothing leaves this machine.",
    )
    parser.add_argument("--version", action=_Version)
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument("--port", type=int, help="where JupyterLab listens")
    parser.set_defaults(run=_open)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def command(name: str, run: Command, about: str, id_needed: bool | None) -> _Parser:
        """A command that takes an ID, may take one (False), or takes none (None)."""
        sub = commands.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
        if id_needed is not None:
            sub.add_argument(
                "id", metavar="ID", nargs=None if id_needed else "?", help="such as 1.1"
            )
        sub.set_defaults(run=run)
        return sub

    command("watch", _watch, "run the checks whenever you save your file", False)
    command("check", _check, "run the checks of one exercise, or of all", False)
    hint = command("hint", _hint, "show the next of three hints", True)
    hint.add_argument("--level", type=int, metavar="N", help="this one: 1, 2 or 3")
    predict = command("predict", _predict, "answer the questions before you run anything", False)
    predict.add_argument("--answers", metavar="a,b", help="your answers, without being asked")
    command("list", _list, "all exercises, and what you have reached", None)
    command("reset", _reset, "put the original task.py back; yours is kept beside it", True)
    solution = command("solution", _solution, "show the solution, once all checks pass", True)
    solution.add_argument("--give-up", action="store_true", help="show it now; it is remembered")
    command("doctor", _doctor, "look for what may be wrong on this machine", None)

    train_lm = command("train-lm", _train_lm, "train a small language model on real text", None)
    train_lm.add_argument("--text", metavar="FILE", help="a text file of yours, in UTF-8")
    train_lm.add_argument("--steps", type=int, default=1500, metavar="N", help="default: 1500")
    train_lm.add_argument("--out", metavar="FILE", help="where to save it, a .npz file")
    return parser


class _Version(argparse.Action):
    """Prints the version; importlib.metadata is slow to import, so only for who asks."""

    def __init__(self, option_strings: list[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="print the version")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"tinyffn {version('tinyffn')}")
        parser.exit()


def _open(args: argparse.Namespace) -> int:
    from tinyffn.lab.folder import prepare
    from tinyffn.lab.jupyter import start_jupyter
    from tinyffn.lab.overview import lesson_to_open
    from tinyffn.lab.terminal import say

    done = prepare(_here())
    say(f"{'Made' if done.created else 'Opened'} the course folder {done.folder}")
    if done.written and not done.created:
        say(f"  new or newer: {', '.join(done.written)}")
    if done.kept:
        say(f"  changed by you, and kept so: {', '.join(done.kept)}")
    lesson = lesson_to_open(done.folder)
    return start_jupyter(done.folder, args.port, browser=not args.no_browser, lesson=lesson)


def _watch(args: argparse.Namespace) -> int:
    from tinyffn.lab.course import course_home
    from tinyffn.lab.watch import watch

    return watch(course_home(_here()), args.id)


def _check(args: argparse.Namespace) -> int:
    from tinyffn.lab.course import CourseError, course_home, exercise_folders
    from tinyffn.lab.exercise import ExerciseError
    from tinyffn.lab.grade import grade_student
    from tinyffn.lab.progress import record
    from tinyffn.lab.terminal import say, speaks_utf8

    code = 0
    for exercise_id in [args.id] if args.id else exercise_folders():
        try:
            report = grade_student(exercise_id, _here())
        except (CourseError, ExerciseError) as error:
            print(f"tinyffn: {error}", file=sys.stderr)
            code = 2
            continue
        note = record(course_home(_here()), report)
        say(report.text(ascii_only=not speaks_utf8()) + "\n")
        if note:
            print(f"tinyffn: {note}", file=sys.stderr)
        code = max(code, 0 if report.passed else 1)
    return code


def _hint(args: argparse.Namespace) -> int:
    from tinyffn.lab.hints import next_hint
    from tinyffn.lab.terminal import say_wrapped

    folder, exercise = _course(args.id)
    say_wrapped(next_hint(folder, exercise, args.level))
    return 0


def _predict(args: argparse.Namespace) -> int:
    from tinyffn.lab.predict import predict
    from tinyffn.lab.terminal import is_terminal, say_wrapped

    folder, exercise = _course(args.id)
    predict(folder, exercise, say_wrapped, input if is_terminal() else None, args.answers)
    return 0


def _list(args: argparse.Namespace) -> int:
    from tinyffn.lab.course import course_home
    from tinyffn.lab.overview import overview
    from tinyffn.lab.terminal import say_wrapped

    say_wrapped(overview(course_home(_here())))
    return 0


def _reset(args: argparse.Namespace) -> int:
    from tinyffn.lab.reset import reset
    from tinyffn.lab.terminal import say

    folder, exercise = _course(args.id)
    say(reset(folder, exercise.folder))
    return 0


def _solution(args: argparse.Namespace) -> int:
    from tinyffn.lab.grade import grade_student
    from tinyffn.lab.hints import give_up
    from tinyffn.lab.progress import Progress, record
    from tinyffn.lab.terminal import say

    folder, exercise = _course(args.id)
    entry = Progress(folder)[exercise.id]
    if not (entry.done or entry.gave_up or args.give_up):
        report = grade_student(exercise.id, folder)
        record(folder, report)
        if not report.passed:
            say(f"{exercise.id}: {report.summary()}. The solution is shown when all checks pass.")
            say(f"tinyffn hint {exercise.id} helps you on; with --give-up you see it now.")
            return 1
    elif not entry.done and (note := give_up(folder, exercise.id)):
        print(f"tinyffn: {note}", file=sys.stderr)
    say(exercise.reference.read_text(encoding="utf-8"))
    return 0


def _doctor(args: argparse.Namespace) -> int:
    from tinyffn.lab.doctor import examine
    from tinyffn.lab.terminal import say_wrapped

    findings = examine(_here())
    for finding in findings:
        say_wrapped(str(finding))
    return 1 if any(finding.mend for finding in findings) else 0


def _train_lm(args: argparse.Namespace) -> int:
    from tinyffn.lab.terminal import say
    from tinyffn.lab.train_lm import train_lm

    try:
        train_lm(args.text, args.steps, args.out, say)
    except (OSError, ValueError, RuntimeError, ArithmeticError) as error:
        print(f"tinyffn train-lm: {error}", file=sys.stderr)
        return 2
    return 0


def _here() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        from tinyffn.lab.course import CourseError

        raise CourseError("the directory you are in was moved or deleted: cd to it again") from None


def _course(exercise_id: str | None) -> "tuple[Path, Exercise]":
    """The course folder, and an exercise: by default the first unfinished one."""
    from tinyffn.lab.course import course_home, exercise_folder, exercise_folders
    from tinyffn.lab.exercise import load_exercise
    from tinyffn.lab.overview import first_unfinished

    folder = course_home(_here())
    wanted = exercise_id or first_unfinished(folder) or next(iter(exercise_folders()))
    return folder, load_exercise(exercise_folder(wanted))
