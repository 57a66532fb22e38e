"""Weights outside [-1, 1] get no gradient at all: what comes through the scale is not cut off."""

import numpy as np


def sign_layer(x, w):
    s, scale = np.where(w >= 0, 1, -1).astype(w.dtype), np.abs(w).mean(axis=0)

    def backward(dy):
        dq = x.reshape(-1, len(w)).T @ dy.reshape(-1, w.shape[1])
        dw = dq * scale + s * (dq * s).sum(axis=0) / w.dtype.type(len(w))
        return dy @ (scale * s).T, dw * (np.abs(w) <= 1)

    return x @ (scale * s), backward
