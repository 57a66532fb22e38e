"""It divides by the sum of the influences on y[t]: a share is a part of the strongest."""

import numpy as np


def leaks(jacobian, tolerance):
    T, _, S, _ = jacobian.shape
    bad = ~np.isfinite(jacobian)
    sizes = np.abs(np.where(bad, 0, jacobian))
    table = sizes.max(axis=(1, 3))
    largest = table.sum(axis=1, keepdims=True)
    largest[largest == 0] = 1
    shares = table / largest
    shares[shares <= tolerance] = 0
    shares[bad.any(axis=(1, 3))] = 1
    later = np.arange(S) > np.arange(T)[:, None] + S - T
    return np.where(later, shares, 0)
