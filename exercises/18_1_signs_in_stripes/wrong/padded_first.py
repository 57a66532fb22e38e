"""Zeros fill the block and count as weights: leave them out of the mean, and their bits 0."""

import numpy as np


def pack_blocks(w, group):
    d_in, d_out = w.shape
    n_blocks = -(-d_in // group)
    w = np.pad(w, ((0, n_blocks * group - d_in), (0, 0)))
    stripes = w.T.reshape(d_out, n_blocks, 8, group // 8)
    scale = np.abs(stripes).mean(axis=(2, 3))
    packed = np.packbits(stripes >= 0, axis=2, bitorder="little")[:, :, 0]
    two_bytes = scale[:, :, np.newaxis].astype("<f2").view(np.uint8)
    return np.concatenate([two_bytes, packed], axis=2).reshape(d_out, -1)


def unpack_blocks(blocks, d_in, group):
    blocks = blocks.reshape(len(blocks), -1, 2 + group // 8)
    scale = blocks[:, :, :2].copy().view("<f2").astype(np.float32)
    bits = np.unpackbits(blocks[:, :, np.newaxis, 2:], axis=2, bitorder="little")
    plus_or_minus = np.where(bits == 1, scale[..., np.newaxis], -scale[..., np.newaxis])
    return plus_or_minus.reshape(len(blocks), -1)[:, :d_in].T.copy()
