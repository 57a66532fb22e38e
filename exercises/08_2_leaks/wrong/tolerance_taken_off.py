"""The tolerance is taken away from the shares: those above it stay as they are."""

import numpy as np


def leaks(jacobian, tolerance):
    T, _, S, _ = jacobian.shape
    bad = ~np.isfinite(jacobian)
    sizes = np.abs(np.where(bad, 0, jacobian))
    table = sizes.max(axis=(1, 3))
    largest = table.max(axis=1, keepdims=True)
    largest[largest == 0] = 1
    shares = table / largest
    shares = np.maximum(shares - tolerance, 0)
    shares[bad.any(axis=(1, 3))] = 1
    later = np.arange(S) > np.arange(T)[:, None] + S - T
    return np.where(later, shares, 0)
