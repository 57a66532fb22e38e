"""The reference of exercise 17.1 against numeric derivatives of what stands in, and the engine."""

import numpy as np
import pytest

from tinyffn import Tensor, ops
from tinyffn.gradcheck import numeric_gradient


@pytest.fixture
def sign_layer(part):
    return part("17.1", "reference").sign_layer


def drawn(seed):
    """Weights inside and outside [-1, 1], none near a kink, and two columns of other sizes."""
    rng = np.random.default_rng(seed)
    w = rng.uniform(0.1, 0.9, (6, 4)) + (rng.random((6, 4)) < 0.4)
    w = np.where(np.abs(w - 1) < 0.01, 0.5, w) * rng.choice([-1, 1], (6, 4))
    return rng.normal(size=(2, 5, 6)), w, rng.normal(size=(2, 5, 4))


def test_the_gradients_are_derivatives_with_a_line_in_the_place_of_the_step(sign_layer, seeds):
    """sign(w) is replaced by sign(w0) + cut(w) - cut(w0), which is the same at w0."""
    for seed in seeds:
        x, w0, dy = drawn(seed)
        y, backward = sign_layer(x, w0)
        dx, dw = backward(dy)

        def loss(x, w, w0=w0, dy=dy):
            s = np.where(w0 >= 0, 1, -1) + np.clip(w, -1, 1) - np.clip(w0, -1, 1)
            return (dy * (x @ (np.abs(w).mean(axis=0) * s))).sum()

        np.testing.assert_allclose((y * dy).sum(), loss(x, w0), rtol=1e-12)
        of_x = numeric_gradient(lambda x, w0=w0, loss=loss: loss(x, w0), x)
        of_w = numeric_gradient(lambda w, x=x, loss=loss: loss(x, w), w0)
        np.testing.assert_allclose(dx, of_x, rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(dw, of_w, rtol=1e-6, atol=1e-6)


def test_the_engine_gives_the_same(sign_layer, seeds):
    for seed in seeds:
        x, w, dy = drawn(seed)
        w[0, 1] = 0.0
        found = sign_layer(x, w)[1](dy)
        leaves = [Tensor(a, requires_grad=True) for a in (x, w)]
        sign = ops.sign_ste(leaves[1], clip=1.0)
        size = leaves[1] * Tensor(np.where(w >= 0, 1.0, -1.0))  # |w|, whose slope at 0 is +1
        (leaves[0] @ (ops.mean(size, axis=0) * sign)).backward(dy)
        for gradient, leaf in zip(found, leaves, strict=True):
            np.testing.assert_allclose(gradient, leaf.grad, rtol=1e-12, atol=1e-12)


def test_a_step_of_gradient_descent_lowers_the_loss_of_a_single_scale(sign_layer):
    """With all weights outside, the layer learns its scales and nothing else."""
    rng = np.random.default_rng(3)
    x, w, dy = rng.normal(size=(20, 6)), 3 * rng.choice([-1.0, 1.0], (6, 1)), 1.0
    target = x @ np.sign(w)
    for _ in range(200):
        y, backward = sign_layer(x, w)
        dy = 2 * (y - target) / 20
        w = w - 0.2 * backward(dy)[1]
    np.testing.assert_allclose(np.abs(w).mean(), 1.0, atol=1e-6)
