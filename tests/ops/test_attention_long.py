"""Attention over long sequences equals its formulas in plain NumPy, forward and backward."""

import numpy as np
import pytest

from tinyffn.ops.attention import attention


def whole(q, k, v, causal):
    """The clear twin: every score is computed, and those of the future are hidden."""
    scale = q.shape[-1] ** -0.5
    s = q @ k.swapaxes(-1, -2) * scale
    if causal:
        s = np.where(np.tri(*s.shape[-2:], k=s.shape[-1] - s.shape[-2], dtype=bool), s, -np.inf)
    p = np.exp(s)
    p /= p.sum(axis=-1, keepdims=True)

    def backward(dy):
        dp = dy @ v.swapaxes(-1, -2)
        ds = p * (dp - (p * dp).sum(axis=-1, keepdims=True)) * scale
        return ds @ k, ds.swapaxes(-1, -2) @ q, p.swapaxes(-1, -2) @ dy

    return p @ v, backward


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("past", [0, 1, 100])
@pytest.mark.parametrize("more", [-1, 0, 1, 70])
def test_long_sequences_equal_the_formulas(more, past, causal):
    rng = np.random.default_rng(0)
    T = 64 + more
    q, k, v, dy = (
        rng.standard_normal((2, n, d)) for n, d in [(T, 3), (T + past, 3), (T + past, 5), (T, 5)]
    )
    y, backward = attention.pair(q, k, v, causal=causal)
    expected_y, expected_backward = whole(q, k, v, causal)
    np.testing.assert_allclose(y, expected_y, rtol=1e-11, atol=1e-13)
    for dx, expected in zip(backward(dy), expected_backward(dy), strict=True):
        np.testing.assert_allclose(dx, expected, rtol=1e-11, atol=1e-13)
