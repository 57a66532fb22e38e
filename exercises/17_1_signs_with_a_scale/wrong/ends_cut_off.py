"""A weight of exactly 1 or -1 is taken for one outside: both belong to [-1, 1]."""

import numpy as np


def sign_layer(x, w):
    positive = w >= 0
    s = np.where(positive, 1, -1).astype(w.dtype)
    scale = np.abs(w).mean(axis=0)
    q = s * scale

    def backward(dy):
        rows, upstream = x.reshape(-1, len(w)), dy.reshape(-1, w.shape[1])
        dq = rows.T @ upstream
        dscale = np.sum(dq * s, axis=0)
        dw = np.where(np.abs(w) < 1, dq * scale, 0) + s * (dscale / w.dtype.type(len(w)))
        return dy @ q.T, dw

    return x @ q, backward
