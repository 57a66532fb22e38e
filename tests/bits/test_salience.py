"""Scaling by salience: what stays as it was, what it can win, and that it turns no sign."""

from functools import partial

import numpy as np
import pytest

from tinyffn import ops
from tinyffn.bits.salience import POWERS, best_scaling, fold_into_before, scaled, scales_from
from tinyffn.bits.schemes import binary
from tinyffn.bits.second_moment import output_error
from tinyffn.bits.uniform import absmax, asymmetric

THREE_LEVELS = partial(absmax, bits=2)
FROM_BELOW = partial(asymmetric, bits=2)


def test_values_are_the_rounded_product_divided_again():
    w, s = np.array([[1.0, -2.0], [3.0, 4.0]]), np.array([2.0, 0.5])
    found = scaled(w, s, binary)
    assert np.allclose(found.rounded.values(), [[1.75, -3.0], [1.75, 3.0]])
    assert np.allclose(found.values(), [[0.875, -1.5], [3.5, 6.0]])


@pytest.mark.parametrize("seed", range(5))
def test_no_scale_above_zero_turns_a_sign(seed):
    rng = np.random.default_rng(seed)
    w, s = rng.normal(size=(40, 7)), np.exp(rng.normal(0, 3, 40))
    w[rng.uniform(size=w.shape) < 0.1] = 0.0
    assert np.array_equal(scaled(w, s, binary).rounded.codes, binary(w).codes)
    assert not np.array_equal(scaled(w, s, THREE_LEVELS).rounded.codes, THREE_LEVELS(w).codes)


def test_folding_leaves_the_product_as_it_was_through_a_relu():
    rng = np.random.default_rng(3)
    x, s = rng.normal(size=(4, 5)), np.exp(rng.normal(size=6))
    up, bias, down = rng.normal(size=(5, 6)), rng.normal(size=6), rng.normal(size=(6, 3))
    folded = fold_into_before(s, up, bias)
    before = np.maximum(x @ up + bias, 0) @ down
    after = np.maximum(x @ folded[0] + folded[1], 0) @ (s[:, None] * down)
    assert np.allclose(before, after, rtol=1e-12)
    curved, folded_curved = (ops.gelu(x @ w + b).data for w, b in ((up, bias), folded))
    assert not np.allclose(curved @ down, folded_curved @ (s[:, None] * down), rtol=1e-2)


def test_scales_are_a_power_of_the_magnitudes_around_one():
    assert np.allclose(scales_from(np.array([1.0, 4.0, 16.0]), 0.5), [0.5, 1.0, 2.0])
    assert np.array_equal(scales_from(np.array([1.0, 4.0, 16.0]), 0), [1, 1, 1])
    assert np.allclose(scales_from(np.array([0.0, 4.0, 16.0]), 1), [0.5, 0.5, 2.0])


def test_the_best_power_is_the_one_that_loses_least():
    rng = np.random.default_rng(4)
    size = np.exp(rng.normal(0, 1.5, 32))
    x, w = rng.normal(size=(300, 32)) * size, rng.normal(size=(32, 8))
    h, magnitude = x.T @ x / 300, np.abs(x).mean(axis=0)
    powers = (0, 0.25, 0.5, 1)
    lost = [
        output_error(w, scaled(w, scales_from(magnitude, p), FROM_BELOW).values(), h)
        for p in powers
    ]
    power, found = best_scaling(w, h, magnitude, FROM_BELOW, powers=powers)
    assert power == powers[int(np.argmin(lost))] > 0
    assert output_error(w, found.values(), h) == min(lost) < 0.8 * lost[0]


def test_powers_that_are_tried_if_nothing_is_said():
    assert np.allclose(POWERS, np.linspace(0, 1, 21))
    rng = np.random.default_rng(8)
    w, size = rng.normal(size=(16, 4)), np.exp(rng.normal(0, 1.5, 16))
    tried = best_scaling(w, np.diag(size**2), size, FROM_BELOW, powers=POWERS)
    assert best_scaling(w, np.diag(size**2), size, FROM_BELOW)[0] == tried[0]


