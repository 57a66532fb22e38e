"""The checker itself: it accepts what is right, and catches every way to be wrong."""

import numpy as np
import pytest

from tinyffn import Tensor, check_pair, numeric_gradient, ops
from tinyffn.gradcheck import TOLERANCE, GradientError, as_pair, jacobians


def normal(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def rng():
    return np.random.default_rng(0)


def test_numeric_gradient_of_a_known_function():
    x = normal(2, 3)
    x.flags.writeable = False  # it must not even write for a moment
    np.testing.assert_allclose(numeric_gradient(lambda x: np.sum(x**3), x), 3 * x**2, atol=1e-9)


def test_numeric_gradient_of_a_single_number_and_of_nothing():
    assert numeric_gradient(lambda x: x * x, np.array(3.0)) == pytest.approx(6.0)
    assert numeric_gradient(lambda x: x.sum(), np.zeros((0, 3))).shape == (0, 3)


@pytest.mark.parametrize("x", [np.ones(3, np.float32), np.arange(3), [1.0], 1.0, Tensor([1.0])])
def test_numeric_gradient_wants_float64(x):
    with pytest.raises(TypeError, match=r"numeric_gradient: x is \w+, but must be a float64 array"):
        numeric_gradient(lambda x: 0.0, x)


def test_check_pair_returns_the_largest_error():
    worst = check_pair(ops.linear.pair, normal(2, 3), normal(3, 4), normal(4), rng=rng())
    assert 0.0 <= worst <= TOLERANCE


def square(change):
    """x² with a backward that `change` has made wrong."""

    def pair(x):
        return x * x, lambda dy: change(2.0 * x * dy)

    return pair


WRONG = [  # what the backward returns in place of (dx,), and what is said of it
    (lambda dx: (dx / 2.0,), r"argument 0: at \(\d, \d\) backward gives .*, central differences"),
    (lambda dx: (dx * (1.0 + 1e-5),), r"error \d\.\de-0\d, allowed 1e-06"),
    (lambda dx: (dx * 0.0,), r"argument 0: at"),
    (lambda dx: (dx * np.nan,), r"backward gives nan"),
    (lambda dx: (dx + np.where(np.arange(3) == 2, 1e-4, 0.0),), r"argument 0: at \(\d, 2\)"),
    (lambda dx: (dx.T,), r"gradient of shape \(3, 2\), but the argument has shape \(2, 3\)"),
    (lambda dx: (dx[0],), r"gradient of shape \(3,\)"),
    (lambda dx: (None,), r"argument 0: backward gives None, but the argument has shape \(2, 3\)"),
    (lambda dx: dx, r"backward must return a tuple of 1 gradients"),
    (lambda dx: (dx, dx), r"backward must return a tuple of 1 gradients"),
    (lambda dx: [dx], r"backward must return a tuple of 1 gradients"),
]


@pytest.mark.parametrize(("change", "message"), WRONG)
def test_check_pair_catches(change, message):
    check_pair(square(lambda dx: (dx,)), normal(2, 3), rng=rng())
    with pytest.raises(GradientError, match=message):
        check_pair(square(change), normal(2, 3), rng=rng())


def test_the_error_of_a_large_gradient_is_relative_that_of_a_small_one_absolute():
    def off_by(share):
        return lambda x: (1e6 * x, lambda dy: (1e6 * dy * (1.0 + share),))

    x = normal(2, 3)
    assert check_pair(off_by(1e-7), x, rng=rng()) == pytest.approx(1e-7, rel=1e-2)
    with pytest.raises(GradientError, match="argument 0"):
        check_pair(off_by(1e-5), x, rng=rng())
    assert check_pair(lambda x: (1e-9 * x, lambda dy: (0.0 * dy,)), x, rng=rng()) < 1e-8


def test_a_gradient_error_is_a_failed_assertion():
    assert issubclass(GradientError, AssertionError)


def test_check_pair_catches_a_transposed_sum_on_square_input():
    def pair(x):
        return x.sum(axis=0), lambda dy: (np.broadcast_to(dy[:, None], x.shape),)

    with pytest.raises(GradientError, match="argument 0"):
        check_pair(pair, normal(3, 3), rng=rng())


def test_check_pair_catches_a_gradient_for_an_absent_argument():
    def pair(x, b):
        return x * 1.0, lambda dy: (dy, dy)

    with pytest.raises(GradientError, match="argument 1 is None, so must be its gradient"):
        check_pair(pair, normal(2, 3), None, rng=rng())


def test_check_pair_names_the_argument_that_is_wrong():
    def pair(a, b):
        return a * b, lambda dy: (dy * b, dy * b)

    with pytest.raises(GradientError, match="argument 1"):
        check_pair(pair, normal(2, 3), normal(2, 3, seed=1), rng=rng())


def test_jacobians_show_every_output_against_every_input():
    a, b = normal(2, 3), normal(3, 4)
    analytic, numeric = jacobians(ops.matmul.pair, a, b, argument=1)
    assert analytic.shape == (2, 4, 3, 4)
    np.testing.assert_allclose(analytic, numeric, atol=1e-8)
    expected = np.einsum("ik,jl->ijkl", a, np.eye(4))
    np.testing.assert_allclose(analytic, expected, atol=1e-12)


def test_jacobians_of_a_single_number():
    analytic, numeric = jacobians(ops.mean.pair, normal(2, 3))
    assert analytic.shape == (2, 3)
    np.testing.assert_allclose(analytic, numeric, atol=1e-9)


def test_as_pair_checks_a_composition_of_ops():
    def model(x, w_up, w_down, factor):
        return factor * (ops.gelu(x @ w_up) @ w_down)

    check_pair(as_pair(model), normal(2, 3), normal(3, 4), normal(4, 2), rng=rng(), factor=2.0)


def test_as_pair_hands_on_settings_and_none():
    pair = as_pair(lambda x, b: x if b is None else x + b)
    _, backward = pair(normal(2, 3), None)
    assert backward(np.ones((2, 3)))[1] is None


def test_as_pair_shows_an_argument_that_takes_no_part():
    pair = as_pair(lambda x, unused: x * 2.0)
    with pytest.raises(GradientError, match="argument 1: backward gives None"):
        check_pair(pair, normal(2, 3), normal(4), rng=rng())
