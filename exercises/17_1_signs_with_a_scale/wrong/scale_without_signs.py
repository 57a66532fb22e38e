"""No sign comes with the scale's part of dw: it needs s_kj in the sum, and s_ij before it."""

import numpy as np


def sign_layer(x, w):
    s, scale = np.where(w >= 0, 1, -1).astype(w.dtype), np.abs(w).mean(axis=0)

    def backward(dy):
        dq = x.reshape(-1, len(w)).T @ dy.reshape(-1, w.shape[1])
        shared = dq.sum(axis=0) / w.dtype.type(len(w))
        return dy @ (scale * s).T, dq * scale * (np.abs(w) <= 1) + shared

    return x @ (scale * s), backward
