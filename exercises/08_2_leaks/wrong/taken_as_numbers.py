"""NaN and infinity are taken as numbers: find them first, and set them to 0 for the others."""

import numpy as np


def leaks(jacobian, tolerance):
    T, _, S, _ = jacobian.shape
    sizes = np.abs(jacobian)
    table = sizes.max(axis=(1, 3))
    largest = table.max(axis=1, keepdims=True)
    largest[largest == 0] = 1
    shares = table / largest
    shares[shares <= tolerance] = 0
    later = np.arange(S) > np.arange(T)[:, None] + S - T
    return np.where(later, shares, 0)
