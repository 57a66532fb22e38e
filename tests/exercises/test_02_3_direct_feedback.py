"""The reference of exercise 2.3 against backpropagation where the two must agree, and in parts."""

from itertools import pairwise

import numpy as np
import pytest

from tinyffn import ops
from tinyffn.gradcheck import numeric_gradient
from tinyffn.tensor import Tensor


@pytest.fixture
def fa_backward(part):
    return part("2.3", "reference").fa_backward


def draw(seed, widths):
    rng = np.random.default_rng(seed)
    x, dy = rng.normal(size=(4, widths[0])), rng.normal(size=(4, widths[-1]))
    weights = [rng.normal(size=shape) for shape in pairwise(widths)]
    return x, weights, [rng.normal(size=(widths[-1], d)) for d in widths[1:-1]], dy


def test_with_the_transposed_weights_it_is_backpropagation(fa_backward, seeds):
    for seed in seeds:
        x, weights, _, dy = draw(seed, (5, 3, 2))
        leaves = [Tensor(w, requires_grad=True) for w in weights]
        expected = ops.tanh(x @ leaves[0]) @ leaves[1]
        expected.backward(dy)
        y, backward = fa_backward(x, weights, [weights[1].T])
        np.testing.assert_allclose(y, expected.data, atol=1e-12)
        for dw, leaf in zip(backward(dy), leaves, strict=True):
            np.testing.assert_allclose(dw, leaf.grad, atol=1e-12)


def test_each_layer_goes_down_a_loss_of_its_own(fa_backward, seeds):
    """dw_k is the slope of Σ (dy b_k) h_k when w_k alone is nudged; the last has b = 1."""
    for seed in seeds:
        x, weights, feedback, dy = draw(seed, (5, 4, 3, 2))
        _, backward = fa_backward(x, weights, feedback)
        h = x
        for w, b, dw in zip(weights, [*feedback, None], backward(dy), strict=True):
            bend = (lambda z: z) if b is None else np.tanh
            wish = dy if b is None else dy @ b
            slope = numeric_gradient(lambda w: np.vdot(bend(h @ w), wish), w)  # noqa: B023
            np.testing.assert_allclose(dw, slope, rtol=1e-6, atol=1e-7)
            h = bend(h @ w)


def test_a_single_layer_is_exact(fa_backward):
    x, weights, feedback, dy = draw(0, (5, 2))
    y, backward = fa_backward(x, weights, feedback)
    np.testing.assert_allclose(y, x @ weights[0])
    (dw,) = backward(dy)
    np.testing.assert_allclose(dw, x.T @ dy)
