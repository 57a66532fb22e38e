"""The reference of exercise 3.3 against closed forms, and against networks that are really run."""

import math

import numpy as np
import pytest

from tinyffn.nn.init import he

NODES, SHARES = np.polynomial.hermite_e.hermegauss(100)
SHARES = SHARES / SHARES.sum()


@pytest.fixture
def answer(part):
    return part("3.3", "reference")


def relu(z):
    return np.maximum(z, 0.0)


def erf(z):
    return np.vectorize(math.erf)(z)


def test_relu_multiplies_by_half_of_d_times_the_variance(answer):
    sizes = answer.mean_squares(relu, 3.0, 5, 8, 0.4, 0.0, NODES, SHARES)
    np.testing.assert_allclose(sizes, 3.0 * (8 * 0.4**2 / 2) ** np.arange(6), rtol=1e-12)


def test_erf_is_williams_formula(answer, seeds):
    """E[erf(z)²] = 2/π arcsin(2q / (1 + 2q)), Williams 1997 (Computing with infinite networks)."""
    for seed in seeds:
        q, w_std, b_std = np.random.default_rng(seed).uniform(0.2, 1.5, size=3)
        found = answer.mean_squares(erf, q, 1, 7, w_std, b_std, NODES, SHARES)[1]
        mean = 2 / math.pi * math.asin(2 * q / (1 + 2 * q))
        assert found == pytest.approx(7 * w_std**2 * mean + b_std**2, rel=1e-6)


@pytest.mark.parametrize("f", [np.tanh, relu, lambda z: np.logaddexp(0, z)])
def test_wide_networks_that_are_run_agree(answer, f):
    rng = np.random.default_rng(0)
    d, w_std, b_std = 1000, 0.05, 0.3
    foreseen = answer.mean_squares(f, 2.0, 4, d, w_std, b_std, NODES, SHARES)
    z = rng.normal(0, math.sqrt(2), size=(50, d))
    for q in foreseen[1:]:
        z = f(z) @ rng.normal(0, w_std, size=(d, d)) + rng.normal(0, b_std, size=d)
        assert np.mean(z * z) == pytest.approx(q, rel=0.1)


def test_what_keeps_the_signal_keeps_it(answer, seeds):
    for seed in seeds:
        b_std, more = np.random.default_rng(seed).uniform(0.1, 1, size=2)
        q = b_std**2 + more
        for f in (np.tanh, relu):
            w_std = answer.w_std_that_keeps(f, q, 9, b_std, NODES, SHARES)
            sizes = answer.mean_squares(f, q, 10, 9, w_std, b_std, NODES, SHARES)
            np.testing.assert_allclose(sizes, q, rtol=1e-9)


def test_for_relu_it_is_the_library_s_rule(answer):
    w_std = answer.w_std_that_keeps(relu, 5.0, 400, 0.0, NODES, SHARES)
    assert w_std == pytest.approx(math.sqrt(2 / 400), rel=1e-9)
    assert he(np.random.default_rng(0), (400, 500)).std() == pytest.approx(w_std, rel=0.02)


def test_the_first_two_hints_do_not_hold_the_answer(exercise):
    for hint in exercise("3.3").hints[:2]:
        assert not any(code in hint for code in ("np.", "**", "shares[k]", "d *"))
