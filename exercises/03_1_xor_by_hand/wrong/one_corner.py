"""All units switch on at one place, so there is one corner: each needs a bias of its own."""

import numpy as np


def parity(ends, n):
    low, high = ends
    k = np.arange(n)
    w_up = np.ones((n, n)) / (high - low)
    b_up = np.zeros(n) - n * low / (high - low)
    w_down = np.where(k % 2, -2.0, np.where(k, 2.0, 1.0))
    return w_up, b_up, w_down.reshape(n, 1), np.full(1, 0.0)
