"""The reference of exercise 18.3 against the plain product, and against the library's XNOR."""

import numpy as np
import pytest

from tinyffn.bits.popcount import xnor_product
from tinyffn.bits.quantized import Quantized
from tinyffn.bits.words import sign_words


@pytest.fixture
def answer(part):
    return part("18.3", "reference").two_values_product


def packed(bits):
    return np.packbits(bits, axis=1, bitorder="little")


@pytest.mark.parametrize(
    "n, d_out, d_in, group", [(1, 1, 1, 8), (3, 2, 16, 8), (2, 5, 53, 24), (4, 3, 700, 600)]
)
def test_it_is_the_plain_product_of_what_bits_stand_for(answer, n, d_out, d_in, group, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        c, b = rng.random((n, d_in)) < 0.5, rng.random((d_out, d_in)) < 0.7
        x_step, x_low = rng.normal(size=(2, n, 1))
        w_step, w_low = rng.normal(size=(2, d_out, -(-d_in // group)))
        both, y = answer(packed(c), x_step, x_low, packed(b), w_step, w_low, d_in, group)
        of_row = np.arange(d_in) // group
        x, w = x_low + x_step * c, w_low[:, of_row] + w_step[:, of_row] * b
        np.testing.assert_allclose(y, x @ w.T, rtol=0, atol=1e-11 * d_in)
        assert both.dtype == np.int32 and both.shape == (n, d_out, w_step.shape[1])
        assert np.array_equal(both.sum(axis=-1), c.astype(int) @ b.T)


def test_signs_with_a_scale_are_the_library_s_xnor(answer, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        x = rng.choice([-1, 1], size=(3, 200)).astype(np.int8)
        codes = rng.choice([-1, 1], size=(200, 7)).astype(np.int8)
        scale = rng.uniform(0.5, 2, size=(4, 7))
        theirs = xnor_product(x, sign_words(Quantized(codes, scale, 64, levels=2)))
        two = np.full((3, 1), 2.0)
        _, y = answer(
            packed(x > 0), two, two - 3, packed(codes.T > 0), 2 * scale.T, -scale.T, 200, 64
        )
        np.testing.assert_allclose(y, theirs, rtol=1e-5, atol=1e-4)
