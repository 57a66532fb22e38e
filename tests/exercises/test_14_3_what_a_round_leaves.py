"""The reference of exercise 14.3 against edits made one by one, and against the edit of all."""

import numpy as np
import pytest


@pytest.fixture
def left_over(part):
    return part("14.3", "reference").left_over


def drawn(seed, n, d_ff=7, d_model=3):
    rng = np.random.default_rng(seed)
    old = rng.normal(size=(50, d_ff)) + rng.normal(size=d_ff)
    arrays = [rng.normal(size=shape) for shape in ((d_ff, d_model), (n, d_ff), (n, d_model))]
    return *arrays, old.T @ old / len(old), rng.uniform(0.3, 1.0, n)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_it_foresees_what_single_edits_leave(left_over, n, seeds):
    for seed in seeds:
        w, keys, values, c, step = drawn(seed, n)
        before = values - keys @ w
        for i in range(n):
            u = np.linalg.inv(c) @ keys[i]
            w = w + step[i] * np.outer(u, values[i] - keys[i] @ w) / (keys[i] @ u)
        found = left_over(keys, c, step) @ before
        np.testing.assert_allclose(found, values - keys @ w, rtol=1e-8, atol=1e-8)


def test_with_whole_steps_the_last_fact_holds_and_rounds_never_grow(left_over, seeds):
    """In the measure of H⁻¹ each edit is a projection, so no round makes what is missing longer."""
    for seed in seeds:
        _, keys, _, c, _ = drawn(seed, 5)
        matrix = left_over(keys, c, np.ones(5))
        np.testing.assert_allclose(matrix[-1], 0, atol=1e-9)
        assert np.abs(np.linalg.eigvals(matrix)).max() < 1


def test_keys_that_do_not_overlap_leave_nothing(left_over):
    keys = np.diag([1.0, 2.0, 3.0])
    matrix = left_over(keys, np.diag([4.0, 5.0, 6.0]), np.ones(3))
    np.testing.assert_allclose(matrix, np.zeros((3, 3)), atol=1e-12)
