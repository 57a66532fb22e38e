"""It came out as float64: shares that NumPy worked out change its type, Python's do not."""

import numpy as np


def merge(mean_a, n_a, mean_b, n_b):
    n_a, n_b = np.float64(n_a), np.float64(n_b)
    if not n_b:
        return mean_a.copy(), int(n_a)
    if not n_a:
        return mean_b.copy(), int(n_b)
    n = n_a + n_b
    mean = (n_a * mean_a + n_b * mean_b) / n
    return mean, int(n)


def loss_factors(counts):
    return len(counts) * counts / counts.sum()
