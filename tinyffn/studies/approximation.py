"""How near a function can n ReLUs come? Nearness by construction, and with random features."""

import numpy as np

from tinyffn.arguments import (
    must_be_at_least,
    must_be_callable,
    must_be_generator,
    must_be_positive,
)
from tinyffn.studies.layers import run


def interpolant(f, n, *, low=0.0, high=1.0):
    """A network of n ReLUs that meets f at n + 1 equally spaced knots and is straight in between.

        y = f(t_0) + Σ_j c_j relu(x - t_j),  j = 0 .. n-1

    Each ReLU turns the line at its knot t_j: c_0 is the first slope, c_j the change of slope there.

    Arguments  f: a function from an array to an array of its shape; n: how many ReLUs
    Returns    [(w, b), (w, b)], see `tinyffn.studies.layers`: x (..., 1) -> y (..., 1)
    Errors     TypeError if f is no function; ValueError if f gives another shape than it got, n is
               no whole number above 0, or low is not below high
    """
    must_be_callable("interpolant", f=f)
    must_be_positive("interpolant", n=n)
    _must_be_interval("interpolant", low, high)
    knots = np.linspace(low, high, n + 1)
    y = _values("interpolant", f, knots)
    slopes = np.diff(y) / np.diff(knots)
    turns = np.diff(slopes, prepend=0.0)
    return [(np.ones((1, n)), -knots[:-1]), (turns[:, None], y[:1])]


def sup_error(f, layers, *, low=0.0, high=1.0, points=20_001):
    """The largest |f - network| on `points` equally spaced places of [low, high].

    Errors     as interpolant; ValueError if points is no whole number above 0
    """
    must_be_callable("sup_error", f=f)
    must_be_positive("sup_error", points=points)
    _must_be_interval("sup_error", low, high)
    x = np.linspace(low, high, points)
    return float(np.abs(run(layers, x[:, None])[:, 0] - _values("sup_error", f, x)).max())


def error_bound(curvature, n, *, low=0.0, high=1.0):
    """No interpolant of n pieces is farther from f than this, if |f''| is at most `curvature`.

        curvature (high - low)² / (8 n²)

    Errors     ValueError if curvature is negative, n is no whole number above 0, or low is not
               below high
    Source     the error of linear interpolation; Davis 1975 (Interpolation and approximation)
    """
    must_be_at_least("error_bound", 0, curvature=curvature)
    must_be_positive("error_bound", n=n)
    _must_be_interval("error_bound", low, high)
    return curvature * (high - low) ** 2 / (8 * n**2)


def log_slope(x, y):
    """The slope of the line that fits log y to log x best: -2 where y falls with the square of x.

    Errors     ValueError if there are fewer than two, or one is not above 0
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if x.shape != y.shape or x.ndim != 1 or len(x) < 2:
        raise ValueError(f"log_slope: x {x.shape} and y {y.shape} must be (n,), two or more")
    if min(x.min(), y.min()) <= 0:
        raise ValueError("log_slope: every x and y must be above 0: it takes logarithms")
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


def random_features_rmse(f, d, n, *, rng, n_train=2048, n_test=2048):
    """Root mean square error of n random ReLUs whose output weights alone are fitted to f.

    x is uniform in [-1, 1]^d. The ReLUs' directions are uniform on the sphere, their borders cut
    the ball around the cube at uniform distances; the output weights are least squares on n_train
    points, and the error is measured on n_test others.

    Arguments  f: a function from (n, d) to (n)
    Errors     TypeError if f is no function or rng no generator; ValueError if a size is no whole
               number above 0, or n is not below n_train
    Source     Barron 1993 (Universal approximation bounds for superpositions of a sigmoidal
               function): features that are fixed before f is seen need a number of them that is
               exponential in d; trained ones need not
    """
    must_be_callable("random_features_rmse", f=f)
    must_be_positive("random_features_rmse", d=d, n=n, n_train=n_train, n_test=n_test)
    must_be_generator("random_features_rmse", rng)
    if n >= n_train:
        raise ValueError(f"random_features_rmse: n is {n}, but must be below n_train = {n_train}")
    w = rng.normal(size=(d, n))
    w /= np.linalg.norm(w, axis=0)
    b = rng.uniform(-np.sqrt(d), np.sqrt(d), size=n)

    def features(x):
        return np.concatenate([np.maximum(x @ w + b, 0), np.ones((len(x), 1))], axis=1)

    x = rng.uniform(-1, 1, size=(n_train, d))
    test = rng.uniform(-1, 1, size=(n_test, d))
    owner = "random_features_rmse"
    y, test_y = (_values(owner, f, points, shape=(len(points),)) for points in (x, test))
    fitted = np.linalg.lstsq(features(x), y, rcond=None)[0]
    return float(np.sqrt(np.mean((features(test) @ fitted - test_y) ** 2)))


def _values(owner, f, x, shape=None):
    """f(x), which must have the shape of x, or the one named: broadcasting would hide mistakes."""
    y, shape = f(x), x.shape if shape is None else shape
    if np.shape(y) != shape:
        raise ValueError(f"{owner}: f gives {np.shape(y)} for {x.shape}, but must give {shape}")
    return y


def _must_be_interval(owner, low, high):
    if not low < high:
        raise ValueError(f"{owner}: low is {low} and high is {high}, but low must be below high")
