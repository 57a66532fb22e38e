"""Small shares are kept: what is at most the tolerance is rounding, and 0."""

import numpy as np


def leaks(jacobian, tolerance):
    T, _, S, _ = jacobian.shape
    bad = ~np.isfinite(jacobian)
    sizes = np.abs(np.where(bad, 0, jacobian))
    table = sizes.max(axis=(1, 3))
    largest = table.max(axis=1, keepdims=True)
    largest[largest == 0] = 1
    shares = table / largest
    shares[bad.any(axis=(1, 3))] = 1
    later = np.arange(S) > np.arange(T)[:, None] + S - T
    return np.where(later, shares, 0)
