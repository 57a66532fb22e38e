"""Q1_0: one bit for each weight, and a scale for 128 of them. 1.125 bits per weight.

    bytes 0, 1     scale, fp16: the mean magnitude of the group
    bytes 2 to 17  bit j % 8 of byte 2 + j // 8, counted from the lowest: 1 if weight j is >= 0

A weight is then +scale or -scale. The 1-bit models of 2026 are stored so.

Source     llama.cpp, ggml/src/ggml-quants.c, quantize_row_q1_0_ref (pull request 21273)
"""

import numpy as np

from tinyffn.bits.formats.format import Format
from tinyffn.bits.packing import pack_signs, unpack_signs
from tinyffn.bits.schemes import signs

GROUP = 128


def choose(groups):
    """Signs, and the mean magnitude, summed from the first weight to the last.

    Sums in another order differ in the last bits of float32, and now and then in the fp16 scale.

    Shapes     groups float32 (..., 128) -> codes (..., 128), scale (...)
    """
    total = np.zeros(groups.shape[:-1], np.float32)
    for j in range(GROUP):
        total += np.abs(groups[..., j])
    return signs(groups), total / np.float32(GROUP)


def pack(codes, halves):
    """Codes (..., 128) and the bytes of their scale (..., 2) -> (..., 18)."""
    return np.concatenate([halves, pack_signs(codes)], axis=-1)


def unpack(blocks):
    """Blocks (..., 18) -> codes (..., 128) and the bytes of their scale (..., 2)."""
    return unpack_signs(blocks[..., 2:], GROUP), blocks[..., :2]


Q1_0 = Format("Q1_0", 41, GROUP, 18, (-1, 1), choose, pack, unpack)
