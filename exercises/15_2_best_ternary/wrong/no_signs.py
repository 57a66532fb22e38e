"""Kept weights have no signs: the code of a negative one is -1."""

import numpy as np


def best_ternary(w):
    codes = np.zeros(w.shape, np.int8)
    scale = np.zeros(w.shape[1], w.dtype)
    for j in range(w.shape[1]):
        size = np.abs(w[:, j])
        order = np.argsort(-size)
        total = np.cumsum(size[order])
        k = 1 + np.argmax(total**2 / np.arange(1, len(w) + 1))
        scale[j] = total[k - 1] / k
        codes[order[:k], j] = size[order[:k]] > 0
    return codes, scale
