"""TQ2_0: ternary weights in two bits, and a scale for 256 of them. 2.0625 bits per weight.

    bytes  0 to 31  byte m: weights m, m + 32, m + 64, m + 96, the first in the lowest two bits
    bytes 32 to 63  the same for weights 128 and above
    bytes 64, 65    scale, fp16: the largest magnitude of the group

It wastes a quarter of what two bits can say, and unpacks faster than TQ1_0.

Source     llama.cpp, ggml/src/ggml-quants.c, quantize_row_tq2_0_ref (pull request 8151)
"""

import numpy as np

from tinyffn.bits.formats.format import Format, absmax_codes
from tinyffn.bits.packing import pack_two_bits, unpack_two_bits


def pack(codes, halves):
    """Codes (..., 256) and the bytes of their scale (..., 2) -> (..., 66)."""
    stripes = codes.reshape(*codes.shape[:-1], 2, 4, 32).swapaxes(-2, -1)
    packed = pack_two_bits(stripes).reshape(*codes.shape[:-1], 64)
    return np.concatenate([packed, halves], axis=-1)


def unpack(blocks):
    """Blocks (..., 66) -> codes (..., 256) and the bytes of their scale (..., 2)."""
    stripes = blocks[..., :64].reshape(*blocks.shape[:-1], 2, 32, 1)
    codes = unpack_two_bits(stripes, 4).swapaxes(-2, -1)
    return codes.reshape(*blocks.shape[:-1], 256), blocks[..., 64:]


TQ2_0 = Format("TQ2_0", 35, 256, 66, (-1, 0, 1), absmax_codes, pack, unpack)
