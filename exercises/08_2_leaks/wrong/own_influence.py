"""It divides by the influence of y's own position: the strongest may be any position."""

import numpy as np


def leaks(jacobian, tolerance):
    T, _, S, _ = jacobian.shape
    bad = ~np.isfinite(jacobian)
    sizes = np.abs(np.where(bad, 0, jacobian))
    table = sizes.max(axis=(1, 3))
    largest = table[np.arange(T), np.arange(T) + S - T][:, None]
    largest[largest == 0] = 1
    shares = table / largest
    shares[shares <= tolerance] = 0
    shares[bad.any(axis=(1, 3))] = 1
    later = np.arange(S) > np.arange(T)[:, None] + S - T
    return np.where(later, shares, 0)
