"""The reference of exercise 10.2 against loops, numeric slopes, and the library's attention."""

import numpy as np
import pytest

from tinyffn import check_pair, ops

SIZES = [(1, 1), (3, 3), (4, 1), (6, 2), (6, 3)]  # n_heads, n_kv_heads


@pytest.fixture
def grouped_attention(part):
    return part("10.2", "reference").grouped_attention


def draw(rng, n_heads, n_kv_heads, B=2, T=5, d_head=3, d_v=4):
    q, dy = rng.normal(size=(B, T, n_heads, d_head)), rng.normal(size=(B, T, n_heads, d_v))
    k, v = rng.normal(size=(B, T, n_kv_heads, d_head)), rng.normal(size=(B, T, n_kv_heads, d_v))
    return q, k, v, dy


@pytest.mark.parametrize("heads", SIZES, ids=str)
def test_y_is_what_loops_say(grouped_attention, heads, seeds):
    for seed in seeds:
        q, k, v, _ = draw(np.random.default_rng(seed), *heads, B=1, T=4)
        y, _ = grouped_attention(q, k, v)
        for t, h in np.ndindex(4, heads[0]):
            g = h // (heads[0] // heads[1])
            e = [np.exp(q[0, t, h] @ k[0, j, g] / np.sqrt(3)) for j in range(t + 1)]
            mean = sum(w * v[0, j, g] for j, w in enumerate(e)) / sum(e)
            np.testing.assert_allclose(y[0, t, h], mean, atol=1e-12)


@pytest.mark.parametrize("heads", SIZES, ids=str)
def test_its_gradients_are_the_numeric_ones(grouped_attention, heads):
    rng = np.random.default_rng(3)
    check_pair(grouped_attention, *draw(rng, *heads)[:3], rng=rng)


@pytest.mark.parametrize("heads", SIZES, ids=str)
def test_it_is_the_library_s_attention_on_repeated_heads(grouped_attention, heads, seeds):
    n_heads, n_kv_heads = heads

    def repeated(x):
        return np.repeat(x, n_heads // n_kv_heads, axis=2).swapaxes(1, 2)

    def summed(d):
        B, _, T, c = d.shape
        return d.reshape(B, n_kv_heads, -1, T, c).sum(axis=2).swapaxes(1, 2)

    for seed in seeds:
        q, k, v, dy = draw(np.random.default_rng(seed), *heads)
        y, backward = grouped_attention(q, k, v)
        theirs, their_backward = ops.attention.pair(q.swapaxes(1, 2), repeated(k), repeated(v))
        dq, dk, dv = their_backward(dy.swapaxes(1, 2))
        np.testing.assert_allclose(y, theirs.swapaxes(1, 2), atol=1e-12)
        expected = dq.swapaxes(1, 2), summed(dk), summed(dv)
        for mine, their in zip(backward(dy), expected, strict=True):
            np.testing.assert_allclose(mine, their, atol=1e-12)


def test_nothing_of_the_future_flows_into_y_or_back(grouped_attention):
    q, k, v, dy = draw(np.random.default_rng(0), 6, 2)
    y, backward = grouped_attention(q, k, v)
    k[:, 3:], v[:, 3:] = 9.0, 9.0
    assert np.array_equal(grouped_attention(q, k, v)[0][:, :3], y[:, :3])
    dy[:, 3:] = 0.0
    assert not any(gradient[:, 3:].any() for gradient in backward(dy))


def test_float32_stays_and_scores_of_any_size_are_finite(grouped_attention):
    arrays = [a.astype("float32") for a in draw(np.random.default_rng(0), 6, 2)]
    q, k, v, dy = arrays
    with np.errstate(all="raise", under="ignore"):
        y, backward = grouped_attention(1e4 * q, 1e4 * k, v)
        results = [y, *backward(dy)]
    assert {a.dtype for a in results} == {np.dtype("float32")}
    assert all(np.isfinite(a).all() for a in results)
