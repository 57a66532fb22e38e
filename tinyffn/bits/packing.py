"""Codes packed into bytes: eight signs, five ternary digits, or four codes of two bits in one.

The last axis is packed, each row from a new byte on, and what a last byte has room for beyond the
row is zero bits. A weight (d_in, d_out) goes in as `codes.T`: then a row holds what one output
needs, as files and kernels have it.
"""

import numpy as np

from tinyffn.arguments import must_be_positive

POWERS_OF_3 = np.array([81, 27, 9, 3, 1], np.uint16)


def pack_signs(codes):
    """Eight signs to a byte, the first in the lowest bit: bit 1 for +1, bit 0 for -1.

    Shapes     codes (..., n), -1 or +1 -> uint8 (..., ceil(n / 8))
    Errors     TypeError if codes are no integers; ValueError if one is neither -1 nor +1
    """
    codes = _integers("pack_signs", codes)
    if not (np.abs(codes) == 1).all():
        raise ValueError(
            "pack_signs: some codes are neither -1 nor +1: for ternary codes there are pack_trits "
            "and pack_two_bits"
        )
    return np.packbits(codes > 0, axis=-1, bitorder="little")


def unpack_signs(packed, n):
    """The n signs of each row: what pack_signs was given.

    Shapes     packed uint8 (..., ceil(n / 8)) -> int8 (..., n)
    Errors     TypeError if packed is not uint8; ValueError if n codes do not fill its rows
    """
    packed = _rows("unpack_signs", packed, n, 8)
    bits = np.unpackbits(packed, axis=-1, count=n, bitorder="little").view(np.int8)
    return 2 * bits - np.int8(1)


def as_words(packed):
    """The same bytes as words of 64 bits, which one instruction works on; zeros fill the last.

    Bit b of word k of packed signs is that of sign 64 k + b.

    Shapes     packed uint8 (..., m) -> uint64 (..., ceil(m / 8))
    Errors     TypeError if packed is not uint8
    """
    packed = _bytes("as_words", packed)
    return np.ascontiguousarray(_filled(packed, 8)).view("<u8").astype(np.uint64, copy=False)


def pack_two_bits(codes):
    """Four codes to a byte, the first in the lowest two bits: -1, 0, 1, 2 are 0, 1, 2, 3.

    Shapes     codes (..., n), from -1 to 2 -> uint8 (..., ceil(n / 4))
    Errors     TypeError if codes are no integers; ValueError if one is not from -1 to 2
    """
    digits = _filled(_digits("pack_two_bits", codes, 4), 4)
    digits = digits.reshape(*digits.shape[:-1], -1, 4)
    return (digits << np.arange(0, 8, 2, dtype=np.uint8)).sum(axis=-1, dtype=np.uint8)


def unpack_two_bits(packed, n):
    """The n codes of each row: what pack_two_bits was given.

    Shapes     packed uint8 (..., ceil(n / 4)) -> int8 (..., n)
    Errors     TypeError if packed is not uint8; ValueError if n codes do not fill its rows
    """
    packed = _rows("unpack_two_bits", packed, n, 4)
    digits = packed[..., np.newaxis] >> np.arange(0, 8, 2, dtype=np.uint8) & 3
    return _codes(digits, n)


