"""d w_std² times the mean is set to 1: it must give back q, not 1."""

import numpy as np


def mean_squares(f, q, depth, d, w_std, b_std, nodes, shares):
    found = [q]
    for _ in range(depth):
        mean = (shares * f(np.sqrt(q) * nodes) ** 2).sum()
        q = d * w_std**2 * mean + b_std**2
        found.append(q)
    return np.array(found)


def w_std_that_keeps(f, q, d, b_std, nodes, shares):
    mean = (shares * f(np.sqrt(q) * nodes) ** 2).sum()
    return float(np.sqrt((1 - b_std**2) / (d * mean)))
