"""This keeps a mean square of 1, not of q: for f other than ReLU that is not the same."""

import numpy as np


def mean_squares(f, q, depth, d, w_std, b_std, nodes, shares):
    found = [q]
    for _ in range(depth):
        mean = (shares * f(np.sqrt(q) * nodes) ** 2).sum()
        q = d * w_std**2 * mean + b_std**2
        found.append(q)
    return np.array(found)


def w_std_that_keeps(f, q, d, b_std, nodes, shares):
    mean = (shares * f(nodes) ** 2).sum()
    return float(np.sqrt((1 - b_std**2) / (d * mean)))
