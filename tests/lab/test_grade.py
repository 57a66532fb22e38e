"""Everything a student's file can do to the grader, and the one sentence it gets for it."""

import os
import time

import numpy as np
import pytest

from tinyffn.lab.checks import check
from tinyffn.lab.exercise import load_exercise
from tinyffn.lab.grade import grade, in_words
from tinyffn.lab.judge import Failure, compare

from .conftest import OS, write_exercise

RIGHT = "def scaled(k):\n    f = lambda x: k * x\n    f.k = k\n    return f, k\n"


def first(exercise, double, **settings):
    """The outcome of the check "double" for a file whose other function is right."""
    report = grade(exercise, (RIGHT + double).encode(), **settings)
    assert report.problem == "", report.problem
    double, closure, linear = report.outcomes
    assert closure.status == "passed", f"one check's failure reached the next: {closure.message}"
    if double.status == "failed":
        assert linear.status == "skipped" and linear.message == "waits for: double"
    return double


def test_a_right_file_gets_all_points(exercise):
    report = grade(exercise, (RIGHT + "def double(x):\n    return 2 * x\n").encode())
    assert report.passed and (report.points, report.possible) == (4, 4)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("raise NotImplementedError('replace')", "not written yet: line 6"),
        ("return y", "NameError in line 6, `return y`: name 'y' is not defined"),
        ("pass", "double returned None, expected an array: is there a return?"),
        ("return x, x", r"double returned (an array, an array), expected an array"),
        ("return double", "double returned a function, expected an array"),
        ("return (2 * x)[:1]", "y has shape (1, 3), expected (2, 3)"),
        ("return (2 * x).astype('f4')", "y has dtype float32, expected float64"),
        (
            "return x * float('nan')",
            "y[0, 0] is nan, expected 2.08361 (6 of 6 entries are NaN or infinite)",
        ),
        ("y = 2 * x\n    y[1, 2] = 7\n    return y", "y[1, 2] is 7, expected "),
        ("x += x\n    return x", "you wrote into x: its caller still needs it as it was"),
        ("return x * x", "That is the square: twice is a sum."),
        ("raise SystemExit", "your file ends Python itself instead of returning: line 6"),
        ("return input()", "waits for something to be typed, and nobody is there: line 6, `return"),
        ("return x @ x", "the axes that @ sums over differ: size 3 on the left, 2 on the right"),
        ("return x @ x", "(double was given an array of shape (2, 3))"),
        ("return 2 * x[..., 9]", "axis 1 with size 3\n(double was given an array of shape (2, 3))"),
        ("return -2 * x", "(6 of 6 entries differ; yours is -1 times what is expected)"),
        ("return __import__('numpy').array([[1], [1, 2]], dtype=object)", "dtype object cannot"),
        ("return __import__('numpy').zeros(10**8 // 8)", "more than 64 MB came back"),
        ("return x.ravel().tolist()", "returned (6 times an array), expected an array"),
        ("return {'a': [x]}", "returned {'a': (an array)}, expected an array"),
        ("class E(Exception):\n        __str__ = None\n    raise E", "E in line 8, `raise E`"),
    ],
)
def test_one_sentence_for_each_mistake(exercise, body, message):
    outcome = first(exercise, f"def double(x):\n    {body}\n")
    assert outcome.status == "failed"
    assert message in outcome.message
    assert "Traceback" not in outcome.message and len(outcome.message.splitlines()) <= 2


def test_a_missing_function(exercise):
    assert first(exercise, "").message == "your file has no double"
    assert "double is an array, expected a function" in first(exercise, "double = 3\n").message


def test_a_loop_without_end_costs_one_check(exercise):
    start = time.monotonic()
    outcome = first(exercise, "def double(x):\n    while True: pass\n", seconds=1.0)
    assert "no answer within 1 s" in outcome.message and "loop" in outcome.message
    assert time.monotonic() - start < 5


def test_ignored_signals_do_not_help_a_loop(exercise):
    code = "def double(x):\n    import_ = __import__\n    s = import_('signal')\n"
    code += "    [s.signal(n, s.SIG_IGN) for n in (2, 15)]\n    while True: pass\n"
    assert "no answer" in first(exercise, code, seconds=1.0).message


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("os._exit(3)", "Python ended while running double (exit code 3)"),
        ("os._exit(0)", "exit code 0"),
        ("__import__('ctypes').string_at(0)", "SIGSEGV"),
        ("os.abort()", "SIGABRT"),
    ],
)
def test_a_crash_costs_one_check(exercise, body, message):
    outcome = first(exercise, f"{OS}def double(x):\n    {body}\n")
    if os.name == "posix" or "SIG" not in message:
        assert message in outcome.message


