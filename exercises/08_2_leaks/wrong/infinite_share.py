"""A share is infinite: a later position with an infinite derivative has the share 1, too."""

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
    shares[np.isnan(jacobian).any(axis=(1, 3))] = 1
    shares[np.isinf(jacobian).any(axis=(1, 3)) & (shares != 1)] = np.inf
    later = np.arange(S) > np.arange(T)[:, None] + S - T
    return np.where(later, shares, 0)
