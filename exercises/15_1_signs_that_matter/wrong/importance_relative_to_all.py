"""Importances are divided by their mean over all rows: divide by the sum over the group's own."""

import numpy as np


def group_binarize(w, importance, group):
    codes = np.where(w >= 0, 1, -1).astype(np.int8)
    relative = importance[:, None] / importance.mean()
    scale = []
    for i in range(0, len(w), group):
        rows = slice(i, i + group)
        scale.append((relative[rows] * np.abs(w[rows])).mean(axis=0))
    return codes, np.array(scale, dtype=w.dtype)