def test_of_powers_that_lose_the_same_the_lowest_is_taken():
    w = np.random.default_rng(7).normal(size=(8, 3))
    assert best_scaling(w, np.eye(8), np.full(8, 2.0), FROM_BELOW, powers=(1, 0, 0.5))[0] == 0


def test_signs_win_where_rows_of_the_weight_differ_in_size():
    """The scales then say how large each row is, which a sign cannot: no theorem forbids it."""
    rng = np.random.default_rng(5)
    size = np.exp(rng.normal(0, 1.5, 32))
    w = rng.normal(size=(32, 8)) / size[:, None]
    plain = output_error(w, binary(w).values(), np.diag(size**2))
    _, found = best_scaling(w, np.diag(size**2), size, binary)
    assert output_error(w, found.values(), np.diag(size**2)) < 0.7 * plain


def test_float32_stays_float32():
    w = np.random.default_rng(6).normal(size=(8, 3)).astype(np.float32)
    _, found = best_scaling(w, np.eye(8), np.arange(1.0, 9), partial(binary, per=4))
    assert (found.values().dtype, found.s.dtype) == (np.float32, np.float32)
    assert scaled(w, np.arange(1.0, 9), binary).s.dtype == np.float32
    assert fold_into_before(np.arange(1.0, 4), w)[0].dtype == np.float32


W = np.ones((2, 3))


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: scaled(W, np.ones(3), binary), ValueError, r"scaled: s \(3,\) must be \(d_in,\)"),
        (lambda: scaled(W, np.array([1.0, -1]), binary), ValueError, "must be above 0: else signs"),
        (lambda: scaled(W, np.array([1.0, 0]), binary), ValueError, "must be above 0"),
        (lambda: scaled(W, np.ones((2, 1)), binary), ValueError, r"scaled: s \(2, 1\) must be"),
        (lambda: scaled(W, np.array([1.0, np.inf]), binary), ValueError, "must be above 0"),
        (lambda: scaled(W, np.array([1.0, np.nan]), binary), ValueError, "must be above 0"),
        (
            lambda: scaled(np.float32(W), np.array([1.0, 1e-60]), binary),  # 0 in float32
            ValueError,
            "must be above 0",
        ),
        (lambda: scaled(np.ones(2), np.ones(2), binary), ValueError, "scaled: w is float64"),
        (lambda: scaled(W * np.nan, np.ones(2), binary), ValueError, "scaled: some weights are"),
        (lambda: scaled(W, np.ones(2), None), TypeError, "scaled: quantizer is None"),
        (lambda: scaled(W, np.ones(2), np.abs), TypeError, "scaled: quantizer gave a ndarray"),
        (
            lambda: fold_into_before(np.ones(2), np.array([4, 4])),
            ValueError,
            "fold_into_before: an array is int64, but must be floats",
        ),
        (lambda: fold_into_before(np.ones(2), np.float64(3)), ValueError, r"fit axis -1 of \(\)"),
        (lambda: scales_from(np.ones((2, 2)), 1), ValueError, r"magnitude \(2, 2\) must be"),
        (lambda: scales_from(np.array([1.0, np.nan]), 1), ValueError, "all finite and at least 0"),
        (lambda: scales_from(np.array([1.0, np.inf]), 1), ValueError, "all finite"),
        (lambda: scales_from(np.ones(2), np.nan), ValueError, "scales_from: power is nan, but"),
        (lambda: scales_from(np.ones(2), -1), ValueError, "scales_from: power is -1, but must be"),
        (lambda: fold_into_before(np.ones(2), W), ValueError, "fold_into_before: s .* axis -1"),
        (lambda: scales_from(np.array([1.0, -1]), 1), ValueError, "scales_from: magnitude"),
        (lambda: scales_from(np.zeros(2), 1), ValueError, "not all of it 0"),
        (
            lambda: best_scaling(W, np.eye(2), np.ones(2), binary, powers=()),
            ValueError,
            "there are no powers",
        ),
    ],
)
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
