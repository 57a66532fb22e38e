"""The weights down double from unit to unit: from the second on, each turn is as large, 2."""

import numpy as np


def parity(ends, n):
    low, high = ends
    k = np.arange(n)
    w_up = np.ones((n, n)) / (high - low)
    b_up = -(n * low / (high - low) + k)
    w_down = (-2.0) ** k
    return w_up, b_up, w_down.reshape(n, 1), np.full(1, 0.0)
