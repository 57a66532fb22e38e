"""A number is added to the diagonal of c, which has an inverse already, tiny as it may be."""

import numpy as np


def edit_fact(w, b, key, value, c, mean):
    around = c - np.outer(mean, mean) + 1e-8 * np.eye(len(key), dtype=c.dtype)
    a = np.linalg.solve(around, key - mean)
    step = (value - w @ key - b) / (1 + (key - mean) @ a)
    return w + np.outer(step, a), b + step * (1 - mean @ a)
