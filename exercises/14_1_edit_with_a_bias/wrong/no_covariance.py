"""All directions count alike, as if c were 1 and mean 0: some are used by many keys."""

import numpy as np


def edit_fact(w, b, key, value, c, mean):
    step = (value - w @ key - b) / (1 + key @ key)
    return w + np.outer(step, key), b + step
