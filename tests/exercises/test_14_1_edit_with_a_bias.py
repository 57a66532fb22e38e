"""The reference of exercise 14.1 against a layer whose keys end in 1, and against other edits."""

import numpy as np
import pytest


@pytest.fixture
def edit_fact(part):
    return part("14.1", "reference").edit_fact


def drawn(seed, d_model=3, d_ff=5, n=30):
    """w, b, key, value, and the coefficients m (n, d_ff) of some work."""
    rng = np.random.default_rng(seed)
    m = rng.normal(size=(n, d_ff)) @ rng.normal(size=(d_ff, d_ff)) + rng.normal(size=d_ff)
    shapes = (d_model, d_ff), d_model, d_ff, d_model
    return *(rng.normal(size=shape) for shape in shapes), m


def test_a_bias_is_a_value_whose_coefficient_is_1(edit_fact, seeds):
    for seed in seeds:
        w, b, key, value, m = drawn(seed)
        w_new, b_new = edit_fact(w, b, key, value, m.T @ m / len(m), m.mean(axis=0))
        longer, key = np.column_stack([m, np.ones(len(m))]), np.append(key, 1.0)
        direction = np.linalg.inv(longer.T @ longer / len(m)) @ key
        whole = np.column_stack([w, b])
        whole += np.outer(value - whole @ key, direction) / (direction @ key)
        np.testing.assert_allclose(w_new, whole[:, :-1], rtol=1e-7, atol=1e-7)
        np.testing.assert_allclose(b_new, whole[:, -1], rtol=1e-7, atol=1e-7)


def test_it_holds_has_rank_one_and_no_other_edit_moves_less(edit_fact, seeds):
    for seed in seeds:
        w, b, key, value, m = drawn(seed)
        w_new, b_new = edit_fact(w, b, key, value, m.T @ m / len(m), m.mean(axis=0))
        np.testing.assert_allclose(w_new @ key + b_new, value, atol=1e-9)
        change = np.column_stack([w_new - w, b_new - b])
        assert np.linalg.matrix_rank(change, tol=1e-9) == 1
        longer, rng = np.column_stack([m, np.ones(len(m))]), np.random.default_rng([seed, 1])
        cost, end = np.mean(np.sum((longer @ change.T) ** 2, axis=1)), np.append(key, 1.0)
        for _ in range(10):
            other = 0.1 * rng.normal(size=change.shape)
            other -= np.outer(other @ end, end) / (end @ end)  # moves nothing at the key
            assert np.mean(np.sum((longer @ (change + other).T) ** 2, axis=1)) > cost


def test_a_key_at_the_mean_costs_the_bias_alone(edit_fact):
    w, b, _, value, m = drawn(0)
    w_new, b_new = edit_fact(w, b, m.mean(axis=0), value, m.T @ m / len(m), m.mean(axis=0))
    np.testing.assert_allclose(w_new, w, atol=1e-12)
    np.testing.assert_allclose(b_new, value - w @ m.mean(axis=0), atol=1e-12)
