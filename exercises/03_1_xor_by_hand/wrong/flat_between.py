"""Right at whole counts, but steeper and flat between: corners belong at whole counts alone."""

import numpy as np


def parity(ends, n):
    low, high = ends
    k = np.arange(n)
    w_up = np.ones((n, n)) / (high - low)
    if n == 2:  # from 0.5 up to 1, then down to 0 at 2
        b_up = -(n * low / (high - low) + np.array([0.5, 1.0]))
        return w_up, b_up, np.array([[2.0], [-3.0]]), np.zeros(1)
    b_up = -(n * low / (high - low) + k)
    w_down = np.where(k % 2, -2.0, np.where(k, 2.0, 1.0))
    return w_up, b_up, w_down.reshape(n, 1), np.zeros(1)
