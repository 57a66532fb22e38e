"""Codes, scales and groups: what they stand for, and how many bits they take."""

from functools import partial

import numpy as np
import pytest

from tinyffn.bits.formats import Q1_0
from tinyffn.bits.quantized import (
    Quantized,
    group_sums,
    quantized_by,
    ratio_or_zero,
    rows_of_a_group,
)
from tinyffn.bits.rank_one import rank_one
from tinyffn.bits.schemes import binary, centred_binary, signs
from tinyffn.bits.ternary import ternary
from tinyffn.bits.uniform import absmax, asymmetric, clipped_absmax

QUANTIZERS = {
    "binary": binary,
    "centred_binary": centred_binary,
    "centred_binary, mean added": partial(centred_binary, add_mean=True),
    "ternary": ternary,
    "ternary, least squares": partial(ternary, scale="least squares"),
    "absmax": partial(absmax, bits=4),
    "clipped_absmax": partial(clipped_absmax, bits=4, n_clips=9),
    "asymmetric": partial(asymmetric, bits=4),
}


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


def test_an_offset_counts_as_much_as_a_scale_and_three_levels_are_less_than_two_bits():
    codes, scale = np.zeros((10, 4), np.int8), np.ones((3, 4))
    assert Quantized(codes, scale, 4, 3).n_scales == 12
    assert Quantized(codes, scale, 4, 3, offset=scale).n_scales == 24
    assert Quantized(codes, scale, 4, 3).bits_per_weight() == np.log2(3) + 16 * 12 / 40
    assert Quantized(codes, scale, 4, 4, scale).bits_per_weight() == 2 + 16 * 24 / 40


def test_group_sums_take_the_short_last_group_and_any_way_to_combine():
    numbers = np.array([[1.0, -8.0], [2.0, 3.0], [4.0, 5.0]])
    assert np.array_equal(group_sums(numbers, 2, 2), [[3, -5], [4, 5]])
    assert np.array_equal(group_sums(numbers, 3, "tensor"), [[7]])
    assert np.array_equal(group_sums(numbers, 3, "tensor", combine=np.minimum), [[-8]])
    assert np.array_equal(group_sums(numbers, 2, 2, combine=np.maximum), [[2, 3], [4, 5]])


def test_a_ratio_to_zero_is_zero_and_no_warning():
    a, b = np.float32([[2, 3, -4, 0]]), np.float32([[0], [1], [-2]])
    with np.errstate(all="raise"):
        found = ratio_or_zero(a, b)
    assert np.array_equal(found, [[0, 0, 0, 0], [2, 3, -4, 0], [-1, -1.5, 2, 0]])
    assert found.dtype == np.float32


def test_rows_of_a_group_are_a_python_number():
    assert type(rows_of_a_group("me", np.ones((3, 2)), np.int8(2))) is int
    assert rows_of_a_group("me", np.ones((3, 2)), "tensor") == 3


@pytest.mark.parametrize(
    "quantizer, error, message",
    [
        (3, TypeError, "me: quantizer is 3, but must be a function"),
        (np.abs, TypeError, "me: quantizer gave a ndarray, but must give a Quantized, as tinyffn"),
        (
            lambda w: binary(w[:2]),
            ValueError,
            r"me: quantizer gave codes \(2, 4\) for w \(3, 4\): there must be one for each weight",
        ),
    ],
)
def test_what_a_quantizer_gives_is_checked(quantizer, error, message):
    w = np.ones((3, 4))
    assert quantized_by("me", binary, w).codes.shape == w.shape
    with pytest.raises(error, match=message):
        quantized_by("me", quantizer, w)


@pytest.mark.parametrize("quantizer", [*QUANTIZERS.values(), rank_one], ids=[*QUANTIZERS, "rank"])
def test_weights_in_half_precision_are_refused_by_name(quantizer):
    """Their sums are: 120,000 of them are more than 65504, where float16 ends."""
    w = np.random.default_rng(4).normal(size=(300, 400)).astype(np.float16)
    with pytest.raises(TypeError, match=r"\w+: w is float16, but .*\.astype\(np\.float32\)"):
        quantizer(w)


def test_a_block_format_works_in_float32_and_takes_half_precision():
    w = np.random.default_rng(5).normal(size=(256, 3)).astype(np.float16)
    assert np.array_equal(Q1_0.write(w), Q1_0.write(w.astype(np.float32)))


@pytest.mark.parametrize("per", ["tensor", "column", 100])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", QUANTIZERS)
def test_large_weights_have_finite_values_or_one_sentence(name, dtype, per):
    w = np.random.default_rng(6).uniform(-1, 1, size=(300, 4)).astype(dtype)
    w[0, 0] = 1
    largest = np.finfo(dtype).max
    with pytest.raises(ValueError, match=rf"{name[:5]}\w+: a weight has the magnitude .* diverge"):
        QUANTIZERS[name](largest * w, per=per)
    if name == "clipped_absmax":
        with pytest.raises(ValueError, match=r"clipped_absmax: .* its square is beyond float"):
            QUANTIZERS[name](np.sqrt(largest) * w * dtype(4), per=per)
        largest = np.sqrt(largest)
    with np.errstate(over="raise", invalid="raise"):
        found = QUANTIZERS[name](largest / (2 * w.size) * w, per=per)
        assert np.isfinite(found.values()).all()
    assert np.array_equal(found.codes, QUANTIZERS[name](w, per=per).codes)


@pytest.mark.parametrize(
    "w, per, message",
    [
        (np.ones(3), "column", r"binary: w is float64 \(3,\), but must be floats \(d_in, d_out\)"),
        (np.ones((2, 2), int), "column", "must be floats"),
        (np.ones((2, 2), complex), "column", "must be floats"),
        (np.ones((0, 2)), "column", r"binary: w is float64 \(0, 2\), but must be floats"),
        (np.array([[np.nan]]), "column", "some weights are not finite"),
        (np.array([[1.0, -np.inf]]), "column", "binary: some weights are not finite: did the"),
        (np.ones((2, 2)), np.array([1, 2]), "per is array"),
        (np.ones((2, 2)), True, "per is True"),
        (np.ones((2, 2)), 0, 'per is 0, but must be "tensor", "column", or a whole number'),
        (np.ones((2, 2)), "row", "per is 'row'"),
    ],
)
def test_bad_input_is_named(w, per, message):
    with pytest.raises(ValueError, match=message):
        binary(w, per=per)
