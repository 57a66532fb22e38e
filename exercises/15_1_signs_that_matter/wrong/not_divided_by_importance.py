"""The weighted sum is divided by the number of rows: divide by the sum of their importances."""

import numpy as np


def group_binarize(w, importance, group):
    codes = np.where(w >= 0, 1, -1).astype(np.int8)
    scale = []
    for i in range(0, len(w), group):
        h = importance[i : i + group, None]
        scale.append((h * np.abs(w[i : i + group])).mean(axis=0))
    return codes, np.array(scale, dtype=w.dtype)
