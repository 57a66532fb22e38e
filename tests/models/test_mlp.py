"""The MLP: its shapes, its gradients, its formula, and what it says of wrong sizes."""

import numpy as np
import pytest

from tinyffn import nn, ops
from tinyffn.gradcheck import as_pair, check_pair
from tinyffn.models import MLP


def _mlp(widths, **settings):
    rng = np.random.default_rng(5)
    model = MLP(widths, rng=rng, **settings).astype(np.float64)
    for p in model.parameters():
        p.data[...] = 0.5 * rng.standard_normal(p.shape) + 0.1
    return model, rng


@pytest.mark.parametrize("leading", [(), (5,), (2, 3)], ids=str)
def test_it_is_dense_layers_with_the_activation_between_them(leading):
    model, rng = _mlp([4, 7, 6, 3])
    x = rng.normal(size=(*leading, 4))
    y = x
    for i, layer in enumerate(model.layers):
        y = y @ layer.w.data + layer.b.data
        y = np.maximum(y, 0) if i < 2 else y
    np.testing.assert_allclose(model(x).data, y, rtol=1e-12)


def test_two_widths_are_one_dense_layer():
    model, rng = _mlp([4, 3])
    x = rng.normal(size=(5, 4))
    (layer,) = model.layers
    np.testing.assert_allclose(model(x).data, x @ layer.w.data + layer.b.data, rtol=1e-12)


def test_its_gradients_are_those_of_central_differences():
    model, rng = _mlp([4, 7, 6, 3], activation=ops.gelu)
    x, targets = rng.normal(size=(5, 4)), rng.integers(0, 3, 5)
    arrays = [p.data.copy() for p in model.parameters()]

    def loss(x, *parameters):
        for layer, (w, b) in zip(
            model.layers, zip(parameters[::2], parameters[1::2], strict=True), strict=True
        ):
            layer.w, layer.b = w, b
        return model.loss(x, targets)

    check_pair(as_pair(loss), x, *arrays, rng=rng)


def test_dropout_after_the_activation_is_for_training_alone():
    dropout = nn.Dropout(0.5, rng=np.random.default_rng(6))
    model, rng = _mlp([4, 50, 3], activation=nn.Sequential(ops.relu, dropout))
    plain, _ = _mlp([4, 50, 3])
    x = rng.normal(size=(5, 4))
    assert not np.allclose(model(x).data, model(x).data)
    np.testing.assert_array_equal(model.eval()(x).data, plain(x).data)
    means = np.mean([model.train()(x).data for _ in range(2000)], axis=0)
    np.testing.assert_allclose(means, plain(x).data, atol=0.3)  # four standard errors or more


def test_the_default_is_float32_with_variance_that_relu_keeps():
    model = MLP([200, 300, 10], rng=np.random.default_rng(0))
    assert {p.dtype for p in model.parameters()} == {np.dtype(np.float32)}
    assert model.n_parameters() == 200 * 300 + 300 + 300 * 10 + 10
    assert np.var(model.layers[0].w.data) == pytest.approx(2 / 200, rel=0.02)


@pytest.mark.parametrize(
    ("widths", "says"),
    [
        ([4], r"MLP: widths is \[4\], but must hold two sizes or more"),
        ([4, 0, 2], r"MLP: widths\[1\] is 0, but must be a whole number above 0"),
        ([4, 2.0], r"MLP: widths\[1\] is 2\.0, but must be a whole number"),
    ],
)
def test_wrong_widths_are_named(widths, says):
    with pytest.raises(ValueError, match=says):
        MLP(widths, rng=np.random.default_rng(0))


def test_widths_must_be_a_list():
    with pytest.raises(TypeError, match=r"MLP: widths is 3, but must be a list: \[784, 64, 10\]"):
        MLP(3, rng=np.random.default_rng(0))


def test_an_activation_must_be_a_function():
    with pytest.raises(TypeError, match="MLP: activation is 'relu', but must be a function"):
        MLP([2, 3], rng=np.random.default_rng(0), activation="relu")
