"""The reference of exercise 14.2 against normal equations, least squares, and single edits."""

import numpy as np
import pytest


@pytest.fixture
def edit_facts(part):
    return part("14.2", "reference").edit_facts


def drawn(seed, n, d_ff=6, d_model=3):
    rng = np.random.default_rng(seed)
    old = rng.normal(size=(50, d_ff)) + rng.normal(size=d_ff)
    arrays = [rng.normal(size=shape) for shape in ((d_ff, d_model), (n, d_ff), (n, d_model))]
    return *arrays, rng.uniform(0.5, 2.0, n), old


@pytest.mark.parametrize("n", [1, 4, 9])
def test_the_sum_is_that_of_a_least_squares_problem(edit_facts, n, seeds):
    """Old keys are rows that ask for no change, each fact a row divided by √slack."""
    for seed in seeds:
        w, keys, values, slack, old = drawn(seed, n)
        each = 1 / np.sqrt(slack)[:, None]
        rows = np.concatenate([old / np.sqrt(len(old)), each * keys])
        asked = np.concatenate([np.zeros((len(old), 3)), each * (values - keys @ w)])
        change = np.linalg.lstsq(rows, asked, rcond=None)[0]
        found = edit_facts(w, keys, values, slack, old.T @ old / len(old))
        np.testing.assert_allclose(found, w + change, rtol=1e-8, atol=1e-8)


def test_strict_facts_are_the_limit_of_small_slacks_and_hold(edit_facts, seeds):
    for seed in seeds:
        w, keys, values, slack, old = drawn(seed, 4)
        c, strict = old.T @ old / len(old), np.array([0, 2])
        slack[strict] = 0.0
        found = edit_facts(w, keys, values, slack, c)
        np.testing.assert_allclose((keys @ found)[strict], values[strict], atol=1e-9)
        slack[strict] = 1e-7
        weighted = keys.T / slack
        near = w + np.linalg.solve(c + weighted @ keys, weighted @ (values - keys @ w))
        np.testing.assert_allclose(found, near, atol=1e-3)


def test_one_strict_fact_moves_w_along_one_direction(edit_facts):
    w, keys, values, _, old = drawn(0, 1)
    c = old.T @ old / len(old)
    change = edit_facts(w, keys, values, np.zeros(1), c) - w
    direction = np.linalg.inv(c) @ keys[0]
    expected = np.outer(direction, values[0] - keys[0] @ w) / (direction @ keys[0])
    np.testing.assert_allclose(change, expected, atol=1e-10)
