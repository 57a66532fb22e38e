"""What is told first, and when two wrong answers are the same mistake."""

import numpy as np
import pytest

from tinyffn.lab.judge import Failure, compare, require

GOOD = np.arange(6.0).reshape(2, 3)
TIMES = "; yours is {} times what is expected"
NAN = np.where(GOOD == 4, np.nan, GOOD)


def failure(got, want, tolerance=1e-6) -> Failure:
    with pytest.raises(Failure) as caught:
        compare(got, want, tolerance)
    return caught.value


def test_equal_is_equal():
    compare({"y": GOOD + 1e-9}, {"y": GOOD}, 1e-6)
    compare({"y": NAN}, {"y": NAN}, 1e-6)
    compare({"y": 2.0, "z": True}, {"y": np.float64(2), "z": np.True_}, 1e-6)


def test_an_earlier_stage_is_told_first_whatever_the_order_of_the_names():
    wrong = {"a": GOOD + 1, "b": NAN, "c": GOOD.astype("f4"), "d": GOOD[:1]}
    want = dict.fromkeys(wrong, GOOD)
    for stage in ("shape", "dtype", "nan", "values"):
        told = failure(wrong, want)
        assert (told.stage, told.name) == (stage, list(wrong)[-1])
        wrong.popitem(), want.popitem()


@pytest.mark.parametrize(
    ("got", "want", "message"),
    [
        (GOOD.T, GOOD, "y has shape (3, 2), expected (2, 3)"),
        (GOOD[None], GOOD, "y has shape (1, 2, 3), expected (2, 3)"),
        (3, 3.0, "y has dtype int64, expected float64"),
        (NAN, GOOD, "y[1, 1] is nan, expected 4 (1 of 6 entries are NaN or infinite)"),
        (-GOOD, GOOD, f"y[0, 1] is -1, expected 1 (5 of 6 entries differ{TIMES.format(-1)})"),
        (GOOD / 5, GOOD, f"y[0, 1] is 0.2, expected 1 (5 of 6 entries differ{TIMES.format(0.2)})"),
        (0 * GOOD, GOOD, "y[0, 1] is 0, expected 1 (5 of 6 entries differ)"),
        (GOOD, NAN, "y[1, 1] is 4, expected nan (1 of 6 entries differ)"),
        (2.0, 3.0, "y is 2, expected 3"),
        (np.array([True]), np.array([False]), "y[0] is 1, expected 0"),
        (np.inf, -np.inf, "y is inf, expected -inf"),
        ([GOOD, GOOD.T], np.stack([GOOD, GOOD]), "the parts of y do not have one shape"),
    ],
)
def test_what_is_said(got, want, message):
    assert failure({"y": got}, {"y": want}).message == message


def test_the_tolerance_is_relative_and_absolute():
    compare({"y": 1000.5}, {"y": 1000.0}, 1e-3)
    compare({"y": 1e-4}, {"y": 0.0}, 1e-3)
    assert failure({"y": 1003.0}, {"y": 1000.0}, 1e-3)


def test_the_same_mistake():
    first = failure({"y": NAN + 1}, {"y": GOOD})
    assert first.same_as(failure({"y": NAN + 1 + 1e-9}, {"y": GOOD}), 1e-6)
    assert not first.same_as(failure({"y": NAN + 2}, {"y": GOOD}), 1e-6)
    assert not first.same_as(failure({"z": NAN + 1}, {"z": GOOD}), 1e-6)
    crash = Failure("runs", "ValueError here", error="ValueError")
    assert crash.same_as(Failure("runs", "ValueError there", error="ValueError"), 1e-6)
    assert not crash.same_as(Failure("runs", "TypeError", error="TypeError"), 1e-6)
    later = Failure("runs", "ValueError", error="ValueError")
    later.n_calls = 2
    assert not crash.same_as(later, 1e-6) and not crash.same_as(first, 1e-6)


def test_a_property():
    require(True, "fine")
    with pytest.raises(Failure, match="rows must sum to one") as caught:
        require(False, "rows must sum to one")
    assert caught.value.stage == "property"
    assert caught.value.same_as(Failure("property", "rows must sum to one"), 0.1)
    assert not caught.value.same_as(Failure("property", "another"), 0.1)
