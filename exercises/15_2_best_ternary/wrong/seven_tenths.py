"""0.7 of the mean magnitude is the threshold of ternary weight networks: try every threshold."""

import numpy as np


def best_ternary(w):
    size = np.abs(w)
    keep = size > 0.7 * size.mean(axis=0)
    n_kept = np.maximum(keep.sum(axis=0), 1)
    scale = np.where(keep, size, 0).sum(axis=0) / n_kept
    codes = np.where(keep, np.where(w > 0, 1, -1), 0)
    return codes.astype(np.int8), scale.astype(w.dtype)
