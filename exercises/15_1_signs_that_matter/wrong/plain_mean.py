"""The scale is a plain mean: weigh each magnitude by the importance of its row."""

import numpy as np


def group_binarize(w, importance, group):
    codes = np.where(w >= 0, 1, -1).astype(np.int8)
    scale = [
        np.abs(w[i : i + group]).mean(axis=0) * (importance[i : i + group].sum() > 0)
        for i in range(0, len(w), group)
    ]
    return codes, np.array(scale, dtype=w.dtype)
