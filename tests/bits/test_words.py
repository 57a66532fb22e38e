"""Signs in words: what is packed comes out again, and ternary codes are the sum of two signs."""

import numpy as np
import pytest

from tinyffn.bits.quantized import Quantized
from tinyffn.bits.schemes import binary, signs
from tinyffn.bits.ternary import ternary
from tinyffn.bits.uniform import asymmetric
from tinyffn.bits.words import as_signs, grouped_words, sign_words


def normal(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


@pytest.mark.parametrize("per", ["tensor", "column", 1, 7, 64, 100, 128, 1000])
@pytest.mark.parametrize("shape", [(1, 1), (5, 3), (64, 2), (65, 4), (130, 9), (300, 2)])
def test_what_is_packed_comes_out_again(shape, per):
    weight = binary(normal(*shape), per=per)
    packed = sign_words(weight)
    again = packed.quantized()
    assert packed.shape == shape
    assert np.array_equal(again.codes, weight.codes) and again.codes.dtype == np.int8
    assert np.array_equal(again.values(), weight.values())
    assert (again.levels, again.group) == (2, min(weight.group, shape[0]))


def test_bits_lie_as_the_docstring_says():
    weight = binary(normal(300, 3), per=100)
    packed = sign_words(weight)
    assert packed.words.shape == (3, 2, 3) and packed.words.flags.c_contiguous
    for i in (0, 63, 64, 99, 100, 163, 164, 299):
        g, place = divmod(i, 100)
        k, b = divmod(place, 64)
        bit = packed.words[g, k] >> np.uint64(b) & np.uint64(1)
        assert np.array_equal(bit == 1, weight.codes[i] > 0)
    assert (packed.words[:, 1] >> np.uint64(36) == 0).all()  # beyond the group
    shorter = sign_words(binary(np.ones((250, 3), np.float32), per=100)).words[2]
    assert (shorter[0] == 2**50 - 1).all() and not shorter[1].any()  # beyond the last row


@pytest.mark.parametrize("per", ["tensor", 24])
def test_some_columns_are_a_weight_too(per):
    weight = binary(normal(50, 9), per=per)
    some = sign_words(weight).columns(slice(2, 5))
    assert some.shape == (50, 3)
    assert np.array_equal(some.quantized().values(), weight.values()[:, 2:5])


def test_many_columns_are_packed_piece_by_piece():
    codes = signs(normal(2**19, 5))
    packed = sign_words(Quantized(codes, np.ones((1, 1)), 2**19, levels=2))
    expected = grouped_words(codes.T > 0, 2**19)
    assert np.array_equal(packed.words, np.moveaxis(expected, 0, -1))


def test_an_eighth_of_a_byte_each_and_the_scales():
    weight = binary(normal(256, 8), per=128)
    assert sign_words(weight).size_bytes == 256 * 8 // 8 + 4 * 2 * 8
    half = sign_words(weight, scale_dtype=np.float16)
    assert half.size_bytes == 256 * 8 // 8 + 2 * 2 * 8
    assert np.array_equal(half.scale, weight.scale.astype(np.float16))
    assert 4 * 256 * 8 / half.size_bytes > 28  # times less than float32


@pytest.mark.parametrize("per", ["tensor", "column", 4])
def test_ternary_codes_are_the_sum_of_two_signs(per):
    weight = ternary(normal(10, 6), per=per)
    a, b = as_signs(weight)
    assert set(np.unique(a.codes)) == set(np.unique(b.codes)) == {-1, 1}
    assert np.array_equal(a.values() + b.values(), weight.values())
    assert (weight.codes == 0).any()


def test_signs_are_their_own_sum():
    weight = binary(normal(4, 2))
    assert as_signs(weight) == [weight]


def test_refusals_name_the_reason():
    two_bits = asymmetric(normal(4, 2), 2)
    with pytest.raises(ValueError, match="sign_words: a Quantized of 4 levels and an offset"):
        sign_words(two_bits)
    with pytest.raises(ValueError, match="ternary ones are the sum of two"):
        sign_words(ternary(normal(4, 2)))
    with pytest.raises(ValueError, match="as_signs: a Quantized of 4 levels is given"):
        as_signs(two_bits)
    three = ternary(normal(4, 2))
    for bad in (
        binary(normal(4, 2))._replace(levels=3),
        binary(normal(4, 2))._replace(offset=np.zeros((1, 2))),
        binary(normal(4, 2))._replace(codes=np.int8([[1, 1], [1, -1], [0, 1], [-1, -1]])),
    ):
        with pytest.raises(ValueError, match=r"but its codes must be -1 and \+1 alone"):
            sign_words(bad)
    for bad in (
        three._replace(offset=np.zeros((1, 2))),
        three._replace(levels=5),
        three._replace(codes=np.int8([[1, 1], [1, -1], [0, -2], [-1, -1]])),
    ):
        with pytest.raises(ValueError, match=r"must be two, -1 and \+1, or three, with 0"):
            as_signs(bad)
    weight = binary(np.float32([1e6, 1.0]) * normal(4, 2))  # one column is too large
    with pytest.raises(ValueError, match="a scale is not finite as float16: keep float32"):
        sign_words(weight, scale_dtype=np.float16)


@pytest.mark.parametrize("shape", [(3,), (1, 3), (2, 3), (3, 2), (5, 3)])
def test_there_must_be_as_many_scales_as_groups(shape):
    weight = binary(normal(5, 3), per=2)._replace(scale=np.ones(shape, np.float32))
    with pytest.raises(ValueError, match=r"\(5, 3\) in groups of 2: .* \(3, 3\) or \(3, 1\) of"):
        sign_words(weight)


@pytest.mark.parametrize("shape", [(0, 3), (5, 0)])
def test_there_must_be_signs(shape):
    weight = binary(normal(5, 3))._replace(codes=np.ones(shape, np.int8))
    with pytest.raises(ValueError, match=r"codes \(\d, \d\) are given, but there must be some"):
        sign_words(weight)
