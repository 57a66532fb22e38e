"""Networks as plain layers: what they compute, and what is said of layers that do not fit."""

import re

import numpy as np
import pytest

from tinyffn.models import MLP
from tinyffn.studies import layers

RNG = np.random.default_rng(3)


def test_run_is_dense_relu_dense():
    (w1, b1), (w2, b2) = net = layers.random_layers([3, 5, 2], rng=RNG, bias_std=1.0)
    x = RNG.normal(size=(4, 7, 3))
    expected = np.maximum(x @ w1 + b1, 0) @ w2 + b2
    np.testing.assert_allclose(layers.run(net, x), expected, rtol=1e-12)
    np.testing.assert_allclose(layers.pre_activations(net, x)[0], x @ w1 + b1, rtol=1e-12)


def test_the_layers_of_a_model_compute_what_the_model_does():
    model = MLP([3, 6, 5, 2], rng=np.random.default_rng(1))
    x = RNG.normal(size=(4, 3)).astype(np.float32)
    plain = layers.layers_of(model)
    assert all(part.dtype == np.float64 for layer in plain for part in layer)
    np.testing.assert_allclose(layers.run(plain, x), model(x).data, atol=1e-6)
    plain[0][0][:] = 0  # a copy: the model is left alone
    assert np.abs(model.layers[0].w.data).max() > 0


def test_random_layers_keep_the_mean_square_through_relu():
    (w, b), _ = layers.random_layers([400, 500, 1], rng=RNG)
    assert np.var(w) == pytest.approx(2 / 400, rel=0.02) and not b.any()
    (_, b), _ = layers.random_layers([2, 5000, 1], rng=RNG, bias_std=0.5)
    assert np.std(b) == pytest.approx(0.5, rel=0.05)


W, B = np.ones((2, 3)), np.ones(3)
MISTAKES = [
    (lambda: layers.random_layers([2], rng=RNG), ValueError,
     "random_layers: widths is [2], but must hold two sizes or more"),
    (lambda: layers.random_layers([2, 0], rng=RNG), ValueError, "random_layers: widths[1] is 0"),
    (lambda: layers.random_layers([2, 3], rng=1), TypeError, "random_layers: rng is 1, but must"),
    (lambda: layers.must_be_layers("f", []), ValueError, "f: layers is empty: give a list"),
    (lambda: layers.must_be_layers("f", [W]), TypeError, "f: layers[0] must be a pair (w, b)"),
    (lambda: layers.must_be_layers("f", [(W, B[:2])]), ValueError,
     "f: layers[0] has w (2, 3) and b (2,), but must be (d_in, d_out) and (d_out,)"),
    (lambda: layers.must_be_layers("f", [(W, B), (W, B)]), ValueError,
     "f: layers[1] takes 2 numbers, but layers[0] gives 3"),
    (lambda: layers.must_be_layers("f", [(W * np.nan, B)]), ValueError,
     "f: layers[0] has a number that is not finite"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()
