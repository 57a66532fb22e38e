"""By way of its sign, dw lacks the scale: q_ij is a_j times s_ij, so dq_ij counts a_j times."""

import numpy as np


def sign_layer(x, w):
    s, scale = np.where(w >= 0, 1, -1).astype(w.dtype), np.abs(w).mean(axis=0)

    def backward(dy):
        dq = x.reshape(-1, len(w)).T @ dy.reshape(-1, w.shape[1])
        shared = s * (dq * s).sum(axis=0) / w.dtype.type(len(w))
        return dy @ (scale * s).T, dq * (np.abs(w) <= 1) + shared

    return x @ (scale * s), backward
