"""Half the mean magnitude is the threshold of BitNet b1.58, a rule of thumb: try all of them."""

import numpy as np


def best_ternary(w):
    codes = np.zeros(w.shape, np.int8)
    scale = np.zeros(w.shape[1], w.dtype)
    for j in range(w.shape[1]):
        size = np.abs(w[:, j])
        keep = size > 0.5 * size.mean()
        if keep.any():
            scale[j] = size[keep].mean()
        codes[keep, j] = np.where(w[keep, j] > 0, 1, -1)
    return codes, scale
