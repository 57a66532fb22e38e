"""Token mixing: nothing of the future, bit for bit, and the same map whatever the text."""

import numpy as np
import pytest

from tinyffn import ops

rng = np.random.default_rng(0)
T = 7
X, M, B = (rng.standard_normal(s).astype(np.float32) for s in [(2, 3, T, 5), (3, T, T), (3, T)])


@pytest.mark.parametrize("place", range(T))
def test_no_token_is_mixed_into_the_past(place):
    y, _ = ops.mix_tokens.pair(X, M, B)
    changed = X.copy()
    changed[..., place, :] += 100.0
    same = np.all(y == ops.mix_tokens.pair(changed, M, B)[0], axis=(0, 1, 3))
    assert same.tolist() == [t < place for t in range(T)]


def test_no_gradient_reaches_the_future():
    _, backward = ops.mix_tokens.pair(X, M, B)
    dy = np.zeros_like(X)
    dy[:, :, 3] = 1.0
    dx, dm, _ = backward(dy)
    assert np.all(dx[:, :, 4:] == 0.0) and np.all(dx[:, :, :4] != 0.0)
    assert np.all(np.triu(dm, k=1) == 0.0)


def test_what_the_map_holds_above_the_diagonal_is_never_used():
    y, _ = ops.mix_tokens.pair(X, M, B)
    changed = M + np.triu(np.full_like(M, np.nan), k=1)
    np.testing.assert_array_equal(ops.mix_tokens.pair(X, changed, B)[0], y)


def test_the_last_rows_of_a_map_give_the_last_positions():
    y, _ = ops.mix_tokens.pair(X, M, B)
    last, _ = ops.mix_tokens.pair(X, M[:, -2:], B[:, -2:])
    np.testing.assert_allclose(last, y[:, :, -2:], rtol=0, atol=1e-6)


def test_a_toeplitz_map_is_a_convolution():
    taps, x = rng.standard_normal((1, T)), rng.standard_normal((1, T, 1))
    m, _ = ops.toeplitz.pair(taps)
    y, _ = ops.mix_tokens.pair(x, m)
    np.testing.assert_allclose(y[0, :, 0], np.convolve(taps[0], x[0, :, 0])[:T], atol=1e-12)


def test_what_stands_later_is_mixed_the_same_later_by_a_toeplitz_map():
    m, _ = ops.toeplitz.pair(rng.standard_normal((3, T)))
    x = rng.standard_normal((3, T, 5))
    later = np.concatenate([np.zeros((3, 2, 5)), x[:, :-2]], axis=1)
    expected, _ = ops.mix_tokens.pair(x, m)
    np.testing.assert_allclose(
        ops.mix_tokens.pair(later, m)[0][:, 2:], expected[:, :-2], rtol=0, atol=1e-12
    )


def test_token_shift_with_weights_0_and_1_is_a_step_back():
    x = X[0, 0]
    y, _ = ops.token_shift.pair(x, np.zeros(5, np.float32), np.ones(5, np.float32))
    np.testing.assert_array_equal(y, np.concatenate([np.zeros((1, 5)), x[:-1]]))
