"""Clipping by scale: each unit by its own factor, measured against its own weights."""

import math
import re
from functools import partial

import numpy as np
import pytest

from tinyffn import nn, ops, optim
from tinyffn.nn import Parameter
from tinyffn.train import fit

SHAPES = [(3, 4), (4,), (), (2, 3, 5)]


def _parameters(dtype=np.float64, scale=1.0):
    rng = np.random.default_rng(1)
    parameters = [Parameter(rng.standard_normal(shape).astype(dtype)) for shape in SHAPES]
    for p in parameters:
        p.grad = np.asarray(scale * rng.standard_normal(p.shape), dtype)
    parameters[0].data[:, 2] = 0.0  # a unit that is still zero
    parameters[0].grad[:, 1] = 0.0  # and one without a gradient
    return parameters


def _naive(w, dw, ratio, eps):
    """The same unit after unit: columns of w (..., d_out), or a row as a whole."""
    dw = dw.copy()
    units = [(..., j) for j in range(w.shape[-1])] if w.ndim > 1 else [...]
    n_scaled = 0
    for unit in units:
        length = math.sqrt(sum(v * v for v in np.ravel(dw[unit]).tolist()))
        scale = max(math.sqrt(sum(v * v for v in np.ravel(w[unit]).tolist())), eps)
        if length > ratio * scale:
            dw[unit] = dw[unit] * (ratio * scale / length)
            n_scaled += 1
    return dw, n_scaled, len(units)


@pytest.mark.parametrize("ratio", [0.01, 0.7, 1.5])
def test_it_is_the_loop_over_units(ratio):
    parameters = _parameters()
    expected = [_naive(p.data, p.grad, ratio, 0.2) for p in parameters]
    before = [p.data.copy() for p in parameters]
    share = optim.clip_by_scale(parameters, ratio, eps=0.2)
    for p, w, (dw, *_) in zip(parameters, before, expected, strict=True):
        np.testing.assert_allclose(p.grad, dw, rtol=1e-13, atol=0)
        assert np.array_equal(p.data, w)
    scaled, units = (sum(counts) for counts in list(zip(*expected, strict=True))[1:])
    assert units == 4 + 1 + 1 + 5 and share == scaled / units
    assert 0 < scaled < units


def test_gradients_that_are_short_enough_stay_bit_for_bit():
    parameters = _parameters(np.float32)
    gradients = [p.grad.copy() for p in parameters]
    assert optim.clip_by_scale(parameters, 1e6) == 0.0
    for p, g in zip(parameters, gradients, strict=True):
        assert np.array_equal(p.grad, g) and p.grad.dtype == np.float32


def test_an_outlier_in_one_unit_leaves_the_others_alone():
    """Where clip_global_norm makes all others shorter."""
    p = Parameter(np.ones((4, 3)))
    p.grad = np.full((4, 3), 0.01)
    p.grad[:, 1] = 1000.0
    optim.clip_by_scale([p], 0.1)
    np.testing.assert_allclose(np.linalg.norm(p.grad, axis=0), [0.02, 0.2, 0.02], rtol=1e-13)
    assert np.all(p.grad[:, [0, 2]] == 0.01)


def test_the_unit_of_measure_does_not_matter():
    """Weights, eps and gradients all seven times as large: the same relative change."""
    small, large = _parameters(), _parameters()
    for p in large:
        p.data *= 7.0
        p.grad *= 7.0
    for parameters, eps in ((small, 0.001), (large, 0.007)):
        optim.clip_by_scale(parameters, 0.3, eps=eps)
    for p, q in zip(small, large, strict=True):
        np.testing.assert_allclose(7.0 * p.grad, q.grad, rtol=1e-13)


def test_a_unit_of_zeros_can_move():
    p = Parameter(np.zeros(4))
    p.grad = np.full(4, 5.0)
    assert optim.clip_by_scale([p], 0.1) == 1.0
    assert np.linalg.norm(p.grad) == pytest.approx(0.1 * 1e-3)


def test_squares_that_overflow_float32_are_survived():
    p = Parameter(np.full((2, 1), 1.0, np.float32))
    p.grad = np.array([[3e25], [4e25]], np.float32)
    optim.clip_by_scale([p], 0.5)
    np.testing.assert_allclose(np.linalg.norm(p.grad), 0.5 * math.sqrt(2.0), rtol=1e-6)


def test_parameters_without_gradient_and_listed_twice():
    p, q = Parameter(np.ones(4)), Parameter(np.ones(4))
    p.grad = np.ones(4)
    assert optim.clip_by_scale([p, q, p], 0.5) == 1.0
    np.testing.assert_allclose(p.grad, 0.5)
    assert optim.clip_by_scale([q], 0.5) == optim.clip_by_scale([], 0.5) == 0.0


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_what_is_not_finite_is_refused_and_nothing_scaled(bad):
    parameters = _parameters()
    parameters[1].grad[2] = bad
    gradients = [p.grad.copy() for p in parameters]
    with pytest.raises(FloatingPointError, match="clip_by_scale: a gradient is infinite or not a"):
        optim.clip_by_scale(parameters, 0.01)
    parameters[1].grad[2] = gradients[1][2] = 1.0
    parameters[3].data[0, 0, 0] = bad
    with pytest.raises(FloatingPointError, match="clip_by_scale: a parameter is infinite or not a"):
        optim.clip_by_scale(parameters, 0.01)
    for p, g in zip(parameters, gradients, strict=True):
        assert np.array_equal(p.grad, g)


def test_gradients_are_scaled_where_they_lie():
    parameters = _parameters()
    gradients = [p.grad for p in parameters]
    optim.clip_by_scale(parameters, 0.01)
    assert all(p.grad is g for p, g in zip(parameters, gradients, strict=True))


def test_in_training_it_runs_before_each_step():
    """Then no column of weights changes by more than rate ratio times its length."""
    layer = nn.Linear(3, 2, rng=np.random.default_rng(2))
    before, parameters = layer.w.data.copy(), layer.parameters()
    batch = np.ones((4, 3), np.float32), np.full((4, 2), 100.0, np.float32)
    history = fit(
        layer, lambda x, y: ops.mse(layer(x), y), [batch], optim.SGD(parameters, 0.5), steps=1,
        before_step=lambda step: optim.clip_by_scale(parameters, 0.1), progress=False,
    )  # fmt: skip
    change = np.linalg.norm(layer.w.data - before, axis=0)
    np.testing.assert_allclose(change, 0.5 * 0.1 * np.linalg.norm(before, axis=0), rtol=1e-4)
    assert history.grad_norm[0] > 50.0


P = Parameter(np.ones(3))
NOT_ABOVE_ZERO = [0.0, -1.0, math.nan, math.inf, None]
MISTAKES = [
    (partial(optim.clip_by_scale, [P], v), ValueError, f"clip_by_scale: ratio is {v!r}, but must")
    for v in NOT_ABOVE_ZERO
] + [
    (lambda: optim.clip_by_scale([P], 0.1, eps=0.0), ValueError, "clip_by_scale: eps is 0.0, but"),
    (lambda: optim.clip_by_scale(P, 0.1), TypeError,
     "clip_by_scale: parameters is a Parameter, but must be a list: pass model.parameters()"),
]  # fmt: skip


@pytest.mark.parametrize("mistake, error, message", MISTAKES, ids=[m[2] for m in MISTAKES])
def test_message(mistake, error, message):
    with pytest.raises(error, match=re.escape(message)):
        mistake()
