"""What comes to a scale is summed over outputs: scale j multiplies column j, so sum over rows."""

import numpy as np


def sign_layer(x, w):
    s, scale = np.where(w >= 0, 1, -1).astype(w.dtype), np.abs(w).mean(axis=0)

    def backward(dy):
        dq = x.reshape(-1, len(w)).T @ dy.reshape(-1, w.shape[1])
        shared = s * (dq * s).mean(axis=1, keepdims=True)
        return dy @ (scale * s).T, dq * scale * (np.abs(w) <= 1) + shared

    return x @ (scale * s), backward
