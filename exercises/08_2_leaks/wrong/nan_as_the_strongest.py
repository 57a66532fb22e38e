"""A NaN is given its row's strongest influence: that may be 0. Its share is 1 in any case."""

import numpy as np


def leaks(jacobian, tolerance):
    T, _, S, _ = jacobian.shape
    bad = ~np.isfinite(jacobian)
    sizes = np.abs(np.where(bad, 0, jacobian))
    table = sizes.max(axis=(1, 3))
    largest = table.max(axis=1, keepdims=True)
    table = np.where(bad.any(axis=(1, 3)), largest, table)
    largest[largest == 0] = 1
    shares = table / largest
    shares[shares <= tolerance] = 0
    later = np.arange(S) > np.arange(T)[:, None] + S - T
    return np.where(later, shares, 0)
