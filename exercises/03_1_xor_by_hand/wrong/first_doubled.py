"""The first weight down is 2: from flat to a slope of 1 is a change of 1; later turns are 2."""

import numpy as np


def parity(ends, n):
    low, high = ends
    k = np.arange(n)
    w_up = np.ones((n, n)) / (high - low)
    b_up = -(n * low / (high - low) + k)
    w_down = 2.0 * (-1.0) ** k
    return w_up, b_up, w_down.reshape(n, 1), np.full(1, 0.0)
