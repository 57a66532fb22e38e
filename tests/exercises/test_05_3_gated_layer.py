"""The reference of exercise 5.3 against the library's layer, taken apart, and its gradients."""

import numpy as np
import pytest

from tinyffn import Tensor, nn


@pytest.fixture
def gated_layer(part):
    return part("5.3", "reference").gated_layer


@pytest.mark.parametrize("leading", [(), (4,), (2, 4)], ids=str)
def test_it_is_the_library_s_layer_with_its_columns_shuffled(gated_layer, leading, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        layer = nn.GatedFeedForward(3, 5, rng=rng).astype(np.float64)
        x, dy = rng.normal(size=(2, *leading, 3))
        w_in = np.empty((3, 10))
        w_in[:, 0::2], w_in[:, 1::2] = layer.gate.w.data, layer.up.w.data
        y, backward = gated_layer(x, w_in, layer.down.w.data)
        dx, dw_in, dw_down = backward(dy)

        x = Tensor(x, requires_grad=True)
        library_y = layer(x)
        library_y.backward(dy)
        np.testing.assert_allclose(y, library_y.data, atol=1e-12)
        np.testing.assert_allclose(dx, x.grad, atol=1e-12)
        np.testing.assert_allclose(dw_in[:, 0::2], layer.gate.w.grad, atol=1e-12)
        np.testing.assert_allclose(dw_in[:, 1::2], layer.up.w.grad, atol=1e-12)
        np.testing.assert_allclose(dw_down, layer.down.w.grad, atol=1e-12)


def test_gates_of_any_size_stay_finite(gated_layer):
    with np.errstate(all="raise", under="ignore"):
        x = np.array([[-1e4], [1e4]])
        y, backward = gated_layer(x, np.ones((1, 2)), np.ones((1, 1)))
        assert np.array_equal(y, [[0.0], [1e8]])
        assert all(np.isfinite(gradient).all() for gradient in backward(np.ones((2, 1))))


def test_float32_stays(gated_layer):
    rng = np.random.default_rng(0)
    shapes = [(4, 3), (3, 10), (5, 3), (4, 3)]
    x, w_in, w_down, dy = (rng.normal(size=shape).astype(np.float32) for shape in shapes)
    y, backward = gated_layer(x, w_in, w_down)
    assert {array.dtype for array in (y, *backward(dy))} == {np.dtype("float32")}
