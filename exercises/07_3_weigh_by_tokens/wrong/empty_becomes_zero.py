"""A part without tokens brings zeros in: give back the other mean as it is."""

import numpy as np


def merge(mean_a, n_a, mean_b, n_b):
    n_a, n_b = int(n_a), int(n_b)
    if not n_b or not n_a:
        return np.zeros_like(mean_a), n_a + n_b
    n = n_a + n_b
    mean = (n_a * mean_a + n_b * mean_b) / n
    return mean, n


def loss_factors(counts):
    return len(counts) * counts / counts.sum()
