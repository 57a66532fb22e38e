"""Q2_0: two bits for each weight, and a scale for 64 of them. 2.25 bits per weight.

    bytes 0, 1     scale, fp16: the largest magnitude of the group
    bytes 2 to 17  bits 2 (j % 4) and above of byte 2 + j // 4: the code of weight j, plus 1

A weight is then scale times -1, 0, 1 or 2. Rounding never gives the code 2, but it can be stored.
Files of 2026 that call themselves Q2_0 may have groups of 128 (PQ2_0): those are not read here.

Source     llama.cpp, ggml/src/ggml-quants.c, quantize_row_q2_0_ref (pull request 24448)
"""

import numpy as np

from tinyffn.bits.formats.format import Format, absmax_codes
from tinyffn.bits.packing import pack_two_bits, unpack_two_bits

GROUP = 64


def pack(codes, halves):
    """Codes (..., 64) and the bytes of their scale (..., 2) -> (..., 18)."""
    return np.concatenate([halves, pack_two_bits(codes)], axis=-1)


def unpack(blocks):
    """Blocks (..., 18) -> codes (..., 64) and the bytes of their scale (..., 2)."""
    return unpack_two_bits(blocks[..., 2:], GROUP), blocks[..., :2]


Q2_0 = Format("Q2_0", 42, GROUP, 18, (-1, 0, 1, 2), absmax_codes, pack, unpack)
