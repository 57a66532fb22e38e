"""The reference of exercise 3.1 against the count itself, and against the least that is needed."""

import itertools

import numpy as np
import pytest

from tinyffn import ops


@pytest.fixture
def parity(part):
    return part("3.1", "reference").parity


def run(weights, x):
    """The network, by the library's layers."""
    w_up, b_up, w_down, b_down = weights
    y, _ = ops.linear.pair(np.maximum(ops.linear.pair(x, w_up, b_up)[0], 0), w_down, b_down)
    return y[..., 0]


@pytest.mark.parametrize("n", range(1, 7))
def test_at_every_corner_it_counts(parity, n, seeds):
    for seed in seeds:
        low, step = np.random.default_rng(seed).uniform(0.2, 2, size=2)
        ends = np.array([-low, step - low])
        on = np.array(list(itertools.product([0, 1], repeat=n)))
        np.testing.assert_allclose(run(parity(ends, n), ends[on]), on.sum(axis=1) % 2, atol=1e-12)


@pytest.mark.parametrize("n", range(1, 7))
def test_in_between_it_runs_straight(parity, n, seeds):
    """The zigzag as NumPy interpolates it."""
    for seed in seeds:
        rng = np.random.default_rng(seed)
        x = rng.uniform(0, 1, size=(100, n))
        expected = np.interp(x.sum(axis=1), range(n + 1), np.arange(n + 1) % 2)
        np.testing.assert_allclose(run(parity(np.array([0.0, 1.0]), n), x), expected, atol=1e-12)
        y = run(parity(np.array([-1.0, 1.0]), n), 2 * x - 1)
        np.testing.assert_allclose(y, expected, atol=1e-12)


def test_the_first_two_hints_do_not_hold_the_answer(exercise):
    for hint in exercise("3.1").hints[:2]:
        assert not any(code in hint for code in ("-2", "+2", "arange", "1 / step"))
