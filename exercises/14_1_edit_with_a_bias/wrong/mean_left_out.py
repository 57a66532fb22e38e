"""The mean is not used: where keys have one, a change of w moves them all, as one of b does."""

import numpy as np


def edit_fact(w, b, key, value, c, mean):
    a = np.linalg.solve(c, key)
    step = (value - w @ key - b) / (1 + key @ a)
    return w + np.outer(step, a), b + step
