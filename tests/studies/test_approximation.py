"""Interpolation by ReLUs: it meets the knots, keeps its bound, and has the slope of theory."""

import re

import numpy as np
import pytest

from tinyffn.studies.approximation import (
    error_bound,
    interpolant,
    log_slope,
    random_features_rmse,
    sup_error,
)
from tinyffn.studies.layers import run

RNG = np.random.default_rng(2)


def wave(x):
    return np.sin(2 * np.pi * x)


@pytest.mark.parametrize("n", [1, 2, 7, 64])
def test_it_is_numpy_s_interpolation_with_n_relus(n):
    layers = interpolant(wave, n, low=-0.3, high=1.2)
    knots, x = np.linspace(-0.3, 1.2, n + 1), np.linspace(-0.3, 1.2, 997)
    assert layers[0][0].shape == (1, n)
    y = run(layers, x[:, None])[:, 0]
    np.testing.assert_allclose(y, np.interp(x, knots, wave(knots)), atol=1e-12)


def test_a_parabola_meets_its_bound_exactly():
    """The error of x² on a piece of width h is h²/4 in its middle, and f'' is 2."""
    for n in (1, 4, 16):
        error = sup_error(np.square, interpolant(np.square, n, high=3.0), high=3.0)
        assert error == pytest.approx(error_bound(2.0, n, high=3.0), rel=1e-6)


def test_a_wave_keeps_its_bound_and_falls_with_the_square():
    n = 2 ** np.arange(4, 10)
    errors = [sup_error(wave, interpolant(wave, int(k))) for k in n]
    bounds = [error_bound(4 * np.pi**2, int(k)) for k in n]
    assert all(e <= b * (1 + 1e-9) for e, b in zip(errors, bounds, strict=True))
    assert log_slope(n, errors) == pytest.approx(-2, abs=0.05)


def test_the_slope_of_a_power_is_its_exponent():
    x = np.array([1.0, 3.0, 10.0])
    assert log_slope(x, 7 * x**-1.5) == pytest.approx(-1.5)


def test_random_features_fit_what_they_can_and_need_more_in_more_dimensions():
    def f(x):
        return np.cos(np.pi * x.sum(axis=1) / np.sqrt(x.shape[1]))

    def rmse(d, n):
        return random_features_rmse(f, d, n, rng=np.random.default_rng(1), n_train=1024)

    assert random_features_rmse(lambda x: 3 + 0 * x[:, 0], 2, 8, rng=RNG) < 1e-9
    assert rmse(1, 64) < rmse(1, 16) < 0.1 < 0.3 < rmse(8, 64) < 1.0


def test_the_error_of_random_features_is_that_on_points_they_were_not_fitted_to():
    """As many features as points fit anything where they are fitted, and noise nowhere else."""
    noise = np.random.default_rng(5)
    error = random_features_rmse(
        lambda x: noise.normal(size=len(x)), 4, 199, rng=np.random.default_rng(6), n_train=200
    )
    assert error > 1.0


MISTAKES = [
    (lambda: interpolant(1, 3), TypeError, "interpolant: f is 1, but must be a function"),
    (lambda: interpolant(wave, 0), ValueError, "interpolant: n is 0, but must be a whole number"),
    (lambda: interpolant(wave, 3, low=2), ValueError,
     "interpolant: low is 2 and high is 1.0, but low must be below high"),
    (lambda: sup_error(wave, interpolant(wave, 2), points=0), ValueError,
     "sup_error: points is 0, but must be a whole number"),
    (lambda: interpolant(lambda x: x[:, None], 3), ValueError,
     "interpolant: f gives (4, 1) for (4,), but must give (4,)"),
    (lambda: sup_error(lambda x: x[:, None], interpolant(wave, 2), points=5), ValueError,
     "sup_error: f gives (5, 1) for (5,), but must give (5,)"),
    (lambda: random_features_rmse(lambda x: x, 2, 3, rng=RNG, n_train=8), ValueError,
     "random_features_rmse: f gives (8, 2) for (8, 2), but must give (8,)"),
    (lambda: error_bound(-1, 3), ValueError, "error_bound: curvature is -1, but must be a number"),
    (lambda: log_slope([1], [1]), ValueError, "log_slope: x (1,) and y (1,) must be (n,), two or"),
    (lambda: log_slope([1, 2], [1, 0]), ValueError, "log_slope: every x and y must be above 0"),
    (lambda: random_features_rmse(wave, 1, 9, rng=RNG, n_train=9), ValueError,
     "random_features_rmse: n is 9, but must be below n_train = 9"),
    (lambda: random_features_rmse(wave, 1, 9, rng=3), TypeError,
     "random_features_rmse: rng is 3, but must be a generator"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()
