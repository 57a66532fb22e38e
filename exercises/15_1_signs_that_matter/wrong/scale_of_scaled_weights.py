"""This is the scale of √h · w: codes stand for w itself, so take a mean of |w|, weighed by h."""

import numpy as np


def group_binarize(w, importance, group):
    codes = np.where(w >= 0, 1, -1).astype(np.int8)
    scaled = np.abs(w) * np.sqrt(importance)[:, None]
    scale = [scaled[i : i + group].mean(axis=0) for i in range(0, len(w), group)]
    return codes, np.array(scale, dtype=w.dtype)
