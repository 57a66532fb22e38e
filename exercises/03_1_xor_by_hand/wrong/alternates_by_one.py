"""With +1, -1, +1 the output only flattens: to turn a slope of 1 down takes a change of -2."""

import numpy as np


def parity(ends, n):
    low, high = ends
    k = np.arange(n)
    w_up = np.ones((n, n)) / (high - low)
    b_up = -(n * low / (high - low) + k)
    w_down = (-1.0) ** k
    return w_up, b_up, w_down.reshape(n, 1), np.full(1, 0.0)
