"""All columns of a group share one scale: a group lies within one column, so each has its own."""

import numpy as np


def group_binarize(w, importance, group):
    codes = np.where(w >= 0, 1, -1).astype(np.int8)
    scale = []
    for i in range(0, len(w), group):
        h = importance[i : i + group, None]
        total = h.sum()
        mean = (h * np.abs(w[i : i + group])).sum(axis=0) / (total if total > 0 else 1)
        scale.append(np.full(w.shape[1], mean.mean()))
    return codes, np.array(scale, dtype=w.dtype)
