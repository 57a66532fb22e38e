"""float32 weights get a float64 scale: give it the type of w."""

import numpy as np


def best_ternary(w):
    size = np.abs(w)
    order = np.argsort(-size, axis=0)
    codes, scale = np.zeros(w.shape, np.int8), np.zeros(w.shape[1])
    for j in range(w.shape[1]):
        total = np.cumsum(size[order[:, j], j])
        k = 1 + np.argmax(total**2 / np.arange(1, len(w) + 1))
        keep = order[:k, j]
        scale[j] = total[k - 1] / k
        codes[keep, j] = np.where(w[keep, j] > 0, 1, -1) * (size[keep, j] > 0)
    return codes, scale
