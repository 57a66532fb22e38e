"""Only derivatives with i = j count: a channel of y may depend on any channel of x."""

import numpy as np


def leaks(jacobian, tolerance):
    T, _, S, _ = jacobian.shape
    bad = ~np.isfinite(jacobian)
    sizes = np.abs(np.where(bad, 0, jacobian))
    table = np.einsum("tisi->tsi", sizes[..., : sizes.shape[1]]).max(axis=2)
    largest = table.max(axis=1, keepdims=True)
    largest[largest == 0] = 1
    shares = table / largest
    shares[shares <= tolerance] = 0
    shares[bad.any(axis=(1, 3))] = 1
    later = np.arange(S) > np.arange(T)[:, None] + S - T
    return np.where(later, shares, 0)
