"""The answer to exercise 3.3, and how to get there.

One number of the next layer is z'_j = Σ_i f(z_i) w_ij + b_j. In the mean of its square, all
products of two different w, and of w with b, have the mean 0, since they are independent with
mean 0. What is left are the squares, d of them alike:

    q' = d w_std² E[f(z)²] + b_std²          with z = √q u

For ReLU, E[f(z)²] = q / 2: half of all z are kept. So d w_std² = 2 keeps q, whatever it is; this is
He's rule. For other f it depends on q. To keep q, set q' = q:

    w_std = √( (q - b_std²) / (d E[f(z)²]) )
"""

import numpy as np


def mean_squares(f, q, depth, d, w_std, b_std, nodes, shares):
    sizes = [q]
    for _ in range(depth):
        sizes.append(d * w_std**2 * after_bend(f, sizes[-1], nodes, shares) + b_std**2)
    return np.array(sizes)


def w_std_that_keeps(f, q, d, b_std, nodes, shares):
    return float(np.sqrt((q - b_std**2) / (d * after_bend(f, q, nodes, shares))))


def after_bend(f, q, nodes, shares):
    """The mean of f(z)² for z of mean square q."""
    return np.dot(shares, f(np.sqrt(q) * nodes) ** 2)
