"""TQ1_0: five ternary weights to a byte, and a scale for 256 of them. 1.6875 bits per weight.

    bytes  0 to 31  byte m: weights m, m + 32, m + 64, m + 96, m + 128
    bytes 32 to 47  byte 32 + m: weights 160 + m, 176 + m, 192 + m, 208 + m, 224 + m
    bytes 48 to 51  byte 48 + m: weights 240 + m, 244 + m, 248 + m, 252 + m
    bytes 52, 53    scale, fp16: the largest magnitude of the group

The weights of a byte stand apart so that a processor unpacks 32, 16 or 4 neighbours at once. How
five digits make a byte is said in pack_trits.

Source     llama.cpp, ggml/src/ggml-quants.c, quantize_row_tq1_0_ref (pull request 8151)
"""

import numpy as np

from tinyffn.bits.formats.format import Format, absmax_codes
from tinyffn.bits.packing import pack_trits, unpack_trits

STRIPES = [(0, 5, 32), (160, 5, 16), (240, 4, 4)]  # first weight, weights to a byte, bytes


def pack(codes, halves):
    """Codes (..., 256) and the bytes of their scale (..., 2) -> (..., 54)."""
    parts = []
    for first, per_byte, n_bytes in STRIPES:
        stripe = codes[..., first : first + per_byte * n_bytes]
        rows = stripe.reshape(*codes.shape[:-1], per_byte, n_bytes)
        parts.append(pack_trits(rows.swapaxes(-2, -1))[..., 0])
    return np.concatenate([*parts, halves], axis=-1)


def unpack(blocks):
    """Blocks (..., 54) -> codes (..., 256) and the bytes of their scale (..., 2)."""
    parts, begin = [], 0
    for _, per_byte, n_bytes in STRIPES:
        stripe = blocks[..., begin : begin + n_bytes, np.newaxis]
        parts.append(unpack_trits(stripe, per_byte).swapaxes(-2, -1))
        begin += n_bytes
    rows = [part.reshape(*blocks.shape[:-1], -1) for part in parts]
    return np.concatenate(rows, axis=-1), blocks[..., begin:]


TQ1_0 = Format("TQ1_0", 34, 256, 54, (-1, 0, 1), absmax_codes, pack, unpack)
