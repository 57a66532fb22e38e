"""float32 weights get a float64 scale: give it the type of w."""

import numpy as np


def group_binarize(w, importance, group):
    codes = np.where(w >= 0, 1, -1).astype(np.int8)
    scale = np.zeros((-(-len(w) // group), w.shape[1]))
    for g in range(len(scale)):
        rows = slice(g * group, (g + 1) * group)
        h = importance[rows, None]
        if h.sum() > 0:
            scale[g] = (h * np.abs(w[rows])).sum(axis=0) / h.sum()
    return codes, scale
