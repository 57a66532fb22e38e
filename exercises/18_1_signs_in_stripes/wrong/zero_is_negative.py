"""A weight of 0 has the bit 0: the bit is 1 if the weight is >= 0, so that 0 counts as positive."""

import numpy as np


def pack_blocks(w, group):
    d_in, d_out = w.shape
    n_blocks = -(-d_in // group)
    filled = np.zeros((2, d_out, n_blocks * group))
    filled[:, :, :d_in] = np.abs(w.T), w.T > 0
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
