"""GELU in float32, held against Python's own erfc, and the fit behind its coefficients."""

import math

import numpy as np

from tinyffn import ops
from tinyffn.ops.gaussian import TAIL_COEFFICIENTS, TAIL_RATE, normal_tail

X = np.linspace(-15.0, 15.0, 60_001).astype(np.float32)
ROUNDING = 2.0**-24  # of float32: the largest relative error of one rounding


def exact_tail(a):
    """Φ(-a) in float64."""
    return 0.5 * np.array([math.erfc(v * math.sqrt(0.5)) for v in a.ravel()]).reshape(a.shape)


def test_float32_gelu_is_right_to_float32_rounding():
    y, backward = ops.gelu.pair(X)
    x = X.astype(np.float64)
    exact = x * exact_tail(-x)
    assert (np.abs(y - exact) / np.maximum(1.0, np.abs(x))).max() <= 2.5e-7

    slope = backward(np.ones_like(X))[0]
    exact_slope = exact_tail(-x) + x * np.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)
    assert (np.abs(slope - exact_slope) / np.maximum(1.0, np.abs(x))).max() <= 2.5e-7


def test_float32_gelu_keeps_its_digits_in_the_left_tail():
    """The small values too: a few roundings, and those of the exponent x²/2 that e^ magnifies."""
    x = X[(X >= -12.0) & (X < 0.0)]
    y, _ = ops.gelu.pair(x)
    exact = x * exact_tail(-x.astype(np.float64))
    allowed = ROUNDING * (8.0 + x.astype(np.float64) ** 2)
    assert (np.abs(y / exact - 1.0) <= allowed).all()


def test_float64_gelu_is_exact_in_value_and_slope():
    x = X[::50].astype(np.float64)
    y, backward = ops.gelu.pair(x)
    exact = x * exact_tail(-x)
    np.testing.assert_allclose(y, exact, rtol=1e-13, atol=0)
    slope = exact_tail(-x) + x * np.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)
    np.testing.assert_allclose(backward(np.ones_like(x))[0], slope, rtol=0, atol=1e-14)


def test_normal_tail_halves_at_zero_and_falls():
    a = np.linspace(0.0, 12.0, 1001).astype(np.float32)
    tail = normal_tail(a, np.exp(-0.5 * a * a))
    assert abs(tail[0] - 0.5) <= 2 * ROUNDING
    assert (np.diff(tail) < 0.0).all()


def test_coefficients_are_the_reweighted_least_squares_fit():
    """Least squares in t, weights raised where the error is largest, until all errors are level."""
    a, scaled_tail = tail_without_its_exponential()
    t = 1.0 / (1.0 + TAIL_RATE * a)
    terms = t[:, None] ** np.arange(1, 10) / scaled_tail[:, None]  # columns of the relative error
    weights = np.ones_like(t)
    for _ in range(150):
        fit, *_ = np.linalg.lstsq(terms * weights[:, None], weights, rcond=None)
        error = np.abs(terms @ fit - 1.0)
        weights *= (error / error.max() + 1e-3) ** 0.3
        weights /= weights.max()
    error_of_ours = np.abs(terms @ np.array(TAIL_COEFFICIENTS) - 1.0).max()
    assert error.max() < 2.6e-8
    assert error_of_ours < 2.6e-8
    assert error_of_ours < 1.1 * error.max()


def tail_without_its_exponential():
    """e^(a²/2) Φ(-a) for a from 0 to 16, at points that are dense towards both ends in t."""
    t = 0.5 + 0.5 * np.cos(np.linspace(0.0, math.pi, 1201))
    t = t[t > 1.0 / (1.0 + 16.0 * TAIL_RATE)]
    a = (1.0 / t - 1.0) / TAIL_RATE
    return a, np.exp(0.5 * a * a) * exact_tail(a)
