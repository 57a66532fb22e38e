"""By way of the scale, dw_ij takes dq_ij alone: a_j scales its whole column, so sum over rows."""

import numpy as np


def sign_layer(x, w):
    s, scale = np.where(w >= 0, 1, -1).astype(w.dtype), np.abs(w).mean(axis=0)

    def backward(dy):
        dq = x.reshape(-1, len(w)).T @ dy.reshape(-1, w.shape[1])
        return dy @ (scale * s).T, dq * (scale * (np.abs(w) <= 1) + w.dtype.type(1 / len(w)))

    return x @ (scale * s), backward
