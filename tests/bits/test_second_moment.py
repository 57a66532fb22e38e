"""The output's error from the second moment of the inputs, against the outputs themselves."""

import numpy as np
import pytest

from tinyffn.bits.second_moment import as_second_moment, output_error


def test_it_is_the_share_of_the_outputs_squares():
    rng = np.random.default_rng(1)
    x, w = rng.normal(size=(50, 6)) * np.arange(1, 7), rng.normal(size=(6, 3))
    values = w + 0.1 * rng.normal(size=w.shape)
    direct = ((x @ w - x @ values) ** 2).sum() / ((x @ w) ** 2).sum()
    assert output_error(w, values, x.T @ x / 50) == pytest.approx(direct, rel=1e-12)
    assert output_error(w, values, 7 * x.T @ x) == pytest.approx(direct, rel=1e-12)


def test_with_the_identity_it_is_the_error_of_the_weight():
    w = np.array([[3.0, 0.0], [0.0, 4.0]])
    assert output_error(w, np.zeros((2, 2)), np.eye(2)) == 1.0
    assert output_error(w, np.diag([3.0, 0.0]), np.eye(2)) == 16 / 25


@pytest.mark.parametrize(
    "w, values, h, message",
    [
        (np.ones((2, 3)), np.ones((3, 2)), np.eye(2), r"w \(2, 3\) and values \(3, 2\)"),
        (np.ones((2, 3)), np.ones((2, 3)), np.eye(3), r"second_moment \(3, 3\) must be \(2, 2\)"),
        (np.zeros((2, 3)), np.ones((2, 3)), np.eye(2), "the output x w is always zero"),
        (np.ones(2), np.ones(2), np.eye(2), r"w \(2,\) and values \(2,\) must both be"),
        (np.ones((2, 2, 2)), np.ones((2, 2, 2)), np.eye(2), "must both be"),
        (np.ones((0, 3)), np.ones((0, 3)), np.eye(0), r"w \(0, 3\) and values"),
        (np.ones((2, 3)), np.full((2, 3), np.nan), np.eye(2), "output_error: some numbers of w or"),
        (np.full((2, 3), np.inf), np.ones((2, 3)), np.eye(2), "or values are not finite"),
    ],
)
def test_bad_input_is_named(w, values, h, message):
    with pytest.raises(ValueError, match=message):
        output_error(w, values, h)


def test_it_is_checked_and_becomes_float64():
    h = np.array([[2, 1], [1, 0]], np.float32)  # an input that is always zero is no mistake
    found = as_second_moment("me", h, 2)
    assert found.dtype == np.float64 and np.array_equal(found, h)


def test_the_rounding_of_float32_is_no_lack_of_symmetry_whatever_the_unit():
    for unit in (1e-12, 1.0, 1e12):
        h = unit * np.array([[1.0, 0.001], [0.001 + 1e-6, 1.0]])
        assert as_second_moment("me", h, 2) is not None
        with pytest.raises(ValueError, match="me: second_moment is not symmetric"):
            as_second_moment("me", unit * np.array([[1.0, 0.5], [0.4, 1.0]]), 2)


def test_the_error_is_a_python_number_worked_out_in_float64():
    w, values = np.float32([[1e-30]]), np.float32([[0.75e-30]])  # whose squares float32 has not
    found = output_error(w, values, np.eye(1, dtype=np.float32))
    hundred = np.array([[100]], np.int8)  # 100 - (-100) is -56 in int8
    assert output_error(hundred, -hundred, np.eye(1)) == 4.0
    assert type(found) is float and np.isclose(found, 1 / 16, rtol=1e-6)


@pytest.mark.parametrize(
    "h, message",
    [
        (np.eye(3), r"me: second_moment \(3, 3\) must be \(2, 2\), the mean of x xᵀ over inputs x"),
        (np.ones((2, 3)), r"me: second_moment \(2, 3\) must be"),
        (np.full((2, 2), np.nan), "me: second_moment is not finite: is an input not finite"),
        (np.diag([1.0, np.inf]), "me: second_moment is not finite"),
        (np.array([[1.0, 1.0], [0.0, 1.0]]), "me: second_moment is not symmetric"),
        (np.diag([2.0, -1.0]), "me: the diagonal of second_moment runs from -1 to 2, but holds"),
        (np.zeros((2, 2)), "me: the diagonal of second_moment runs from 0 to 0"),
    ],
)
def test_what_is_no_second_moment_is_named(h, message):
    with pytest.raises(ValueError, match=message):
        as_second_moment("me", h, 2)
