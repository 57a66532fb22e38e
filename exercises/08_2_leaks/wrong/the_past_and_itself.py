"""What lies below the diagonal is the past: later x stand to the right of it, in row t."""

import numpy as np


def leaks(jacobian, tolerance):
    T, _, S, _ = jacobian.shape
    bad = ~np.isfinite(jacobian)
    sizes = np.abs(np.where(bad, 0, jacobian))
    table = sizes.max(axis=(1, 3))
    largest = table.max(axis=1, keepdims=True)
    largest[largest == 0] = 1
    shares = table / largest
    shares[shares <= tolerance] = 0
    shares[bad.any(axis=(1, 3))] = 1
    return np.tril(shares, k=S - T)
