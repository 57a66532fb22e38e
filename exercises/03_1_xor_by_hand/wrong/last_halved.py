"""The last weight down is half of what it must be: the last corner turns as far as the others."""

import numpy as np


def parity(ends, n):
    low, high = ends
    k = np.arange(n)
    w_up = np.ones((n, n)) / (high - low)
    b_up = -(n * low / (high - low) + k)
    w_down = np.where(k % 2, -2.0, np.where(k, 2.0, 1.0))
    if n > 2:
        w_down[-1] /= 2
    return w_up, b_up, w_down.reshape(n, 1), np.full(1, 0.0)
