"""Activations that learn: what they begin as, that they are found and trained, and their fit."""

import numpy as np
import pytest

from tinyffn import Tensor, nn, ops, optim
from tinyffn.models import MLP
from tinyffn.nn import activation

X = np.random.default_rng(0).standard_normal((50, 6)).astype(np.float32)
BEGIN = {
    "PReLU": (lambda: nn.PReLU(6), lambda x: ops.leaky_relu(x, slope=0.25), 6),
    "Swish": (lambda: nn.Swish(6), ops.silu, 6),
    "AconC": (lambda: nn.AconC(6), ops.silu, 18),
}


@pytest.mark.parametrize("name", BEGIN)
def test_each_begins_as_one_that_does_not_learn(name):
    make, plain, n_parameters = BEGIN[name]
    module = make()
    assert module.n_parameters() == n_parameters
    np.testing.assert_allclose(module(Tensor(X)).data, plain(Tensor(X)).data, atol=1e-6)


def test_pade_begins_as_a_leaky_relu():
    x = np.linspace(-3, 3, 1001, dtype=np.float32)
    y = nn.Pade()(Tensor(x)).data
    assert np.abs(y - np.where(x > 0, x, 0.01 * x)).max() < 0.038
    assert nn.Pade().n_parameters() == 10


def test_the_first_numbers_of_pade_are_a_least_squares_fit():
    """|x| = N / Q means N - |x| (Q - 1) = |x|: linear in the coefficients. Each round weights by
    1 / Q of the one before, so that in the end the squares of N / Q - |x| are what is small.
    """
    x = np.linspace(-3, 3, 1201)
    size, square = np.abs(x), x * x
    weight = np.ones_like(x)
    columns = [np.ones_like(x), square, square**2, -size * square, -size * square**2]
    for _ in range(100):
        table = np.stack(columns, axis=1) * weight[:, None]
        n0, n2, n4, q2, q4 = np.linalg.lstsq(table, size * weight, rcond=None)[0]
        weight = 1 / (1 + q2 * square + q4 * square**2)
    a, b = 0.505, 0.495
    p = [b * n0, a, b * n2, a * q2, b * n4, a * q4]
    np.testing.assert_allclose(activation.PADE_P, p, rtol=1e-5)
    np.testing.assert_allclose(activation.PADE_Q, [0, q2, 0, q4], rtol=1e-5)


@pytest.mark.parametrize("make", [*(row[0] for row in BEGIN.values()), nn.Pade])
def test_its_numbers_are_found_in_a_layer_and_trained(make):
    rng = np.random.default_rng(1)
    module = make()
    layer = nn.FeedForward(4, 6, rng=rng, activation=module)
    names = [name for name, _ in layer.named_parameters()]
    assert names[4:] == [f"activation.{name}" for name, _ in module.named_parameters()]
    before = [p.data.copy() for p in module.parameters()]
    y = layer(Tensor(X[:, :4]))
    y.backward(rng.standard_normal(y.shape).astype(np.float32))
    optim.SGD(layer.parameters(), 0.1).step()
    for p, old in zip(module.parameters(), before, strict=True):
        assert p.dtype == np.float32 and np.any(p.data != old)


def test_one_module_in_two_layers_is_one_set_of_numbers():
    model = MLP([4, 6, 6, 3], rng=np.random.default_rng(2), activation=nn.PReLU(6))
    assert [n for n, _ in model.named_parameters()].count("activation.slope") == 1
    y = model(Tensor(X[:, :4]))
    y.backward(np.ones_like(y.data))
    assert model.activation.slope.grad.shape == (6,)


@pytest.mark.parametrize("make", [nn.PReLU, nn.Swish, nn.AconC])
def test_a_size_must_be_a_whole_number(make):
    with pytest.raises(ValueError, match=f"{make.__name__}: d is 0, but must be a whole number"):
        make(0)