@pytest.mark.skipif(not os.path.exists("/proc/self"), reason="only Linux caps memory")
def test_a_memory_bomb_costs_one_check(exercise):
    code = "def double(x):\n    hoard = []\n    while True: hoard.append(bytearray(10**8))\n"
    outcome = first(exercise, code, seconds=60.0)  # a busy machine takes long to hand out 2 GB
    assert "out of memory (the cap is 2 GB): line 7" in outcome.message


@pytest.mark.skipif(not os.path.exists("/proc/self"), reason="only Linux caps processor time")
def test_a_loop_that_lost_its_grader_ends_some_day(exercise):
    code = "def double(x):\n    print(__import__('resource').getrlimit(0))\n    return 2 * x\n"
    assert "(600, 600)" in grade(exercise, (RIGHT + code).encode()).output


def test_a_flood_of_output_is_cut(exercise):
    code = "def double(x):\n    for _ in range(300):\n        print('\\x1b[31m' + 'flood' * 2000)\n"
    code += "    return 2 * x\n"
    report = grade(exercise, (RIGHT + code).encode())
    assert report.passed
    assert 4000 < len(report.output) < 4200 and "\x1b" not in report.output
    assert report.output.endswith("\n... and more, which is not shown")


def test_what_was_printed_before_a_crash_is_shown(exercise):
    code = (
        f"{OS}def double(x):\n    print('so far')\n    os.write(1, b'and here')\n    os._exit(1)\n"
    )
    output = grade(exercise, (RIGHT + code).encode()).output
    assert "so far" in output and "and here" in output


@pytest.mark.parametrize(
    "junk", ["b'\\x7f' * 99", "bytes(8) * 3", "bytes(7) + b'\\x05' + b'hello'", "b'\\0'"]
)
def test_forged_frames_score_nothing(exercise, junk):
    code = f"{OS}def double(x):\n    for fd in range(3, 20):\n        try: os.write(fd, {junk})\n"
    code += "        except OSError: pass\n    while True: pass\n"
    report = grade(exercise, (RIGHT + code).encode(), seconds=1.0)
    assert report.outcomes[0].status == "failed"
    assert "Traceback" not in report.text()


def test_closed_pipes_score_nothing(exercise):
    code = f"{OS}def double(x):\n    os.closerange(0, 50)\n    return 2 * x\n"
    assert first(exercise, code, seconds=2.0).status == "failed"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_child_left_behind_does_not_hold_up_the_grader(exercise):
    code = f"{OS}def double(x):\n    if os.fork() == 0:\n        os.setsid()\n"
    code += "        __import__('time').sleep(4)\n        os._exit(0)\n    return 2 * x\n"
    start = time.monotonic()
    assert first(exercise, code).status == "passed"
    assert time.monotonic() - start < 3.5


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("def double(x):\n    return (\n", "line 2, column 12: '(' was never closed: return ("),
        ("return 3\n", "line 1, column 1: 'return' outside function"),
        ("x = 1 / 0\n", "ZeroDivisionError in line 1, `x = 1 / 0`: division by zero"),
        ("import os\n", "line 1 imports os, but this exercise may use NumPy alone"),
        ("def f():\n    from tinyffn.tensor import x\n", "line 2 imports tinyffn.tensor, but"),
        ("\0", "null bytes"),
        ("#" * (10**6 + 1), "it has more than 1 MB"),
        ("(" * 1000, "too many nested parentheses"),
        ("while True: pass\n", "no answer within 1 s while loading task.py"),
        (f"{OS}os._exit(1)\n", "Python ended while loading task.py (exit code 1)"),
    ],
)
def test_what_cannot_be_graded_yet(exercise, source, problem):
    report = grade(exercise, source.encode(), seconds=1.0)
    assert problem in report.problem and not report.outcomes and not report.passed
    assert f"cannot be graded yet: {report.problem}" in report.text()


def test_a_deep_formula_is_no_reason_to_refuse(exercise):
    code = f"x = {'-' * 600}1\ndef double(x):\n    return 2 * x\n"
    assert grade(exercise, (RIGHT + code).encode()).passed


