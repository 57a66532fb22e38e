"""Maxout: the largest of several dense maps, and ReLU where one of two maps is zero."""

import numpy as np
import pytest

from tinyffn import Tensor, nn, ops

X = np.random.default_rng(1).standard_normal((50, 4)).astype(np.float32)


def test_maxout_is_the_largest_of_its_dense_maps():
    layer = nn.MaxoutFeedForward(4, 5, rng=np.random.default_rng(3), pieces=3)
    maps = (X @ layer.up.w.data + layer.up.b.data).reshape(50, 3, 5)
    y = maps.max(axis=1) @ layer.down.w.data + layer.down.b.data
    np.testing.assert_allclose(layer(Tensor(X)).data, y, atol=1e-6)
    assert layer.up.w.shape == (4, 15) and layer.down.w.shape == (5, 4)


def test_maxout_with_a_zero_map_is_relu():
    layer = nn.MaxoutFeedForward(4, 5, rng=np.random.default_rng(3))
    layer.up.w.data[:, 5:] = 0
    plain = nn.FeedForward(4, 5, rng=np.random.default_rng(3), activation=ops.relu)
    for name in ("w", "b"):
        getattr(plain.up, name).data[...] = getattr(layer.up, name).data[..., :5]
        getattr(plain.down, name).data[...] = getattr(layer.down, name).data
    x = Tensor(X)
    np.testing.assert_allclose(layer(x).data, plain(x).data, atol=1e-6)


def test_maxout_says_which_size_is_wrong():
    rng = np.random.default_rng(0)
    for sizes in ({"d_model": 0}, {"d_ff": 0}, {"pieces": 0}):
        (name,) = sizes
        with pytest.raises(ValueError, match=f"MaxoutFeedForward: {name} is 0, but must be"):
            nn.MaxoutFeedForward(**({"d_model": 4, "d_ff": 5} | sizes), rng=rng)
