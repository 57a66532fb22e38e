"""The sum is divided by ends[1]: divide by how far off and on lie apart, ends[1] - ends[0]."""

import numpy as np


def parity(ends, n):
    high = ends[1]
    k = np.arange(n)
    w_up = np.ones((n, n)) / high
    b_up = -1.0 * k
    w_down = np.where(k % 2, -2.0, np.where(k, 2.0, 1.0))
    return w_up, b_up, w_down.reshape(n, 1), np.full(1, 0.0)
