"""The weights are those for inputs of 0 and 1: other ends need other weights up and biases."""

import numpy as np


def parity(ends, n):
    k = np.arange(n)
    w_down = np.where(k % 2, -2.0, np.where(k, 2.0, 1.0))
    return np.ones((n, n)), -1.0 * k, w_down.reshape(n, 1), np.zeros(1)
