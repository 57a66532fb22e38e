"""The reference of exercise 18.4 against the plain product, and against the library's planes."""

import numpy as np
import pytest

from tinyffn.bits.planes import plane_product
from tinyffn.bits.quantized import Quantized
from tinyffn.bits.words import sign_words


@pytest.fixture
def answer(part):
    return part("18.4", "reference")


def drawn(rng, n, d_out, d_in):
    """Inputs, codes, and their packed bits with anything behind the last weight."""
    x = rng.integers(-128, 128, size=(n, d_in)).astype(np.int8)
    codes = rng.choice([-1, 1], size=(d_in, d_out)).astype(np.int8)
    bits = rng.random((d_out, -(-d_in // 8) * 8)) < 0.5
    bits[:, :d_in] = codes.T > 0
    return x, codes, np.packbits(bits, axis=1, bitorder="little")


@pytest.mark.parametrize(
    "n, d_out, d_in, group", [(1, 1, 1, 8), (3, 2, 16, 8), (2, 5, 53, 24), (2, 3, 700, 600)]
)
def test_counts_and_sums_are_those_of_single_bits(answer, n, d_out, d_in, group, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        x, codes, w_bits = drawn(rng, n, d_out, d_in)
        scale = rng.normal(size=(d_out, -(-d_in // group)))
        both, ones = answer.plane_counts(x, w_bits, group)
        sums, y = answer.from_counts(both, ones, scale)
        for g in range(scale.shape[1]):
            some = slice(g * group, (g + 1) * group)
            for p in range(8):
                plane = (x[:, some].astype(int) % 256) // 2**p % 2
                assert np.array_equal(ones[:, p, g], plane.sum(axis=1))
                assert np.array_equal(both[:, p, :, g], plane @ (codes[some] > 0))
            assert np.array_equal(sums[..., g], x[:, some].astype(int) @ codes[some])
        np.testing.assert_allclose(y, (sums * scale).sum(axis=-1), rtol=1e-12)
        assert both.dtype == ones.dtype == sums.dtype == np.int32


def test_products_are_the_library_s(answer, seeds):
    for seed in seeds:
        rng = np.random.default_rng(seed)
        x, codes, w_bits = drawn(rng, 3, 7, 200)
        scale = rng.uniform(0.5, 2, size=(4, 7)).astype(np.float32)
        theirs = plane_product(x, sign_words(Quantized(codes, scale, 64, levels=2)))
        _, y = answer.from_counts(*answer.plane_counts(x, w_bits, 64), scale.T.copy())
        assert y.dtype == np.float32
        np.testing.assert_allclose(y, theirs, rtol=1e-5, atol=1e-2)
