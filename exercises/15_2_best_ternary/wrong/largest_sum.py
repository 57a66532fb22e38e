"""All weights are kept: sort downwards, and set the sum of the kept ones against their number."""

import numpy as np


def best_ternary(w):
    codes = np.zeros(w.shape, np.int8)
    scale = np.zeros(w.shape[1], w.dtype)
    for j in range(w.shape[1]):
        size = np.abs(w[:, j])
        order = np.argsort(-size)
        total = np.cumsum(size[order])
        k = 1 + np.argmax(total)
        keep = order[:k]
        scale[j] = total[k - 1] / k
        codes[keep, j] = np.where(w[keep, j] > 0, 1, -1) * (size[keep] > 0)
    return codes, scale
