"""This is a list of numbers: make an array of it, with np.array, before you return it."""

import numpy as np


def mean_squares(f, q, depth, d, w_std, b_std, nodes, shares):
    found = [q]
    for _ in range(depth):
        mean = (shares * f(np.sqrt(q) * nodes) ** 2).sum()
        q = d * w_std**2 * mean + b_std**2
        found.append(q)
    return found


def w_std_that_keeps(f, q, d, b_std, nodes, shares):
    mean = (shares * f(np.sqrt(q) * nodes) ** 2).sum()
    return float(np.sqrt((q - b_std**2) / (d * mean)))
