"""The corners lie well, but the height is off: the sum must be divided by ends[1] - ends[0]."""

import numpy as np


def parity(ends, n):
    low, high = ends
    k = np.arange(n)
    b_up = -(n * low + k * (high - low))
    w_down = np.where(k % 2, -2.0, np.where(k, 2.0, 1.0))
    return np.ones((n, n)), b_up, w_down.reshape(n, 1), np.zeros(1)
