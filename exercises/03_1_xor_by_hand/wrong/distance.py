"""This is |x1 - x2|: right at the corners, but in between the target depends on the sum alone."""

import numpy as np


def parity(ends, n):
    low, high = ends
    k = np.arange(n)
    if n == 2:
        w_up = np.array([[1.0, -1.0], [-1.0, 1.0]]) / (high - low)
        return w_up, np.zeros(2), np.ones((2, 1)), np.zeros(1)
    w_up = np.ones((n, n)) / (high - low)
    b_up = -(n * low / (high - low) + k)
    w_down = np.where(k % 2, -2.0, np.where(k, 2.0, 1.0))
    return w_up, b_up, w_down.reshape(n, 1), np.zeros(1)
