"""The answer to exercise 18.1, and how to get there.

Weight j of a block is j = m bit + byte. So a row of weights, looked at as (blocks, 8, m), has the
bit along its second axis and the byte along its third: packing the second axis, the lowest bit
first, gives the m bytes of each block. Reading is the same view from the other side.

Places without a weight are zeros in the array of magnitudes, so that they add nothing to a sum, and
False in the array of signs; only the number of weights in the last block must be counted.
"""

import numpy as np


def pack_blocks(w, group):
    d_in, d_out = w.shape
    n_blocks = -(-d_in // group)
    filled = np.zeros((2, d_out, n_blocks * group))
    filled[:, :, :d_in] = np.abs(w.T), w.T >= 0
    magnitudes, bits = filled.reshape(2, d_out, n_blocks, 8, group // 8)
    weights_there = np.minimum(group, d_in - group * np.arange(n_blocks))
    scale = magnitudes.sum(axis=(2, 3)) / weights_there
    packed = np.packbits(bits.astype(bool), axis=2, bitorder="little")[:, :, 0]
    two_bytes = scale[:, :, np.newaxis].astype("<f2").view(np.uint8)
    return np.concatenate([two_bytes, packed], axis=2).reshape(d_out, -1)


def unpack_blocks(blocks, d_in, group):
    blocks = blocks.reshape(len(blocks), -1, 2 + group // 8)
    scale = blocks[:, :, :2].copy().view("<f2").astype(np.float32)
    bits = np.unpackbits(blocks[:, :, np.newaxis, 2:], axis=2, bitorder="little")
    plus_or_minus = np.where(bits == 1, scale[..., np.newaxis], -scale[..., np.newaxis])
    return plus_or_minus.reshape(len(blocks), -1)[:, :d_in].T.copy()
