"""A column of zeros has codes that are not 0: a weight of 0 has code 0."""

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
        scale[j] = total[k - 1] / k
        codes[keep, j] = np.where(w[keep, j] >= 0, 1, -1)
    return codes, scale