def pack_trits(codes):
    """Five ternary codes to a byte, as a fraction whose first five base-3 digits they are.

    The digits t_k = code_k + 1 make q = Σ_k t_k 3^(4-k), from 0 to 242, and the byte is q / 243 in
    256ths, rounded up. Times 3 it has the first digit before the point and the others behind it,
    so that unpacking multiplies and never divides.

    Shapes     codes (..., n), from -1 to 1 -> uint8 (..., ceil(n / 5))
    Errors     TypeError if codes are no integers; ValueError if one is not from -1 to 1
    Source     TQ1_0 of ggml (github.com/ggml-org/llama.cpp, pull request 8151)
    """
    digits = _filled(_digits("pack_trits", codes, 3), 5)
    q = digits.reshape(*digits.shape[:-1], -1, 5) @ POWERS_OF_3
    return ((q * np.uint32(256) + np.uint32(242)) // np.uint32(243)).astype(np.uint8)


def unpack_trits(packed, n):
    """The n ternary codes of each row: what pack_trits was given.

    Shapes     packed uint8 (..., ceil(n / 5)) -> int8 (..., n)
    Errors     TypeError if packed is not uint8; ValueError if n codes do not fill its rows
    """
    packed = _rows("unpack_trits", packed, n, 5)
    fractions = packed[..., np.newaxis] * POWERS_OF_3[::-1] & 255  # the digits before k are gone
    return _codes((fractions * 3 >> 8).astype(np.uint8), n)


def codes_per_byte(levels):
    """How many codes of so many levels fit one byte: the largest k with levels^k <= 256.

    Errors     ValueError if levels is not a whole number from 2 to 256
    """
    must_be_positive("codes_per_byte", levels=levels)
    if not 2 <= levels <= 256:
        raise ValueError(f"codes_per_byte: levels is {levels}, but must be from 2 to 256")
    return max(k for k in range(1, 9) if levels**k <= 256)


def stored_bytes(quantized, *, per_byte=None, word_bytes=1, scale_bytes=2):
    """How many bytes a Quantized takes: packed codes, what fills their rows up, and scales.

    Arguments  per_byte: codes to a byte, as many as fit if None; word_bytes: each column's codes
               fill whole words of so many bytes; scale_bytes: of each scale and each offset
    Errors     ValueError if a size is no whole number above 0, or so many codes do not fit a byte
    """
    most = codes_per_byte(quantized.levels)
    per_byte = most if per_byte is None else per_byte
    must_be_positive(
        "stored_bytes", per_byte=per_byte, word_bytes=word_bytes, scale_bytes=scale_bytes
    )
    if per_byte > most:
        raise ValueError(
            f"stored_bytes: per_byte is {per_byte}, but a byte holds {most} codes of "
            f"{quantized.levels} levels at most"
        )
    d_in, d_out = quantized.codes.shape
    words = _ceil(_ceil(d_in, per_byte), word_bytes)
    return d_out * words * word_bytes + scale_bytes * quantized.n_scales


def stored_bits_per_weight(quantized, **storage):
    """Bits for each entry as it is stored: 8 stored_bytes(...) / (d_in d_out)."""
    return 8 * stored_bytes(quantized, **storage) / quantized.codes.size


def _ceil(n, size):
    return -(-n // size)


def _filled(rows, size):
    """Rows with zeros behind them, up to a multiple of `size`."""
    missing = -rows.shape[-1] % size
    return np.pad(rows, [(0, 0)] * (rows.ndim - 1) + [(0, missing)]) if missing else rows


def _codes(digits, n):
    """Digits (..., bytes, digits in each) as codes (..., n): one less each."""
    return digits.reshape(*digits.shape[:-2], -1)[..., :n].view(np.int8) - np.int8(1)


def _digits(owner, codes, levels):
    codes = _integers(owner, codes)
    if codes.size and not -1 <= codes.min() <= codes.max() <= levels - 2:
        raise ValueError(
            f"{owner}: codes run from {codes.min()} to {codes.max()}, but must be from -1 to "
            f"{levels - 2}"
        )
    return (codes + 1).astype(np.uint8)


def _integers(owner, codes):
    codes = np.asarray(codes)
    if not np.issubdtype(codes.dtype, np.signedinteger) or codes.ndim == 0:
        raise TypeError(
            f"{owner}: codes are {codes.dtype} {codes.shape}, but must be an array of signed "
            "integers, such as the codes of a Quantized"
        )
    return codes


def _bytes(owner, packed):
    packed = np.asarray(packed)
    if packed.dtype != np.uint8 or packed.ndim == 0:
        raise TypeError(
            f"{owner}: packed is {packed.dtype} {packed.shape}, but must be an array of uint8"
        )
    return packed


def _rows(owner, packed, n, per_byte):
    packed = _bytes(owner, packed)
    must_be_positive(owner, n=n)
    if packed.shape[-1] != _ceil(n, per_byte):
        raise ValueError(
            f"{owner}: a row of {packed.shape[-1]} bytes does not hold n = {n} codes, which take "
            f"{_ceil(n, per_byte)}, {per_byte} to a byte"
        )
    return packed
