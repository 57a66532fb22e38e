"""Codes, scales and groups: what they stand for, and how many bits they take."""

import numpy as np
import pytest

from tinyffn.bits.quantized import Quantized
from tinyffn.bits.schemes import binary, signs


def test_values_are_scale_times_code_plus_offset_in_each_group():
    codes = np.array([[1, -1], [0, 1], [1, 1]], np.int8)
    scale, offset = np.array([[2.0, 3.0], [5.0, 7.0]]), np.array([[0.5, 0.0], [0.0, 1.0]])
    assert np.array_equal(
        Quantized(codes, scale, 2, 3, offset).values(), [[2.5, -3.0], [0.5, 3.0], [5.0, 8.0]]
    )


@pytest.mark.parametrize("per", ["tensor", "column", 1, 3, 4, 10, 12])
def test_binary_is_the_best_scale_of_each_group(per):
    w = np.random.default_rng(1).normal(size=(10, 3))
    found = binary(w, per=per)
    assert np.array_equal(found.codes, np.where(w >= 0, 1, -1))
    values = found.values()
    assert values.shape == w.shape
    error = ((w - values) ** 2).sum()
    for factor in (0.99, 1.01):
        assert ((w - factor * values) ** 2).sum() > error
    rows = len(w) if isinstance(per, str) else per
    for start in range(0, 10, rows):
        block = slice(start, start + rows)
        means = np.abs(w[block]).mean(axis=None if per == "tensor" else 0)
        assert np.allclose(np.abs(values[block]), means, rtol=1e-12)


def test_zero_is_positive_and_minus_zero_too():
    assert np.array_equal(signs([0.0, -0.0, -1e-30, 2]), [1, 1, -1, 1])


def test_float32_stays_float32():
    found = binary(np.random.default_rng(2).normal(size=(5, 4)).astype(np.float32), per=2)
    assert (found.scale.dtype, found.values().dtype) == (np.float32, np.float32)


def test_bits_per_weight_counts_codes_and_scales():
    w = np.random.default_rng(3).normal(size=(256, 8))
    assert binary(w, per=128).bits_per_weight() == 1.125
    assert binary(w, per="tensor").bits_per_weight() == 1 + 16 / 2048
    assert binary(w, per="column").bits_per_weight(bits_per_scale=32) == 1 + 32 / 256


@pytest.mark.parametrize(
    "w, per, message",
    [
        (np.ones(3), "column", r"binary: w is float64 \(3,\), but must be floats \(d_in, d_out\)"),
        (np.ones((2, 2), int), "column", "must be floats"),
        (np.array([[np.nan]]), "column", "some weights are not finite"),
        (np.ones((2, 2)), 0, 'per is 0, but must be "tensor", "column", or a whole number'),
        (np.ones((2, 2)), "row", "per is 'row'"),
    ],
)
def test_bad_input_is_named(w, per, message):
    with pytest.raises(ValueError, match=message):
        binary(w, per=per)
