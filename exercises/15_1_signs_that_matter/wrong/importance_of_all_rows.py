"""Each group is divided by the importances of all rows: divide by those of its own rows."""

import numpy as np


def group_binarize(w, importance, group):
    codes = np.where(w >= 0, 1, -1).astype(np.int8)
    scale = []
    for i in range(0, len(w), group):
        h = importance[i : i + group, None]
        scale.append((h * np.abs(w[i : i + group])).sum(axis=0) / importance.sum())
    return codes, np.array(scale, dtype=w.dtype)
