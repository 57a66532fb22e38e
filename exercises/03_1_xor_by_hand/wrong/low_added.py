"""ends[0] is added to the sum, not taken off: with all inputs off, the count must be 0."""

import numpy as np


def parity(ends, n):
    low, high = ends
    k = np.arange(n)
    w_up = np.ones((n, n)) / (high - low)
    b_up = n * low / (high - low) - k
    w_down = np.where(k % 2, -2.0, np.where(k, 2.0, 1.0))
    return w_up, b_up, w_down.reshape(n, 1), np.full(1, 0.0)