def test_warnings_cost_nothing(exercise, monkeypatch):
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    code = (
        "import numpy as np\ndef double(x):\n    '\\d'\n    np.log(np.zeros(1))\n    return 2 * x\n"
    )
    assert first(exercise, code).status == "passed"


def test_other_encodings_and_a_byte_order_mark(exercise):
    right = RIGHT + "def double(x):\n    return 2 * x\n"
    assert grade(exercise, b"\xef\xbb\xbf" + right.encode()).passed
    assert grade(exercise, b"# coding: latin-1\n# \xe9\n" + right.encode()).passed
    assert "utf-8" in grade(exercise, b"x = '\xe9'\n").problem


def test_expected_values_never_reach_the_worker(exercise):
    code = "import numpy as np\nseen = []\ndef double(x):\n    print(sorted(globals()), x.shape)\n"
    report = grade(exercise, (RIGHT + code + "    return 2 * x\n").encode())
    assert report.passed and "reference" not in report.output


def test_a_given_function_and_a_handle_can_be_passed(tmp_path):
    checks = (
        "from tinyffn.lab.checks import Given, check\n\n\n"
        '@check("applies", points=1)\ndef applies(task, rng):\n'
        '    return {"y": task.twice(Given("half"), 8.0), "z": task.twice(task.one, 1.0)}\n'
    )
    reference = "def twice(f, x):\n    return f(f(x))\n\n\ndef one(x):\n    return x + 1\n"
    folder = write_exercise(
        tmp_path / "01_8_given",
        checks_py=checks,
        reference_py=reference,
        given_py="def half(x):\n    return x / 2\n",
        wrong_squares_py=None,
    )
    assert grade(load_exercise(folder), reference.encode()).passed
    assert not grade(load_exercise(folder), reference.replace("f(f(x))", "f(x)").encode()).passed


def test_a_known_mistake_that_warns_does_so_in_silence(tmp_path, recwarn):
    loud = '"""Loud."""\n\nimport warnings\n\n\ndef double(x):\n    warnings.warn("x")\n'
    folder = write_exercise(tmp_path / "01_9_double", wrong_squares_py=loud + "    return x\n")
    assert first(load_exercise(folder), "def double(x):\n    return x\n").message[:5] == "Loud."
    assert not recwarn.list


def test_two_known_mistakes_that_look_alike_are_not_named(tmp_path):
    other = '"""That is x to the power of two."""\n\n\ndef double(x):\n    return x**2\n'
    folder = write_exercise(tmp_path / "01_9_double", **{"wrong_powers_py": other})
    outcome = first(load_exercise(folder), "def double(x):\n    return x * x\n")
    assert outcome.message.startswith("y[0, 0] is ")


def test_another_error_of_the_same_type_is_not_taken_for_the_known_mistake(tmp_path):
    known = '"""The rows do not fit."""\n\n\ndef double(x):\n    return x @ x\n'
    exercise = load_exercise(write_exercise(tmp_path / "01_1_double", **{"wrong/w.py": known}))
    same = first(exercise, "def double(x):\n    return (2 * x) @ x\n").message
    assert same.startswith("The rows do not fit.\nValueError")
    other = first(exercise, "def double(x):\n    return 2 * x + x.T\n").message
    assert other.startswith("ValueError in line 6")


def test_a_property_is_judged_too(exercise):
    # Right on the first check's two axes, wrong on the one axis of the property.
    code = "def double(x):\n    return 2 * x if x.ndim == 2 else x * x\n"
    report = grade(exercise, (RIGHT + code).encode())
    assert report.outcomes[2].message.endswith("double(x + x) is not 2 double(x)")


def test_a_secret_check_names_the_value_and_keeps_it(exercise):
    told = {}
    for secret in (False, True):
        asked = check("key", points=1, secret=secret)(lambda task, rng: None)
        # another value, another type, and no number
        for got, want in ((3, 1), (3.5, 1), (np.inf, 1.0)):
            with pytest.raises(Failure) as failure:
                compare({"claim 5": got}, {"claim 5": want}, asked.tolerance)
            told[secret, got] = in_words(asked, failure.value)
    assert told[False, 3] == "claim 5 is 3, expected 1"
    assert told[False, np.inf] == "claim 5 is inf, expected 1"
    assert told[True, 3] == told[True, np.inf] == "claim 5: another answer was expected"
    assert told[True, 3.5] == told[False, 3.5] == "claim 5 has dtype float64, expected int64"
