"""Every weight down is positive, so the output only rises: at the second corner it must turn."""

import numpy as np


def parity(ends, n):
    low, high = ends
    k = np.arange(n)
    w_up = np.ones((n, n)) / (high - low)
    b_up = -(n * low / (high - low) + k)
    w_down = np.where(k, 2.0, 1.0)
    return w_up, b_up, w_down.reshape(n, 1), np.full(1, 0.0)
