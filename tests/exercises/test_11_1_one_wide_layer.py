"""The reference of exercise 11.1 against the library's layers: many small ones, and one wide."""

import numpy as np
import pytest

from tinyffn import Tensor, nn


@pytest.fixture
def one_layer(part):
    return part("11.1", "reference").one_layer


@pytest.mark.parametrize("n_heads, d_head", [(3, 4), (1, 5), (4, 1)])
def test_the_wide_layer_gives_the_sum_of_the_small_ones(one_layer, n_heads, d_head, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        heads = [nn.FeedForward(2, d_head, rng=rng).astype(np.float64) for _ in range(n_heads)]
        for head in heads:
            head.up.b.data[...], head.down.b.data[...] = rng.normal(), rng.normal()
        parts = [(h.up.w, h.up.b, h.down.w, h.down.b) for h in heads]
        stacked = [np.stack([p.data for p in same]) for same in zip(*parts, strict=True)]
        strength, x = rng.normal(size=n_heads), Tensor(rng.normal(size=(5, 2)))
        wide = nn.FeedForward(2, n_heads * d_head, rng=rng).astype(np.float64)
        order = rng.permutation(n_heads * d_head)
        found = one_layer(*stacked, strength, order)
        for parameter, array in zip(wide.parameters(), found, strict=True):
            parameter.data[...] = array
        expected = sum(s * head(x).data for s, head in zip(strength, heads, strict=True))
        np.testing.assert_allclose(wide(x).data, expected, rtol=0, atol=1e-12)


def test_units_stand_where_the_order_says(one_layer):
    """Unit number n has the bias n, a column of n's, and a row of n's."""
    n = np.arange(6.0).reshape(2, 3)
    order = np.array([4, 0, 5, 2, 1, 3])
    w_up, w_down = np.stack([n, n], axis=1), np.stack([n, n], axis=2)
    found = one_layer(w_up, n, w_down, np.zeros((2, 2)), np.ones(2), order)
    for array in (found[0][0], found[0][1], found[1], found[2][:, 0], found[2][:, 1]):
        np.testing.assert_array_equal(array, order)


def test_float32_stays(one_layer):
    rng = np.random.default_rng(0)
    shapes = [(3, 2, 4), (3, 4), (3, 4, 2), (3, 2), (3,)]
    heads = [rng.normal(size=shape).astype(np.float32) for shape in shapes]
    assert {a.dtype for a in one_layer(*heads, np.arange(12))} == {np.dtype("float32")}
