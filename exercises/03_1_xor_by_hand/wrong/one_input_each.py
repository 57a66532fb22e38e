"""Each unit looks at one input alone, so (1, 1) gives 2: all units must look at the sum."""

import numpy as np


def parity(ends, n):
    low, high = ends
    w_up = np.eye(n) / (high - low)
    b_up = np.full(n, -low / (high - low))
    w_down = np.ones(n)
    return w_up, b_up, w_down.reshape(n, 1), np.full(1, 0.0)
