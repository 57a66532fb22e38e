"""The order of the first column is used for all: sort the magnitudes of each column by itself."""

import numpy as np


def best_ternary(w):
    order = np.argsort(-np.abs(w[:, 0]))
    so_far = np.cumsum(np.abs(w[order]), axis=0)
    codes, scale = np.zeros(w.shape, np.int8), np.zeros(w.shape[1], w.dtype)
    for j in range(w.shape[1]):
        k = 1 + np.argmax(so_far[:, j] ** 2 / np.arange(1, len(w) + 1))
        scale[j] = so_far[k - 1, j] / k
        codes[order[:k], j] = np.sign(w[order[:k], j])
    return codes, scale
