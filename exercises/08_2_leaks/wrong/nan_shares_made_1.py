"""Each share that is NaN becomes 1: only that of a pair with a derivative that is not finite."""

import numpy as np


def leaks(jacobian, tolerance):
    T, _, S, _ = jacobian.shape
    sizes = np.abs(jacobian)
    table = sizes.max(axis=(1, 3))
    largest = table.max(axis=1, keepdims=True)
    shares = np.nan_to_num(table / largest, nan=1.0)
    shares[shares <= tolerance] = 0
    later = np.arange(S) > np.arange(T)[:, None] + S - T
    return np.where(later, shares, 0)
