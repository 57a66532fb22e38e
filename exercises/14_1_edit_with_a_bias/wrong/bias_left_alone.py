"""The bias stays as it is: it may change too, and the cheapest edit changes w and b."""

import numpy as np


def edit_fact(w, b, key, value, c, mean):
    a = np.linalg.solve(c, key)
    return w + np.outer(value - b - w @ key, a) / (key @ a), b.copy()
