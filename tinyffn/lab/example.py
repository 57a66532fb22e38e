"""Running the example in a docstring, with one plain sentence where it does not come out."""

import doctest
from collections.abc import Callable
from typing import Any


def run_example(function: Callable[..., Any]) -> None:
    """Run the examples in a function's docstring in this process, and print how it went.

    The function runs right here: a breakpoint in it works, under any debugger. What it prints
    on the way is shown, and is not held against it.
    """
    runner = _FirstDifference(_EndsWith(), verbose=False, optionflags=doctest.FAIL_FAST)
    for test in doctest.DocTestFinder().find(function, function.__name__):
        runner.run(test)
    if runner.tries and not runner.failures:
        print(f"The example of {function.__name__} comes out as its docstring says.")


class _EndsWith(doctest.OutputChecker):
    """Looks at the end of what was printed: a student's own prints come before it."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        return got.endswith(want)


class _FirstDifference(doctest.DocTestRunner):
    """Doctest's own runner, with its blocks of stars replaced by a few words."""

    def report_success(self, out: Any, test: Any, example: Any, got: str) -> None:
        out(got.removesuffix(example.want))

    def report_failure(self, out: Any, test: Any, example: Any, got: str) -> None:
        out(f"{_source(example)}\ngives\n{got}but the docstring says\n{example.want}")

    def report_unexpected_exception(self, out: Any, test: Any, example: Any, exc_info: Any) -> None:
        kind, error, step = exc_info
        while step.tb_next is not None:  # the innermost line is where it happened
            step = step.tb_next
        out(f"{_source(example)}\nstops with {kind.__name__} in line {step.tb_lineno}: {error}\n")


def _source(example: Any) -> str:
    return f">>> {example.source.rstrip()}"
