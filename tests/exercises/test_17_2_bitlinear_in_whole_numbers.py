"""The reference of exercise 17.2 against plain products of what codes and levels stand for."""

import numpy as np
import pytest

from tinyffn.bits.quantized import Quantized


@pytest.fixture
def reference(part):
    return part("17.2", "reference")


@pytest.mark.parametrize("group", [1, 3, 7, 20])
def test_y_is_the_product_of_the_values(reference, group, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        x, codes = rng.normal(size=(2, 5, 7)), rng.integers(-1, 2, (7, 3)).astype(np.int8)
        scale = rng.uniform(0.5, 2, (-(-7 // group), 3))
        u, step, low = reference.whole_tokens(x)
        sums, y = reference.bit_linear(u, step, low, codes, scale, group)
        values = Quantized(codes, scale, group, levels=3).values()
        np.testing.assert_allclose(y, (low + step * u) @ values, rtol=1e-12, atol=1e-12)
        assert sums.shape == (2, 5, len(scale), 3)
        whole = u.astype(int) @ codes.astype(int)
        np.testing.assert_array_equal(sums.sum(axis=-2), whole)


def test_levels_reach_both_ends_and_no_number_is_further_than_half_a_step(reference, seeds):
    for seed in seeds:
        x = 3 + np.random.default_rng(seed).normal(size=(2, 5, 7))
        u, step, low = reference.whole_tokens(x)
        assert u.dtype == np.uint8
        np.testing.assert_array_equal(u.min(axis=-1), np.zeros((2, 5)))
        np.testing.assert_array_equal(u.max(axis=-1), np.full((2, 5), 255))
        assert (np.abs(x - low - step * u) <= 0.5000001 * step).all()


def test_sums_are_exact_where_16_bits_are_not(reference):
    u, codes = np.full((1, 3000), 255, np.uint8), np.ones((3000, 1), np.int8)
    one = np.ones((1, 1))
    sums, _ = reference.bit_linear(u, one, one, codes, one, group=3000)
    assert sums.tolist() == [[[255 * 3000]]]


def test_equal_numbers_are_kept_and_types_too(reference):
    for dtype in ("float32", "float64"):
        u, step, low = reference.whole_tokens(np.full((2, 3), 1.7, dtype))
        assert not u.any() and (step == 1).all() and (low == np.full(1, 1.7, dtype)).all()
        codes, scale = np.ones((3, 2), np.int8), np.ones((1, 2), dtype)
        sums, y = reference.bit_linear(u, step, low, codes, scale, 3)
        assert (step.dtype, low.dtype, y.dtype) == (dtype, dtype, dtype) and sums.dtype == np.int32
        np.testing.assert_allclose(y, np.full((2, 2), 3 * 1.7), rtol=1e-6)
