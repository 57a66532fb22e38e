"""The window MLP: its formula by a loop, its gradients, and what it says of wrong windows."""

import re

import numpy as np
import pytest

from tinyffn import ops
from tinyffn.gradcheck import as_pair, check_pair
from tinyffn.models import WindowMLP
from tinyffn.ops.loss import IGNORED


def _model(**settings):
    rng = np.random.default_rng(6)
    sizes = {"vocab_size": 7, "window": 3, "d_embed": 4, "d_ff": 5} | settings
    model = WindowMLP(**sizes, rng=rng).astype(np.float64)
    for p in model.parameters():
        p.data[...] = 0.5 * rng.standard_normal(p.shape) + 0.1
    return model, rng


@pytest.mark.parametrize("leading", [(), (6,), (2, 3), (0,)], ids=str)
def test_it_is_its_formula_window_by_window(leading):
    model, rng = _model()
    ids = rng.integers(0, 7, (*leading, 3))
    logits = model(ids).data
    assert logits.shape == (*leading, 7)
    for place in np.ndindex(leading):
        x = np.concatenate([model.token.table.data[i] for i in ids[place]])  # oldest id first
        h = np.maximum(x @ model.up.w.data + model.up.b.data, 0)
        y = h @ model.head.w.data + model.head.b.data
        np.testing.assert_allclose(logits[place], y, rtol=1e-12)


def test_its_gradients_are_those_of_central_differences():
    model, rng = _model(activation=ops.gelu)
    ids = rng.integers(0, 6, (5, 3))  # id 6 never comes, others come again in one window
    ids[0] = 2
    targets = rng.integers(0, 7, 5)
    targets[1] = IGNORED

    def loss(table, up_w, up_b, head_w, head_b):
        model.token.table = table
        model.up.w, model.up.b, model.head.w, model.head.b = up_w, up_b, head_w, head_b
        return model.loss(ids, targets)

    check_pair(as_pair(loss), *[p.data.copy() for p in model.parameters()], rng=rng)


def test_the_order_in_a_window_matters():
    model, _ = _model()
    assert not np.allclose(model([1, 2, 3]).data, model([3, 2, 1]).data)


def test_only_the_up_matrix_grows_with_the_window():
    sizes = [{n: p.size for n, p in _model(window=w)[0].named_parameters()} for w in (1, 2, 16)]
    for n in sizes[0]:
        times = [s[n] / sizes[0][n] for s in sizes]
        assert times == ([1, 2, 16] if n == "up.w" else [1, 1, 1])


def test_a_new_model_is_float32_and_nearly_undecided():
    rng = np.random.default_rng(0)
    model = WindowMLP(50, 8, 16, 64, rng=rng)
    assert {p.dtype for p in model.parameters()} == {np.dtype(np.float32)}
    ids, targets = rng.integers(0, 50, (400, 8)), rng.integers(0, 50, 400)
    assert np.log(50) - 0.1 < model.loss(ids, targets).item() < np.log(50) + 1.0


@pytest.mark.parametrize("shape", [(5, 4), (3, 2), ()], ids=str)
def test_a_window_of_another_length_is_named(shape):
    says = f"WindowMLP: ids {shape} must be (..., 3): windows of 3 ids"
    with pytest.raises(ValueError, match=re.escape(says)):
        _model()[0](np.zeros(shape, int))


@pytest.mark.parametrize("name", ["vocab_size", "window", "d_embed", "d_ff"])
def test_a_wrong_size_is_named(name):
    with pytest.raises(ValueError, match=f"WindowMLP: {name} is 0, but must be a whole number"):
        _model(**{name: 0})


def test_an_activation_must_be_a_function():
    with pytest.raises(TypeError, match="WindowMLP: activation is 'tanh', but must be a function"):
        _model(activation="tanh")
