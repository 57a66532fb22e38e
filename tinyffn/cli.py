"""The command `tinyffn`. Every command imports what it needs when it is given, and no more."""

import argparse
import os
import sys
from pathlib import Path


def main(argv: list[str] | None = None) -> int:
    """Run one command line and return the exit code: 0 done, 1 not passed, 2 cannot be done."""
    args = _parser().parse_args(argv)
    from tinyffn.lab.course import CourseError
    from tinyffn.lab.exercise import ExerciseError

    try:
        return args.run(args)
    except (CourseError, ExerciseError) as error:
        print(f"tinyffn: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `tinyffn check | head`: the reader has all it wanted
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tinyffn",
        description="Without a command: make or open the course folder here and start JupyterLab.",
    )
    parser.add_argument("--version", action=_Version)
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument("--port", type=int, help="where JupyterLab listens")
    parser.set_defaults(run=_open)
    commands = parser.add_subparsers(title="commands", metavar="")

    check = commands.add_parser("check", help="grade your file for one exercise, or for all")
    check.add_argument("id", nargs="?", metavar="ID", help="an exercise, such as 1.1")
    check.set_defaults(run=_check)

    train_lm = commands.add_parser("train-lm", help="train a small language model on real text")
    train_lm.add_argument("--text", metavar="FILE", help="a text file of yours, in UTF-8")
    train_lm.add_argument("--steps", type=int, default=1500, metavar="N", help="default: 1500")
    train_lm.add_argument("--out", metavar="FILE", help="where to save it, a .npz file")
    train_lm.set_defaults(run=_train_lm)
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

    done = prepare(Path.cwd())
    say(f"{'Made' if done.created else 'Opened'} the course folder {done.folder}")
    if done.written and not done.created:
        say(f"  new or newer: {', '.join(done.written)}")
    if done.kept:
        say(f"  changed by you, and kept so: {', '.join(done.kept)}")
    return start_jupyter(done.folder, args.port, browser=not args.no_browser)


def _check(args: argparse.Namespace) -> int:
    from tinyffn.lab.course import exercise_folders
    from tinyffn.lab.grade import grade_student

    all_passed = True
    for exercise_id in [args.id] if args.id else exercise_folders():
        report = grade_student(exercise_id, Path.cwd())
        say(report.text(ascii_only=not _speaks_utf8()) + "\n")
        all_passed = all_passed and report.passed
    return 0 if all_passed else 1


def _train_lm(args: argparse.Namespace) -> int:
    from tinyffn.lab.train_lm import train_lm

    try:
        train_lm(args.text, args.steps, args.out, say)
    except (OSError, ValueError, RuntimeError, ArithmeticError) as error:
        print(f"tinyffn train-lm: {error}", file=sys.stderr)
        return 2
    return 0


def _speaks_utf8() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def say(text: str) -> None:
    """Print, with a question mark for each character that this terminal cannot show."""
    encoding = sys.stdout.encoding or "ascii"
    print(text.encode(encoding, "replace").decode(encoding), flush=True)
