"""A weight of 0 has the code 0, as with np.sign: the code of a bit is +1 or -1, here +1."""

import numpy as np


def group_binarize(w, importance, group):
    scale = []
    for i in range(0, len(w), group):
        h = importance[i : i + group, None]
        total = h.sum()
        mean = (h * np.abs(w[i : i + group])).sum(axis=0) / (total if total > 0 else 1)
        scale.append(mean)
    return np.sign(w).astype(np.int8), np.array(scale, dtype=w.dtype)
