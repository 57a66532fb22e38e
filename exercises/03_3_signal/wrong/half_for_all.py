"""Half of q is what ReLU keeps: another f keeps another share, so take the mean of f(z)²."""

import numpy as np


def mean_squares(f, q, depth, d, w_std, b_std, nodes, shares):
    found = [q]
    for _ in range(depth):
        q = d * w_std**2 * q / 2 + b_std**2
        found.append(q)
    return np.array(found)


def w_std_that_keeps(f, q, d, b_std, nodes, shares):
    mean = (shares * f(np.sqrt(q) * nodes) ** 2).sum()
    return float(np.sqrt((q - b_std**2) / (d * mean)))
