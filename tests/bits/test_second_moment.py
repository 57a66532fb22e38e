"""The output's error from the second moment of the inputs, against the outputs themselves."""

import numpy as np
import pytest

from tinyffn.bits.second_moment import output_error


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
    ],
)
def test_bad_input_is_named(w, values, h, message):
    with pytest.raises(ValueError, match=message):
        output_error(w, values, h)
