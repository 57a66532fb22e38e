"""ends[0] is taken off once: the sum holds it once for each of the n inputs."""

import numpy as np


def parity(ends, n):
    low, high = ends
    k = np.arange(n)
    w_up = np.ones((n, n)) / (high - low)
    b_up = -(low / (high - low) + k)
    w_down = np.where(k % 2, -2.0, np.where(k, 2.0, 1.0))
    return w_up, b_up, w_down.reshape(n, 1), np.full(1, 0.0)
