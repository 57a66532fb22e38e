"""Some results are float64 whatever comes in: 32 bits in must give 32 bits out."""

import numpy as np


def sign_layer(x, w):
    s, scale = np.where(w >= 0, 1.0, -1.0).astype("float64"), np.abs(w).mean(axis=0)

    def backward(dy):
        dq = x.reshape(-1, len(w)).T @ dy.reshape(-1, w.shape[1])
        shared = s * (dq * s).sum(axis=0) / len(w)
        return dy @ (scale * s).T, dq * scale * (np.abs(w) <= 1) + shared

    return x @ (scale * s), backward
