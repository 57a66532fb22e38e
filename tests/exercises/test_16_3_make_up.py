"""The reference of exercise 16.3 against least squares on the inputs themselves."""

import numpy as np
import pytest

from tinyffn.bits.second_moment import output_error


@pytest.fixture
def make_up(part):
    return part("16.3", "reference").make_up


def drawn(seed, d_out=3, d_in=8, n=50):
    """w, w_rounded, is_rounded, and the inputs as they were and as they are (n, d_in)."""
    rng = np.random.default_rng(seed)
    w, x = rng.normal(size=(d_out, d_in)), rng.normal(size=(n, d_in)) @ rng.normal(size=(d_in,) * 2)
    x_new = x + 0.3 * rng.normal(size=x.shape)
    is_rounded = rng.permutation(d_in) < rng.integers(1, d_in)  # some, never none and never all
    return w, np.rint(w), is_rounded, x, x_new


def test_it_is_least_squares_over_all_inputs(make_up, seeds):
    for seed in seeds:
        w, w_rounded, is_rounded, x, x_new = drawn(seed)
        found = make_up(w, w_rounded, is_rounded, x_new.T @ x_new / 50, x.T @ x_new / 50)
        assert np.array_equal(found[:, is_rounded], w_rounded[:, is_rounded])
        missing = x @ w.T - x_new[:, is_rounded] @ w_rounded[:, is_rounded].T
        expected = np.linalg.lstsq(x_new[:, ~is_rounded], missing, rcond=None)[0]
        np.testing.assert_allclose(found[:, ~is_rounded], expected.T, rtol=1e-6, atol=1e-8)


def test_with_the_old_inputs_it_loses_less_than_leaving_the_rest(make_up, seeds):
    for seed in seeds:
        w, w_rounded, is_rounded, x, _ = drawn(seed)
        h = x.T @ x / 50
        found = make_up(w, w_rounded, is_rounded, h, h)
        left = np.where(is_rounded, w_rounded, w)
        assert output_error(w.T, found.T, h) < output_error(w.T, left.T, h)


def test_column_by_column_ends_at_the_same_place(make_up, seeds):
    """As the lesson rounds: one more column is settled, the rest moves, again and again."""
    for seed in seeds:
        w, w_rounded, is_rounded, x, _ = drawn(seed)
        h, moving, settled = x.T @ x / 50, w, np.zeros(8, bool)
        for i in np.flatnonzero(is_rounded):
            settled[i] = True
            values = np.where(settled & (np.arange(8) != i), moving, w_rounded)
            moving = make_up(moving, values, settled, h, h)
        whole = make_up(w, w_rounded, is_rounded, h, h)
        np.testing.assert_allclose(moving, whole, rtol=1e-6, atol=1e-8)


def test_without_rounding_and_new_inputs_nothing_moves(make_up):
    w, _, _, x, _ = drawn(1)
    h = x.T @ x / 50
    np.testing.assert_allclose(make_up(w, 0 * w, np.zeros(8, bool), h, h), w, atol=1e-9)
