"""The r-th wrong bit leaves nothing: something is left with r of them, nothing with r + 1."""

import numpy as np


def write_facts(keys, values, r):
    w_up = (2 * keys - 1).T / np.maximum(r, 0.5)
    b_up = 1 - keys.sum(axis=1) / np.maximum(r, 0.5)
    w_down = values.copy()
    return w_up, b_up, w_down
