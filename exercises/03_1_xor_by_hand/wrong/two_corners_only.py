"""From the third unit on the weights down are 0: each whole count below n needs its corner."""

import numpy as np


def parity(ends, n):
    low, high = ends
    k = np.arange(n)
    w_up = np.ones((n, n)) / (high - low)
    b_up = -(n * low / (high - low) + k)
    w_down = np.array([1.0, -2.0, 0.0, 0.0, 0.0])[np.minimum(k, 2)]
    return w_up, b_up, w_down.reshape(n, 1), np.full(1, 0.0)
