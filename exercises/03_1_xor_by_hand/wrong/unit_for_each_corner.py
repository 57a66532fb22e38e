"""There is a hidden unit for each of the 2^n corners: one for each whole count below n will do."""

import numpy as np


def parity(ends, n):
    low, high = ends
    step = high - low
    corners = np.array(np.meshgrid(*[[0.0, 1.0]] * n, indexing="ij")).reshape(n, -1)
    signs = 2 * corners - 1
    b_up = -(signs * low / step).sum(axis=0) - corners.sum(axis=0) + 1
    return signs / step, b_up, (corners.sum(axis=0) % 2).reshape(-1, 1), np.zeros(1)
