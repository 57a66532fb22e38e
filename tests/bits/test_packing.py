"""Packed and unpacked are the same, at every size; and where each code stands in its byte."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from tinyffn.bits.packing import (
    as_words,
    codes_per_byte,
    pack_signs,
    pack_trits,
    pack_two_bits,
    stored_bits_per_weight,
    stored_bytes,
    unpack_signs,
    unpack_trits,
    unpack_two_bits,
)
from tinyffn.bits.quantized import Quantized
from tinyffn.bits.schemes import binary

WAYS = {  # pack, unpack, the codes there are, how many to a byte
    "signs": (pack_signs, unpack_signs, [-1, 1], 8),
    "trits": (pack_trits, unpack_trits, [-1, 0, 1], 5),
    "two bits": (pack_two_bits, unpack_two_bits, [-1, 0, 1, 2], 4),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("leading", [(), (1,), (3,), (2, 3)])
def test_packed_is_unpacked_exactly_at_every_size(way, leading):
    pack, unpack, alphabet, per_byte = WAYS[way]
    rng = np.random.default_rng(len(leading))
    for n in [*range(1, 42), 63, 64, 65, 127, 128, 129, 1000]:
        codes = rng.choice(np.array(alphabet, np.int8), size=(*leading, n))
        kept = codes.copy()
        packed = pack(codes)
        assert (packed.dtype, packed.shape) == (np.uint8, (*leading, -(-n // per_byte)))
        back = unpack(packed, n)
        assert back.dtype == np.int8
        assert np.array_equal(back, codes)
        assert np.array_equal(codes, kept)


@pytest.mark.parametrize("way", WAYS)
def test_a_transposed_weight_and_a_wider_integer_pack_alike(way):
    pack, _, alphabet, _ = WAYS[way]
    codes = np.random.default_rng(4).choice(np.array(alphabet, np.int8), size=(13, 6))
    assert np.array_equal(pack(codes.T), pack(np.ascontiguousarray(codes.T)))
    assert np.array_equal(pack(codes.astype(np.int64)), pack(codes))


def test_the_first_sign_is_the_lowest_bit_and_what_is_left_is_zero():
    assert np.array_equal(pack_signs([1, -1, -1, -1, -1, -1, -1, -1, 1, 1]), [1, 3])
    assert np.array_equal(pack_signs([-1, -1, -1, -1, -1, -1, -1, 1]), [128])


def test_two_bits_are_code_plus_one_the_first_in_the_lowest():
    assert np.array_equal(pack_two_bits([-1, 0, 1, 2, 2]), [0b11_10_01_00, 3])


def test_five_trits_are_a_fraction_of_256_rounded_up():
    for digits in product(range(3), repeat=5):
        q = sum(d * 3 ** (4 - k) for k, d in enumerate(digits))
        byte = int(pack_trits(np.array(digits) - 1)[0])
        assert 0 <= Fraction(byte, 256) - Fraction(q, 243) < Fraction(1, 256)
    assert np.array_equal(pack_trits([1, 1, 1, 1, 1, 1]), [255, 171])  # 2/3 of 256, rounded up


def test_words_are_the_bytes_with_zeros_behind():
    rng = np.random.default_rng(5)
    for m in (1, 7, 8, 9, 16, 17):
        packed = rng.integers(0, 256, size=(3, m), dtype=np.uint8)
        words = as_words(packed)
        assert (words.dtype, words.shape) == (np.uint64, (3, -(-m // 8)))
        for row, bytes_ in zip(words, packed, strict=True):
            whole = sum(int(word) << 64 * k for k, word in enumerate(row))
            assert whole == int.from_bytes(bytes_.tobytes(), "little")
    signs = np.full((1, 130), -1, np.int8)
    signs[0, 64 + 5] = signs[0, 129] = 1
    assert [int(word) for word in as_words(pack_signs(signs))[0]] == [0, 1 << 5, 1 << 1]


def test_a_byte_holds_as_many_codes_as_its_256_values_tell_apart():
    levels = [2, 3, 4, 5, 6, 7, 16, 17, 256]
    assert [codes_per_byte(n) for n in levels] == [8, 5, 4, 3, 3, 2, 2, 1, 1]


def test_bytes_are_counted_with_scales_and_padding():
    w = np.random.default_rng(6).normal(size=(256, 10))
    assert stored_bytes(binary(w, per=128)) == 10 * (32 + 2 * 2)
    assert stored_bits_per_weight(binary(w, per=128)) == 1.125
    assert stored_bits_per_weight(binary(w, per=128)) == binary(w, per=128).bits_per_weight()

    odd = binary(w[:130], per=128)  # 17 bytes a column, 24 in whole words; two groups
    assert stored_bytes(odd) == 10 * (17 + 2 * 2)
    assert stored_bytes(odd, word_bytes=8, scale_bytes=4) == 10 * (24 + 2 * 4)
    assert stored_bytes(binary(w, per="tensor")) == 10 * 32 + 2

    ternary = Quantized(np.sign(w).astype(np.int8), np.ones((1, 1)), 256, levels=3)
    assert stored_bytes(ternary) == 10 * 52 + 2
    assert stored_bytes(ternary, per_byte=4) == 10 * 64 + 2
    with_offset = Quantized(ternary.codes, ternary.scale, 256, 4, np.zeros((1, 1)))
    assert stored_bytes(with_offset) == 10 * 64 + 4


@pytest.mark.parametrize("way", WAYS)
def test_sizes_are_those_of_packed_arrays(way):
    pack, _, alphabet, per_byte = WAYS[way]
    rng = np.random.default_rng(7)
    for d_in, d_out in [(1, 1), (5, 3), (64, 2), (129, 7)]:
        codes = rng.choice(np.array(alphabet, np.int8), size=(d_in, d_out))
        quantized = Quantized(codes, np.ones((1, d_out)), d_in, len(alphabet))
        assert stored_bytes(quantized, per_byte=per_byte) == pack(codes.T).nbytes + 2 * d_out
        words = as_words(pack(codes.T)).nbytes
        assert stored_bytes(quantized, per_byte=per_byte, word_bytes=8) == words + 2 * d_out


SIGNS = binary(np.ones((3, 2)))


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: pack_signs(np.array([1, 0], np.int8)), ValueError,
         "pack_signs: some codes are neither -1 nor [+]1: for ternary codes there are pack_trits"),
        (lambda: pack_signs(np.array([1.0])), TypeError, "pack_signs: codes are float64"),
        (lambda: pack_signs(np.array([True])), TypeError, "pack_signs: codes are bool"),
        (lambda: pack_signs(np.int8(1)), TypeError, r"codes are int8 \(\), but must be an array"),
        (lambda: pack_trits(np.array([1, 2])), ValueError,
         "pack_trits: codes run from 1 to 2, but must be from -1 to 1"),
        (lambda: pack_two_bits(np.array([-2])), ValueError, "codes run from -2 to -2"),
        (lambda: unpack_signs(np.zeros(2, np.uint8), 17), ValueError,
         "unpack_signs: a row of 2 bytes does not hold n = 17 codes, which take 3, 8 to a byte"),
        (lambda: unpack_trits(np.zeros(2, np.uint8), 5), ValueError, "which take 1, 5 to a byte"),
        (lambda: unpack_two_bits(np.zeros(1, np.int8), 4), TypeError,
         "unpack_two_bits: packed is int8"),
        (lambda: unpack_signs(np.zeros(1, np.uint8), 0), ValueError, "n is 0"),
        (lambda: as_words(np.zeros(1)), TypeError, "as_words: packed is float64"),
        (lambda: codes_per_byte(1), ValueError, "levels is 1, but must be from 2 to 256"),
        (lambda: codes_per_byte(257), ValueError, "levels is 257, but must be from 2 to 256"),
        (lambda: codes_per_byte(2.0), ValueError, "codes_per_byte: levels is 2.0"),
        (lambda: stored_bytes(SIGNS, word_bytes=0), ValueError, "word_bytes is 0"),
        (lambda: stored_bytes(SIGNS._replace(levels=3), per_byte=8), ValueError,
         "stored_bytes: per_byte is 8, but a byte holds 5 codes of 3 levels at most"),
    ],
)  # fmt: skip
def test_bad_input_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
