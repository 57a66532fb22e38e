"""w_down has one axis: it maps n units to one output, so its shape is (n, 1)."""

import numpy as np


def parity(ends, n):
    low, high = ends
    k = np.arange(n)
    w_up = np.ones((n, n)) / (high - low)
    b_up = -(n * low / (high - low) + k)
    w_down = np.where(k % 2, -2.0, np.where(k, 2.0, 1.0))
    return w_up, b_up, w_down, np.full(1, 0.0)
