"""There is one scale for the whole matrix: each column has its own, a mean over rows."""

import numpy as np


def sign_layer(x, w):
    s, scale = np.where(w >= 0, 1, -1).astype(w.dtype), np.abs(w).mean()

    def backward(dy):
        dq = x.reshape(-1, len(w)).T @ dy.reshape(-1, w.shape[1])
        shared = s * (dq * s).sum() / w.dtype.type(w.size)
        return dy @ (scale * s).T, dq * scale * (np.abs(w) <= 1) + shared

    return x @ (scale * s), backward
