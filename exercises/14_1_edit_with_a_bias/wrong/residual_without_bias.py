"""The bias is missing from what the layer says now: only value - w key - b is still to be added."""

import numpy as np


def edit_fact(w, b, key, value, c, mean):
    a = np.linalg.solve(c - np.outer(mean, mean), key - mean)
    step = (value - w @ key) / (1 + (key - mean) @ a)
    return w + np.outer(step, a), b + step * (1 - mean @ a)
